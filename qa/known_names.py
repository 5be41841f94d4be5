"""What a library knows of the names in a conversation: whom or what they name."""

from collections import Counter
from collections.abc import Sequence

from index.library import Library
from index.people import directory
from index.schema import MentionKind
from index.statements.names import Gender, is_body, parse_name


class LibraryNames:
    """Looks names up in a library when they are asked for; nothing is read before.

    Args:
        library: An open library.
    """

    def __init__(self, library: Library) -> None:
        self.library = library

    @property
    def outlets(self) -> Sequence[str]:
        """The library's outlets, those with most articles first."""
        return tuple(name for name, _ in self.library.store.outlets())

    def kind(self, name: str) -> MentionKind | None:
        """Return what a name names, by its fullest bearer in the library; None where it is not known."""
        people = directory(self.library)
        known = people.kind_of(name)
        if known:
            return known
        kinds = Counter(
            {
                kind: people.parties[one].statements
                for one in people.meant_by(name)
                if (kind := people.kind_of(one))
            }
        )
        if kinds:
            return kinds.most_common(1)[0][0]
        return MentionKind.ORGANISATION if is_body(name) else None

    def gender(self, name: str) -> Gender | None:
        """Return a person's gender as the titles and first names they are written with tell it."""
        own = parse_name(name).gender
        if own:
            return own
        people = directory(self.library)
        votes: Counter[Gender] = Counter()
        for meant in people.meant_by(name):
            for form, count in people.parties[meant].forms:
                gender = parse_name(form).gender
                if gender:
                    votes[gender] += count
        return votes.most_common(1)[0][0] if votes else None
