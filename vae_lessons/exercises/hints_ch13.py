"""Hints to the exercises of chapter 13, word for word those of the notebook."""

HINTS = {
    "13.1": (
        "First one number for each draw and image: the logarithm of its weight. Which of the three log-densities "
        "stands below the line in the weight?",
        "The mean is one of weights, and the logarithm comes last. Exercise 7.3 did that for numbers as small as "
        "these. Over which axis do the draws run?",
    ),
    "13.2": (
        "`torch.cartesian_prod` makes all points of the square from one axis. With a 1 in the middle, as $(G, 1, 2)$, "
        "the points meet all images at once.",
        "An integral is a sum of values times the area of a cell. What becomes of that factor under a logarithm? And "
        "what is integrated is a product: the decoder is one factor of two.",
    ),
    "13.3": (
        "Two tensors of the shape of `mu` are all that is searched for. Copy what the encoder says, with "
        "`.detach().clone().requires_grad_()`, and give an optimiser these two and nothing else.",
        "The images do not disturb each other: the gradient of the *sum* of their ELBOs has, in each row, what belongs "
        "to that image. Some hundred steps of Adam with `lr=0.05` are enough.",
    ),
    "13.4": (
        "Three log-densities at each draw, all of shape $(L, N)$: of its own $q_i$, of the aggregate posterior, of the "
        "prior. Which two differences are asked for?",
        "For the aggregate posterior each draw meets all $N$ normals: `z[:, :, None]` has room for them, shape "
        "$(L, N, 1, J)$. Sum over the dimensions, then average *densities* over the $N$, by logarithms.",
    ),
    "13.5": (
        "How many nats is a bit? A fair coin has one bit, and $\\log 2$ nats.",
        "A small number shall be good, and $\\log p(x)$ is negative for binary images.",
    ),
}
