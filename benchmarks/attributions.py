"""Measure who says what: `python -m benchmarks.attributions [--data ../shared/data] [--articles N]`.

On `polnear` (hand-marked attributions: source, cue and content), for the attributions that have a source:

- A found content and a gold one are compared as sets of words: overlap = shared words / words of the longer.
  They are matched one to one, the best overlaps first; `strict` counts pairs of at least .3 and .8.
- `lax` is many to many: a content is right when it shares .3 of the shorter of the two with any on the other
  side. Gold attributions without a source are never wanted, and what matches only them is left out.
- Of the pairs matched at .3, `speaker` is the share whose speaker is right: the words that name the speaker
  lie in the gold source, or a name in the gold source is the speaker's through the article's coreference.
  `speaker_place` is the first half alone. A pronoun found in its place says nothing about whom it means.
- Apart by voice (the quotation marks in the gold content: all, some or none of its words) and by the gold
  source (a name, a pronoun, a description).

On `praise`, whose records name the speaker of many of these attributions in full: `resolved`, the share of
matched attributions whose speaker is that person or body, apart by the kind of source ("he", "the senator").
Attributions whose source does not speak for itself (relayed statements) are left out. Prints one JSON object.
"""

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.statements import read_rows
from index.schema import Mention, Sentence, Span, Voice
from index.sentences import split_sentences
from index.statements.mentions import find_mentions
from index.statements.names import same_name
from index.statements.pipeline import recognise
from index.statements.quotes import find_quotes
from index.statements.said import Said, attributions

Row = dict[str, Any]

LOOSE, TIGHT = 0.3, 0.8
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_PRONOUNS = frozenset(
    "i he she they we you it who him her them us me that which his their its one others".split()
)


@dataclass(frozen=True, slots=True)
class Gold:
    """One hand-marked attribution. `words` are the starts of its content's words."""

    source: tuple[Span, ...]
    words: frozenset[int]
    voice: Voice
    source_kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Match:
    """A found attribution and the gold one it is taken for."""

    found: Said
    gold: Gold
    overlap: float


@dataclass(slots=True)
class Tally:
    """Counts of one group of attributions (one voice, one kind of source, or all)."""

    found: int = 0
    wanted: int = 0
    loose: int = 0
    tight: int = 0
    speaker: int = 0
    place: int = 0

    def as_row(self) -> dict[str, Any]:
        """Return shares of the counts; precision only where something was found for the group."""
        row: dict[str, Any] = {"wanted": self.wanted}
        if self.found:
            row |= {
                "found": self.found,
                "strict_.3": _scores(self.loose, self.loose, self.found, self.wanted),
                "strict_.8": _scores(self.tight, self.tight, self.found, self.wanted),
            }
        else:
            row |= {
                "recall_.3": _share(self.loose, self.wanted),
                "recall_.8": _share(self.tight, self.wanted),
            }
        return row | {
            "matched": self.loose,
            "speaker": _share(self.speaker, self.loose),
            "speaker_place": _share(self.place, self.loose),
        }


@dataclass(slots=True)
class Report:
    """All counts of a run."""

    everything: Tally = field(default_factory=Tally)
    by_voice: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_source: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    lax: Counter[str] = field(default_factory=Counter)
    words: int = 0
    seconds: float = 0.0

    def as_row(self) -> dict[str, Any]:
        """Return the figures as they are printed."""
        lax = self.lax
        return {
            "all": self.everything.as_row(),
            "lax_.3": _scores(lax["right"], lax["recalled"], lax["found"], self.everything.wanted),
            "by_voice": {name: self.by_voice[name].as_row() for name in sorted(self.by_voice)},
            "by_source": {name: self.by_source[name].as_row() for name in sorted(self.by_source)},
            "words_per_cpu_second": round(self.words / self.seconds) if self.seconds else None,
        }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0


def _scores(right: int, recalled: int, found: int, wanted: int) -> dict[str, float]:
    precision, recall = _share(right, found), _share(recalled, wanted)
    f1 = round(2 * precision * recall / (precision + recall), 3) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}


