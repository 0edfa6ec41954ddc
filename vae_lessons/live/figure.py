"""A live figure: a still picture, and the script that takes its place wherever scripts run."""

import base64
import hashlib
import html
import io
import json
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files

from matplotlib.figure import Figure

WIDTH = 440  # of the drawing, in its own units; on the page it is scaled to the room that there is


@dataclass(frozen=True)
class LiveFigure:
    """A figure that its reader moves; as the last line of a cell it shows itself.

    Parameters
    ----------
    name : str
        The figure's script is `name`.js in this package.
    title : str
        What a screen reader calls the figure, a few words.
    still : Figure
        What is seen where no scripts run, with its alt text as `still.alt`; the drawing has the same shape.
    data : dict
        What the script needs to know, in what JSON can hold.
    panel : int
        Height of sliders, buttons and values together, in pixels: the page keeps this room free from the start.
    parts : tuple of str
        Scripts of this package, without `.js`, that the figure uses besides common.js.

    Raises
    ------
    ValueError
        If the picture has no alt text, or if `data` holds a number that JSON does not know.
    """

    name: str
    title: str
    still: Figure
    data: dict = field(default_factory=dict)
    panel: int = 140
    parts: tuple[str, ...] = ()

    def __post_init__(self):
        if not getattr(self.still, "alt", None):
            raise ValueError(f"still, the picture of the live figure {self.name!r}, must carry its alt text, got none")

    @property
    def height(self) -> int:
        """Height of the drawing when its width is `WIDTH`."""
        width, height = self.still.get_size_inches()
        return round(WIDTH * height / width)

    @cached_property
    def html(self) -> str:
        """The whole figure as HTML that asks for nothing else, with style, picture, room for controls and script."""
        data = json.dumps(self.data, separators=(",", ":"), allow_nan=False).replace("</", "<\\/")
        script = "".join(_script(f"{part}.js") for part in ("common", *self.parts, self.name))
        key = hashlib.sha256((data + script).encode()).hexdigest()[:8]
        picture, title, alt = _base64(_few_colours(self.still)), html.escape(self.title), html.escape(self.still.alt)
        return (
            f"<style>\n{_read('common.css')}</style>"
            f'<figure class="vae-live" data-key="{key}" role="group" aria-label="{title}">'
            f'<div style="aspect-ratio:{WIDTH}/{self.height}"><img src="data:image/webp;base64,{picture}" alt="{alt}" '
            f'width="{WIDTH}" height="{self.height}"></div>'
            f'<div class="vae-panel" style="--height:{self.panel}px"></div></figure>'
            f'<script type="module">\n{script}start("{key}", {data}, figure);\n</script>'
        )

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict, dict]:
        bundle = {
            "text/html": self.html,
            "image/jpeg": _base64(_drawn(self.still, "jpeg", 4 * WIDTH)),  # for paper; PNG would take the page's place
            "text/plain": repr(self),
        }
        return bundle, {"image/jpeg": {"alt": self.still.alt, "width": WIDTH}}

    def __repr__(self) -> str:
        return f"[Live figure: {self.still.alt}]"


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _script(name: str) -> str:
    """Read a script without its comments and its indentation: what the page need not carry."""
    lines = (line.strip() for line in _read(name).splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def _few_colours(still: Figure) -> bytes:
    """Draw a still for the page, small: it is seen for a moment, or where nothing else can be."""
    from PIL import Image

    picture, webp = Image.open(io.BytesIO(_drawn(still, "png", WIDTH * 3 // 2))).convert("RGB"), io.BytesIO()
    few = picture.quantize(8, dither=Image.Dither.NONE).convert("RGB")
    few.save(webp, "WEBP", lossless=True, quality=100, method=4)
    return webp.getvalue()


def _drawn(still: Figure, form: str, width: int) -> bytes:
    buffer = io.BytesIO()
    still.savefig(buffer, format=form, dpi=width / still.get_size_inches()[0])
    return buffer.getvalue()


def _base64(picture: bytes) -> str:
    return base64.b64encode(picture).decode()
