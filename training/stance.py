"""Train the stance classifier: `python -m training.stance --data ../shared/data/newsmtsc --out FOLDER`.

MiniLM's lower layers and embeddings stay as they are; its upper layers, the marker of the target and a linear
head learn from `train.jsonl` and from made-up sentences (see `composed`). Some 8 % of the articles are held
out: recipes were compared on those and on `dev_mt.jsonl`, and they set the temperature that makes
probabilities mean what they say. The weights of the second half of the training are averaged. Writes the
weights (half precision), `card.json` with the figures on `dev_mt.jsonl` and `dev_rw.jsonl`, which it prints,
and `CARD.md`.

The weights that come with Dateline were made in two stages, 15 and 6 CPU minutes:

    python -m training.stance --data DIR --out FIRST --epochs 4 --renamed 0 --composed 0
    python -m training.stance --data DIR --out SECOND --start FIRST --epochs 1 --rate 5e-5 --share 0.5
"""

import argparse
import hashlib
import json
import logging
import math
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from index.embedders import minilm_folder
from index.embedders.onnx_runtime import read_window
from index.statements.stance_model import CARD_FILE, WEIGHTS_FILE, load_weights, start_stance_model
from training.card import render_card
from training.composed import compose, join
from training.figures import calibration_error, figures_of, macro_f1
from training.newsmtsc import Judged, digest, mentions_of, names_in, read_judged, rename, stances_of
from training.stance_network import Example, LowerLayers, StanceNetwork, collate

_LOGGER = logging.getLogger(__name__)
_HELD_OUT_PERCENT = 8


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train."""

    seed: int = 0
    epochs: int = 3
    batch: int = 32
    rate: float = 1e-4
    rate_of_head: float = 1e-3
    rate_falls_by_layer: float = 0.9
    warm_up: float = 0.08
    weight_decay: float = 0.01
    dropout: float = 0.1
    head_dropout: float = 0.3
    smoothing: float = 0.05
    share: float = 1.0
    renamed: float = 0.3
    composed: int = 600
    averaged_every: int = 10


def main() -> None:
    """Train, write and report."""
    usual = Recipe()
    parser = argparse.ArgumentParser(description="Train the stance classifier.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the NewsMTSC files")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights and their card")
    parser.add_argument("--start", type=Path, help="go on from the weights in this folder")
    parser.add_argument("--seed", type=int, default=usual.seed, help="another seed is another model")
    parser.add_argument("--epochs", type=int, default=usual.epochs)
    parser.add_argument("--rate", type=float, default=usual.rate, help="learning rate of the top layer")
    parser.add_argument(
        "--share", type=float, default=usual.share, help="share of the sentences to learn from"
    )
    parser.add_argument("--renamed", type=float, default=usual.renamed, help="share of these renamed")
    parser.add_argument("--composed", type=int, default=usual.composed, help="how many sentences to make up")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    chosen = ("seed", "epochs", "rate", "share", "renamed", "composed")
    recipe = replace(usual, **{name: getattr(options, name) for name in chosen})
    learned, held_out = split(read_judged(options.data / "train.jsonl"))
    weights = train(recipe, learned, held_out, load_weights(options.start) if options.start else {})
    options.out.mkdir(parents=True, exist_ok=True)
    card = finish(options.out, weights, held_out, options.data)
    card["recipe"] = asdict(recipe)
    write_card(options.out, card)
    (options.out / "CARD.md").write_text(render_card(card), encoding="utf-8")
    print(json.dumps(card, indent=2))


def split(rows: Sequence[Judged]) -> tuple[list[Judged], list[Judged]]:
    """Return the sentences to learn from and those held out, the sentences of an article together."""
    held_out = {row.article for row in rows if _number(row.article) % 100 < _HELD_OUT_PERCENT}
    return (
        [row for row in rows if row.article not in held_out],
        [row for row in rows if row.article in held_out],
    )


def _number(article: str) -> int:
    return int(hashlib.sha256(article.encode()).hexdigest(), 16)


def mix(recipe: Recipe, learned: Sequence[Judged]) -> list[Judged]:
    """Return the sentences to learn from: real ones, some with other names, and made-up ones."""
    random_state = random.Random(recipe.seed)
    names = names_in(learned)
    chosen = random_state.sample(learned, round(len(learned) * recipe.share))
    real = [
        rename(row, names, random_state) if random_state.random() < recipe.renamed else row for row in chosen
    ]
    made_up = compose(recipe.composed, random_state) + join(learned, recipe.composed, random_state)
    return real + made_up


def train(
    recipe: Recipe,
    learned: Sequence[Judged],
    held_out: Sequence[Judged],
    start: Mapping[str, NDArray[np.float32]],
) -> dict[str, Tensor]:
    """Return the averaged weights, under the names that they are shipped by; no `start` is MiniLM's own."""
    torch.manual_seed(recipe.seed)
    folder = minilm_folder()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(read_window(folder))
    lower = LowerLayers(folder, tokenizer)
    examples, checked = lower.examples(mix(recipe, learned)), lower.examples(held_out)
    _LOGGER.info("%d targets to learn from, %d held out", len(examples), len(checked))
    network = StanceNetwork(folder, dropout=recipe.dropout, head_dropout=recipe.head_dropout)
    if start:
        network.load_shipped(start)
    steps = math.ceil(len(examples) / recipe.batch) * recipe.epochs
    optimizer, schedule = _optimizer(network, recipe, steps)
    average = _Average(network)
    random_state = random.Random(recipe.seed)
    step = 0
    for epoch in range(recipe.epochs):
        network.train()
        for batch in _batches(examples, recipe.batch, random_state):
            loss = _learn(network, batch, optimizer, recipe)
            schedule.step()
            step += 1
            if step == steps or (step > steps / 2 and step % recipe.averaged_every == 0):
                average.add(network)
            if step % 50 == 0:
                _LOGGER.info("step %d of %d, loss %.3f", step, steps, loss)
        _LOGGER.info("epoch %d: held out macro-F1 %.3f", epoch + 1, _check(network, checked))
    network.load_state_dict(average.weights)
    _LOGGER.info("averaged: held out macro-F1 %.3f", _check(network, checked))
    return network.named_as_shipped()


