"""Hints to the exercises of chapter 10, word for word those of the notebook."""

HINTS = {
    "10.1": (
        "Two terms, each of shape $(M,)$: one sums over pixels, the other over latent dimensions. Neither is averaged.",
        "A logarithm of a sigmoid is $-\\infty$ when the sigmoid has been rounded to 0. `np.logaddexp`, or the "
        "`softplus` imported above, has no such trouble.",
    ),
    "10.2": (
        "The loss of one pixel has two terms. Differentiate each of them by $a$. What is the derivative of "
        "$\\log(1 + e^a)$?",
        "Compare the sign with common sense: where the pixel is 0, a larger logit has to make the loss larger.",
    ),
    "10.3": (
        "Two paths lead from $\\ell$ to the loss. Differentiate $z = \\mu + e^{\\ell/2} \\odot \\varepsilon$ by "
        "$\\ell$ for the one, and look up (4.5) for the other.",
        "Both paths have a factor $\\tfrac12$, for different reasons: one comes from the exponent, one from the KL.",
    ),
    "10.4": (
        "Three steps back: through two linear layers at once, through the tanh, and then to the weights as in (10.3).",
        "Write the shape of each array next to it. There is one order of the factors, and one place for a transpose, "
        "that gives $(H, D)$.",
    ),
    "10.5": (
        "One entry of `w` at a time: copy `w`, move that entry, compute the loss. `np.ndindex(w.shape)` goes through "
        "all entries of an array of any shape.",
        "An array of real numbers cannot hold an imaginary step: `w.astype(complex)` makes a copy that can. The noise "
        "is an argument, so that every call of the loss sees the same.",
    ),
    "10.6": (
        "The state is a triple: the number of steps so far, and two dictionaries like `params`. Which number is $t$ "
        "in the first step?",
        "The corrected means $\\hat m$ and $\\hat v$ are for this step alone. What goes into the new state, they or "
        "$m$ and $v$?",
    ),
}
