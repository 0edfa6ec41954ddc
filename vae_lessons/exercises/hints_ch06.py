"""Hints to the exercises of chapter 6, word for word those of the notebook."""

HINTS = {
    "6.1": (
        "Three averages under $q$ are needed: of $\\log p(x \\mid z)$, of $\\log p(z)$ and of $\\log q$. The logarithm "
        "of a normal density is a polynomial in $z$.",
        "Chapter 4 has the average of $(z - n)^2$ under a normal: use it with $n = x$ and with $n = 0$. "
        "What is the average of $(z - \\mu)^2 / s^2$?",
    ),
    "6.2": (
        "The evidence and the posterior come from the table: sum a row, divide a row by its sum. `keepdim=True` keeps "
        "the shapes together.",
        "All five lines average over the same weights, those of $q$. What does not depend on $z$ may stand outside of "
        "the average, and then it counts once, not once for each $z$.",
    ),
    "6.3": (
        "Make the table of $w$ first. One of the two numbers takes the logarithm of its entries, the other one of "
        "their average.",
        "In which row do the two numbers agree, if you put the posterior for $q$? If they do not, look at the weights "
        "of the averages.",
    ),
    "6.4": (
        "When is $w = p(x, z) / q(z \\mid x)$ the same for every $z$? The logarithm of the joint density is a "
        "quadratic polynomial in $z$.",
        "Complete the square in $z^2 + (x - z)^2 / v$. The factor of $z^2$ says what the variance is, the factor of "
        "$z$ what the mean is.",
    ),
    "6.5": (
        "The E-step changes $\\mu$ and $s^2$ and leaves $\\theta$ alone; the M-step changes $\\theta$ and leaves "
        "$\\mu$ and $s^2$ alone. Which of them does each row of the table use?",
        "For the M-step, write down what of the ELBO depends on $\\theta$: $-\\tfrac12 \\sum_i [(x_i - \\theta "
        "\\mu_i)^2 + \\theta^2 s^2]$. Where is its slope zero?",
    ),
}
