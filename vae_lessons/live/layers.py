"""Networks and images as a page carries them: weights of 16 bits, pixels of 8."""

import base64

import numpy as np
import torch
from torch import Tensor, nn

SQUASH = {nn.ReLU: "relu", nn.Tanh: "tanh", nn.Sigmoid: "sigmoid"}


def packed_pixels(images: Tensor) -> str:
    """Pixels between 0 and 1, of any shape, as one byte each, in base64; what lies outside is cut off."""
    return _base64((images.detach().cpu() * 255).round().clamp(0, 255).numpy().astype(np.uint8))


def packed_mean(model: nn.Module) -> dict:
    """The function z ↦ E[x|z] of a model, with its weights rounded to 16 bits, for layers.js.

    Parameters
    ----------
    model : Module
        With a `decoder`, a Linear layer or a sequence of Linear, ReLU, Tanh and Sigmoid layers, and `mean`, which is
        what the decoder returns or the sigmoid of it.

    Returns
    -------
    dict
        `steps`, [inputs, outputs] of a linear layer or the name of a function, and `weights`, in base64.

    Raises
    ------
    ValueError
        If the decoder has other layers or weights too large for 16 bits, or does not lead to `mean`.
    """
    steps, weights = [], []
    for layer in _layers(model):
        if isinstance(layer, nn.Linear):
            steps.append([layer.in_features, layer.out_features])
            bias = torch.zeros_like(layer.weight[:, 0]) if layer.bias is None else layer.bias
            weights += [layer.weight.detach().cpu().flatten(), bias.detach().cpu()]
        else:
            steps.append(SQUASH[type(layer)])
    numbers = torch.cat(weights).half()
    if not numbers.isfinite().all():
        largest = torch.cat(weights).abs().max().item()
        raise ValueError(f"model.decoder must have weights of at most 65,504, got one of size {largest:g}")
    return {"steps": steps + _link(model), "weights": _base64(numbers.numpy().astype("<f2"))}


def _layers(model: nn.Module) -> list[nn.Module]:
    if isinstance(model.decoder, nn.Linear):
        return [model.decoder]
    layers = list(model.decoder.children())
    others = [type(layer).__name__ for layer in layers if type(layer) not in (nn.Linear, *SQUASH)]
    if others or not layers or not isinstance(model.decoder, nn.Sequential):
        got = ", ".join(others) or type(model.decoder).__name__
        raise ValueError(f"model.decoder must be a sequence of Linear, ReLU, Tanh and Sigmoid layers, got {got}")
    return layers


@torch.no_grad()
def _link(model: nn.Module) -> list[str]:
    """What leads from the decoder's output to the mean: nothing, or the logistic function."""
    weight = next(model.decoder.parameters())
    z = torch.randn(8, weight.shape[1], generator=torch.Generator().manual_seed(0)).to(weight)
    out, mean = model.decoder(z), model.mean(z)
    for link, made in ([], out), (["sigmoid"], torch.sigmoid(out)):
        if mean.shape == made.shape and torch.allclose(mean, made, atol=1e-6):
            return link
    raise ValueError("model.mean must be the decoder's output or its sigmoid, got something else")


def _base64(numbers: np.ndarray) -> str:
    return base64.b64encode(numbers.tobytes()).decode()
