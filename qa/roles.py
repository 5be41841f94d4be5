"""Who holds a role that a question names: "the harbour minister", "the head of the audit chamber"."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from index.library import Library
from index.patterns import regex
from index.schema import Filter, Mention, MentionKind
from qa.schema import Plan

_TITLES = frozenset("pope president governor mayor king queen premier chancellor".split())
"""Roles that questions write with a capital too: "the Pope"."""
CHUNKS = 20
"""Passages read for the role, the best by its words."""
_LINKS = frozenset("of for the".split())
_LINKED = r"\s+(?:for |of |the )*"
"""What may stand between two words of a role."""
_BEFORE = regex(r"^(?:\s*,?\s*|,\s+(?:who is |who was )?(?:the |a |an )?[\w’' -]{0,30})$")
_AFTER = regex(r"^(?:\s+|,\s+)$")


def resolve_roles(library: Library, plan: Plan) -> Plan:
    """Put the holder's name in place of a speaker or target that the question names by role only."""
    changed = plan
    for side in ("speaker", "target"):
        role: str | None = getattr(plan, side)
        if role is None or not (role.islower() or role.lower() in _TITLES):
            continue
        name = holder_of(library, role.lower(), plan.filter)
        if name:
            notes = (*changed.notes, f"“{role}” read as {name}")
            names = tuple(dict.fromkeys((name, *(other for other in changed.names if other != role))))
            changed = (
                replace(changed, speaker=name, names=names, notes=notes)
                if side == "speaker"
                else replace(changed, target=name, names=names, notes=notes)
            )
    return changed


def holder_of(library: Library, role: str, filter: Filter) -> str | None:  # noqa: A002
    """Return the person most often named beside the role, or None.

    "The harbour minister, Marit Oskeland", "Harbour Minister Marit Oskeland" and "Marit Oskeland, the harbour
    minister" all name the holder; "the head of the chamber" is read for "the head of the audit chamber" only
    where the whole role names nobody.
    """
    words = [word for word in role.split() if word not in _LINKS] or role.split()
    whole = _LINKED.join(re.escape(word) for word in words)
    shortened = "".join(rf"(?:{re.escape(word)}{_LINKED})?" for word in words[1:-1])
    votes = _votes(library, role, re.compile(whole, re.I), filter)
    if not votes and shortened:
        core = re.compile(rf"{re.escape(words[0])}{_LINKED}{shortened}{re.escape(words[-1])}", re.I)
        votes = _votes(library, role, core, filter)
    return votes.most_common(1)[0][0] if votes else None


def _votes(
    library: Library,
    role: str,
    pattern: re.Pattern[str],
    filter: Filter,  # noqa: A002
) -> Counter[str]:
    """Count the people named beside a role, in the passages that are best by its words."""
    votes: Counter[str] = Counter()
    store = library.store
    for chunk in store.search_words(role, CHUNKS, filter):
        text = store.text(chunk.article)
        people = [
            mention
            for mention in store.mentions_between(chunk.article, chunk.start, chunk.end)
            if mention.kind is MentionKind.PERSON
        ]
        for found in pattern.finditer(text, chunk.start, chunk.end):
            name = _beside(text, found, people)
            if name:
                votes[name] += 1
    return votes


def _beside(text: str, found: re.Match[str], people: Sequence[Mention]) -> str | None:
    """Return the person named right after the role, or right before it in apposition."""
    for mention in people:
        if mention.start >= found.end() and _AFTER.match(text[found.end() : mention.start]):
            return mention.name
        titled = text[mention.start : mention.end].lower().find(found.group().lower())
        if mention.start <= found.start() < mention.end and titled >= 0:
            return mention.name
    for mention in reversed(people):
        if mention.end <= found.start() and _BEFORE.match(text[mention.end : found.start()]):
            between = text[mention.end : found.start()]
            if between.lstrip().startswith(","):
                return mention.name
    return None
