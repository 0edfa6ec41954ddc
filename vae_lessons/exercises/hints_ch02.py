"""Hints to the exercises of chapter 2, word for word those of the notebook."""

HINTS = {
    "2.1": (
        "There are two sources of chance, and each has a place of its own: one makes $z$, the other is added after the "
        "decoder. Which of `eps_z` and `eps_x` has the shape of which?",
        "The images are rows. For one image the mean is a matrix times a column; what does that become when the "
        "columns are the rows of a batch?",
    ),
    "2.2": (
        "`torch.cartesian_prod(*[torch.tensor([0.0, 1.0])] * J)` lists all codes, one per row. Then make a table of "
        "log-probabilities with a row for each image and a column for each code.",
        "The sum of (2.5) is over probabilities, and what you have are their logarithms. Chapter 0 has a function for "
        "that. What becomes of the factor in front?",
    ),
    "2.3": (
        "The log-density of a normal has three parts: one with $2\\pi$, one with the determinant of the covariance, "
        "one with the squared distance. How large is the covariance matrix, $D \\times D$ or $J \\times J$?",
        "A determinant of many large numbers overflows, its logarithm does not: `torch.linalg.slogdet`, or a Cholesky "
        "factor. A ready-made normal distribution is allowed as well, if you mind what it asks for.",
    ),
    "2.4": (
        "What stands above in (2.4), as a logarithm? What stands below is one number for each observation: along which "
        "axis do you integrate?",
        "An observation with a log-likelihood near $-1000$ has a joint density of 0 to the computer, everywhere. A "
        "factor that does not depend on $z$ cancels in (2.4): choose one that helps.",
    ),
    "2.5": (
        "The $z$ are draws from the prior: how often a region is visited says already how probable it is. What is left "
        "to be the weight of a draw?",
        "Multiply all weights by the same number, and see what happens to $(\\sum w)^2 / \\sum w^2$. Now you may "
        "choose that number so that no row underflows.",
    ),
}
