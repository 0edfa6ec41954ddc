"""Exercise 11.3: one step of training."""

from functools import partial

import torch
from torch import Tensor, nn
from torch.nn.utils import parameters_to_vector
from torch.optim import Optimizer

from vae_lessons.divergences import kl_std_normal
from vae_lessons.exercises.exercise import Case, Exercise, Misconception, mistake
from vae_lessons.exercises.hints_ch11 import HINTS
from vae_lessons.models import VAE
from vae_lessons.objectives import elbo_analytic_kl

OPTIMIZERS = {"SGD": partial(torch.optim.SGD, lr=0.05), "Adam": partial(torch.optim.Adam, lr=0.01)}


def training_step(model: nn.Module, optimizer: Optimizer, x: Tensor, eps: Tensor) -> float:
    """One step down the loss (11.1); returns the loss before the step."""
    loss = -elbo_analytic_kl(model, x, eps).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def small_vae(seed: int = 3, scale: float = 1.0) -> VAE:
    """Build a VAE of 6 pixels and 3 latents, with fixed random weights."""
    model, generator = VAE(x_dim=6, h_dim=5, z_dim=3), torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(scale * torch.randn(parameter.shape, generator=generator))
    return model


def probe(run, answer, optimizer: str, x: Tensor, eps: Tensor) -> tuple:
    """Two consecutive steps of a small VAE."""
    model = small_vae(scale=0.6).to(torch.float32)
    optimizer = OPTIMIZERS[optimizer](model.parameters())
    losses = [run(answer, model, optimizer, x.float(), eps.float()) for _ in range(2)]
    graph = any(isinstance(loss, Tensor) and loss.requires_grad for loss in losses)
    return *losses, float(graph), parameters_to_vector(model.parameters())


def _cases(seed: int = 0) -> list[Case]:
    generator = torch.Generator().manual_seed(seed + 113)
    x = (torch.rand(4, 6, generator=generator) < 0.5).double()
    eps = torch.randn(1, 4, 3, generator=generator, dtype=torch.double)
    return [Case({"optimizer": name, "x": x, "eps": eps}) for name in OPTIMIZERS]


def _step(model, optimizer, x, eps, *, objective=elbo_analytic_kl, reduce=torch.mean, sign=-1, zero=True, step=True):
    loss = sign * reduce(objective(model, x, eps))
    if zero:
        optimizer.zero_grad()
    loss.backward()
    if step:
        optimizer.step()
    return loss


def _wrong(**switches):
    """Make a wrong step with one thing changed."""
    return lambda *args: _step(*args, **switches).item()


def _climbs(model, optimizer, x, eps):
    """Goes up the loss, and returns the loss."""
    return -_step(model, optimizer, x, eps, sign=1).item()


def _with_std(std):
    """Make an objective with another standard deviation."""

    def objective(model, x, eps):
        mu, log_var = model.encoder(x)
        return (model.log_likelihood(x, mu + std(log_var) * eps) - kl_std_normal(mu, log_var)).mean(0)

    return objective


def _detached(model, x, eps):
    """Make z as a constant: nothing that the reconstruction asks for reaches the encoder."""
    mu, log_var = model.encoder(x)
    z = (mu + torch.exp(0.5 * log_var) * eps).detach()
    return (model.log_likelihood(x, z) - kl_std_normal(mu, log_var)).mean(0)


def _two_steps(model, optimizer, x, eps):
    loss = _step(model, optimizer, x, eps)
    optimizer.step()
    return loss.item()


