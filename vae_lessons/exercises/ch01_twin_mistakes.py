"""The mistakes that exercise 1.5 knows: what is said of each, and answers that make it."""

import torch
from torch import Tensor

MESSAGES = {
    "nothing changed": "Your codes are the old ones. Equation (1.4) allows any invertible R: take one that is not "
    "the identity.",
    "singular R": "Your R is singular: it maps different codes to one, and nothing brings them back. Equation (1.4) "
    "needs an R with an inverse.",
    "R not undone": "Your codes are Rz, and your decoder still expects z. In (1.4) it begins with R⁻¹.",
    "R applied twice": "Your decoder applies R once more. In (1.4) it has to undo it: R⁻¹.",
    "Rᵀ for R⁻¹": "Your decoder uses Rᵀ where (1.4) has R⁻¹. The two are the same for rotations only.",
    "inverse transposed": "Your decoder uses the transposed inverse of R: in (1.4) it is R⁻¹ as it is.",
    "entries inverted": "Your decoder uses one over each entry of R. The R⁻¹ of (1.4) is the inverse of a matrix.",
    "bias left as it was": "Your new bias is the old one. The R of (1.4) acts on the whole code Ah + a, the bias "
    "included.",
    "bias left out": "Your new bias is zero. The R of (1.4) acts on the whole code Ah + a, the bias included.",
    "decoder only": "Your encoder is the old one, and your decoder is not: in (1.4) what one does the other undoes.",
}

R = torch.tensor([[2.0, 0.7, -0.4], [0.3, 1.5, 0.9], [-0.8, 0.5, 1.2]])


def _with(encoder=lambda r, a: r @ a, bias=lambda r, a: r @ a, decoder=lambda r, b: b @ torch.linalg.inv(r), r=R):
    """Make a wrong answer with one of the three changed."""
    return lambda wf, bf, wg: (encoder(r.to(wf), wf), bias(r.to(wf), bf), decoder(r.to(wf), wg))


def _keep(r: Tensor, weight: Tensor) -> Tensor:
    return weight


_SINGULAR = torch.tensor([[2.0, 1.0, 0.0], [4.0, 2.0, 0.0], [0.3, -1.0, 1.0]])

WRONG = {
    "nothing changed": (_with(_keep, _keep, _keep), _with(r=torch.eye(3))),
    "singular R": (_with(decoder=lambda r, b: b @ torch.linalg.pinv(r), r=_SINGULAR),),
    "R not undone": (_with(decoder=_keep), _with(decoder=_keep, r=2 * torch.eye(3))),
    "R applied twice": (_with(decoder=lambda r, b: b @ r),),
    "Rᵀ for R⁻¹": (_with(decoder=lambda r, b: b @ r.T),),
    "inverse transposed": (_with(decoder=lambda r, b: b @ torch.linalg.inv(r).T),),
    "entries inverted": (_with(decoder=lambda r, b: b @ (1 / r)),),
    "bias left as it was": (_with(bias=_keep),),
    "bias left out": (_with(bias=lambda r, a: 0 * a),),
    "decoder only": (_with(encoder=_keep, bias=_keep),),
}
