"""Hints to the exercises of chapter 1, word for word those of the notebook."""

HINTS = {
    "1.1": (
        "`torch.linalg.svd(a, full_matrices=False)` returns three things. The third has the directions as its *rows*, "
        "that of the largest variance first. Of which matrix do you want them?",
        "Print the shapes on the way: images $(N, D)$, codes $(N, J)$, reconstructions $(N, D)$. Then try $J = D$: "
        "what has to come out when nothing is left out?",
    ),
    "1.2": (
        "Two reductions, over two different axes. Which axis counts the pixels, and which of the two is summed?",
        "Glue two copies of a batch together: the loss must not change. Then think of images with twice as many "
        "pixels, all equally wrong: what should happen to the loss?",
    ),
    "1.3": (
        "`nn.Sequential` chains layers. Each of the two networks is a linear layer, an activation, and a linear layer.",
        "A code may be any number, negative too, and so may what the decoder returns. Where does an activation belong, "
        "then, and where does it not?",
    ),
    "1.4": (
        "The codes are points in a space of few dimensions. What describes a cloud of points that has several clumps, "
        "and lets you draw new ones?",
        "`GaussianMixture` of scikit-learn has the methods `fit` and `sample`; the latter returns points *and* labels, "
        "in float64. What is asked for are images: which function do the new codes still have to pass?",
    ),
    "1.5": (
        "The code is $z = Ah + a$. Write down $Rz$ and read off what stands in front of $h$, and what is left over.",
        "The decoder's first layer computes $Bz$, and now gets $Rz$. What has to stand between $B$ and $Rz$ to undo "
        "the change? Check your answer with an $R$ that is no rotation.",
    ),
}