def words_in(text: str, spans: Iterable[Span]) -> frozenset[int]:
    """Return the starts of the words that begin in these ranges."""
    return frozenset(match.start() for one in spans for match in _WORD.finditer(text, one.start, one.end))


def overlap_of(left: frozenset[int], right: frozenset[int]) -> float:
    """Return the share of common words in the longer of two contents."""
    return len(left & right) / max(len(left), len(right), 1)


def gold_of(row: Row, sentences: Sequence[Sentence]) -> tuple[list[Gold], list[Gold]]:
    """Return an article's gold attributions: those with a source, and those without."""
    text = row["text"]
    quoted = _quoted_words(text, sentences)
    sourced: list[Gold] = []
    unsourced: list[Gold] = []
    for number, one in enumerate(row["attributions"]):
        words = words_in(text, _spans(one["content"]))
        if not words:
            continue
        inside = len(words & quoted)
        voice = Voice.REPORTED if inside == 0 else Voice.PARTLY_QUOTED
        if inside == len(words):
            voice = Voice.DIRECT
        source = tuple(_spans(one["source"]))
        kind = source_kind(text, source) if source else "none"
        (sourced if source else unsourced).append(Gold(source, words, voice, kind, number))
    return sourced, unsourced


def _spans(parts: Iterable[Row]) -> list[Span]:
    return [Span(int(start), int(end)) for part in parts for start, end in part["spans"]]


def _quoted_words(text: str, sentences: Sequence[Sentence]) -> frozenset[int]:
    paragraphs: dict[int, Span] = {}
    for one in sentences:
        whole = paragraphs.get(one.paragraph, Span(one.start, one.end))
        paragraphs[one.paragraph] = Span(min(whole.start, one.start), max(whole.end, one.end))
    quotes = [quote for one in paragraphs.values() for quote in find_quotes(text, one.start, one.end)]
    return words_in(text, [Span(one.start, one.end) for one in quotes])


def source_kind(text: str, source: Sequence[Span]) -> str:
    """Return "pronoun", "name" (it has a word that is always capitalised) or "description"."""
    words = [match.group() for one in source for match in _WORD.finditer(text, one.start, one.end)]
    if len(words) <= 2 and words and words[0].lower() in _PRONOUNS:
        return "pronoun"
    capitals = [word for number, word in enumerate(words) if word[:1].isupper() and not _is_small(text, word)]
    return "name" if capitals else "description"


def _is_small(text: str, word: str) -> bool:
    """Whether the article also writes a word in lower case."""
    return re.search(rf"\b{re.escape(word.lower())}\b", text) is not None


def match_one_to_one(found: Sequence[tuple[Said, frozenset[int]]], gold: Sequence[Gold]) -> list[Match]:
    """Pair found and gold contents, the largest overlaps first, each at most once."""
    pairs = [
        (overlap, -number, -place)
        for number, (_, words) in enumerate(found)
        for place, one in enumerate(gold)
        if (overlap := overlap_of(words, one.words)) >= LOOSE
    ]
    taken: set[int] = set()
    matched: dict[int, Match] = {}
    for overlap, number, place in sorted(pairs, reverse=True):
        if -number not in matched and -place not in taken:
            taken.add(-place)
            matched[-number] = Match(found[-number][0], gold[-place], overlap)
    return list(matched.values())


def in_place(said: Said, gold: Gold) -> bool:
    """Whether the words that name the speaker, or stand for them at the cue, lie in the gold source."""
    named = [span for span in (said.speaker_span, said.doer) if span is not None]
    return any(span.start < one.end and one.start < span.end for span in named for one in gold.source)


def right_speaker(said: Said, gold: Gold, mentions: Sequence[Mention]) -> bool:
    """Whether the speaker is the gold source, by place or by a name in it."""
    if in_place(said, gold):
        return True
    named = [m for m in mentions if any(one.start <= m.start and m.end <= one.end for one in gold.source)]
    return any(same_name(one.name, said.speaker) for one in named)


