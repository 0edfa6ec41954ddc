"""Sphinx: give the other extensions the registry of checked equations, and re-read pages when a check changes.

The registry is `vae_lessons.equations.REGISTRY`: a dict from the number of an equation ("6.5") to its check.
"""

import hashlib
import importlib

from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)


def load(app: Sphinx) -> dict:
    """Return the checks by number; empty when the book names no registry or it cannot be imported."""
    name = app.config.equation_registry
    if not name:
        return {}
    try:
        return importlib.import_module(name).REGISTRY
    except ImportError as error:
        logger.warning(
            "cannot import the registry %s: %s",
            name,
            error,
            type="equation_registry",
            once=True,
        )
        return {}


def fingerprint(registry: dict) -> str:
    """Hash what the pages show of the registry: a change of it makes Sphinx read the pages again."""
    rows = [
        (
            number,
            check.title,
            check.method,
            list(check.lines),
            list(check.mutants),
            check.source(),
        )
        for number, check in sorted(registry.items())
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def remember(app: Sphinx, config) -> None:
    """Store the fingerprint as a configuration value, which Sphinx compares with that of the last build."""
    config.equation_registry_digest = fingerprint(load(app))


def setup(app: Sphinx) -> dict:
    """Register the configuration values."""
    app.add_config_value("equation_registry", "vae_lessons.equations", "env", types=(str,))
    app.add_config_value("equation_registry_digest", "", "env", types=(str,))
    app.connect("config-inited", remember)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
