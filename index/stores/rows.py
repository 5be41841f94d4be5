"""Records to rows of `library.sqlite` and back. Pure."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from index.schema import (
    ArticleCard,
    Mention,
    MentionKind,
    Metadata,
    RemovalReason,
    Removed,
    Sourced,
    Span,
    Stance,
    Statement,
    Voice,
)

FIELDS = ("title", "outlet", "published", "url")


def metadata_to_json(metadata: Metadata) -> str:
    """Return metadata as JSON with sorted keys, each value beside its source."""
    found: dict[str, Any] = {"authors": [[author.value, author.source] for author in metadata.authors]}
    for name in FIELDS:
        sourced: Sourced | None = getattr(metadata, name)
        found[name] = None if sourced is None else [sourced.value, sourced.source]
    return json.dumps(found, ensure_ascii=False, sort_keys=True)


def metadata_from_json(text: str) -> Metadata:
    """Return what `metadata_to_json` was given."""
    found = json.loads(text)
    single = {name: Sourced(*found[name]) if found[name] else None for name in FIELDS}
    return Metadata(authors=tuple(Sourced(*author) for author in found["authors"]), **single)


def merge_metadata(from_sources: Iterable[tuple[str, Metadata]]) -> Metadata:
    """Return one metadata for an article found in several places.

    Each field comes from the first source by key that has it, so the order of adding never matters. A value
    that was derived (a title made from the lead) yields to one that a page states.

    Args:
        from_sources: Pairs of source key and that source's metadata.
    """
    ordered = [metadata for _, metadata in sorted(from_sources, key=lambda pair: pair[0])]
    single: dict[str, Sourced | None] = {}
    for name in FIELDS:
        values = [value for metadata in ordered if (value := getattr(metadata, name)) is not None]
        single[name] = min(values, key=lambda value: value.source.startswith("derived"), default=None)
    authors = next((metadata.authors for metadata in ordered if metadata.authors), ())
    return Metadata(authors=authors, **single)


def removed_to_json(removed: Sequence[Removed]) -> str:
    """Return removed spans as JSON."""
    return json.dumps([[span.start, span.end, span.reason.value] for span in removed])


def removed_from_json(text: str) -> tuple[Removed, ...]:
    """Return what `removed_to_json` was given."""
    return tuple(Removed(start, end, RemovalReason(reason)) for start, end, reason in json.loads(text))


def card_from_row(row: Sequence[Any]) -> ArticleCard:
    """Return a card from a row of `CARD_COLUMNS`."""
    identity, file, title, outlet, published, url, group, authors = row
    names = tuple(name for _, name in sorted(json.loads(authors)))
    return ArticleCard(identity, file, title or file, names, outlet, published, url, group)


CARD_COLUMNS = """
    articles.id, articles.file, articles.title, articles.outlet, articles.published, articles.url,
    articles.group_id,
    (SELECT json_group_array(json_array(authors.ordinal, authors.name))
     FROM authors WHERE authors.article = articles.number)
"""


# Looking a member up in a dictionary takes a tenth of calling its class, and a question reads thousands.
_KINDS = {kind.value: kind for kind in MentionKind}
_STANCES = {stance.value: stance for stance in Stance}
_VOICES = {voice.value: voice for voice in Voice}


def mention_from_row(row: Sequence[Any]) -> Mention:
    """Return a mention from the columns start, end, kind, name."""
    start, end, kind, name = row
    return Mention(start, end, _KINDS[kind], name)


STATEMENT_COLUMNS = (
    "start, end, speaker, target, stance, strength, voice, cue, speaker_start, speaker_end, "
    "target_start, target_end, cue_start, cue_end, reported_by, speaker_kind, target_kind, confidence"
)


def statement_to_row(statement: Statement) -> tuple[Any, ...]:
    """Return a statement as the values of `STATEMENT_COLUMNS`."""
    spans: list[int | None] = []
    for span in (statement.speaker_span, statement.target_span, statement.cue_span):
        spans += [None, None] if span is None else [span.start, span.end]
    return (
        statement.start,
        statement.end,
        statement.speaker,
        statement.target,
        statement.stance.value,
        statement.strength,
        statement.voice.value,
        statement.cue,
        *spans,
        statement.reported_by,
        statement.speaker_kind.value if statement.speaker_kind else None,
        statement.target_kind.value if statement.target_kind else None,
        float(statement.confidence),
    )


def statement_from_row(row: Sequence[Any]) -> Statement:
    """Return a statement from the values of `STATEMENT_COLUMNS`."""
    start, end, speaker, target, stance, strength, voice, cue = row[:8]
    speaker_start, speaker_end, target_start, target_end, cue_start, cue_end = row[8:14]
    reported_by, speaker_kind, target_kind, confidence = row[14:]
    return Statement(
        start,
        end,
        speaker,
        target,
        _STANCES[stance],
        strength,
        _VOICES[voice],
        cue,
        speaker_span=None if speaker_start is None else Span(speaker_start, speaker_end),
        target_span=None if target_start is None else Span(target_start, target_end),
        cue_span=None if cue_start is None else Span(cue_start, cue_end),
        reported_by=reported_by,
        speaker_kind=_KINDS[speaker_kind] if speaker_kind else None,
        target_kind=_KINDS[target_kind] if target_kind else None,
        confidence=confidence,
    )
