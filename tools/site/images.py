"""Figures in 256 colours: a third of the bytes, and no difference to be seen, since figures have few colours."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

from PIL import Image

SMALL = 32 * 1024  # bytes; below, there is little to gain
COLOURS = 256


def lighten(folder: Path, cache: Path) -> None:
    """Replace the large PNG pictures in a folder by light ones.

    Parameters
    ----------
    folder
        Where the pictures are.
    cache
        Where light pictures are kept for the next build, under the hash of what they were made from.
    """
    cache.mkdir(parents=True, exist_ok=True)
    large = [file for file in sorted(folder.glob("*.png")) if file.stat().st_size > SMALL]
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(lambda file: replace(file, cache), large))


def replace(file: Path, cache: Path) -> None:
    """Replace one picture, by the kept light one if there is one."""
    data = file.read_bytes()
    kept = cache / f"{hashlib.sha256(data).hexdigest()}.png"
    if not kept.exists():
        kept.write_bytes(min(light(data), data, key=len))
    file.write_bytes(kept.read_bytes())


def light(data: bytes) -> bytes:
    """Return a PNG picture in 256 colours; one that can be seen through, or has as few already, is left as it is."""
    image = Image.open(BytesIO(data))
    if image.mode == "P" or (image.mode == "RGBA" and image.getextrema()[3] != (255, 255)):
        return data
    flat = image.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    written = BytesIO()
    flat.save(written, "PNG", compress_level=9)
    return written.getvalue()
