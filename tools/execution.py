"""Execute the notebooks that have no outputs yet, one a processor: python -m tools.execution [FOLDER].

The outputs go to the cache from which Jupyter Book takes them; left to itself, it executes one notebook after
another. One that fails is left to Jupyter Book, which executes it again and reports what went wrong.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution

CELL_TIMEOUT = 240  # seconds, as in _config.yml


def waiting(cache, folder: Path) -> list:
    """Return the notebooks in `folder/book` whose code the cache has not seen."""
    records = [cache.add_nb_to_project(str(path)) for path in sorted((folder / "book").glob("*.ipynb"))]
    return [cache.get_project_notebook(each.pk) for each in records if cache.get_cached_project_nb(each.pk) is None]


def execute(folder: Path, jobs: int) -> None:
    """Execute what is waiting, `jobs` notebooks at a time, and say how long each took."""
    cache = get_cache(str(folder / "_build" / ".jupyter_cache"))
    notebooks = waiting(cache, folder)
    with ThreadPoolExecutor(jobs) as pool:
        runs = {
            pool.submit(single_nb_execution, each.nb, str(Path(each.uri).parent), CELL_TIMEOUT, False): each.uri
            for each in notebooks
        }
        for run in as_completed(runs):
            uri, result = runs[run], run.result()
            if result.err is None:
                bundle = CacheBundleIn(result.nb, uri, data={"execution_seconds": result.time})
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
                print(f"{Path(uri).name}: Executed notebook in {result.time:.2f} seconds", flush=True)


if __name__ == "__main__":
    execute(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve(), os.cpu_count() or 1)
