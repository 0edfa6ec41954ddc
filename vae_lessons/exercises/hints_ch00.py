"""Hints to the exercises of chapter 0, word for word those of the notebook."""

HINTS = {
    "0.1": (
        "The maximum has to be taken along the last axis only, and kept in a shape that can be "
        "subtracted: `keepdim=True`, or `[..., None]`.",
        "After the logarithm of the sum, something that you have subtracted has to come back. Which axis "
        "does it have too many?",
    ),
}
