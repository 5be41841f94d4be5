"""Questions of several parts: each part's own answer, side by side in one; pure."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from index.schema import Filter
from qa.schema import Answer, Coverage, Group, Plan, Question

_NUMBERS = {2: "two", 3: "three"}
NOT_SAID = "the articles don’t say"


def joined_plan(plan: Plan, asked: Sequence[Plan], texts: Sequence[str], limits: Filter) -> Plan:
    """Return the plan of a question of several parts, once each of them has been read.

    Args:
        plan: What the whole question was read as.
        asked: The plan of each part.
        texts: Each part as it was asked.
        limits: The filters that the reader chose; in force where the parts' own differ.
    """
    told = " and ".join(f"“{text}”" for text in texts)
    narrowed = {one.filter for one in asked}
    return replace(
        plan,
        parts=tuple(texts),
        names=tuple(dict.fromkeys(name for one in asked for name in one.names)),
        filter=narrowed.pop() if len(narrowed) == 1 else limits,
        constraints=tuple({limit.id: limit for one in asked for limit in one.constraints}.values()),
        notes=(
            f"asked as {_NUMBERS[len(texts)]} questions: {told}",
            *dict.fromkeys(note for one in asked for note in one.notes),
        ),
    )


def joined(question: Question, plan: Plan, answers: Sequence[Answer], coverage: Coverage) -> Answer:
    """Return the answers of a question's parts as one, a group a part; a part without an answer says so.

    It abstains only where no part is answered. `short_answers` has one entry for each part with a short
    answer, in order; `confidence` is that of the least sure part answered.
    """
    answered = [one for one in answers if not one.abstained]
    starts = accumulate((len(one.sentences) for one in answers), initial=0)
    short = tuple(told for one in answered if (told := _short(one)))
    return Answer(
        question=question.text,
        id=question.id,
        plan=plan,
        abstained=not answered,
        short_answer=short[0] if len(short) == 1 else None,
        short_answers=short if len(short) > 1 else (),
        sentences=tuple(sentence for one in answers for sentence in one.sentences),
        groups=tuple(map(_group, answers, starts)) if answered else (),
        tally=next((one.tally for one in answered if one.tally), None),
        coverage=coverage,
        confidence=min((one.confidence for one in answered or answers), default=0.0),
        reason=" ".join(dict.fromkeys(_reason(one) for one in answers if one.abstained or one.reason)),
        nearest=tuple(dict.fromkeys(near for one in answers if one.abstained for near in one.nearest)),
        unclear=tuple(dict.fromkeys(words for one in answers for words in one.unclear)),
    )


def _group(answer: Answer, start: int) -> Group:
    """Return a part with its short answer beside it; its sentences begin at `start`."""
    places = tuple(range(start, start + len(answer.sentences)))
    return Group(answer.question, NOT_SAID if answer.abstained else _short(answer), places)


def _short(answer: Answer) -> str:
    return answer.short_answer or ", ".join(answer.short_answers)


def _reason(answer: Answer) -> str:
    """Return what limits the answer of a part; of one without an answer, which part that is."""
    if not answer.abstained:
        return answer.reason
    return f"To “{answer.question}” the articles hold no answer. {answer.reason}".strip()