def score(report: Report, row: Row) -> list[Match]:
    """Add one article to the report; return its matches."""
    text = row["text"]
    sentences = split_sentences(text)
    started = time.process_time()
    said = attributions(text, sentences)
    report.seconds += time.process_time() - started
    report.words += len(text.split())
    found = [(one, words_in(text, one.pieces)) for one in said]
    sourced, unsourced = gold_of(row, sentences)
    matches = match_one_to_one(found, sourced)
    # What is found for an attribution without a source is neither right nor wrong.
    paired = {id(match.found) for match in matches}
    rest = [one for one in found if id(one[0]) not in paired]
    free = {id(match.found) for match in match_one_to_one(rest, unsourced)}
    counted = [one for one in found if id(one[0]) not in free]
    mentions = find_mentions(recognise(text), text)
    _count(report, counted, sourced, matches, mentions)
    _count_lax(report.lax, counted, sourced)
    return matches


def _count(
    report: Report,
    found: Sequence[tuple[Said, frozenset[int]]],
    gold: Sequence[Gold],
    matches: Sequence[Match],
    mentions: Sequence[Mention],
) -> None:
    for one, _ in found:
        report.everything.found += 1
        report.by_voice[one.voice.value].found += 1
    for wanted in gold:
        for tally in _tallies(report, wanted):
            tally.wanted += 1
    for match in matches:
        for tally in _tallies(report, match.gold):
            tally.loose += 1
            tally.tight += match.overlap >= TIGHT
            tally.place += in_place(match.found, match.gold)
            tally.speaker += right_speaker(match.found, match.gold, mentions)


def _tallies(report: Report, gold: Gold) -> tuple[Tally, Tally, Tally]:
    return report.everything, report.by_voice[gold.voice.value], report.by_source[gold.source_kind]


def _count_lax(
    counts: Counter[str], found: Sequence[tuple[Said, frozenset[int]]], gold: Sequence[Gold]
) -> None:
    recalled: set[int] = set()
    for _, words in found:
        near = [
            one.number for one in gold if len(words & one.words) >= LOOSE * min(len(words), len(one.words))
        ]
        counts["found"] += 1
        counts["right"] += bool(near)
        recalled.update(near)
    counts["recalled"] += len(recalled)


def score_resolved(rows: Iterable[Row], ledger: Iterable[Row], matched: dict[str, list[Match]]) -> Row:
    """Score whom the speakers of matched attributions are said to be, against the names in `praise`."""
    speakers: dict[tuple[str, int], set[str]] = defaultdict(set)
    for record in ledger:
        if record["attribution"] is not None and not record.get("reported_by"):
            speakers[record["article"], record["attribution"]].add(record["speaker"])
    known = {row["id"] for row in rows}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (article, number), names in sorted(speakers.items()):
        if len(names) != 1 or article not in known:
            continue
        (name,) = names
        match = next((one for one in matched[article] if one.gold.number == number), None)
        if match is None or name == "AUTHOR" or name.startswith("unnamed"):
            continue
        for group in ("all", match.gold.source_kind):
            counts[group]["n"] += 1
            counts[group]["right"] += same_name(match.found.speaker, name)
    return {
        group: {"n": count["n"], "right": _share(count["right"], count["n"])}
        for group, count in sorted(counts.items())
    }


def sampled(rows: Sequence[Row], number: int) -> Iterator[Row]:
    """Yield about `number` of the articles, evenly spread; all of them for 0."""
    step = max(1, len(rows) // number) if number else 1
    yield from rows[::step]


def main() -> None:
    """Run the measurements and print them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the data sets")
    parser.add_argument("--articles", type=int, default=0, help="how many PolNeAR articles (0, default: all)")
    options = parser.parse_args()
    rows = list(sampled(read_rows(options.data / "polnear" / "articles_train.jsonl.gz"), options.articles))
    report = Report()
    matched = {row["id"]: score(report, row) for row in rows}
    ledger = read_rows(options.data / "praise" / "ledger.jsonl")
    shown = {"articles": len(rows)} | report.as_row() | {"resolved": score_resolved(rows, ledger, matched)}
    print(json.dumps(shown, indent=1))


if __name__ == "__main__":
    main()
