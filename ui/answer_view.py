"""From an answer to the plain JSON value that the page draws. Pure.

Everything that the answer says of itself is in it: how well each sentence is supported and what is wrong with
it, what narrowed the search, which sentences belong together, and why there is no answer where there is none.
"""

import re
from collections.abc import Mapping, Sequence

from index.schema import Filter
from qa.schema import (
    Answer,
    AnswerSentence,
    Citation,
    Constraint,
    Group,
    Kind,
    Plan,
    Question,
    Referent,
    Support,
    Tally,
    Written,
)
from qa.talk.links import Link, link_address
from qa.talk.numbering import Numbering, Passage, numbers_of, passage_of
from ui.asked import Asked
from ui.asked import address_of as ledger_address
from ui.citing import answer_as_text, sources_of
from ui.view import NO_TITLE, Json, also_text, card_view, count_text, date_text

SUPPORT_WORDS = {
    Support.QUOTED: "Quoted",
    Support.SUPPORTED: "Supported by its source",
    Support.WEAK: "Weakly supported",
}
MOST_COLUMNS = 3
"""Groups that are set side by side; more are set one below the other."""

DAY = re.compile(r"\d{4}-\d\d(-\d\d)?")
WHOLE_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
CARRIED = {"carried:outlets": "outlet", "carried:dates": "published"}
"""What a conversation's own limits are about, by their ids."""
SIDES = {"for": "For", "against": "Against"}


def answer_view(answer: Answer, link: Link, copies: Mapping[str, int], numbering: Numbering) -> Json:
    """Return the answer as the page shows it.

    Args:
        answer: The engine's answer.
        link: What was asked, as typed, with the conversation before it.
        copies: How many other outlets ran the story, by near-duplicate group.
        numbering: The numbers of all passages cited so far, those of this answer among them.
    """
    numbers = numbers_of(numbering)
    asked = link.question
    return {
        "state": "answer",
        "question": asked.text,
        "understood": answer.question if answer.question != asked.text else "",
        "without": list(asked.without),
        "abstained": answer.abstained,
        "short": _short(answer) if len(answer.short_answers) < 2 else None,
        "shorts": list(answer.short_answers) if len(answer.short_answers) > 1 else [],
        "choice": answer.choice,
        "sentences": [sentence_view(sentence, numbers) for sentence in answer.sentences],
        **_groups(answer),
        "tally": _tally(answer.tally, numbers, answer.plan) if answer.tally else None,
        "unclear": [_quote(citation, numbers) for citation in answer.unclear],
        "coverage": answer.coverage.text if answer.coverage else "",
        "coverage_first": answer.plan.kind is Kind.STATEMENTS,
        "partial": answer.partial.text if answer.partial else "",
        "notes": list(answer.plan.notes),
        "chips": _chips(answer, asked),
        "reason": answer.reason,
        "sources": _sources(sources_of(answer), numbers, copies),
        "copy": answer_as_text(asked.text, answer, numbers),
        "address": link_address(link, path=""),
        "seconds": f"{answer.timings.total / 1000:.2f} s",
    }


def _short(answer: Answer) -> str | None:
    """Return the short answer; "yes" stands on the page as "Yes"."""
    short = answer.short_answer
    return short.capitalize() if short in {"yes", "no"} else short


def written_view(answer: Answer, link: Link, copies: Mapping[str, int], numbering: Numbering) -> Json:
    """Return what changes in an answer on the page while a language model puts it in its own words.

    Args:
        answer: The answer with what is written so far.
        link: What was asked.
        copies: How many other outlets ran the story, by near-duplicate group.
        numbering: The numbers of all passages cited so far, those of the written text among them.
    """
    numbers = numbers_of(numbering)
    written = answer.written or Written("")
    return {
        "state": "written",
        "model": written.model,
        "written": [sentence_view(sentence, numbers) for sentence in written.sentences],
        "cut": list(written.cut),
        "status": written.status,
        "sources": _sources(sources_of(answer), numbers, copies),
        "copy": answer_as_text(link.question.text, answer, numbers),
    }


def sentence_view(sentence: AnswerSentence, numbers: Mapping[Passage, int]) -> Json:
    """Return a sentence with its citations, how well they carry it, and what in it they do not hold."""
    quotes = {numbers[passage_of(one)]: _quote(one, numbers) for one in sentence.citations}
    return {
        "text": sentence.text,
        "support": sentence.support.value,
        "support_text": SUPPORT_WORDS[sentence.support],
        "problems": problems_text(sentence),
        "quotes": list(quotes.values()),
        "referents": [_referent(one) for one in sentence.referents],
    }


def _referent(referent: Referent) -> Json:
    """Return what words mean that point elsewhere, and the place that the reader can open to see it."""
    place = referent.citations[0]
    return {
        "note": referent.note,
        "quote": place.quote,
        "article": place.article.id,
        "start": place.start,
        "end": place.end,
    }


def problems_text(sentence: AnswerSentence) -> str:
    """Say what the cited words do not hold, empty when they hold everything."""
    # A thing that is not there is named ("the number 7"); what else is wrong is said in a sentence.
    missing = [problem for problem in sentence.problems if problem.startswith("the ")]
    said = [f"{problem.rstrip('.')}." for problem in sentence.problems if problem not in missing]
    if missing:
        said.insert(0, f"Not in the cited words: {', '.join(missing)}.")
    if said:
        return " ".join(said)
    if sentence.support is Support.WEAK and not sentence.citations:
        return "No passage is cited for it."
    return ""


# --- what narrowed the search


