"""The theme's script, without what a11y.js does in the reader's time."""

import re
from pathlib import Path

from tools.site.pages import read, write

# It measures every block of code and every output at once when the page has loaded, and again whenever anything in it
# changes. a11y.js does the same for what scrolls, in idle moments.
MEASURING = re.compile(r'"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)')


def lighten(static: Path) -> None:
    """Take the measuring out of the theme's script, if it is there."""
    script = static / "scripts" / "pydata-sphinx-theme.js"
    if script.exists():
        write(script, MEASURING.sub("0", read(script)))
