"""Hints to the exercises of chapter 12, word for word those of the notebook."""

HINTS = {
    "12.1": (
        "Two lines of (12.1), two draws. Which of the model's two networks has no part in this?",
        "What does the decoder return, and what does `torch.bernoulli` ask for? If you look at a few of your pixels, "
        "they should all be 0 or 1.",
    ),
    "12.2": (
        "Both endpoints are among the frames. How far apart are the values of $t$ then?",
        "All frames at once: give the values of $t$ a second axis of length 1, and see what shape their product with a "
        "code has. What is decoded, the codes or their images?",
    ),
    "12.3": (
        "`torch.special.ndtri` is $\\Phi^{-1}$. At which $u$ is it infinite, and does (12.3) use these?",
        "In an array the first index counts rows, from the top; in a plot the second coordinate grows upwards. "
        "What has to be in row 0? Look at the corners for $n = 2$.",
    ),
    "12.4": (
        "First all images, one for each row of the noise. What is their shape, and over which axis do you average?",
        "The spread that is asked for is that of the decoded images. Would it be zero if $q$ were a single point?",
    ),
    "12.5": (
        "A sum of densities with equal weights is a story in two steps: who is picked first, and what is drawn then?",
        "`torch.randint` picks $n$ images at once, with repetitions. Index both tensors with the same picks; mind that "
        "what you get is a log-variance.",
    ),
}
