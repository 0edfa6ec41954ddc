"""The command line: `python -m vae_lessons train`, `evaluate` and `sample`, on the functions that the chapters use."""

import argparse
import sys
from pathlib import Path

from vae_lessons import commands, processes, records
from vae_lessons.data import DATA_SETS
from vae_lessons.downloads import DataError

EXAMPLES = """examples:
  python -m vae_lessons train --dataset mnist --model bernoulli --epochs 10 --seed 0 --out runs/classic
  python -m vae_lessons evaluate runs/classic --samples 5000
  python -m vae_lessons sample runs/classic
  torchrun --nproc_per_node=2 -m vae_lessons train --dataset mnist --out runs/two

A training run that was interrupted goes on where it was when the same command is given again."""


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 done, 1 failed, 2 wrong use, 130 interrupted."""
    options = parser().parse_args(arguments)
    try:
        options.command(options)
    except (ValueError, DataError) as error:
        print(f"vae_lessons: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("vae_lessons: interrupted", file=sys.stderr)
        return 130
    finally:
        processes.stop()
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m vae_lessons",
        description="Train a variational autoencoder, measure it, and draw from it.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = top.add_subparsers(required=True, metavar="command")
    shared = {"formatter_class": argparse.ArgumentDefaultsHelpFormatter}

    training = verbs.add_parser("train", help="train a model and write weights and a record", **shared)
    training.set_defaults(command=commands.train)
    training.add_argument("--dataset", choices=DATA_SETS, default="digits", help="the images")
    training.add_argument("--model", choices=records.MODELS, default="bernoulli", help="the network")
    training.add_argument(
        "--pixels",
        choices=["grey", "threshold", "dynamic"],
        default="grey",
        help="as they are, 0 or 1 by a threshold, or drawn anew for each batch",
    )
    training.add_argument("--z-dim", type=positive, help="latent dimensions (default: the network's)")
    training.add_argument("--epochs", type=positive, default=10, help="passes over the images")
    training.add_argument("--batch-size", type=positive, default=128, help="images per step, over all processes")
    training.add_argument("--lr", type=float, default=1e-3, help="step size of Adam")
    training.add_argument(
        "--schedule",
        choices=["constant", "burda"],
        default="constant",
        help="the step size over the epochs; burda: 3,280 epochs in 8 stages, as in the paper",
    )
    training.add_argument("--beta", type=float, default=1.0, help="weight of the KL term")
    training.add_argument("--importance", type=positive, default=1, help="draws per image of the bound (7.7); 1: ELBO")
    training.add_argument("--adam-eps", type=float, default=1e-8, help="ε of Adam")
    training.add_argument("--seed", type=int, default=0, help="of the first weights, the order and the noise")
    training.add_argument("--device", choices=["cpu", "cuda", "mps"], default="cpu", help="where to compute")
    training.add_argument("--half", action="store_true", help="write the weights in half precision")
    training.add_argument("--out", type=Path, required=True, help="folder for weights and record")

    measuring = verbs.add_parser("evaluate", help="measure a trained model on test images", **shared)
    measuring.set_defaults(command=commands.evaluate)
    measuring.add_argument("folder", type=Path, help="folder of a training run")
    measuring.add_argument("--samples", type=positive, default=500, help="draws of z per image, L of (13.1)")
    measuring.add_argument("--images", type=positive, help="only the first so many test images (default: all)")
    measuring.add_argument("--seed", type=int, default=0, help="of the noise and of the drawn pixels")
    measuring.add_argument("--device", choices=["cpu", "cuda", "mps"], default="cpu", help="where to compute")

    drawing = verbs.add_parser("sample", help="draw images from a trained model", **shared)
    drawing.set_defaults(command=commands.sample)
    drawing.add_argument("folder", type=Path, help="folder of a training run; samples.png goes there")
    drawing.add_argument("--count", type=positive, default=64, help="number of images")
    drawing.add_argument("--seed", type=int, default=0, help="of the noise")
    return top


def positive(text: str) -> int:
    """Read a whole number of at least 1."""
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {text}")
    return number
