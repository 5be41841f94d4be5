"""Whose "I" a quotation holds: the speaker whom the ledger of statements knows. Pure."""

from index.patterns import regex
from index.schema import UNCLEAR, Mention, MentionKind, Voice
from qa.referring.people import PRONOUN
from qa.referring.setting import Setting

_OWN = regex(r"\b(?:I|my|me|My)\b(?![’'-]?\.)")


def speaker_meant(setting: Setting, start: int, end: int) -> tuple[int, int, tuple[Mention, ...]] | None:
    """Return the place of "I" in a quotation of a range, and where its speaker is named.

    The ledger's reading is taken where the paragraph of the quotation, or else the one before it, names
    nobody else outside quotations, and where no "he said" in the range says who speaks.
    """
    own = next(
        (one for one in _OWN.finditer(setting.text, start, end) if setting.is_quoted(one.start())), None
    )
    says = any(not setting.is_quoted(one.start()) for one in PRONOUN.finditer(setting.text, start, end))
    if own is None or says:
        return None
    heard = [
        one
        for one in setting.statements
        if one.start <= own.start() < one.end and one.voice is Voice.DIRECT and one.confidence >= UNCLEAR
    ]
    speakers = {one.speaker for one in heard}
    named = _named_around(setting, own.start())
    if len(speakers) != 1 or {one.name for one in named} != speakers:
        return None
    return own.start(), own.end(), (named[-1],)


def _named_around(setting: Setting, at: int) -> list[Mention]:
    """Return the people named in the paragraph of a place, or else in the one before it."""
    number = setting.sentences[setting.number_at(at)].paragraph
    for paragraph in (number, number - 1):
        inside = [one for one in setting.sentences if one.paragraph == paragraph]
        if inside:
            named = setting.named(inside[0].start, inside[-1].end, MentionKind.PERSON)
            if named:
                return named
    return []
