"""Hints to the exercises of chapter 11, word for word those of the notebook."""

HINTS = {
    "11.1": (
        "The decoder is a chain of layers: `nn.Sequential` will do. The encoder has two outputs, so it "
        "needs a class with a `forward` method.",
        "What comes out of a ReLU is never negative, and what comes out of a sigmoid lies between 0 and "
        r"1. Which of $\mu$, $\ell$ and $a$ may be limited like that?",
    ),
    "11.2": (
        "Write both terms so that each gives one number per image, a tensor of shape (M,). Which axis "
        "does each sum run over?",
        "The KL term is the one of [chapter 3](03_kl_divergence.ipynb), for a normal with diagonal "
        "covariance against the standard normal; `torch.distributions` knows it, if you would rather not "
        "write the formula. Mind that `Normal` takes a standard deviation.",
    ),
    "11.3": (
        "Autograd *adds* to the gradients that are already there. Something has to clear them, once per step.",
        "A tensor that you return keeps its whole graph alive. A tensor with one element has a method "
        "that gives the number in it.",
    ),
    "11.4": (
        r"If $\sigma$ is at least `min_std`, what is the least value of $\log \sigma^2$? `torch.clamp` has"
        " an argument `min`.",
        r"A normal density has three parts: one with $2\pi$, one with the variance, one with the squared "
        "distance. `torch.distributions.Normal(m, s).log_prob(x)` is allowed, if you mind what $s$ is.",
    ),
    "11.5": (
        "No gradient is needed here. With `torch.no_grad()` as a decorator or a context, PyTorch does not"
        " record the computation.",
        "Average over the draws first, for each image, and over the images last. Nothing in the ELBO has "
        "a logarithm of an average.",
    ),
}
