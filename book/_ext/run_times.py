"""Sphinx: how long each notebook ran, and when; one that took longer than `run_seconds` fails a `-W` build.

The time is that of the execution whose outputs the page shows: a build from the cache keeps it, with its date. The
limit is for two processors that have nothing else to do. Notebooks are executed two at a time, virtual machines have
slow minutes: a notebook is too slow only beyond the limit times `SLACK`. While there is more work than processors, it
gets its share, so its time is divided by the load. The outputs of a notebook that is too slow leave the cache: the next
build tries it again.
"""

import os
from datetime import UTC, datetime

from docutils import nodes
from jupyter_cache import get_cache
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)

SLACK = 1.5


def executions(env: BuildEnvironment) -> dict[str, tuple[float, datetime]]:
    """Return, for each notebook that was executed, its seconds and when it was finished."""
    found = {docname: execution(env, docname) for docname in sorted(env.found_docs)}
    return {docname: pair for docname, pair in found.items() if pair}


def execution(env: BuildEnvironment, docname: str) -> tuple[float, datetime] | None:
    """Return seconds and time of a notebook's execution; None for other pages, and without an execution."""
    data = NbMetadataCollector.get_exec_data(env, docname)
    if not data or data["runtime"] is None:
        return None
    record = cached(
        env, docname, data["runtime"]
    )  # it knows the universal time; what MyST-NB keeps depends on the zone
    when = record.created.replace(tzinfo=UTC) if record else datetime.fromtimestamp(data["mtime"], UTC)
    return data["runtime"], when


def cached(env: BuildEnvironment, docname: str, seconds: float):
    """Return the cache's record of an execution, None when there is none."""
    path = env.mystnb_config.execution_cache_path
    records = get_cache(path).list_cache_records() if path else []
    mine = (record for record in records if record.uri == str(env.doc2path(docname)))
    return next((record for record in mine if (record.data or {}).get("execution_seconds") == seconds), None)


def crowding() -> float:
    """Return how many processes share one processor, at least 1; 1 also where the system does not say."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return max(1.0, load / (os.cpu_count() or 1))


def note_start(app: Sphinx) -> None:
    """Remember when the build began, for `tools.book` before Sphinx: what is older was judged when it was executed."""
    began = os.environ.get("BOOK_STARTED")
    app.env.run_times_start = datetime.fromisoformat(began) if began else datetime.now(UTC)


def check(app: Sphinx, doctree: nodes.document) -> None:
    """Warn when the notebook that was executed for this page takes too long."""
    docname, limit = app.env.docname, app.config.run_seconds
    seconds, when = execution(app.env, docname) or (0.0, app.env.run_times_start)
    if seconds <= limit or when < app.env.run_times_start:
        return
    shared = crowding()
    if seconds > SLACK * shared * limit:
        also = f" (with {shared:.1f} processes to a processor)" if shared > 1 else ""
        message = "the notebook %s ran for %.0f s%s, and may run for %g s; the next build runs it again"
        logger.warning(message, docname, seconds, also, limit, location=docname, type="run_times", subtype="slow")
        forget(app.env, docname, seconds)


def forget(env: BuildEnvironment, docname: str, seconds: float) -> None:
    """Take the outputs of one execution out of the cache."""
    record = cached(env, docname, seconds)
    if record:
        get_cache(env.mystnb_config.execution_cache_path).remove_cache(record.pk)


def setup(app: Sphinx) -> dict:
    """Check each notebook when it is read."""
    app.add_config_value("run_seconds", 60, "", types=(int, float))
    app.connect("builder-inited", note_start)
    app.connect("doctree-read", check)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
