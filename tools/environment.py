"""The environment variables under which notebooks run: the same for the book, the tests and `make notebooks`."""

import os

ENVIRONMENT = {
    "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),  # more threads only get in each other's way here
    "MPLBACKEND": "agg",  # a figure appears when it is shown, and not because it was left open
    "PYTHONUTF8": "1",
    "JUPYTER_PLATFORM_DIRS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