def _learn(
    network: StanceNetwork, batch: Sequence[Example], optimizer: torch.optim.Optimizer, recipe: Recipe
) -> float:
    made = collate(batch)
    loss = functional.cross_entropy(network(made), made.stances, label_smoothing=recipe.smoothing)
    optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(loss)
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    return float(loss.detach())


class _Average:
    """The running mean of a network's weights."""

    def __init__(self, network: StanceNetwork) -> None:
        self.weights = {name: tensor.clone() for name, tensor in network.state_dict().items()}
        self._count = 0

    def add(self, network: StanceNetwork) -> None:
        self._count += 1
        for name, tensor in network.state_dict().items():
            self.weights[name] += (tensor - self.weights[name]) / self._count


def _optimizer(
    network: StanceNetwork, recipe: Recipe, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    groups: list[dict[str, Any]] = []
    for name, parameter in network.named_parameters():
        rate = recipe.rate_of_head
        if name.startswith("layers."):
            below_top = len(network.layers) - 1 - int(name.split(".")[1])
            rate = recipe.rate * recipe.rate_falls_by_layer**below_top
        decay = recipe.weight_decay if parameter.ndim > 1 else 0.0
        groups.append({"params": [parameter], "lr": rate, "weight_decay": decay})
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98))
    warm = max(1, int(recipe.warm_up * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, 1.0) * max(1 - step / steps, 0.02)
    )
    return optimizer, schedule


def _batches(
    examples: Sequence[Example], size: int, random_state: random.Random
) -> Iterator[Sequence[Example]]:
    """Yield the examples in random batches of nearly equal length, which spends little on padding."""
    order = random_state.sample(range(len(examples)), len(examples))
    batches = []
    pool = size * 50
    for start in range(0, len(order), pool):
        near = sorted(order[start : start + pool], key=lambda place: len(examples[place].rows))
        batches += [near[first : first + size] for first in range(0, len(near), size)]
    random_state.shuffle(batches)
    for batch in batches:
        yield [examples[place] for place in batch]


@torch.inference_mode()
def _check(network: StanceNetwork, examples: Sequence[Example]) -> float:
    network.eval()
    ordered = sorted(examples, key=lambda example: len(example.rows))
    said = [
        network(collate(ordered[start : start + 64])).argmax(1).numpy()
        for start in range(0, len(ordered), 64)
    ]
    return macro_f1(np.concatenate(said), np.array([example.stance for example in ordered]))


def finish(out: Path, weights: dict[str, Tensor], held_out: Sequence[Judged], data: Path) -> dict[str, Any]:
    """Write the weights with their temperature in the head, and return the card with all figures.

    The figures are those of the weights as written, run as they are shipped.
    """
    raw = {name: tensor.numpy() for name, tensor in weights.items()}
    true = stances_of(held_out)
    before = start_stance_model(raw).probabilities(mentions_of(held_out))
    temperature = fit_temperature(before, true)
    for name in ("head.weight", "head.bias"):
        raw[name] = raw[name] / temperature
    content = save({name: np.ascontiguousarray(tensor, np.float16) for name, tensor in raw.items()})
    (out / WEIGHTS_FILE).write_bytes(content)
    card: dict[str, Any] = {
        "weights_sha256": hashlib.sha256(content).hexdigest(),
        "size_mb": round(len(content) / 1e6, 1),
        "train_sha256": digest(data / "train.jsonl"),
        "temperature": round(temperature, 3),
        "calibration_error_before": round(calibration_error(before, true), 3),
    }
    write_card(out, card)
    model = start_stance_model(load_weights(out))
    card["held_out"] = figures_of(model.probabilities(mentions_of(held_out)), true)
    for name in ("dev_mt", "dev_rw"):
        rows = read_judged(data / f"{name}.jsonl")
        started = time.process_time()
        probabilities = model.probabilities(mentions_of(rows))
        cost = (time.process_time() - started) / len(rows)
        card[name] = figures_of(probabilities, stances_of(rows)) | {
            "cpu_ms_a_sentence": round(1000 * cost, 1)
        }
    return card


def fit_temperature(probabilities: NDArray[np.float32], true: NDArray[np.int64]) -> float:
    """Return the divisor of the logits under which the true classes are likeliest, from .5 to 3."""
    logits = np.log(np.maximum(probabilities, 1e-9))
    best, divisor = math.inf, 1.0
    for candidate in np.arange(0.5, 3.0, 0.01):
        scaled = logits / candidate
        loss = np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(true)), true]
        if loss.mean() < best:
            best, divisor = float(loss.mean()), float(candidate)
    return divisor


def write_card(out: Path, card: dict[str, Any]) -> None:
    """Write the machine-readable card, which names the checksum of the weights."""
    (out / CARD_FILE).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
