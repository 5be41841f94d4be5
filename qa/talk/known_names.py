"""What a library knows of the names in a conversation: whom or what they name."""

import re
from collections import Counter
from collections.abc import Sequence

from index.library import Library
from index.people import directory
from index.schema import MentionKind
from index.statements.names import Gender, body_key, parse_name
from qa.countries import is_area

_ARTICLES_READ = 5


class LibraryNames:
    """Looks names up in a library when they are asked for; nothing is read before.

    Args:
        library: An open library.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self._kinds: dict[str, MentionKind | None] = {}
        self._genders: dict[str, Gender | None] = {}

    @property
    def outlets(self) -> Sequence[str]:
        """The library's outlets, those with most articles first."""
        return tuple(name for name, _ in self.library.store.outlets())

    def kind(self, name: str) -> MentionKind | None:
        """Return what a name names, by its statements and else by its mentions; None where nothing tells.

        A country or state is a place whatever it was read as.
        """
        if name not in self._kinds:
            self._kinds[name] = self._kind(name)
        return self._kinds[name]

    def _kind(self, name: str) -> MentionKind | None:
        if is_area(name):
            return MentionKind.PLACE
        people = directory(self.library)
        known = people.kind_of(name)
        if known:
            return known
        kinds: Counter[MentionKind] = Counter()
        for one in people.meant_by(name):
            party = people.party(one)
            if party and party.kind:
                kinds[party.kind] += party.statements
        votes = kinds or self._mentioned(name)
        return votes.most_common(1)[0][0] if votes else None

    def _mentioned(self, name: str) -> Counter[MentionKind]:
        """Count what the mentions of a name in some articles were read as."""
        store, key = self.library.store, body_key(name)
        found: Counter[MentionKind] = Counter()
        for article in store.count_mentioning([name])[:_ARTICLES_READ]:
            found.update(one.kind for one in store.mentions(article) if body_key(one.name) == key)
        return found

    def gender(self, name: str) -> Gender | None:
        """Return a person's gender as first names, titles and pronouns in the articles tell it."""
        if name not in self._genders:
            self._genders[name] = parse_name(name).gender or self._written_gender(name)
        return self._genders[name]

    def _written_gender(self, name: str) -> Gender | None:
        people = directory(self.library)
        meant = people.meant_by(name)
        for one in meant:
            gender = parse_name(one).gender
            if gender:
                return gender
        forms = {body_key(form) for form in people.forms(meant)} | {body_key(name)}
        votes: Counter[Gender] = Counter()
        store = self.library.store
        for article in store.count_mentioning([name.split()[-1]])[:_ARTICLES_READ]:
            text = store.text(article)
            for mention in store.mentions(article):
                if body_key(mention.name) in forms:
                    votes.update(_told_by(text[max(0, mention.start - 6) : mention.end]))
            for statement in store.analysis(article).statements:
                span = statement.speaker_span
                if span and body_key(statement.speaker) in forms:
                    votes.update(_told_by(span.of(text)))
        return votes.most_common(1)[0][0] if votes else None


def _told_by(words: str) -> list[Gender]:
    """Return the gender that a title or pronoun tells: "Ms. Ito" and "she" -> f."""
    if re.search(r"\b(?:Mr\.?|[Hh]e|[Hh]is|[Hh]im)(?=\s|$)", words):
        return ["m"]
    return ["f"] if re.search(r"\b(?:Mrs\.?|Ms\.?|[Ss]he|[Hh]er)(?=\s|$)", words) else []
