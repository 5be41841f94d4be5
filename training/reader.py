"""Train the reader: `python -m training.reader --rows ROWS --out FOLDER`.

The rows come from `training.reader_questions`. MiniLM's embeddings and lowest layers stay as they are; the
other layers, two marks and a linear head learn to score where an answer begins and ends, or that there is
none. With `--start WEIGHTS --gold DATA` it goes on from weights with labelled questions and as many made-up
ones; with `--fold N` those of one part are left out, so that it can be judged by them.
"""

import argparse
import json
import logging
import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from index.embedders import minilm_folder
from qa.reader.pairs import pair_up
from training.reader_gold import rgb_rows, squad_rows
from training.reader_network import Example, ReaderNetwork, collate
from training.reader_questions import Row

_LOGGER = logging.getLogger(__name__)

FOLDS = 2
"""Into so many parts the labelled questions are cut, to judge each part by weights that never saw it."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train."""

    seed: int = 0
    read_from: int = 2
    epochs: int = 1
    batch: int = 16
    rate: float = 1.5e-4
    rate_of_head: float = 1e-3
    rate_falls_by_layer: float = 0.9
    warm_up: float = 0.06
    weight_decay: float = 0.01
    dropout: float = 0.0
    minutes: float = 40.0
    longest: int = 64
    unanswered: float = 0.6


