"""Measure who-said-what: `python -m benchmarks.statements [--data ../shared/data] [--articles N]`.

On `praise`: precision, recall and F1 of statements with a named speaker (same article, speaker, target and
stance; `overlapping` also wants the gold quote to share .3 of the shorter text), the superlative and list
questions asked of the ledger with the names and, for lists, the articles of the gold evidence.
On `polnear`: attributions whose content overlaps the gold one by .3 of the shorter, and how often the speaker
of a matched attribution is right. Prints one JSON object.
The shipped weights were fitted on `praise`; `python -m training.judging` measures each half of it with
weights that were fitted on the other half.
"""

import argparse
import gzip
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.ledger import find, tally
from index.schema import UNCLEAR, Analysis, ArticleCard, LedgerEntry, Stance, Statement
from index.sentences import split_sentences
from index.statements.extract import analyse
from index.statements.names import AUTHOR, is_named, possessor, same_name

Row = dict[str, Any]

_SUPERLATIVES: dict[str, tuple[str, str | None, str | None, Stance]] = {
    "sup01": ("speaker", None, "Donald Trump", Stance.CRITICISE),
    "sup02": ("speaker", None, "Donald Trump", Stance.PRAISE),
    "sup03": ("speaker", None, "Hillary Clinton", Stance.CRITICISE),
    "sup04": ("target", None, None, Stance.PRAISE),
    "sup05": ("target", "Donald Trump", None, Stance.CRITICISE),
    "sup06": ("target", "Donald Trump", None, Stance.CRITICISE),
    "sup07": ("speaker", None, "Barack Obama", Stance.CRITICISE),
    "sup08": ("speaker", None, "Barack Obama", Stance.PRAISE),
    "sup09": ("target", "Hillary Clinton", None, Stance.PRAISE),
    "sup10": ("speaker", None, "Marco Rubio", Stance.CRITICISE),
    "sup11": ("speaker", None, "Donald Trump", Stance.CRITICISE),
    "sup12": ("speaker", None, "Hillary Clinton", Stance.CRITICISE),
}
"""How each superlative is asked of the ledger: what to count, speaker, target, stance."""

_ARTICLES_ASKED: dict[str, Callable[[ArticleCard], bool]] = {
    "sup11": lambda card: card.outlet == "wash-post",
    "sup12": lambda card: (card.published or "").startswith("2016-07"),
}
_ORGANISATIONS_ASKED = ("sup06",)
_UNNAMED = ("author", "unnamed")


@dataclass(frozen=True, slots=True)
class Score:
    """Counts behind a precision and a recall."""

    found: int
    right: int
    wanted: int
    recalled: int

    def as_row(self) -> dict[str, float]:
        """Return precision, recall and F1 with the counts they rest on."""
        precision = self.right / self.found if self.found else 0.0
        recall = self.recalled / self.wanted if self.wanted else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {
            "precision": round(precision, 3),
            "recall": round(recall, 3),
            "f1": round(f1, 3),
            "found": self.found,
            "wanted": self.wanted,
        }


def read_rows(path: Path) -> list[Row]:
    """Read a JSON Lines file, compressed or not."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def analyse_all(rows: Sequence[Row]) -> tuple[dict[str, Analysis], float, int]:
    """Return the analysis of each article by id, the CPU seconds, and the words read."""
    analyse("Warm up.", split_sentences("Warm up."))
    started = time.process_time()
    analyses = {row["id"]: analyse(row["text"], split_sentences(row["text"])) for row in rows}
    return analyses, time.process_time() - started, sum(len(row["text"].split()) for row in rows)


def entries_of(rows: Sequence[Row], analyses: dict[str, Analysis]) -> list[LedgerEntry]:
    """Return the ledger as a store would."""
    entries = []
    for row in rows:
        card = ArticleCard(
            row["id"], row["id"], row["title"], (), row["outlet"], row["published"], None, row["id"]
        )
        for one in analyses[row["id"]].statements:
            entries.append(LedgerEntry(card, one, row["text"][one.start : one.end], one.speaker, one.target))
    return entries


def same_target(found: str, gold: str) -> bool:
    """Whether a found target is the gold one; a thing of somebody counts as them.

    The gold writes "US Justice Department" where articles write "Justice Department".
    """
    owner = possessor(found) or found
    return same_name(owner, gold) or same_name(owner, gold.removeprefix("US "))


def matches(found: LedgerEntry, gold: Row, *, overlap: bool) -> bool:
    """Whether an entry is the gold statement."""
    one = found.statement
    if found.article.id != gold["article"] or one.stance.value != gold["stance"] or one.target is None:
        return False
    if overlap:
        shared = min(one.end, gold["end"]) - max(one.start, gold["start"])
        if shared < 0.3 * min(one.end - one.start, gold["end"] - gold["start"]):
            return False
    return same_name(one.speaker, gold["speaker"]) and same_target(one.target, gold["target"])


def counted(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Return the entries that judge somebody and have a named speaker."""
    return [
        entry
        for entry in entries
        if entry.statement.stance is not Stance.NEUTRAL
        and entry.statement.confidence >= UNCLEAR
        and entry.statement.target is not None
        and is_named(possessor(entry.statement.target) or entry.statement.target)
        and is_named(entry.statement.speaker)
        and entry.statement.speaker != AUTHOR
    ]


