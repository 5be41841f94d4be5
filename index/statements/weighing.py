"""How likely a candidate is a judgement, and which: a small logistic weighing of all the evidence.

The features are named numbers; the weights were fitted by `training/judging.py` and lie beside this module.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.schema import Span, Stance
from index.statements.candidates import Candidate, judged_name, spans_of
from index.statements.evaluation import is_repeated, word_score
from index.statements.frames import is_undone
from index.statements.lexicon import naming_verbs, negations, speech_verbs, stance_nouns, stance_verbs
from index.statements.speakers import HE, SHE
from index.statements.stance_model import StanceModel

if TYPE_CHECKING:
    from spacy.tokens import Token

WEIGHTS_FILE = Path(__file__).with_name("weighing.json")

_SURE = 6.0
"""Bound of the classifier's log odds; beyond it, it is only surer of the same."""

_POINTING = ("you", "it", "that", "this", "they")

_NEAR = 700
"""Characters within which sentences are about the same matter."""

_HIGHEST = 30.0
"""Log odds at which a judgement is certain; more would overflow."""


Features: TypeAlias = Mapping[str, float]
"""Evidence by name; what is absent is 0."""


@dataclass(frozen=True, slots=True)
class Shares:
    """The probabilities of praise and of criticism; the rest is that nobody is judged."""

    praise: float
    criticise: float


