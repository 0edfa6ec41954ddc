"""Files of MNIST and Fashion-MNIST: found, or downloaded, checked, and read."""

import errno
import gzip
import os
import warnings
import zlib
from pathlib import Path

import numpy as np
import requests
import torch
from torch import Tensor

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its progress bar would rather be a widget
    import pooch

MNIST = {  # SHA-256 of the original files
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
FASHION = {
    "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
}
HASHES = {"mnist": MNIST, "fashion-mnist": FASHION}
MIRRORS = {
    "mnist": ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"],
    "fashion-mnist": [
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",  # no https there; the checksum protects
    ],
}


FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class DataError(OSError):
    """A data set cannot be had; the message says why, and what to do."""


def find_file(name: str, file: str, progress: bool = True) -> Path:
    """Find a file of a data set: in `$VAE_LESSONS_DATA/name`, in the cache, or on the mirrors, one after the other.

    Parameters
    ----------
    name, file : str
        "mnist" or "fashion-mnist", and a file of it.
    progress : bool
        Show a bar while downloading.

    Returns
    -------
    Path
        A file whose SHA-256 is the published one.

    Raises
    ------
    DataError
        If no place has the file as it should be.
    """
    if own := os.environ.get("VAE_LESSONS_DATA"):
        path = Path(own) / name / file
        if path.exists():
            return _checked(path, HASHES[name][file])
    folder = Path(pooch.os_cache("vae-lessons")) / name
    failures = []
    for mirror in MIRRORS[name]:
        try:
            return _retrieve(mirror + file, HASHES[name][file], folder, progress)
        except (ValueError, requests.RequestException) as error:
            failures.append(f"  {mirror}{file}: {_reason(error)}")
        except OSError as error:
            what = "is full" if error.errno in FULL else "cannot be written to"
            raise DataError(f"the cache folder {folder} {what} ({error}). {_advice(name)}") from error
    raise DataError(f"{file} of {name} cannot be downloaded.\n" + "\n".join(failures) + f"\n{_advice(name)}")


def _retrieve(url: str, sha256: str, folder: Path, progress: bool) -> Path:
    """Let pooch look into the cache, download to a temporary file, compare the checksum, and move it to its place."""
    pooch.get_logger().setLevel("WARNING")
    fetch = pooch.HTTPDownloader(progressbar=progress, timeout=20)
    return Path(pooch.retrieve(url, f"sha256:{sha256}", url.rsplit("/", 1)[1], folder, downloader=fetch))


def _checked(path: Path, sha256: str) -> Path:
    found = pooch.file_hash(str(path))
    if found != sha256:
        raise DataError(
            f"{path} has the SHA-256 {found[:12]}…, expected {sha256[:12]}…: it is damaged or another file. "
            "Delete it or replace it by the original, or unset VAE_LESSONS_DATA to have it downloaded."
        )
    return path


def _reason(error: Exception) -> str:
    """Say in a few words why a mirror did not deliver."""
    if isinstance(error, ValueError) and "hash" in str(error):
        return "what came is not the file (wrong SHA-256): a cut-off download, an error page or a changed file"
    if isinstance(error, requests.HTTPError):
        return f"the server answered {error.response.status_code}"
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return "the download was cut off"
    if isinstance(error, requests.Timeout):
        return "no answer within 20 seconds"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return f"{type(error).__name__}: {error}"


def _advice(name: str) -> str:
    return (
        f"What you can do: connect to the internet and try again; or put the four original files (idx, gzipped) of "
        f'{name} into a folder "{name}" and set the environment variable VAE_LESSONS_DATA to the folder above it; '
        'or use load("digits"), which needs no download.'
    )


def read_idx(path: Path) -> Tensor:
    """Read a gzipped idx file of bytes.

    Parameters
    ----------
    path : Path
        The file: a header with the shape, then one byte per value (LeCun, http://yann.lecun.com/exdb/mnist/).

    Returns
    -------
    Tensor, uint8
        In the shape that the header names.

    Raises
    ------
    DataError
        If the file cannot be unpacked, is no idx file of bytes, or holds another number of values than its header says.
    """
    try:
        data = gzip.decompress(Path(path).read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be unpacked ({error}): delete it, and it will be downloaded again") from error
    if len(data) < 4 or data[:3] != b"\0\0\x08" or len(data) < 4 + 4 * data[3]:
        raise DataError(f"{path} is not an idx file of bytes: it begins with {data[:4].hex(' ') or 'nothing'}")
    shape = tuple(np.frombuffer(data, ">u4", data[3], 4).tolist())
    values = np.frombuffer(data, np.uint8, offset=4 + 4 * data[3])
    if len(values) != np.prod(shape, dtype=object):
        raise DataError(f"{path} holds {len(values)} values, but its header promises the shape {shape}: delete it")
    return torch.from_numpy(values.copy()).reshape(shape)
