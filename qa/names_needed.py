"""Which of a question's names an article must hold to answer it. Pure."""

import re
from collections.abc import Sequence

from index.patterns import regex
from qa.verify.naming import names_of

__all__ = ["bare_name", "is_taken_for_granted", "names_needed"]

_ADDED = regex(r"-(?:area|based|born|led|backed|style|era|owned|made|run|wide)$", re.I)
_HOME = frozenset("us usa america american americans uk britain british".split())
"""Countries whose papers seldom name them; a sentence without them may still be about them."""


def is_taken_for_granted(name: str) -> bool:
    """Whether a name is that of a country that an article may be about without naming it."""
    return name.lower().replace(".", "") in _HOME


def names_needed(question: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return those of a question's names that an article must hold to answer it, as whole words.

    Left out are countries that papers take for granted, and a word that only opens a sentence.

    Example:
        >>> names_needed("Which New York-area airport shut?", ["New York-area"])
        ('New York',)
        >>> names_needed("Excitement is building. Where will the World Cup be?", ["Excitement", "World Cup"])
        ('World Cup',)
    """
    openers = {named.text for named in names_of(question) if not named.sure}
    needed = (bare_name(_whole(question, name)) for name in names if name not in openers)
    return tuple(name for name in needed if not is_taken_for_granted(name))


def bare_name(name: str) -> str:
    """Return a name without what a hyphen adds to it: "New York-area" -> "New York"."""
    return _ADDED.sub("", name)


def _whole(question: str, name: str) -> str:
    """Return a name with the letters before it: of "iPhone" it may begin at the capital letter."""
    found = re.search(rf"(?<!\w)\w*{re.escape(name)}(?!\w)", question)
    return found.group() if found else name
