"""Exercise 11.5: the ELBO of images the model has not seen."""

from functools import partial

import torch
from torch import Generator, Tensor, nn

from vae_lessons.exercises.ch11_training import small_vae
from vae_lessons.exercises.exercise import Case, Exercise, Misconception, mistake
from vae_lessons.exercises.hints_ch11 import HINTS
from vae_lessons.objectives import elbo_analytic_kl, elbo_terms, iw_log_lik


@torch.no_grad()
def test_elbo(model: nn.Module, x: Tensor, n_samples: int, generator: Generator) -> float:
    """Mean ELBO per image, estimator (7.4), with z drawn."""
    eps = torch.randn(n_samples, len(x), model.z_dim, generator=generator)
    return elbo_analytic_kl(model, x, eps).mean().item()


def probe(run, answer, model_seed: int, x: Tensor, n_samples: int) -> tuple:
    """Evaluate a small VAE once."""
    generator = Generator().manual_seed(115)
    value = run(answer, small_vae(model_seed, scale=0.9), x.float(), n_samples, generator)
    return value, float(isinstance(value, Tensor) and value.requires_grad)


def _cases(seed: int = 0) -> list[Case]:
    x = (torch.rand(2, 12, 6, generator=Generator().manual_seed(11)) < 0.5).double()
    likeliest_last = [2, 0, 7, 11, 9, 8, 6, 4, 1, 3, 5, 10]  # so that the last batch of a loop stands out
    return [
        Case({"model_seed": 16, "x": x[0][likeliest_last], "n_samples": 3500}),
        Case({"model_seed": 17, "x": x[1], "n_samples": 3500}),
    ]


def _wrong(value):
    """Make a wrong answer from a function of (model, x, eps), with the gradient not recorded."""

    def answer(model, x, n_samples, generator):
        with torch.no_grad():
            return value(model, x, torch.randn(n_samples, len(x), model.z_dim, generator=generator)).item()

    return answer


def _with_graph(model, x, n_samples, generator):
    return elbo_analytic_kl(model, x, torch.randn(n_samples, len(x), model.z_dim, generator=generator)).mean()


def _wide(model, x, eps):
    mu, log_var = model.encoder(x)
    return (model.log_likelihood(x, mu + log_var.exp() * eps).mean(0) - elbo_terms(model, x, eps[:1])[1]).mean()


def _mean_of_means(model, x, eps, size: int):
    return torch.stack([batch.mean() for batch in elbo_analytic_kl(model, x, eps).split(size)]).mean()


TEST_ELBO = Exercise(
    id="11.5",
    title="An honest test",
    equation="(7.4)",
    chapter="chapters 7 and 11",
    cases=_cases,
    confirm=False,
    seconds=20.0,
    reference=test_elbo,
    probe=probe,
    flavours=("torch",),
    atol=0.0,
    rtol=0.035,
    parts=("mean ELBO", "graph"),
    remarks={"graph": "What you return is a tensor that still holds its graph: return a float."},
    proves="Any way of drawing z is accepted: the band is 3.5 %, more than 5 standard errors of the estimate.",
    misconceptions=(
        Misconception("z = mu", (_wrong(lambda m, x, e: elbo_analytic_kl(m, x, 0 * e[:1]).mean()),), "Your value "
                      "decodes the mean of q. In (7.4) z is drawn; with z = mu the value is no bound on log p(x)."),
        Misconception("sum over images", (_wrong(lambda m, x, e: elbo_analytic_kl(m, x, e).sum()),), "Your value "
                      "is summed over the images. It is asked for per image: average (7.4) over them."),
        Misconception("minus sign", (_wrong(lambda m, x, e: -elbo_analytic_kl(m, x, e).mean()),), "Your value is "
                      "the loss, minus the ELBO. The ELBO (7.4) is reconstruction minus KL, a bound from below."),
        Misconception("log of the mean", (_wrong(lambda m, x, e: iw_log_lik(m, x, e).mean()),), "Your value is "
                      "the logarithm of a mean over the draws, the tighter bound (7.7). The ELBO (7.4) is a mean "
                      "of logarithms."),
        Misconception("only the reconstruction", (_wrong(lambda m, x, e: elbo_terms(m, x, e)[0].mean()),), "Your "
                      "value is the reconstruction term alone. The ELBO (7.4) subtracts the KL of each image."),
        mistake("sum over the draws", "Your value is summed over the draws. Asked for is their mean: (7.4) is an "
                "estimate of one number.",
                _wrong(lambda m, x, e: len(e) * elbo_analytic_kl(m, x, e).mean()),
                _wrong(lambda m, x, e: (len(e) * elbo_terms(m, x, e)[0] - elbo_terms(m, x, e)[1]).mean())),
        mistake("mean of batch means", "Your value is a mean of means over batches of different sizes, so that the "
                "images of the last one count for more. In a mean of (7.4) over the data each weighs the same.",
                *(_wrong(partial(_mean_of_means, size=size)) for size in (5, 8, 9, 10, 11))),
        mistake("divided by the number of batches", "You add up all images and divide by the number of batches. The "
                "mean of (7.4) over the data divides by the number of images.",
                *(_wrong(lambda m, x, e, n=n: elbo_analytic_kl(m, x, e).sum() / n) for n in (2, 3, 4, 6))),
        mistake("KL added", "Your value adds the KL. The ELBO (7.4) subtracts it from the reconstruction.",
                _wrong(lambda m, x, e: elbo_analytic_kl(m, x, e, beta=-1).mean())),
        mistake("z from the prior", "Your z is the noise itself, a draw from the prior. In (7.4) it is a draw from q: "
                "mu + std·eps.",
                _wrong(lambda m, x, e: (m.log_likelihood(x, e).mean(0) - elbo_terms(m, x, e[:1])[1]).mean())),
        mistake("variance for σ", "Your z is mu + e^log_var·eps. In (7.4) the noise is multiplied by the standard "
                "deviation, e^(log_var/2).", _wrong(_wide)),
        Misconception("gradients recorded", (_with_graph,), "Your value is right, but it holds the graph of all "
                      "draws. Evaluating (7.4) needs no gradient: use torch.no_grad and return a float."),
    ),
    hints=HINTS["11.5"],
)  # fmt: skip
