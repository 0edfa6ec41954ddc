"""How pytest runs the notebooks: as nbval does, with figures compared by their alt text and a dead kernel noticed."""

import os
import time
from queue import Empty

import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbFile

from tools.environment import ENVIRONMENT

os.environ.update(ENVIRONMENT)


class KernelDied(Exception):
    """The kernel's process has ended."""


class WatchedKernel(RunningKernel):
    """A kernel that is looked at every second while a message is awaited."""

    def get_message(self, stream, timeout=None):
        """Return the next message; raise `Empty` after `timeout` seconds, and `KernelDied` when none can come."""
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            try:
                return super().get_message(stream, timeout=max(0.0, min(1.0, end - time.monotonic())))
            except Empty:
                if not self.is_alive():
                    raise KernelDied("the kernel died while running this cell") from None
                if time.monotonic() >= end:
                    raise


class Notebook(IPyNbFile):
    """A notebook; committed outputs are text, so other forms of an output are not compared."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.skip_compare += ("text/html", "image/svg+xml")

    def setup(self):
        """Start the kernel as nbval does, and watch it."""
        super().setup()
        self.kernel.__class__ = WatchedKernel


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Put our notebook class in the place of nbval's."""
    found = yield
    return [Notebook.from_parent(parent, path=item.path) if isinstance(item, IPyNbFile) else item for item in found]
