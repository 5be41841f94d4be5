"""An Answer read back from its JSON, such as one that a browser has kept. Pure.

What the JSON does not tell of a plan stays at its default: the JSON made of what was read is the same again.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from index.errors import InputError
from index.schema import ArticleCard, Filter, Stance
from qa.schema import (
    Answer,
    AnswerSentence,
    Citation,
    Constraint,
    Coverage,
    Group,
    Kind,
    Plan,
    Referent,
    Support,
    Tally,
    TallyRow,
    Timings,
    Wanted,
    Written,
)

MAX_ITEMS = 2_000
MAX_TEXT = 200_000

Made = TypeVar("Made")
Record = Mapping[str, Any]


def from_json(record: object) -> Answer:
    """Return the answer whose JSON form `qa.answer_json.to_json` gave.

    Raises:
        InputError: It is no such answer; the message names the field that cannot be read.
    """
    try:
        return _answer(_of(dict, record))
    except KeyError as error:
        raise InputError(f"The answer has no field {error}.", "Ask the question again.") from None
    except (TypeError, ValueError) as error:
        raise InputError(f"The answer cannot be read: {error}.", "Ask the question again.") from None


def _answer(record: Record) -> Answer:
    written, tally, coverage = record.get("written"), record.get("tally"), record.get("coverage")
    return Answer(
        question=_text(record["question"]),
        plan=_plan(_of(dict, record["plan"])),
        abstained=_of(bool, record["abstained"]),
        id=_text(record.get("id") or ""),
        short_answer=_maybe(record["short_answer"]),
        short_answers=_all(_text, record["short_answers"]),
        choice=_maybe(record.get("choice")),
        sentences=_all(_sentence, record["sentences"]),
        groups=_all(_group, record.get("groups", [])),
        written=_written(_of(dict, written)) if written else None,
        tally=_tally(_of(dict, tally)) if tally else None,
        coverage=_coverage(_of(dict, coverage)) if coverage else None,
        confidence=_number(record["confidence"]),
        reason=_text(record.get("reason") or ""),
        nearest=_all(_citation, record["nearest"]),
        unclear=_all(_citation, record["unclear"]),
        timings=Timings(**{name: _number(value) for name, value in _of(dict, record["timings"]).items()}),
        version=_of(int, record["version"]),
    )


def _plan(record: Record) -> Plan:
    limits = _of(dict, record["filter"])
    return Plan(
        kind=Kind(record["kind"]),
        wanted=Wanted(record["wanted"]),
        many=_of(bool, record["many"]),
        names=_all(_text, record["names"]),
        speaker=_maybe(record["speaker"]),
        target=_maybe(record["target"]),
        stance=Stance(record["stance"]) if record["stance"] else None,
        ranked=_of(bool, record["ranked"]),
        family=_text(record["family"] or ""),
        described=_text(record["described"] or ""),
        including=_all(_text, record["including"]),
        about=_text(record["about"] or ""),
        parts=_all(_text, record.get("parts", [])),
        filter=Filter(
            _all(_text, limits["outlets"]),
            _all(_text, limits["authors"]),
            _maybe(limits["published_from"]),
            _maybe(limits["published_to"]),
            _all(_text, limits["articles"]),
        ),
        constraints=_all(_constraint, record.get("constraints", [])),
        notes=_all(_text, record["notes"]),
    )


def _constraint(value: object) -> Constraint:
    record = _of(dict, value)
    return Constraint(*(_text(record[name]) for name in ("id", "kind", "words", "meaning")))


def _sentence(value: object) -> AnswerSentence:
    record = _of(dict, value)
    return AnswerSentence(
        text=_text(record["text"]),
        support=Support(record["support"]),
        citations=_all(_citation, record["citations"]),
        score=_number(record.get("score", 1.0)),
        problems=_all(_text, record.get("problems", [])),
        referents=_all(_referent, record.get("referents", [])),
    )


def _referent(value: object) -> Referent:
    record = _of(dict, value)
    return Referent(
        words=_text(record["words"]),
        start=_of(int, record["start"]),
        end=_of(int, record["end"]),
        meaning=_text(record["meaning"]),
        citations=_all(_citation, record["citations"]),
    )


def _citation(value: object) -> Citation:
    record = _of(dict, value)
    card = ArticleCard(
        id=_text(record["article"]),
        file=_text(record["file"]),
        title=_text(record["title"]),
        authors=_all(_text, record["authors"]),
        outlet=_maybe(record["outlet"]),
        published=_maybe(record["published"]),
        url=_maybe(record["url"]),
        group=_text(record["article"]),
    )
    return Citation(card, _of(int, record["start"]), _of(int, record["end"]), _text(record["quote"]))


def _group(value: object) -> Group:
    record = _of(dict, value)
    places = _all(lambda place: _of(int, place), record["sentences"])
    return Group(_text(record["label"]), _text(record["note"] or ""), places)


def _written(record: Record) -> Written:
    return Written(
        model=_text(record["model"]),
        sentences=_all(_sentence, record["sentences"]),
        cut=_all(_text, record["cut"]),
        status=_text(record["status"] or ""),
    )


def _tally(record: Record) -> Tally:
    return Tally(_text(record["counted"]), _all(_row, record["rows"]))


def _row(value: object) -> TallyRow:
    record = _of(dict, value)
    return TallyRow(
        name=_text(record["name"]),
        statements=_of(int, record["statements"]),
        articles=_of(int, record["articles"]),
        evidence=_all(_citation, record["evidence"]),
        rank=_of(int, record["rank"]),
    )


def _coverage(record: Record) -> Coverage:
    counts = {name: _of(int, value) for name, value in record.items() if name != "text"}
    return Coverage(**counts, text=_text(record["text"]))


def _of(kind: type[Made], value: object) -> Made:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{str(value)[:40]!r} is no {kind.__name__}")
    return value


def _text(value: object) -> str:
    text = _of(str, value)
    if len(text) > MAX_TEXT:
        raise ValueError(f"a text has {len(text):,} characters")
    return text


def _maybe(value: object) -> str | None:
    return None if value is None else _text(value)


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{str(value)[:40]!r} is no number")
    return value


def _all(read: Callable[[Any], Made], values: object) -> tuple[Made, ...]:
    if not isinstance(values, Sequence) or isinstance(values, str) or len(values) > MAX_ITEMS:
        raise TypeError(f"{str(values)[:40]!r} is no list, or too long a one")
    return tuple(read(value) for value in values)
