"""Hints to the exercises of chapter 5, word for word those of the notebook."""

HINTS = {
    "5.1": (
        "Two tasks: find the top, then measure how sharply the curve bends there. For the first, a grid gives a start "
        "that Newton's method can polish.",
        "`torch.func.grad(log_p)` is a function again, so it can be differentiated once more. Or take differences of "
        "three neighbouring values, in double precision.",
    ),
    "5.2": (
        "Write the divergence as a function of two numbers first, as in exercise 3.2. Over which of the two densities "
        "is the average?",
        "Then minimise it, with `torch.optim`, with SciPy, or by trying all pairs on a fine mesh. A standard deviation "
        "must not become negative: search over its logarithm.",
    ),
    "5.3": (
        "Both terms are averages over the same density. Which one, and how do you get it from what you are given?",
        "The entropy is an average with a minus sign in it. Then look whether you have used $Z$ anywhere: you should "
        "not have.",
    ),
    "5.4": (
        "The entry of (5.4) is that of a precision matrix. How do you get it from a covariance matrix, and why not "
        "entry by entry?",
        "For two latents your answer has to be $\\Sigma_{jj} (1 - \\rho^2)$, with the correlation $\\rho$. Test yours "
        "on a pair, then on three latents.",
    ),
    "5.5": (
        "One matrix serves all rows: which of its entries gives the variances, and which system of equations gives the "
        "means?",
        "The images are rows, so the product with $W^\\top$ turns round. A row of log-variances has to be repeated: "
        "`expand_as` does it.",
    ),
}
