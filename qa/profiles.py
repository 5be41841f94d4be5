"""Who the people of a ranking are, as the articles put it: "Republican senators", "the victims' parents"."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.ledger import Side, TallyGroup
from index.library import Library
from index.patterns import regex
from index.schema import LedgerEntry
from qa.parties import PARTIES
from qa.schema import Plan
from qa.wording import content_stems, stem

_BEFORE, _AFTER = 45, 35
"""Characters before and after a name in which its party is looked for."""
_ARTICLES = 12
"""Articles read for a party, and for the statements' own descriptions."""
_CLAUSE_END = regex(r"[.;:!?\n“”\"](?:\s|$)|,\s+(?:and|but|while)\s")
_SUCH_AS = regex(r"\b(?:like|including|such as|among them)\b")
_NAMES_ONLY = regex(r"(?:[\s,.()-]|\band\b|[A-Z][\w.’'-]*)*")
_RANKED = 25
"""Of a long ranking, the names whose description is looked up."""
_SHARE = 0.5
"""Of the best-described name's share of the words, what another must reach to stay."""
_SHORTEST = 3
"""Letters that an abbreviation must have."""
_NAMED = 4


@dataclass(frozen=True, slots=True)
class Fitting:
    """The groups that fit a description, and a note on how it was read; empty when it was not needed."""

    groups: list[TallyGroup]
    note: str = ""


def fitting(library: Library, plan: Plan, groups: Sequence[TallyGroup], by: Side) -> Fitting:
    """Keep the groups that the articles describe in the question's words.

    A party must be read in some article, unless a topic or a date tells the names apart as well.
    Other words limit the answer only where they are found beside some of the names: if they stand beside
    none, nothing is left out and the note says so.
    """
    described = plan.described
    party = next((name for name, pattern in PARTIES.items() if pattern.search(described)), None)
    others = content_stems(PARTIES[party].sub(" ", described)) if party else content_stems(described)
    groups = groups[:_RANKED] if plan.ranked else groups
    kept, notes = list(groups), []
    if party:
        read = {group.name: _party_of(library, group, by) for group in groups}
        narrow = bool(plan.terms or plan.filter.published_from or plan.filter.articles)
        passed = (party, None) if narrow and not plan.ranked else (party,)
        kept = [group for group in groups if read[group.name] in passed]
        notes.append(f"only those whom the articles call {party}")
        unread = [group.name for group in groups if read[group.name] is None]
        if unread:
            stay = "they are kept" if None in passed else "they are left out"
            notes.append(f"no party was read for {_listed(unread)}, {stay}")
    if others and kept:
        narrowed = _described(library, others, kept, by)
        if narrowed is None:
            notes.append(f"that they are “{described}” was not read in the articles")
        elif len(narrowed) < len(kept):
            kept = narrowed
            notes.append(f"only those described as “{described}”")
    return Fitting(kept, "; ".join(notes))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} others" if len(names) > _NAMED else shown


def _party_of(library: Library, group: TallyGroup, by: Side) -> str | None:
    """Return the party that stands beside the name most often, else in a sentence that names it."""
    votes: Counter[str] = Counter()
    for name, pattern in PARTIES.items():
        if pattern.fullmatch(group.name) or pattern.search(group.name.split()[-1]):
            return name
    for article in library.store.count_mentioning([group.name])[:_ARTICLES]:
        text = library.store.text(article)
        for found in re.finditer(rf"\b{re.escape(group.name)}\b", text):
            party = _beside(text, found)
            if party:
                votes[party] += 1
    if votes:
        return votes.most_common(1)[0][0]
    sentences = [sentence for entry in group.entries for sentence in _naming(library, entry, by, group.name)]
    return next((party for sentence in sentences if (party := _among(sentence, group.name))), None)


def _among(sentence: str, name: str) -> str | None:
    """Return the party of a list that holds the name: "Republicans such as A, B and C"."""
    place = sentence.find(name.split()[-1])
    before = sentence[: max(place, 0)]
    for party, pattern in PARTIES.items():
        last = max((found.end() for found in pattern.finditer(before)), default=-1)
        if last >= 0 and (_SUCH_AS.search(before, last) or _NAMES_ONLY.fullmatch(before, last)):
            return party
    return None


def _beside(text: str, name: re.Match[str]) -> str | None:
    """Return the party named nearest to a name within its clause."""
    before = _CLAUSE_END.split(text[max(name.start() - _BEFORE, 0) : name.start()])[-1]
    after = text[name.end() : name.end() + _AFTER]
    closest: tuple[int, str] | None = None
    for party, pattern in PARTIES.items():
        places = [len(before) - found.end() for found in pattern.finditer(before)]
        tail = re.match(r"\s*\(|,\s+(?:an?|the)\s", after)
        places += [found.start() for found in pattern.finditer(after) if tail and found.start() < 28]
        if places and (closest is None or min(places) < closest[0]):
            closest = (min(places), party)
    return closest[1] if closest else None


def _described(
    library: Library, terms: Sequence[str], groups: Sequence[TallyGroup], by: Side
) -> list[TallyGroup] | None:
    """Return the groups beside whose names most of the terms stand, None when they stand beside none.

    A term that few of the names have tells more.
    """
    beside = [_words_beside(library, group, by, terms) for group in groups]
    counts = Counter(term for held in beside for term in held)
    weights = {term: math.log(1 + (len(groups) + 1) / (1 + count)) for term, count in counts.items()}
    shares = [sum(weights[term] for term in held) for held in beside]
    best = max(shares)
    if best == 0:
        return None
    return [group for group, share in zip(groups, shares, strict=True) if share >= _SHARE * best]


def _words_beside(library: Library, group: TallyGroup, by: Side, terms: Sequence[str]) -> set[str]:
    """Return the terms that stand in a sentence that names the group, in the articles of its statements."""
    held = _held(group.name, terms)
    seen: set[str] = set()
    for entry in group.entries:
        held |= _held(entry.quote, terms)
        if entry.article.id not in seen and len(seen) < _ARTICLES:
            seen.add(entry.article.id)
            for sentence in _naming(library, entry, by, group.name):
                held |= _held(sentence, terms)
    return held


def _naming(library: Library, entry: LedgerEntry, by: Side, name: str) -> list[str]:
    """Return the sentences of the entry's article that name one side of it."""
    store, article = library.store, entry.article.id
    text = store.text(article)
    local = entry.statement.speaker if by == "speaker" else entry.statement.target
    starts = [mention.start for mention in store.mentions(article) if mention.name in (local, name)]
    return [
        text[sentence.start : sentence.end]
        for sentence in store.sentences(article)
        if any(sentence.start <= start < sentence.end for start in starts)
    ]


def _held(text: str, terms: Sequence[str]) -> set[str]:
    """Return the terms in a text; "Conn." and "Sen." stand for the words that they begin."""
    held = set()
    for found in re.finditer(r"[^\W_]+", text):
        plain = stem(found.group())
        held |= {term for term in terms if term == plain}
        if text[found.end() : found.end() + 1] == "." and len(plain) >= _SHORTEST:
            held |= {term for term in terms if term.startswith(plain)}
    return held
