"""How figures look, and how they reach a page with an alt text."""

import base64
import functools
import html
import io
from collections.abc import Callable

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart by all kinds of colour vision; line styles and hatches say the same again.
BLUE, ORANGE, GREEN, VERMILION, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#6E6E6E"
P_LINE = {"color": BLUE, "linewidth": 2.5}
Q_LINE = {"color": VERMILION, "linewidth": 2.5, "linestyle": "--"}

STYLE = {
    "figure.constrained_layout.use": True,
    "figure.facecolor": "white",
    "font.size": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.labelsize": 12,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "image.cmap": "gray_r",
    "hatch.linewidth": 0.6,
}


def figure(draw: Callable[..., tuple[Figure, str]]) -> Callable[..., Figure]:
    """Wrap a function that returns a figure and its alt text: apply the book's style, keep the text as `fig.alt`."""

    @functools.wraps(draw)
    def styled(*args, **kwargs) -> Figure:
        with plt.rc_context(STYLE):
            fig, fig.alt = draw(*args, **kwargs)
            fig.canvas.draw()  # lay out while the style is in force
        plt.close(fig)
        return fig

    return styled


def show(fig: Figure, alt: str | None = None, dpi: int = 192) -> None:
    """Display a figure once, with its alt text: as HTML in notebooks, PNG in the book, words in a terminal.

    Parameters
    ----------
    fig : Figure
        A figure of `vae_lessons.plots`, or one of yours.
    alt : str, optional
        What the figure shows, for readers who cannot see it. Figures of this module bring their own.
    dpi : int
        Dots per inch of the picture; it is shown at half that size, sharp on fine screens.

    Raises
    ------
    ValueError
        If there is no alt text.
    """
    from IPython.display import display

    alt = alt or getattr(fig, "alt", None)
    if not alt:
        raise ValueError("show(fig, alt) needs an alt text: a sentence that says what the figure shows")
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=dpi)
    plt.close(fig)
    width = int.from_bytes(buffer.getvalue()[16:20], "big") * 96 // dpi  # a PNG's width, in CSS pixels
    png = base64.b64encode(buffer.getvalue()).decode()
    image = f'<img src="data:image/png;base64,{png}" alt="{html.escape(alt)}" width="{width}" style="max-width:100%">'
    bundle = {"image/png": png, "text/html": image, "text/plain": f"[Figure: {alt}]"}
    display(bundle, metadata={"image/png": {"alt": alt, "width": width}}, raw=True)
