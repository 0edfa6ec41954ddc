"""The images of the course, as tensors in [0, 1]."""

from typing import NamedTuple

import torch
from torch import Generator, Tensor
from torch.nn.functional import interpolate, pad

from vae_lessons.validation import require_float, require_pixels

DATA_SETS = ("digits", "mnist", "fashion-mnist")


class Images(NamedTuple):
    """Images as rows of pixels in [0, 1], with their labels, split into a training and a test set."""

    x_train: Tensor
    y_train: Tensor
    x_test: Tensor
    y_test: Tensor

    @property
    def side(self) -> int:
        """Pixels along one side of an image."""
        return round(self.x_train.shape[1] ** 0.5)


def load(name: str = "digits", side: int | None = None) -> Images:
    """Load a data set; `"digits"` needs no download.

    `"digits"` are 1,797 handwritten digits of 8×8 pixels from 43 people, part of the UCI collection (Alpaydin and
    Kaynak, 1998), as scikit-learn ships them: 1,437 for training, 360 for testing, with the classes in equal shares.
    `"mnist"` (LeCun et al., 1998) and `"fashion-mnist"` (Xiao et al., 2017) are 60,000 and 10,000 images of 28×28
    pixels. They are looked for in the folder that the environment variable `VAE_LESSONS_DATA` names, then in the
    cache, and else downloaded.

    Parameters
    ----------
    name : str
        The data set: "digits", "mnist" or "fashion-mnist".
    side : int, optional
        For the digits: 8, the original images; or 28, the same images enlarged to the size of MNIST by `upsample`.

    Returns
    -------
    Images
        float32 pixels of shape (N, side·side) and int64 labels of shape (N,).

    Raises
    ------
    ValueError
        If the name or the side is unknown.
    OSError
        If the files cannot be had: a `DataError`, which says why and what to do.
    """
    if name not in DATA_SETS:
        raise ValueError(f"name must be 'digits', 'mnist' or 'fashion-mnist', got {name!r}")
    if side not in ((None, 8, 28) if name == "digits" else (None, 28)):
        raise ValueError(f"side must be {'8 or 28' if name == 'digits' else '28'}, got {side!r}")
    return _digits(side) if name == "digits" else _original(name)


def _original(name: str) -> Images:
    """Read the four files of MNIST or Fashion-MNIST."""
    from vae_lessons.downloads import HASHES, find_file, read_idx  # here, because few readers download

    parts = [read_idx(find_file(name, file)) for file in HASHES[name]]
    images = [part.flatten(1).float().div_(255) if part.ndim == 3 else part.long() for part in parts]
    return Images(*images)


def _digits(side: int | None) -> Images:
    from sklearn.datasets import load_digits  # here, because it takes a second
    from sklearn.model_selection import train_test_split

    digits = load_digits()
    pixels = torch.tensor(digits.data / 16, dtype=torch.float32)
    labels = torch.tensor(digits.target, dtype=torch.int64)
    train, test = train_test_split(range(len(labels)), test_size=0.2, random_state=0, stratify=digits.target)
    if side == 28:
        pixels = upsample(pixels)
    return Images(pixels[train], labels[train], pixels[test], labels[test])


def upsample(x: Tensor) -> Tensor:
    """Enlarge 8×8 images to 28×28: bilinear to 24×24, then a margin of 2 black pixels, as MNIST has one.

    Parameters
    ----------
    x : Tensor, shape (N, 64)
        Pixels in [0, 1].

    Returns
    -------
    Tensor, shape (N, 784)
        Pixels in [0, 1].

    Raises
    ------
    ValueError
        If the images do not have 64 pixels.
    """
    require_float(x=x)
    if x.ndim != 2 or x.shape[1] != 64:
        raise ValueError(f"x must have shape (N, 64), got {tuple(x.shape)}")
    large = interpolate(x.reshape(-1, 1, 8, 8), size=(24, 24), mode="bilinear", align_corners=False)
    return pad(large, (2, 2, 2, 2)).flatten(1)


def binarize(x: Tensor, generator: Generator | None = None) -> Tensor:
    """Turn grey pixels into 0 or 1.

    Parameters
    ----------
    x : Tensor
        Pixels in [0, 1].
    generator : Generator, optional
        With one, each pixel is drawn: 1 with probability x (dynamic binarisation). Without, it is 1 where x > 1/2.

    Returns
    -------
    Tensor
        Zeros and ones in the shape and dtype of x.

    Raises
    ------
    ValueError
        If a pixel is outside [0, 1].
    """
    require_pixels(x=x)
    return (x > 0.5).to(x.dtype) if generator is None else draw_pixels(x, generator)


def draw_pixels(x: Tensor, generator: Generator) -> Tensor:
    """Dynamic binarisation of pixels that are known to lie in [0, 1]: `binarize` without its check, for inner loops."""
    return (torch.rand(x.shape, generator=generator, dtype=x.dtype, device=x.device) < x).to(x.dtype)