def read_tokenizer(folder: Path) -> Tokenizer:
    """Return MiniLM's tokenizer, which cuts nothing off."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def examples_of(tokenizer: Tokenizer, rows: Sequence[Row]) -> list[Example]:
    """Return the rows as word pieces; those whose answer is beyond what the reader reads are left out."""
    found = []
    for row in rows:
        pair = pair_up(tokenizer, row.question, [row.passage])[0]
        start = end = 0
        if row.start >= 0:
            own = [
                place
                for place, (first, last) in enumerate(pair.offsets)
                if first < row.end and last > row.start
            ]
            if not own or pair.offsets[own[-1]][1] < row.end:
                continue
            start, end = pair.first + own[0], pair.first + own[-1]
        found.append(Example(pair.pieces, pair.first, pair.matched, start, end, row.group))
    return found


def train(network: ReaderNetwork, examples: Sequence[Example], recipe: Recipe) -> dict[str, Tensor]:
    """Train, and return the state whose weights are the mean over the last part of the training."""
    torch.manual_seed(recipe.seed)
    steps = math.ceil(len(examples) / recipe.batch) * recipe.epochs
    optimizer = _optimizer(network, recipe)
    chance = random.Random(recipe.seed)
    average: dict[str, Tensor] = {}
    count, losses = 0, []
    began = time.monotonic()
    done = 0
    for _ in range(recipe.epochs):
        for batch in _batches(examples, recipe.batch, chance):
            spent = (time.monotonic() - began) / 60 / recipe.minutes
            progress = max(done / steps, spent)  # a slow machine learns from fewer examples, not for longer
            if progress >= 1:
                break
            _set_rate(optimizer, progress, recipe)
            losses.append(_learn(network, batch, optimizer))
            done += 1
            if progress > 0.75 and done % 10 == 0:
                count += 1
                for name, tensor in network.state_dict().items():
                    average.setdefault(name, torch.zeros_like(tensor))
                    average[name] += (tensor - average[name]) / count
            if done % 50 == 0:
                _LOGGER.info("step %d of %d, loss %.3f", done, steps, float(np.mean(losses[-50:])))
    return average or network.state_dict()


def _learn(network: ReaderNetwork, batch: Sequence[Example], optimizer: torch.optim.Optimizer) -> float:
    made = collate(batch)
    scores = network(made)
    loss = (
        functional.cross_entropy(scores[:, 0], made.starts)
        + functional.cross_entropy(scores[:, 1], made.ends)
    ) / 2
    optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(loss)
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    return float(loss.detach())


def _optimizer(network: ReaderNetwork, recipe: Recipe) -> torch.optim.Optimizer:
    groups: list[dict[str, Any]] = []
    for name, parameter in network.named_parameters():
        rate = recipe.rate_of_head
        if name.startswith("layers."):
            below_top = len(network.layers) - 1 - int(name.split(".")[1])
            rate = recipe.rate * recipe.rate_falls_by_layer**below_top
        decay = recipe.weight_decay if parameter.ndim > 1 else 0.0
        groups.append({"params": [parameter], "lr": rate, "peak": rate, "weight_decay": decay})
    return torch.optim.AdamW(groups, betas=(0.9, 0.98))


def _set_rate(optimizer: torch.optim.Optimizer, progress: float, recipe: Recipe) -> None:
    share = min((progress + 1e-3) / recipe.warm_up, (1 - progress) / (1 - recipe.warm_up))
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * max(share, 0.01)


def _batches(examples: Sequence[Example], size: int, chance: random.Random) -> Iterator[Sequence[Example]]:
    """Yield the examples in random batches of nearly equal length, which spends little on padding."""
    order = chance.sample(range(len(examples)), len(examples))
    pool = size * 40
    for start in range(0, len(order), pool):
        near = sorted(order[start : start + pool], key=lambda place: len(examples[place].pieces))
        batches = [near[first : first + size] for first in range(0, len(near), size)]
        chance.shuffle(batches)
        for batch in batches:
            yield [examples[place] for place in batch]


def read_rows(path: Path) -> list[Row]:
    """Read the rows that `training.reader_questions` wrote."""
    with path.open(encoding="utf-8") as lines:
        return [Row(**json.loads(line)) for line in lines]


def balance(rows: Sequence[Row], questions: int, seed: int) -> list[Row]:
    """Return the rows of so many questions, of each way of making them as equally many as there are."""
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.group].append(row)
    ways: dict[str, list[int]] = defaultdict(list)
    for group, own in groups.items():
        ways[own[0].made.partition(",")[0]].append(group)
    chance = random.Random(seed)
    chosen: list[int] = []
    for left, way in zip(range(len(ways), 0, -1), sorted(ways, key=lambda way: len(ways[way])), strict=True):
        share = (questions - len(chosen)) // left
        chosen += chance.sample(ways[way], min(share, len(ways[way])))
    return [row for group in chosen for row in groups[group]]


def gold_rows(data: Path, left_out: int | None) -> list[Row]:
    """Return the rows of the labelled questions but for one part of them."""
    rows = [
        *squad_rows(data / "squad2_sample" / "open.jsonl", FOLDS),
        *rgb_rows(data / "rgb" / "en_fact_open.jsonl", FOLDS),
    ]
    return [row for fold, row in rows if fold != left_out]


def save_weights(weights: Mapping[str, Tensor], path: Path) -> None:
    """Write weights in full precision, to go on from."""
    save_file(
        {name: np.ascontiguousarray(tensor.numpy(), np.float32) for name, tensor in weights.items()}, path
    )


def main() -> None:
    """Train on made-up questions and write the weights."""
    usual = Recipe()
    parser = argparse.ArgumentParser(description="Train the reader.")
    parser.add_argument("--rows", type=Path, required=True, help="file of training.reader_questions")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--minutes", type=float, default=usual.minutes)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--questions", type=int, default=10_000, help="how many questions to learn from")
    parser.add_argument("--read-from", type=int, default=usual.read_from)
    parser.add_argument("--start", type=Path, help="go on from these weights")
    parser.add_argument("--gold", type=Path, help="folder of the labelled questions")
    parser.add_argument("--fold", type=int, help="leave out this part of them")
    parser.add_argument("--rate", type=float, default=usual.rate, help="learning rate of the top layer")
    parser.add_argument("--epochs", type=int, default=usual.epochs)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    chosen = ("minutes", "seed", "read_from", "rate", "epochs")
    recipe = replace(usual, **{name: getattr(options, name) for name in chosen})
    folder = minilm_folder()
    rows = balance(read_rows(options.rows), options.questions, options.seed)
    examples = [one for one in examples_of(read_tokenizer(folder), rows) if len(one.pieces) <= recipe.longest]
    chance = random.Random(options.seed)
    examples = [one for one in examples if one.start or chance.random() < recipe.unanswered]
    _LOGGER.info("%s", Counter(row.made for row in rows))
    lengths = [len(example.pieces) for example in examples]
    _LOGGER.info("%d examples of %.0f pieces", len(examples), float(np.mean(lengths)))
    network = ReaderNetwork(folder, read_from=recipe.read_from, dropout=recipe.dropout)
    if options.start:
        network.load_shipped(load_file(options.start))
    if options.gold:
        gold = examples_of(read_tokenizer(folder), gold_rows(options.gold, options.fold))
        examples = gold + chance.sample(examples, min(len(gold), len(examples)))
    network.load_state_dict(train(network, examples, recipe))
    options.out.mkdir(parents=True, exist_ok=True)
    save_weights(network.named_as_shipped(), options.out / "full.safetensors")


if __name__ == "__main__":
    main()
