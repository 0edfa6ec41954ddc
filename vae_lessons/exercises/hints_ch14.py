"""Hints to the exercises of chapter 14, word for word those of the notebook."""

HINTS = {
    "14.1": (
        "What varies, and over what? One number for each latent dimension comes first; counting comes last.",
        "One of the two arguments is not needed. A dimension whose mean is far from 0, and the same for all "
        "images, is not in use.",
    ),
    "14.2": (
        "The $\\lambda_j$ are the variances along the principal axes: those of the images around their mean. "
        "Chapter 1 had them.",
        "`torch.linalg.eigvalsh` returns the smallest eigenvalue first. A model of $J$ latent dimensions can use "
        "at most $J$ directions, however many are above the noise.",
    ),
    "14.3": (
        "Both values are made of the same two numbers per image. Compute these once.",
        "Which of the two values goes to the optimiser, and which may be compared with that of another network?",
    ),
    "14.4": (
        "Three points fix the schedule: its value at step 0, at step $T$, and long after $T$.",
        "One of the three arguments is not needed, if $t$ and $T$ are counted in the same unit.",
    ),
    "14.5": (
        "In which order: the KL of each image and dimension, the mean over the images, the floor, the sum over the "
        "dimensions.",
        "A dimension below the floor pays the floor: not nothing, and not its own KL. Is that the larger of two "
        "numbers, or the smaller?",
    ),
    "14.6": (
        "Begin with what is plain: a loss on the wrong scale, a KL that is zero or enormous, three columns that do not "
        "add up.",
        "Two logs look like good news. A bound cannot lie above what it bounds: compare the loss of training, and that "
        "of the test, with the last line.",
    ),
}
