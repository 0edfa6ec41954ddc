"""Hints to the exercises of chapter 8, from a nudge to a plan; the notebook has the same."""

HINTS = {
    "8.1": (
        "What you get is $\\ell = \\log \\sigma^2$. Which power of $e^\\ell$ is a standard deviation?",
        "The noise comes with one axis more than $\\mu$, in front; broadcasting takes care of that. Both parameters "
        "have to stay in the computation: whatever turns a tensor into a number cuts the path.",
    ),
    "8.2": (
        "By hand: the score has one part for $\\mu$ and one for $\\ell$, both written out below (8.3). By autograd: "
        "differentiate an average of $f(z) \\log q(z)$ in which something is held fixed. What?",
        "There is one value of $f$ for each draw, and one score for each draw and each latent dimension. Add an axis "
        "to the first, then average over the draws.",
    ),
    "8.3": (
        "First a tensor of shape $(L, J)$ for each estimator, one estimate per draw; then a variance over the draws, "
        "one for each dimension.",
        "`score_function_grad` and `pathwise_grad` return such tensors, those for $\\mu$ first. A ratio of variances "
        "is the square of a ratio of standard deviations.",
    ),
    "8.4": (
        "Which of the two sets of draws may the baseline see? And does the $b^*$ for $\\mu$ have to be the one for "
        "$\\ell$?",
        "$b^*$ is a ratio of two averages over the pilot draws, one for each entry of $\\mu$ and of $\\ell$. It is "
        "subtracted from $f$ before the product with the score is formed, at the other draws.",
    ),
    "8.5": (
        "The path multiplies by the slope of $f$, the score function by its value. So you want large slopes without "
        "large values.",
        "Steep somewhere, or wavy everywhere; but not only wavy, for then the waves cancel and there is nothing to "
        "learn. Values near 0 on average help the score function.",
    ),
    "8.6": (
        "Set $u$ equal to the probability that $z$ is larger than some value, and solve for that value.",
        "Check it at the ends: $u$ near 1 and $u$ near 0 should give the smallest and the largest $z$, and none of "
        "them is negative. What does a large rate do to the mean?",
    ),
}
