"""Figures that their readers move: dragged by mouse or finger, by sliders, by keys. `live.kl()` in a cell shows one.

The browser computes; no kernel and no other host is asked. One cell serves the book, JupyterLab and Colab, because its
output carries style, picture and script; where no script runs, the picture stays, and the PDF prints it.

To add a figure, write two files and name the function below:

`NAME.py`
    makes the still picture with its alt text (`@figure`, as in `vae_lessons.plots`) and what the script has to know,
    and returns a `LiveFigure`: name, title, still, data, height of the panel, parts.
`NAME.js`
    a function `figure(live, data)`. It draws into `live.drawing`, an SVG element `WIDTH` units wide and as high as
    the still is for that width; adds controls with `live.slider`, `live.button` and `live.readout`; and returns

    - `numbers(values)`: what follows from the values of the sliders. Tests compare it with the library.
    - `draw(values, numbers)`: moves what is seen; called after each change.
    - `say(values, numbers)`: a sentence for screen readers, read out when a change has come to rest.

`parts=("plot", "handle", …)` adds `Plot` (axes, paths) and `handle` (a dot to drag); there are also "random" (numbers
that Python knows), "choice" (radio buttons), "pixels" (images) and "layers" (networks). `live.set({name: value})` moves
a slider from the script, `live.change` does so for the reader, `live.animate` respects the wish for no motion. In the
browser the element `.vae-live` has the object as its property `live`: `live.values`, `live.numbers`.
"""

from vae_lessons.live.beta import beta
from vae_lessons.live.bound import bound
from vae_lessons.live.decoder import decoder
from vae_lessons.live.figure import LiveFigure
from vae_lessons.live.gradients import gradients
from vae_lessons.live.kl import kl
from vae_lessons.live.running_mean import running_mean

__all__ = ["LiveFigure", "beta", "bound", "decoder", "gradients", "kl", "running_mean"]
