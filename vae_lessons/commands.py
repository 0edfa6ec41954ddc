"""What the command line does: train, evaluate, sample. A run is a folder with weights and a record."""

import argparse
import sys
import time

import torch
from torch import Tensor, nn

from vae_lessons import checkpoints, evaluation, processes, records
from vae_lessons.data import binarize, load
from vae_lessons.objectives import elbo_terms, iw_terms
from vae_lessons.schedules import burda
from vae_lessons.training import History, fit


def train(options: argparse.Namespace) -> None:
    """Train, and write weights and record; goes on from a checkpoint that is there."""
    chosen = {name: value for name, value in vars(options).items() if name not in ("command", "out", "device")}
    if (options.out / records.RECORD).exists():
        raise ValueError(f"{options.out} holds a finished run already: choose another --out, or delete the folder")
    device = processes.start(options.device)
    x = load(options.dataset).x_train
    x = binarize(x) if options.pixels == "threshold" else x
    model = records.build(chosen, x)
    options.out.mkdir(parents=True, exist_ok=True)
    began = time.time()

    def say(history: History) -> None:
        if processes.is_first() and not sys.stdout.isatty():
            terms = f"log-likelihood {history.log_lik[-1]:.3f}, KL {history.kl[-1]:.3f}"
            print(f"epoch {len(history.kl)}/{options.epochs}: ELBO {history.elbo[-1]:.3f}, {terms}", flush=True)

    history = fit(
        model,
        x,
        epochs=options.epochs,
        batch_size=options.batch_size,
        lr=burda(options.lr) if options.schedule == "burda" else options.lr,
        beta=options.beta,
        seed=options.seed,
        binarize=options.pixels == "dynamic",
        device=device,
        objective=elbo_terms if options.importance == 1 else iw_terms,
        n_samples=options.importance,
        adam_eps=options.adam_eps,
        checkpoint=options.out / records.CHECKPOINT,
        after_epoch=say,
    )
    if not processes.is_first():
        return
    if len(history.kl) < options.epochs:
        print(f"the same command goes on from {options.out / records.CHECKPOINT}")
        raise KeyboardInterrupt
    weights = model.cpu().half() if options.half else model.cpu()
    checkpoints.save(weights.state_dict(), options.out / records.WEIGHTS)
    record = {"arguments": chosen, "processes": processes.count(), "device": device, "versions": records.versions()}
    (options.out / records.CHECKPOINT).unlink()
    record |= {"seconds": round(time.time() - began), "history": history._asdict(), "results": []}
    records.write(options.out, record)
    print(f"trained {options.epochs} epochs, ELBO {history.elbo[-1]:.2f} nats on the training images: {options.out}")


def evaluate(options: argparse.Namespace) -> None:
    """Measure the ELBO and the likelihood of test images, and put them into the record."""
    record, model = records.read(options.folder), records.load_model(options.folder)
    x = load(record["arguments"]["dataset"]).x_test
    device, pixels = processes.start(options.device), record["arguments"]["pixels"]
    if pixels != "grey":
        x = binarize(x, torch.Generator().manual_seed(options.seed) if pixels == "dynamic" else None)
    x, model = x[: options.images].to(device), model.to(device)
    about = {"samples": options.samples, "images": len(x), "seed": options.seed}
    results = measure(model, x, options.samples, options.seed)
    if processes.is_first():
        for name, value in results.items():
            print(f"{name}: {value}" if isinstance(value, int) else f"{name}: {value['mean']:.3f} ± {value['se']:.3f}")
        others = [old for old in record["results"] if not about.items() <= old.items()]
        records.write(options.folder, record | {"results": [*others, about | results]})


def measure(model: nn.Module, x: Tensor, samples: int, seed: int) -> dict:
    """Estimate the ELBO, its terms, log p(x) and the active units; every process measures its part of the images."""
    mine, seed = x[processes.part_of(len(x))], seed + 1_000_000 * processes.rank()  # other noise for each
    rows = 1000 if x.is_cpu else 100_000
    watched = processes.is_first() and sys.stderr.isatty()
    terms = evaluation.elbo_of_images(model, mine, seed=seed, rows=rows)
    log_p = evaluation.iw_log_lik_dataset(model, mine, samples, seed=seed, rows=rows, progress=watched)
    columns = {"elbo": terms[0] - terms[1], "log_lik": terms[0], "kl": terms[1], "log_p": log_p}
    if model.z_dim == 2:
        columns["exact_log_p"] = evaluation.exact_log_lik(model, mine, side=241)
    results = {name: evaluation.estimate(processes.joined(values)) for name, values in columns.items()}
    results = {name: {"mean": round(e.mean, 4), "se": round(e.se, 4)} for name, e in results.items()}
    return results | {"active_units": evaluation.active_units(model, x)}


def sample(options: argparse.Namespace) -> None:
    """Draw images from the model and write them as one picture."""
    from vae_lessons.plots import contact_sheet  # here, because matplotlib takes a while

    model = records.load_model(options.folder)
    z = torch.randn(options.count, model.z_dim, generator=torch.Generator().manual_seed(options.seed))
    images = model.mean(z)
    path, cols = options.folder / "samples.png", min(options.count, 10)
    contact_sheet(images.clamp(0, 1), -(-options.count // cols), cols, "Images drawn from the model").savefig(
        path, dpi=192
    )
    print(f"{options.count} images drawn from the model: {path}")