def _chips(answer: Answer, asked: Question) -> list[Json]:
    chips = filter_chips(answer.plan, asked.filter)
    undated = answer.coverage.undated if answer.coverage else 0
    if undated:
        label = f"{count_text(undated, 'undated article')} searched too"
        chips.append(_chip("undated", "", label))
    if asked.without:
        label = f"{count_text(len(asked.without), 'limit')} of the question taken away"
        chips.append(_chip("restore", "", label, "Put back"))
    return chips


def filter_chips(plan: Plan, chosen: Filter) -> list[Json]:
    """Return what limits the search: what was read from the question and what the reader chose.

    All of these can be taken away, except a filter that no constraint of the plan accounts for.
    """
    force = plan.filter
    kinds = {CARRIED.get(constraint.id, constraint.kind) for constraint in plan.constraints}
    chips = [_constraint_chip(constraint) for constraint in plan.constraints]
    for kind, names, ours in (
        ("outlet", force.outlets, chosen.outlets),
        ("author", force.authors, chosen.authors),
    ):
        chips += [_filter_chip(kind, name, f"{kind.title()}: {name}", name in ours, kinds) for name in names]
    for kind, day, ours_day in (
        ("from", force.published_from, chosen.published_from),
        ("until", force.published_to, chosen.published_to),
    ):
        if day:
            chips.append(_filter_chip(kind, day, f"{kind.title()} {date_text(day)}", day == ours_day, kinds))
    return [chip for chip in chips if chip]


def _constraint_chip(constraint: Constraint) -> Json:
    meaning = WHOLE_DAY.sub(lambda day: date_text(day[0]), constraint.meaning)
    words = constraint.words if constraint.words.casefold() != meaning.casefold() else ""
    chip = _chip("constraint", constraint.id, meaning or words, "Remove")
    return chip | {"words": words, "carried": constraint.kind == "carried"}


def _filter_chip(kind: str, value: str, label: str, chosen: bool, kinds: set[str]) -> Json:
    """Return the chip of one filter; nothing where the chip of a constraint says it already."""
    if chosen:
        return _chip(kind, value, label, "Remove")
    told = "published" if kind in {"from", "until"} else kind
    return {} if told in kinds else _chip(kind, value, label)


def _chip(kind: str, value: str, label: str, action: str = "") -> Json:
    """Return a chip; `action` is what its button does, empty where it has none."""
    return {"kind": kind, "value": value, "label": label, "action": action, "words": "", "carried": False}


# --- which sentences belong together


def _groups(answer: Answer) -> Json:
    """Return the groups, how they are set, and the sentences that are in none."""
    count = len(answer.sentences)
    groups = [_group(group, count) for group in answer.groups]
    inside = {at for group in answer.groups for at in group.sentences}
    loose = [at for at in range(count) if at not in inside]
    return {"groups": groups, "layout": layout_of(answer), "loose": loose}


def _group(group: Group, count: int) -> Json:
    label = SIDES.get(group.label.casefold(), group.label)
    return {
        "label": _day_text(label) if DAY.fullmatch(label) else label,
        "note": WHOLE_DAY.sub(lambda day: date_text(day[0]), group.note),
        "sentences": [at for at in group.sentences if at < count],
        "silent": not group.sentences,
    }


def _day_text(label: str) -> str:
    """Return a day or a month as people read it: "2025-11" -> "November 2025"."""
    whole = len(label) == len("2025-11-07")
    return date_text(label) if whole else date_text(f"{label}-01").removeprefix("1 ")


def layout_of(answer: Answer) -> str:
    """Say how the groups are set: as a timeline ("days"), side by side ("sides") or as "items" of a list."""
    labels = [group.label for group in answer.groups]
    if not labels:
        return ""
    if any(DAY.fullmatch(label) for label in labels):
        return "days"
    side_by_side = 1 < len(labels) <= MOST_COLUMNS and answer.plan.kind not in {Kind.LIST, Kind.SUMMARY}
    return "sides" if side_by_side else "items"


# --- citations, counts and sources


def _quote(citation: Citation, numbers: Mapping[Passage, int]) -> Json:
    day = (citation.article.published or "")[: len("2025-11-07")]
    return {
        "n": numbers[passage_of(citation)],
        "article": citation.article.id,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "title": citation.article.title or NO_TITLE,
        "outlet": citation.article.outlet or "",
        "published": date_text(day),
    }


def statements_address(plan: Plan, name: str) -> str:
    """Return the address of the page that shows the statements of one name of a count."""
    speaker, target = (name, plan.target) if plan.target else (plan.speaker, name)
    stance = plan.stance.value if plan.stance else "any"
    also = frozenset({"author"} if "author" in plan.including else ())
    return ledger_address(Asked(speaker or "", target or "", stance, plan.filter, also))


def _tally(tally: Tally, numbers: Mapping[Passage, int], plan: Plan) -> Json:
    rows = [
        {
            "name": row.name,
            "rank": row.rank if plan.ranked else None,
            "address": statements_address(plan, row.name),
            "statements": row.statements,
            "articles": row.articles,
            "quotes": [_quote(citation, numbers) for citation in row.evidence],
        }
        for row in tally.rows
    ]
    most = max((row.statements for row in tally.rows), default=0)
    return {"counted": tally.counted, "rows": rows, "most": most}


def _sources(
    citations: Sequence[Citation], numbers: Mapping[Passage, int], copies: Mapping[str, int]
) -> list[Json]:
    """Group the cited passages by article, in order of first appearance."""
    groups: dict[str, dict[Passage, Citation]] = {}
    for citation in citations:
        groups.setdefault(citation.article.id, {}).setdefault(passage_of(citation), citation)
    return [
        card_view(card := next(iter(group.values())).article)
        | {
            "also": also_text(copies.get(card.group, 0)),
            "quotes": [_quote(citation, numbers) for citation in group.values()],
        }
        for group in groups.values()
    ]
