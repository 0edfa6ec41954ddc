"""Sphinx: figures that code cells show have an alternative text, a size, and load when they come into view.

`vae_lessons.plots.show(fig, alt)` stores the text in the metadata of the output; MyST-NB reads only the width there.
An image without alternative text, in a notebook or in Markdown, is the warning `[mystnb.alt]`: it fails a `-W` build.
"""

import re
from base64 import b64decode
from functools import wraps

from docutils import nodes
from myst_nb.core.render import NbElementRenderer
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)

SIZE_STYLE = re.compile(r'(<img\b[^>]*?) style="width: (\d+)px; height: (\d+)px;"')


def with_alt(render_image):
    """Wrap MyST-NB's rendering of one image output."""

    @wraps(render_image)
    def wrapped(self, data):
        images = render_image(self, data)
        metadata = data.output_metadata.get(data.mime_type, {})
        for image in images:
            if metadata.get("alt"):
                image["alt"] = metadata["alt"]
            if data.mime_type == "image/png":
                image["width"], image["height"] = shown_size(data.content, metadata.get("width"))
            image["loading"] = "lazy"
        return images

    wrapped.knows_alt = True
    return wrapped


def shown_size(content: str, width: int | None) -> tuple[str, str]:
    """Return width and height in pixels: those of the PNG, scaled to the width asked for."""
    header = b64decode(content[:64])
    real_width, real_height = (
        int.from_bytes(header[16:20], "big"),
        int.from_bytes(header[20:24], "big"),
    )
    width = int(width or real_width)
    return str(width), str(round(real_height * width / real_width))


def check_alt(app: Sphinx, doctree: nodes.document) -> None:
    """Warn about each image that says nothing to those who cannot see it."""
    for image in doctree.findall(nodes.image):
        if not image.get("alt", "").strip():
            logger.warning(
                "figure without alt text",
                location=nearest_line(image),
                type="mystnb",
                subtype="alt",
            )


def nearest_line(node: nodes.Node) -> nodes.Node:
    """Return the node itself or the nearest parent that knows its line."""
    while not (node.line and node.source) and node.parent is not None:
        node = node.parent
    return node


def size_as_attributes(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Turn the size from a style into attributes: the browser then keeps room of the right shape on any screen."""
    if context.get("body"):
        context["body"] = SIZE_STYLE.sub(r'\1 width="\2" height="\3"', context["body"])


def setup(app: Sphinx) -> dict:
    """Wrap the renderer once, however many books one process builds."""
    if not hasattr(NbElementRenderer.render_image, "knows_alt"):
        NbElementRenderer.render_image = with_alt(NbElementRenderer.render_image)
    app.connect("doctree-read", check_alt)
    app.connect("html-page-context", size_as_attributes)
    return {
        "version": "1.0",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
