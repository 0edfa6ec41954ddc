"""Hints to the exercises of chapter 3, word for word those of the notebook."""

HINTS = {
    "3.1": (
        "Which average is it: over what happens, or over what is believed? The weights in front of the "
        "logarithm are the probabilities of the first argument.",
        "`torch.where` evaluates both of its branches. `torch.special.xlogy` is made for this: look up "
        "what it returns when its first argument is 0.",
    ),
    "3.2": (
        "Write the integrand of (3.2) at every grid point first. It needs the density $p$ itself once, as the weight.",
        "The trapezoid rule adds, for each pair of neighbours, their distance times the mean of the "
        "integrand at the two. `torch.trapezoid` takes the grid as its second argument.",
    ),
    "3.3": (
        "The map of the coins shows where to look for the first. For the second, read (3.7) with the "
        "roles of the two exchanged.",
        "For the third, the middle coin in the text is one example; try numbers of your own, and print "
        "the three divergences.",
    ),
    "3.4": (
        "One of the two needs no optimiser at all: read again which two numbers the forward problem "
        "matches, and compute them on the grid.",
        "The reverse problem has a local optimum at each mode. Start from several means, and keep the "
        "result with the smallest divergence.",
    ),
    "3.5": (
        "A marginal is the sum over the axis that you want to forget. A conditional is a row of the table"
        " divided by its own sum.",
        "The expectation in (3.8) has a subscript. It says whose row probabilities weight the divergences of the rows.",
    ),
}