TRAINING_STEP = Exercise(
    id="11.3",
    title="One step",
    equation="(11.1)",
    chapter="chapter 11",
    cases=_cases,
    reference=training_step,
    probe=probe,
    flavours=("torch",),
    parts=("loss of the first step", "loss of the second step", "graph",
           "parameters after two steps"),
    remarks={
        "graph": "What you return is a tensor that still holds its graph: return loss.item().",
        "parameters after two steps": "Your losses are right, and the parameters after two steps are not: is "
        "there one optimizer.step() in each step, and nothing else that changes the parameters?",
    },
    proves="Two steps in a row leave the right parameters, with SGD and with Adam.",
    misconceptions=(
        Misconception("no zero_grad", (_wrong(zero=False),), "Your second step uses the gradient of the first as "
                      "well: backward adds to what is there. Set the gradients of (11.1) to zero before each "
                      "backward."),
        Misconception("no step", (_wrong(step=False), lambda m, o, x, e: -elbo_analytic_kl(m, x, e).mean().item()),
                      "The parameters do not move. After the backward pass of (11.1) the optimiser has to take "
                      "its step, with the gradients still there."),
        Misconception("ascent", (_wrong(sign=1), _climbs), "Your step goes up the loss. The optimiser minimises "
                      "what you call backward on: that has to be minus the ELBO, see (11.1)."),
        Misconception("no KL", (_wrong(objective=lambda m, x, e: elbo_analytic_kl(m, x, e, beta=0)),),
                      "Your loss is the reconstruction term alone. Equation (11.1) adds the KL."),
        Misconception("loss with its graph", (_step,), "Your step is right, but what it returns is a tensor that "
                      "still holds the graph of (11.1): kept in a list, it fills the memory. Return loss.item()."),
        Misconception("sum over the batch", (_wrong(reduce=torch.sum),), "Your loss is summed over the images, so "
                      "that the step grows with the batch. Equation (11.1) has 1/M in front."),
        Misconception("z = mu", (_wrong(objective=lambda m, x, e: elbo_analytic_kl(m, x, 0 * e)),), "Your step "
                      "does not use the noise: it decodes mu. In (11.1) z is a draw, mu + std·eps, see (8.4)."),
        Misconception("noise shared by the "
                      "batch", (_wrong(objective=lambda m, x, e: elbo_analytic_kl(m, x, e[:, :1])),),
                      "Your step uses the noise of the first image for all. In (11.1) each image has its own "
                      "draw, eps[:, i]."),
        mistake("own noise", "Your step draws noise of its own. The z of (11.1) is made from the eps that is given, so "
                "that the step can be repeated.",
                _wrong(objective=lambda m, x, e: elbo_analytic_kl(m, x, torch.randn_like(e))),
                _wrong(objective=lambda m, x, e: elbo_analytic_kl(m, x, torch.randn_like(e[0])[None]))),
        mistake("variance for σ", "Your z is mu + e^log_var·eps. In (11.1) the noise is multiplied by the standard "
                "deviation, e^(log_var/2), see (8.4).",
                _wrong(objective=_with_std(lambda log_var: log_var.exp()))),
        mistake("log_var for σ", "Your z is mu + log_var·eps. In (11.1) the noise is multiplied by the standard "
                "deviation, e^(log_var/2), see (8.4).", _wrong(objective=_with_std(lambda log_var: log_var))),
        mistake("KL added to the ELBO", "Your loss subtracts the KL. The loss (11.1) adds it to −log p(x|z).",
                _wrong(objective=lambda m, x, e: elbo_analytic_kl(m, x, e, beta=-1))),
        mistake("loss after the step", "You return the loss after the step, with the new parameters. Asked for is the "
                "loss (11.1) that the step began with.",
                lambda m, o, x, e: (_step(m, o, x, e), -elbo_analytic_kl(m, x, e).mean().item())[1]),
        mistake("z without a gradient", "Your z is cut off from mu and log_var: no gradient of the reconstruction "
                "reaches the encoder. In (11.1) z is mu + std·eps with its graph: no .sample(), detach or no_grad.",
                _wrong(objective=_detached),
                _wrong(objective=lambda m, x, e: _detached(m, x, torch.randn_like(e)))),
        mistake("KL summed over the batch", "Your KL is the sum over the images, your reconstruction term is not. In "
                "(11.1) both are averaged over them.",
                _wrong(objective=lambda m, x, e: elbo_analytic_kl(m, x, e, beta=len(x)))),
        mistake("two steps", "Your function takes two steps of the optimiser. One is asked for, on the gradient of "
                "(11.1).", _two_steps),
        mistake("mean over the pixels", "Your reconstruction term is a mean over the pixels. In (11.1) it is a sum, or "
                "the KL weighs D times too much.",
                _wrong(objective=lambda m, x, e: elbo_analytic_kl(m, x, e, beta=x.shape[1]) / x.shape[1])),
    ),
    hints=HINTS["11.3"],
)  # fmt: skip
