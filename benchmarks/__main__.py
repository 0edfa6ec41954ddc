"""`python -m benchmarks`: measure everything in one run, variants interleaved, and write results and page."""

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import torch

from benchmarks import likelihood, page, training
from vae_lessons.data import binarize, load
from vae_lessons.models import VAE
from vae_lessons.training import fit


def interleaved(variants: dict[str, Callable], rounds: int) -> dict[str, list[float]]:
    """Run every variant once in each round, so that slow times of the machine meet them all; seconds."""
    seconds = {name: [] for name in variants}
    for number in range(-1, rounds):  # round -1 warms up
        for name, run in variants.items():
            began = time.perf_counter()
            run()
            if number >= 0:
                seconds[name].append(round(time.perf_counter() - began, 4))
                print(f"round {number + 1}/{rounds}: {name}: {seconds[name][-1]:.2f} s", flush=True)
    return seconds


def summary(seconds: dict[str, list[float]]) -> dict[str, dict]:
    """Median, least, and their ratios to the floor, which is the first variant."""
    floor = next(iter(seconds.values()))
    return {
        name: {
            "seconds": values,
            "median": round(statistics.median(values), 3),
            "least": round(min(values), 3),
            "median / floor": round(statistics.median(values) / statistics.median(floor), 2),
            "least / floor": round(min(values) / min(floor), 2),
        }
        for name, values in seconds.items()
    }


def processor() -> str:
    """Name the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each comparison (default: 5)")
    parser.add_argument("--images", type=int, default=60_000, help="training images (default: all)")
    parser.add_argument("--test-images", type=int, default=1000, help="images whose likelihood is estimated")
    options = parser.parse_args()
    torch.manual_seed(0)
    data = load("mnist")
    x = data.x_train[: options.images]
    loops = {name: make(x) for name, make in training.LOOPS.items()}
    results = {
        "date": date.today().isoformat(),
        "machine": f"{processor()}, {os.cpu_count()} cores, {torch.get_num_threads()} threads",
        "versions": f"Python {platform.python_version()}, torch {torch.__version__}",
        "training": {"images": len(x), "results": summary(interleaved(loops, options.rounds))},
    }
    model = VAE()
    fit(model, data.x_train, epochs=10, batch_size=128, binarize=True, seed=1, progress=sys.stdout.isatty())
    test = binarize(data.x_test[: options.test_images], torch.Generator().manual_seed(0))
    ways = {name: make(model, test) for name, make in likelihood.WAYS.items()}
    log_p = likelihood.ours(model, test)()
    results["likelihood"] = {
        "images": len(test),
        "samples": likelihood.SAMPLES,
        "log_p": {"mean": round(log_p.mean().item(), 3), "se": round((log_p.std() / len(log_p) ** 0.5).item(), 3)},
        "results": summary(interleaved(ways, options.rounds)),
    }
    page.write(results)


if __name__ == "__main__":
    main()
