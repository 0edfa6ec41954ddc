"""The results as a file, and as a page of the book."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent
RESULTS, PAGE = FOLDER / "results.json", FOLDER.parent / "book" / "speed.md"

TEXT = """# What it costs

Training and evaluation, measured in one run by `make bench`, all variants in turn in each of {rounds} rounds, on
{machine} ({versions}, {date}).
Seconds depend on the machine; the ratios to the floor depend on it much less, and are what to compare. The floor is the
work that nobody can avoid: the matrix products at their own shapes and, in training, one fused step of Adam.

## One epoch of training

The classic network 784-400-20-400-784 on the {images:,} images of MNIST, in batches of 128.

{training}

By the medians, the other loops take {beside_fit} times as long as `fit`, the loop of
[chapter 11](11_vae_in_pytorch.ipynb). What it saves: the whole data set is one tensor in memory, so that a batch is one
indexing operation; the loss is computed from logits; Adam is fused; and no step waits for a number to be printed.

## The likelihood of {test:,} images

log p(x) by importance weighting with {samples:,} draws per image, equation (13.1), of that network after 10 epochs:
{log_p} nats on average.

{likelihood}

Beyond the floor, most of the time goes into $\\log(1 + e^a)$, once for each pixel of each draw, and into writing and
reading large arrays. The function takes the draws of an image in chunks, to bound the memory and not to save time: the
formula written down for one image with all its draws takes {beside_chunks} times as long.
"""


def table(results: dict[str, dict]) -> str:
    """One row for each variant."""
    rows = ["| variant | median, s | least, s | median / floor | least / floor |", "|---|--:|--:|--:|--:|"]
    for name, r in results.items():
        numbers = r["median"], r["least"], r["median / floor"], r["least / floor"]
        rows.append(f"| {name} | " + " | ".join(f"{number:.2f}" for number in numbers) + " |")
    return "\n".join(rows)


def times_as_long(results: dict[str, dict], ours: str) -> str:
    """Return the medians of the other variants, without the floor, over that of ours."""
    _, *others = [r["median"] for name, r in results.items() if name != ours]
    *most, last = [f"{other / results[ours]['median']:.1f}" for other in others]
    return f"{', '.join(most)} and {last}" if most else last


def render(results: dict) -> str:
    """Return the page, as Markdown."""
    training, likelihood = results["training"], results["likelihood"]
    return TEXT.format(
        rounds=len(next(iter(training["results"].values()))["seconds"]),
        machine=results["machine"],
        versions=results["versions"],
        date=results["date"],
        images=training["images"],
        training=table(training["results"]),
        beside_fit=times_as_long(training["results"], "(c) fit"),
        test=likelihood["images"],
        samples=likelihood["samples"],
        log_p=f"{likelihood['log_p']['mean']:.2f} ± {likelihood['log_p']['se']:.2f}",
        likelihood=table(likelihood["results"]),
        beside_chunks=times_as_long(likelihood["results"], "iw_log_lik_dataset"),
    )


def write(results: dict) -> None:
    """Write results and page."""
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(render(results), encoding="utf-8")
