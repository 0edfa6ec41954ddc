"""Hints to the exercises of chapter 7, word for word those of the notebook."""

HINTS = {
    "7.1": (
        "The standard deviation of the draws is one thing, that of their mean another. What happens to each when $L$ "
        "grows?",
        "PyTorch and NumPy do not agree on what `std` divides by. Look up `correction` in one and `ddof` in the other, "
        "and compare with (7.2).",
    ),
    "7.2": (
        "First one number for each $L$: over which axis do the repetitions run? Then two logarithms, to the same base.",
        "The slope of the best line through points $(a_k, b_k)$ is the covariance of $a$ and $b$ divided by the "
        "variance of $a$. `numpy.polyfit` knows it too.",
    ),
    "7.3": (
        "`torch.logsumexp` does the shift for you. What is the logarithm of $\\tfrac1L$ times a sum?",
        "If you shift by hand: the images may lie a thousand nats apart, so that what is right for one column is too "
        "much for another.",
    ),
    "7.4": (
        "Three log-densities, each of shape $(L, M)$. Which two of them are still to be made from $z$, and over which "
        "axis are their dimensions summed?",
        "`torch.distributions.Normal` takes a standard deviation. What is it, if $\\ell = \\log \\sigma^2$?",
    ),
    "7.5": (
        "What is A at a single draw, and what is B? Which part of B is the same number at each draw, so that it can be "
        "left out?",
        "Compute both variances over the draws and compare. Equal means are no news: both estimators are unbiased.",
    ),
    "7.6": (
        "Which of the two densities produced the draws? It has to be divided out.",
        "A ratio of two densities that are both 0 in floating point is not a number. Their logarithms are harmless: "
        "what do you do with those first?",
    ),
}
