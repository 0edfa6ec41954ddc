"""What six programs printed: one correct VAE on the binary digits, and five broken ones (exercise 14.6).

All trained a network of 64, 64 and 8 units on the 1,437 digits for 20 epochs, in batches of 32, by Adam with steps of
0.002. The numbers are copied from the runs; `tests/exercises/test_ch14_logs.py` trains the programs again.
"""

from typing import NamedTuple

BUGS = ("no KL", "mean over the pixels", "σ² for σ", ".sample()", "z = μ in the test")
EPOCHS = (1, 2, 5, 10, 15, 20)


class Record(NamedTuple):
    """One log: loss, reconstruction and KL of the training, loss of the test, for each of `EPOCHS`; then log p(x).

    The last number is no output of the program: an importance-weighted estimate (13.1) on the test images, 200 draws.
    """

    bug: str
    seed: int
    lines: tuple[tuple[float, float, float, float], ...]
    log_p: float

    def __str__(self) -> str:
        """Lay the log out as a table."""
        head = "epoch |    loss     rec.       KL | test loss"
        rows = [
            f"{epoch:5} | {loss:7.3f}  {rec:7.3f}  {kl:7.3f} | {test:7.3f}"
            for epoch, (loss, rec, kl, test) in zip(EPOCHS, self.lines, strict=True)
        ]
        return "\n".join([head, *rows, f"log p(x) of the test images, estimated: {self.log_p:.2f}"])


CORRECT = Record(
    "",
    11,
    (
        (34.091, 33.136, 0.955, 27.790),
        (26.425, 25.745, 0.680, 25.682),
        (22.888, 20.870, 2.019, 22.374),
        (20.566, 16.666, 3.900, 20.713),
        (19.998, 15.706, 4.292, 20.282),
        (19.424, 14.836, 4.588, 19.726),
    ),
    -19.12,
)
RECORDS = {
    "A": Record(
        ".sample()",
        12,
        (
            (35.082, 35.068, 0.015, 28.392),
            (26.489, 26.487, 0.002, 25.637),
            (24.781, 24.780, 0.000, 24.938),
            (24.607, 24.607, 0.000, 24.784),
            (24.559, 24.559, 0.000, 24.705),
            (24.535, 24.535, 0.000, 24.694),
        ),
        -24.57,
    ),
    "B": Record(
        "z = μ in the test",
        13,
        (
            (34.132, 32.939, 1.193, 28.501),
            (26.461, 25.655, 0.806, 26.593),
            (22.653, 20.782, 1.870, 21.327),
            (20.792, 17.652, 3.139, 18.915),
            (19.961, 15.882, 4.079, 17.651),
            (19.344, 14.556, 4.788, 17.109),
        ),
        -19.01,
    ),
    "C": Record(
        "no KL",
        14,
        (
            (31.722, 31.722, 9.519, 25.090),
            (24.219, 24.219, 24.175, 23.729),
            (14.770, 14.770, 76.690, 14.260),
            (10.325, 10.325, 110.665, 10.372),
            (9.064, 9.064, 125.322, 9.563),
            (8.520, 8.520, 133.036, 9.270),
        ),
        -134.94,
    ),
    "D": Record(
        "σ² for σ",
        15,
        (
            (33.372, 32.421, 0.951, 27.428),
            (26.124, 25.532, 0.593, 25.586),
            (23.053, 21.754, 1.299, 22.874),
            (19.255, 16.340, 2.915, 19.308),
            (17.480, 13.858, 3.622, 17.626),
            (16.622, 12.628, 3.994, 16.821),
        ),
        -18.91,
    ),
    "E": Record(
        "mean over the pixels",
        16,
        (
            (0.569, 0.553, 0.015, 0.450),
            (0.418, 0.416, 0.002, 0.404),
            (0.388, 0.387, 0.000, 0.390),
            (0.385, 0.385, 0.000, 0.388),
            (0.384, 0.384, 0.000, 0.385),
            (0.383, 0.383, 0.000, 0.385),
        ),
        -24.53,
    ),
}
