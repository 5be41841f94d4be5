"""Stretches of words around a noun, read from the parse alone."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Span, Token


def words_behind_owner(token: "Token") -> int:
    """Return where the words of "trade truce" begin in "Mr. Trump's trade truce"."""
    begin = token.i
    while begin > token.left_edge.i and token.doc[begin - 1].dep_ in ("compound", "amod", "nummod", "punct"):
        begin -= 1
    return begin


def phrase_of(token: "Token") -> "Span":
    """Return the noun phrase without what follows its head, but with "of Uzbekistan"."""
    end = token.i + 1
    for child in token.rights:
        if child.dep_ == "prep" and child.lower_ in ("of", "for") and child.right_edge.i - token.i <= 5:
            end = child.right_edge.i + 1
    return token.doc[min(token.left_edge.i, token.i) : end]