def score_statements(entries: Sequence[LedgerEntry], gold: Sequence[Row], *, overlap: bool) -> Score:
    """Score found statements against the gold ones, many to many."""
    found = counted(entries)
    wanted = [row for row in gold if row["speaker_kind"] not in _UNNAMED]
    everything = wanted + [row for row in gold if row["speaker_kind"] == "unnamed"]
    by_article = defaultdict(list)
    for row in everything:
        by_article[row["article"]].append(row)
    found_in = defaultdict(list)
    for entry in found:
        found_in[entry.article.id].append(entry)
    right = sum(
        any(matches(entry, row, overlap=overlap) for row in by_article[entry.article.id]) for entry in found
    )
    recalled = sum(
        any(matches(one, row, overlap=overlap) for one in found_in[row["article"]]) for row in wanted
    )
    return Score(len(found), right, len(wanted), recalled)


def score_parts(entries: Sequence[LedgerEntry], gold: Sequence[Row], rows: Sequence[Row]) -> dict[str, Any]:
    """Score every other article, and each stance, apart."""
    parts: dict[str, Any] = {}
    for name, part in (("even articles", rows[::2]), ("odd articles", rows[1::2])):
        ids = {row["id"] for row in part}
        own = [entry for entry in entries if entry.article.id in ids]
        wanted = [row for row in gold if row["article"] in ids]
        parts[name] = score_statements(own, wanted, overlap=False).as_row()
    for stance in (Stance.PRAISE, Stance.CRITICISE):
        own = [entry for entry in entries if entry.statement.stance is stance]
        wanted = [row for row in gold if row["stance"] == stance.value]
        parts[stance.value] = score_statements(own, wanted, overlap=False).as_row()
    return parts


def ask_superlatives(entries: Sequence[LedgerEntry], questions: Sequence[Row]) -> dict[str, Any]:
    """Return how many superlatives have a right top name, and each answer."""
    answers: dict[str, Any] = {}
    right = 0
    for question in questions:
        if question["id"] not in _SUPERLATIVES:
            continue
        by, speaker, target, stance = _SUPERLATIVES[question["id"]]
        wanted = _ARTICLES_ASKED.get(question["id"])
        asked = [entry for entry in entries if wanted is None or wanted(entry.article)]
        groups = tally(
            find(asked, speaker=speaker, target=target, stance=stance, known=entries),
            "speaker" if by == "speaker" else "target",
        )
        groups = [one for one in groups if one.is_body == (question["id"] in _ORGANISATIONS_ASKED)]
        top = groups[0].name if groups else ""
        good = bool(top) and any(same_name(top, answer) for answer in question["answers"])
        right += good
        answers[question["id"]] = [good, [(one.name, one.statements) for one in groups[:3]]]
    return {"right": right, "n": len(answers), "answers": answers}


