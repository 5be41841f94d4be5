"""The names that rows and front matter use for an article's text and metadata. Pure."""

from collections.abc import Mapping
from typing import Any

from index.dates import from_timestamp, parse_date
from index.schema import Metadata, Sourced

TEXT = (
    "text",
    "body",
    "content",
    "articlebody",
    "article_body",
    "article",
    "article_text",
    "full_text",
    "fulltext",
    "maintext",
)
TITLE = ("title", "headline", "name")
AUTHORS = ("author", "authors", "byline", "creator", "by")
PUBLISHED = (
    "published", "date", "publish_date", "published_at", "publishedat", "datepublished", "date_published",
    "publication_date", "published_date", "pubdate", "pub_date", "date_publish",
)  # fmt: skip
OUTLET = ("outlet", "source", "publisher", "publication", "site", "site_name", "newspaper")
URL = ("url", "link", "canonical", "canonical_url", "source_url", "web_url", "weburl")
IDENTITY = ("id", "_id", "uid", "guid")

_NOBODY = {"", "none", "null", "nan", "n/a", "unknown", "staff", "admin", "-"}


def value_of(fields: Mapping[str, Any], names: tuple[str, ...]) -> object:
    """Return the first filled field among `names`, compared without case; None when there is none."""
    folded = {str(key).strip().lower(): value for key, value in fields.items()}
    return next((folded[name] for name in names if folded.get(name) not in (None, "", [], {})), None)


def hints_from(fields: Mapping[str, Any], source: str | None = None) -> Metadata:
    """Read metadata from named fields; `source` says where they stand ("column title" when it is None)."""

    def sourced(value: str | None, names: tuple[str, ...]) -> Sourced | None:
        return Sourced(value, source or f"column {_name_used(fields, names)}") if value else None

    url = text_of(value_of(fields, URL))
    authors = [name for name in names_of(value_of(fields, AUTHORS)) if name.lower() not in _NOBODY]
    outlet = text_of(value_of(fields, OUTLET))
    return Metadata(
        title=sourced(text_of(value_of(fields, TITLE)), TITLE),
        authors=tuple(one for one in (sourced(name, AUTHORS) for name in authors) if one),
        outlet=sourced(outlet if outlet.lower() not in _NOBODY else None, OUTLET),
        published=sourced(date_of(value_of(fields, PUBLISHED)), PUBLISHED),
        url=sourced(url if url.startswith(("http://", "https://")) else None, URL),
    )


def text_of(value: object) -> str:
    """Return a field's text on one line; of an object, its "name"."""
    if isinstance(value, Mapping):
        value = value_of(value, ("name", "title", "value", "@value"))
    if isinstance(value, list):
        value = value[0] if value else None
    return " ".join(str(value).split())[:2000] if isinstance(value, str | int | float) else ""


def names_of(value: object) -> list[str]:
    """Return the names in an author field: a list, an object with "name", or "By A, B and C"."""
    from index.names import split_names

    if isinstance(value, list):
        return [name for one in value[:40] for name in names_of(one)]
    return split_names(text_of(value))


def date_of(value: object) -> str | None:
    """Return a field's date in ISO 8601: written dates, ISO dates, and seconds since 1970."""
    if isinstance(value, Mapping):
        value = value_of(value, ("$date", "value", "@value"))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return from_timestamp(value) if value > 1e8 else None
    if isinstance(value, str):
        stripped = value.strip()
        if stripped.isdigit() and len(stripped) in (10, 13):
            return from_timestamp(int(stripped))
        if stripped.isdigit() and len(stripped) == 8:
            stripped = f"{stripped[:4]}-{stripped[4:6]}-{stripped[6:]}"
        return parse_date(stripped)
    return None


def _name_used(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    filled = {str(key).strip().lower() for key, value in fields.items() if value not in (None, "", [], {})}
    return next((name for name in names if name in filled), names[0])