@dataclass(frozen=True, slots=True)
class Table:
    """What each feature adds to the log odds of praise and of criticism against no judgement."""

    praise: Mapping[str, float]
    criticise: Mapping[str, float]

    def weigh(self, features: Features) -> Shares:
        """Return the probabilities that the features add up to."""
        praise, criticise = (
            math.exp(min(_HIGHEST, sum(table.get(name, 0.0) * value for name, value in features.items())))
            for table in (self.praise, self.criticise)
        )
        return Shares(praise / (1 + praise + criticise), criticise / (1 + praise + criticise))


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of a sentence on its own, and those of the same with the rest of the article in view."""

    alone: Table
    in_view: Table


@cache
def load_weights() -> Weights:
    """Read the fitted weights, once a process.

    Raises:
        ModelError: The file is missing or damaged.
    """
    try:
        written = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
        return Weights(
            *(Table(written[name]["praise"], written[name]["criticise"]) for name in ("alone", "in_view"))
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The weights {WEIGHTS_FILE} cannot be read: {error}.",
            "Get the file again: it is part of Dateline.",
        ) from error


def weigh(candidates: Sequence[Candidate], features: Sequence[Features], weights: Weights) -> list[Shares]:
    """Return what each candidate of an article is, first on its own, then with the others in view."""
    alone = [weights.alone.weigh(one) for one in features]
    viewed = in_view(candidates, features, alone)
    return [weights.in_view.weigh(one) for one in viewed]


def in_view(
    candidates: Sequence[Candidate], features: Sequence[Features], alone: Sequence[Shares]
) -> list[dict[str, float]]:
    """Add to each candidate's features what the rest of the article says.

    Who attacks somebody in one sentence mostly does so in the next one, also where no word says it.

    Args:
        candidates: All of one article.
        features: Their own evidence.
        alone: What each is by its own evidence.
    """
    pairs: dict[tuple[str, str], list[int]] = {}
    sentences: dict[int, list[int]] = {}
    for place, one in enumerate(candidates):
        pairs.setdefault((one.speaker.name, judged_name(one.target)), []).append(place)
        sentences.setdefault(one.scene.sentence.start, []).append(place)
    found = []
    for place, one in enumerate(candidates):
        start = one.scene.sentence.start
        same = [other for other in pairs[one.speaker.name, judged_name(one.target)] if other != place]
        near = [other for other in same if abs(candidates[other].scene.sentence.start - start) < _NEAR]
        beside = [other for other in sentences[start] if other != place]
        seen = dict(features[place])
        for name, others in (("pair", same), ("near", near), ("beside", beside)):
            seen[f"{name} praise"] = max((alone[other].praise for other in others), default=0.0)
            seen[f"{name} criticise"] = max((alone[other].criticise for other in others), default=0.0)
        seen["alone praise"] = _odds(alone[place].praise)
        seen["alone criticise"] = _odds(alone[place].criticise)
        found.append(seen)
    return found


def _odds(share: float) -> float:
    bounded = min(max(share, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))


def evidence(candidates: Sequence[Candidate], stances: StanceModel | None) -> list[dict[str, float]]:
    """Return the features of an article's candidates; a feature that is absent is 0.

    Args:
        candidates: All of one article, so that the classifier reads each sentence once.
        stances: None leaves its features out, for measuring what it is worth.
    """
    if not candidates:
        return []
    if stances is None:
        return [_own_features(one) for one in candidates]
    places: list[tuple[int, int]] = []
    mentions: list[tuple[str, Span]] = []
    for one in candidates:
        spans = _read_spans(one)
        places.append((len(mentions), len(mentions) + len(spans)))
        mentions += [(one.scene.tree.text, span) for span in spans]
    shares = stances.probabilities(mentions)
    rivals = Counter((one.scene.sentence.start, one.speaker.name) for one in candidates if one.heads)
    return [
        {
            **_own_features(one),
            **_read_features(one, shares[first:last]),
            f"rivals {one.way}": min(4.0, rivals[one.scene.sentence.start, one.speaker.name]),
        }
        for one, (first, last) in zip(candidates, places, strict=True)
    ]


def _read_spans(candidate: Candidate) -> list[Span]:
    spans = spans_of(candidate)
    if spans:
        return spans
    first, last = _range_of(candidate)
    tree = candidate.scene.tree
    return [Span(tree[first].idx, tree[last - 1].idx + len(tree[last - 1].text))]


def _read_features(candidate: Candidate, shares: NDArray[np.float32]) -> dict[str, float]:
    odds = np.clip(np.log(shares[:, (0, 2)] + 1e-6) - np.log(shares[:, 1:2] + 1e-6), -_SURE, _SURE)
    criticised, praised = odds.max(axis=0)
    way = candidate.way
    return {
        f"read criticised {way}": float(criticised),
        f"read praised {way}": float(praised),
        f"read criticised clearly {way}": max(0.0, float(criticised)),
        f"read praised clearly {way}": max(0.0, float(praised)),
    }


def _range_of(candidate: Candidate) -> tuple[int, int]:
    """Return the tokens in which the judgement is looked for."""
    if candidate.saying is not None:
        return candidate.saying.first, candidate.saying.last
    verb = candidate.deed or (candidate.judgement.cue if candidate.judgement else None)
    if verb is None:
        return 0, len(candidate.scene.tree)
    return verb.left_edge.i, verb.right_edge.i + 1


def _own_features(candidate: Candidate) -> dict[str, float]:
    way = candidate.way
    first, last = _range_of(candidate)
    words = candidate.scene.tree[first:last]
    scores = [word_score(word) for word in words if not is_repeated(candidate.scene, word)]
    features = {
        "always": 1.0,
        f"way {way}": 1.0,
        f"length {way}": float(np.log1p(len(words))),
        f"words praise {way}": float(min(3, sum(one for one in scores if one > 0))),
        f"words criticise {way}": float(min(3, -sum(one for one in scores if one < 0))),
        "speaker " + (candidate.speaker.kind or "described"): 1.0,
        "target " + (candidate.target.kind or "described"): 1.0,
        "indirect": float(candidate.target.indirect),
        "question": float("?" in words.text),
        "negated": float(any(word.lower_ in negations() for word in words)),
        "conditional": float(any(word.lower_ in ("if", "would", "could", "should") for word in words)),
        "relayed": float(candidate.relayed_by is not None),
    }
    nouns = {stance_nouns()[word.lower_][0] for word in words if word.lower_ in stance_nouns()}
    features["noun praise"] = float(Stance.PRAISE in nouns)
    features["noun criticise"] = float(Stance.CRITICISE in nouns)
    if candidate.score:
        name = "praise" if candidate.score > 0 else "criticise"
        features[f"judged {name}"] = 1.0
        features[f"judged {name} strength"] = float(min(3, abs(candidate.score)))
    if candidate.judgement is not None:
        features[f"reported {candidate.judgement.stance} {candidate.judgement.strength}"] = 1.0
        features["reported by " + candidate.judgement.cue.tag_[:1]] = 1.0
    if candidate.source is not None:
        features[f"implied {candidate.source}"] = 1.0
        said = {one.lower_ for one in words}
        features |= {f"implied by {word}": 1.0 for word in _POINTING if word in said}
    features |= _cue_features(candidate)
    features |= _place_features(candidate)
    return features


def _cue_features(candidate: Candidate) -> dict[str, float]:
    cue = candidate.deed or (candidate.saying.cue if candidate.saying is not None else None)
    if cue is None:
        return {"no cue": 1.0}
    features = {
        f"cue speech {candidate.way}": float(cue.lower_ in speech_verbs()),
        "cue naming": float(cue.lower_ in naming_verbs()),
        "cue undone": float(candidate.deed is not None and is_undone(cue)),
    }
    judged = stance_verbs().get(cue.lower_)
    if judged is not None:
        features[f"cue {judged[1]} {candidate.way}"] = 1.0
    return features


def _place_features(candidate: Candidate) -> dict[str, float]:
    """Return where and how the target stands in the sentence."""
    way = candidate.way
    features = {f"mentions {way}": float(len(candidate.heads))}
    for token in candidate.heads:
        features[f"place {_place(token)} {way}"] = 1.0
        if token.lower_ in HE or token.lower_ in SHE:
            features["pronoun"] = 1.0
        if candidate.scene.quote_at(token) is not None:
            features[f"quoted {way}"] = 1.0
    return features


def _place(token: "Token") -> str:
    if token.dep_ in ("nsubj", "nsubjpass", "dobj", "poss", "pobj", "compound", "appos", "conj", "attr"):
        return token.dep_
    return "other"
