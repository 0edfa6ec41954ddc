"""Hints to the exercises of chapter 4, word for word those of the notebook."""

HINTS = {
    "4.1": (
        "Three terms: one compares the widths, one the places, and one is a constant. Which of the two variances is "
        "the yardstick for the squares?",
        "Try the value at $m = n$, $s = r$: there the divergence has to be 0. Then exchange the two normals and see "
        "whether your value changes.",
    ),
    "4.2": (
        "What you get is a log-variance. Which of the four terms needs the variance itself, and how do you get it?",
        "The sum of (4.2) runs over $j$, the last axis. The images stay apart: mind the shape of what you return.",
    ),
    "4.3": (
        "`torch.linalg.inv` or, better, `torch.linalg.solve` gives what $R^{-1}$ stands for. A trace adds the diagonal "
        "of a product of matrices.",
        "`torch.logdet` does not overflow where a determinant would. Check the whole with two equal normals: what has "
        "to come out, and which term makes it so?",
    ),
    "4.4": (
        "First the gradient for the log-variances themselves, (4.5), a matrix of shape $(N, J)$. Then the chain rule.",
        "Each input adds an outer product of its row of that matrix with its row of $X$. Which product of two matrices "
        "adds them up, and gives the shape $(J, D)$?",
    ),
    "4.5": (
        "Three nodes for each dimension are exact for squares. A grid of $3^J$ points for standard normal numbers "
        "becomes one for $z$ by $z = m + L\\varepsilon$, with $LL^\\top = \\Sigma$.",
        "The weight of a point is the product of the weights of its coordinates, and all weights have to sum to 1. "
        "`numpy.polynomial.hermite_e.hermegauss` has the nodes that belong to the normal density.",
    ),
}
