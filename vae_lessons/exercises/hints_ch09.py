"""Hints to the exercises of chapter 9, word for word those of the notebook."""

HINTS = {
    "9.1": (
        "The probability itself is not needed. What does the second line of the derivation say about $\\log \\pi$, and "
        "which function of PyTorch computes $\\log(1 + e^a)$?",
        "A function that already exists has `with_logits` in its name and returns the negative. Its `reduction` "
        "decides over what it sums: which setting leaves the images apart?",
    ),
    "9.2": (
        "Everything is inside the sum over the pixels, the constant too. How often does $\\log 2\\pi$ count in an "
        "image of $D$ pixels?",
        "`torch.distributions.Normal` takes a standard deviation. What is it, if $\\ell = \\log \\sigma^2$? It returns "
        "one log-density per pixel.",
    ),
    "9.3": (
        "Write each loss as a factor times the SSE of an image, averaged over the images. What is the factor in (9.4)?",
        "The average over the images is the same on both sides, and on the KL term: it cannot matter. The average "
        "over the pixels stands on one side only.",
    ),
    "9.4": (
        "Write $t = 1 - 2\\lambda$. For small $t$, $\\mathrm{artanh}\\, t$ is nearly $t$. What does that make of the "
        "fraction?",
        "`torch.where` chooses between two values, entry by entry. Both are computed everywhere, so put a harmless "
        "number where a division by 0 threatens.",
    ),
    "9.5": (
        "$\\mathrm{sigmoid}(a) = 1 / (1 + e^{-a})$. Its logarithm is minus the logarithm of a sum of two exponentials, "
        "$e^0$ and $e^{-a}$. Where have you met those?",
        "Take the larger of the two exponentials out of the sum, as chapter 0 did. What is left is the exponential of "
        "$-|a|$, which cannot overflow.",
    ),
}
