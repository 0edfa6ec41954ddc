"""What goes wrong in exercise 13.3, as functions of (model, x, eps): the model is a linear VAE, its best q is known."""

import torch

from vae_lessons.divergences import kl_std_normal
from vae_lessons.equations import ch13_gaps
from vae_lessons.exercises.ch13_search_world import decoder_of, model_of
from vae_lessons.exercises.misconceptions import mistake
from vae_lessons.sampling import reparameterize


def _best(of):
    """Make a wrong answer from what an equation's mutant takes for 𝓛*."""
    return lambda model, x, eps: of(decoder_of(model), x - model.decoder.bias.detach())


def _at(q):
    """Make a wrong answer: the ELBO at another q, from the best one and the encoder's."""

    def answer(model, x, eps):
        best = ch13_gaps.best_q(decoder_of(model), x - model.decoder.bias.detach())
        mu, log_var = q(best, [value.detach() for value in model.encoder(x)])
        return (model.log_likelihood(x, reparameterize(mu, log_var, eps)).mean(0) - kl_std_normal(mu, log_var)).detach()

    return answer


def _everything(model, x, eps):
    """Search over the parameters of the model too."""
    q = [value.detach().clone().requires_grad_() for value in model.encoder(x)]
    optimizer = torch.optim.Adam([*q, *model.parameters()], lr=0.05)
    for _ in range(60):
        elbo = model.log_likelihood(x, reparameterize(*q, eps)).mean(0) - kl_std_normal(*q)
        optimizer.zero_grad()
        (-elbo.sum()).backward()
        optimizer.step()
    return elbo.detach()


def _scale_is_variance(model, x, eps):
    """Draw z = μ + e^ℓ ε: the best e^ℓ solves h s² + s/2 = 1/2, where h is the curvature of the likelihood."""
    mu, log_var = ch13_gaps.best_q(decoder_of(model), x - model.decoder.bias.detach())
    h = torch.exp(-log_var) - 1
    s = ((0.25 + 2 * h).sqrt() - 0.5) / (2 * h)
    return (model.log_likelihood(x, mu + s * eps).mean(0) - kl_std_normal(mu, s.log())).detach()


def _one_q_for_all(model, x, eps):
    world, images = decoder_of(model), x - model.decoder.bias.detach()
    mu, log_var = ch13_gaps.best_q(world, images)
    return _at(lambda best, _: (mu.mean(0).expand_as(mu), log_var))(model, x, eps)


def _no_kl(model, x, eps):
    """Climb the reconstruction alone: q shrinks to the z of greatest likelihood."""
    w, residual = model.decoder.weight.detach(), x - model.decoder.bias.detach()
    z = torch.linalg.lstsq(w, residual.T).solution.T
    return model.log_likelihood(x, z[None])[0].detach()


def _nearly_no_kl(values: list, references: list, cases: list) -> bool:
    """Whether σ is on its way to 0, where the likelihood is largest."""
    for (value, changed), case in zip(values, cases, strict=True):
        args = {name: t.double() for name, t in case.args.items() if name != "model_seed"}
        below = _no_kl(model_of(case.args["model_seed"]), **args) - value
        if changed or not ((below > -1e-3) & (below < 0.1)).all():
            return False
    return True


def _gap(model, x, eps):
    return _best(ch13_gaps.best_elbo)(model, x, eps) - _at(lambda best, q: q)(model, x, eps)


def _of_right(then):
    """Make a wrong answer from the right values."""
    return lambda model, x, eps: then(_best(ch13_gaps.best_elbo)(model, x, eps))


def _model_changed(values: list, references: list, cases: list) -> bool:
    return all(changed > 0 for _, changed in values)


MISTAKES = (
    mistake(
        "decoder optimised too",
        "Your search has changed the model. In (13.3) it is frozen, or log p(x) would move along: give the optimiser "
        "mu and log_var only.",
        _everything,
        recognise=_model_changed,
    ),
    mistake(
        "decoder fed the mean",
        "Your value lies above log p(x), which no ELBO does: the decoder has seen μ. In the ELBOs of (13.3) it sees "
        "μ + σ ε.",
        _best(ch13_gaps.with_decoder_fed_the_mean),
    ),
    mistake(
        "the posterior's variances",
        "Your variances are those of the posterior. The best q of (13.3), with independent dimensions, is narrower, as "
        "in (5.4).",
        _best(ch13_gaps.with_the_posterior_s_variances),
    ),
    mistake(
        "𝓛* is log p",
        "Your value is log p(x) itself. No q with independent dimensions reaches it here: 𝓛* of (13.3) is less.",
        lambda model, x, eps: model.log_evidence(x).detach(),
    ),
    mistake(
        "no search",
        "Your value is the ELBO of the encoder's q. For 𝓛* of (13.3) its mu and log_var are only where the search "
        "starts.",
        _at(lambda best, q: q),
    ),
    mistake(
        "only the means",
        "You have moved the means alone. In 𝓛* of (13.3) the log-variances are the best ones too.",
        _at(lambda best, q: (best[0], q[1])),
    ),
    mistake(
        "only the variances",
        "You have moved the log-variances alone. In 𝓛* of (13.3) the means are the best ones too.",
        _at(lambda best, q: (q[0], best[1])),
    ),
    mistake(
        "one mean for all images",
        "Your images share one mean. In 𝓛* of (13.3) each image has its own q: that is what the encoder is compared "
        "with.",
        _one_q_for_all,
    ),
    mistake(
        "variance for σ",
        "Your z is μ + e^ℓ ε. In the ELBOs of (13.3) the noise is multiplied by the standard deviation, e^(ℓ/2).",
        _scale_is_variance,
    ),
    mistake(
        "no KL",
        "Your value is the likelihood at the best z. The ELBOs of (13.3) subtract the KL of q from the prior.",
        _no_kl,
        recognise=_nearly_no_kl,
    ),
    mistake(
        "the gap",
        "Your value is 𝓛* − 𝓛, the amortization gap. Asked for is 𝓛* of (13.3) itself.",
        _gap,
    ),
    mistake(
        "loss returned",
        "Your value is minus 𝓛*, the loss of the search. 𝓛* of (13.3) is an ELBO.",
        _of_right(lambda elbo: -elbo),
    ),
    mistake(
        "one number for all images",
        "Your value is one number. Asked for is 𝓛* of (13.3) for each image.",
        _of_right(lambda elbo: elbo.mean()),
        _of_right(lambda elbo: elbo.sum()),
        _of_right(lambda elbo: -elbo.sum()),
        _of_right(lambda elbo: -elbo.mean()),
    ),
)
