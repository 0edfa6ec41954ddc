"""Step sizes over the epochs."""

from collections.abc import Callable


def burda(lr: float = 1e-3) -> Callable[[int], float]:
    """Return the schedule of Burda et al. (2016), section 5.1: stage i = 0, …, 7 lasts 3^i epochs at lr·10^(-i/7).

    Parameters
    ----------
    lr : float
        Step size of the first stage; the paper's is 0.001.

    Returns
    -------
    function of the epoch, from 0
        Its step size: 3,280 epochs in all, and the last stage's from then on.
    """
    ends = [(3 ** (stage + 1) - 1) // 2 for stage in range(8)]

    def step_size(epoch: int) -> float:
        stage = next((stage for stage, end in enumerate(ends) if epoch < end), 7)
        return lr * 10 ** (-stage / 7)

    return step_size