def ask_lists(
    entries: Sequence[LedgerEntry], questions: Sequence[Row], gold: dict[str, Row]
) -> dict[str, float]:
    """Ask the list questions with the names and articles of the gold evidence; return the mean F1."""
    scores = []
    for question in questions:
        records = [gold[one["record"]] for one in question.get("evidence", []) if one.get("record") in gold]
        if question["type"] != "list" or not records:
            continue
        by = (
            "speaker"
            if any(same_name(records[0]["speaker"], one) for one in question["answers"])
            else "target"
        )
        other = "target" if by == "speaker" else "speaker"
        articles = {row["article"] for row in records}
        named: set[str] = set()
        for name, stance in {(row[other], row["stance"]) for row in records}:
            inside = [entry for entry in entries if entry.article.id in articles]
            hits = find(inside, stance=Stance(stance), known=entries, **{other: name})
            named |= {one.name for one in tally(hits, "speaker" if by == "speaker" else "target")}
        good = sum(any(same_name(one, answer) for answer in question["answers"]) for one in named)
        scores.append(2 * good / (len(named) + len(question["answers"])))
    return {"mean_f1": round(sum(scores) / len(scores), 3), "n": len(scores)}


def score_polnear(rows: Sequence[Row]) -> dict[str, Any]:
    """Score attributions by overlap of the statement's sentence with the gold content, and their speakers."""
    analyses, seconds, words = analyse_all(rows)
    found = right = wanted = recalled = matched = speaker_right = 0
    for row in rows:
        gold = list(_gold_attributions(row))
        statements = [one for one in analyses[row["id"]].statements if one.speaker != AUTHOR]
        found += len(statements)
        wanted += len(gold)
        hit: set[int] = set()
        for one in statements:
            near = [number for number, (_, spans) in enumerate(gold) if _overlap(one, spans)]
            right += bool(near)
            hit |= set(near)
            if near:
                matched += 1
                speaker_right += any(
                    _same_speaker(one, gold[number][0], row["text"], analyses[row["id"]]) for number in near
                )
        recalled += len(hit)
    return {
        "spans": Score(found, right, wanted, recalled).as_row(),
        "speaker_accuracy": round(speaker_right / matched, 3) if matched else 0.0,
        "matched": matched,
        "words_per_cpu_second": round(words / seconds),
    }


def _gold_attributions(row: Row) -> Iterator[tuple[list[list[int]], list[list[int]]]]:
    for one in row["attributions"]:
        if one["source"] and one["content"]:
            yield _spans(one["source"]), _spans(one["content"])


def _spans(part: Sequence[Row]) -> list[list[int]]:
    return [[int(start), int(end)] for piece in part for start, end in piece["spans"]]


def _overlap(one: Statement, spans: Sequence[Sequence[int]]) -> bool:
    shared = sum(max(0, min(one.end, end) - max(one.start, start)) for start, end in spans)
    length = sum(end - start for start, end in spans)
    return shared >= 0.3 * min(length, one.end - one.start) and shared > 0


def _same_speaker(one: Statement, source: Sequence[Sequence[int]], text: str, analysis: Analysis) -> bool:
    """Whether a statement's speaker is the annotated source: the same words, or a name of the same person."""
    start, end = min(span[0] for span in source), max(span[1] for span in source)
    if one.speaker_span is not None and one.speaker_span.start < end and start < one.speaker_span.end:
        return True
    words = text[start:end]
    if any(same_name(m.name, one.speaker) for m in analysis.mentions if start <= m.start and m.end <= end):
        return True
    return bool(words) and one.speaker.lower() in words.lower()


def main() -> None:
    """Run the measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument(
        "--articles", type=int, default=150, help="how many PolNeAR articles to read; 0 for none"
    )
    options = parser.parse_args()
    rows = read_rows(options.data / "praise" / "articles.jsonl.gz")
    gold = read_rows(options.data / "praise" / "ledger.jsonl")
    questions = read_rows(options.data / "praise" / "questions.jsonl")
    analyses, seconds, words = analyse_all(rows)
    entries = entries_of(rows, analyses)
    report: dict[str, Any] = {
        "words_per_cpu_second": round(words / seconds),
        "cpu_seconds_per_1000_words": round(1000 * seconds / words, 2),
        "statements": dict(Counter(entry.statement.stance.value for entry in entries)),
        "same_article": score_statements(entries, gold, overlap=False).as_row(),
        "overlapping": score_statements(entries, gold, overlap=True).as_row(),
        "parts": score_parts(entries, gold, rows),
        "superlatives": ask_superlatives(entries, questions),
        "lists": ask_lists(entries, questions, {row["id"]: row for row in gold}),
    }
    if options.articles:
        sample = read_rows(options.data / "polnear" / "articles_train.jsonl.gz")
        step = max(1, len(sample) // options.articles)
        report["polnear"] = score_polnear(sample[::step][: options.articles])
    print(json.dumps(report, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
