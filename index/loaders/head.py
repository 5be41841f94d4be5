"""Metadata in a saved page's markup: JSON-LD, OpenGraph, meta tags, time elements, each with its source."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from index.loaders.fields import date_of, names_of, text_of
from index.names import split_names
from index.schema import Metadata, Sourced

Element: TypeAlias = Any  # lxml has no types

_ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|Report|Review)$")
_AUTHOR_TAGS = (
    "author byl parsely-author sailthru.author dc.creator dcterms.creator article:author citation_author "
    "twitter:creator:name"
).split()
_DATE_TAGS = (
    "article:published_time datepublished parsely-pub-date sailthru.date article.published dc.date.issued "
    "dcterms.created publishdate publish-date publish_date publication_date pubdate ptime article:published "
    "cxenseparse:recs:publishtime originalpublicationdate published_time date dc.date displaydate "
    "citation_publication_date og:published_time article_date_original"
).split()
_TITLE_SUFFIX = re.compile(r"\s+(?:[|–—·•»-]|::)\s+[^|–—·•»]{2,40}$")


def read_head(tree: Element) -> Metadata:
    """Read the metadata of a page; the most explicit source wins: JSON-LD, OpenGraph, meta tags, markup."""
    articles = list(_json_articles(tree))
    tags = _meta_tags(tree)
    return Metadata(
        title=_first(_titles(tree, articles, tags)),
        authors=next((names for names in _authors(tree, articles, tags) if names), ()),
        outlet=_first(_outlets(articles, tags)),
        published=_first(_dates(tree, articles, tags)),
        url=_first(_urls(tree, articles, tags)),
    )


def _first(candidates: Iterator[tuple[str | None, str]]) -> Sourced | None:
    for value, source in candidates:
        cleaned = " ".join(html.unescape(value or "").split())
        if cleaned:
            return Sourced(cleaned, source)
    return None


def _titles(
    tree: Element, articles: list[Mapping[str, Any]], tags: Mapping[str, str]
) -> Iterator[tuple[str | None, str]]:
    for article in articles:
        yield text_of(article.get("headline")), "JSON-LD"
    yield _without_suffix(tags.get("og:title"), tags), "OpenGraph"
    headings = [_text(one) for one in tree.iter("h1")][:10]
    filled = [one for one in headings if one]
    if len(filled) == 1:
        yield filled[0], "heading"
    yield _without_suffix(tags.get("twitter:title"), tags), "meta tag"
    title = tree.find(".//title")
    if title is not None:
        yield _TITLE_SUFFIX.sub("", _text(title)[:300]), "title tag"


def _without_suffix(title: str | None, tags: Mapping[str, str]) -> str | None:
    """Take the outlet's own name off a title's end ("Story - The Daily")."""
    site = tags.get("og:site_name")
    if not title or not site:
        return title
    ending = re.search(r"\s*[|–—·-]\s*([^|–—·-]{2,60})$", title)
    return title[: ending.start()] if ending and ending[1].strip().lower() == site.strip().lower() else title


def _authors(
    tree: Element, articles: list[Mapping[str, Any]], tags: Mapping[str, str]
) -> Iterator[tuple[Sourced, ...]]:
    for article in articles:
        yield _sourced(names_of(article.get("author")) or names_of(article.get("creator")), "JSON-LD")
    for tag in _AUTHOR_TAGS:
        yield _sourced(
            split_names(tags.get(tag, "")), "OpenGraph" if tag.startswith("article:") else "meta tag"
        )
    for path in (".//*[@itemprop='author']", ".//a[@rel='author']", ".//*[@class='author-name']"):
        element = tree.find(path)  # the first one: those below wrote comments and other stories
        text = _text(element) if element is not None else ""
        yield _sourced(split_names(text) if len(text) < 120 else (), "byline markup")


def _sourced(names: Iterable[str], source: str) -> tuple[Sourced, ...]:
    unescaped = (" ".join(html.unescape(name).split()) for name in names)
    return tuple(Sourced(name, source) for name in dict.fromkeys(unescaped) if name)


def _outlets(articles: list[Mapping[str, Any]], tags: Mapping[str, str]) -> Iterator[tuple[str | None, str]]:
    yield tags.get("og:site_name"), "OpenGraph"
    for article in articles:
        yield text_of(article.get("publisher")), "JSON-LD"
    for tag in ("application-name", "dc.publisher", "publisher", "cre"):
        yield tags.get(tag), "meta tag"


def _dates(
    tree: Element, articles: list[Mapping[str, Any]], tags: Mapping[str, str]
) -> Iterator[tuple[str | None, str]]:
    for article in articles:
        yield date_of(article.get("datePublished")), "JSON-LD"
    for tag in _DATE_TAGS:
        yield date_of(tags.get(tag)), "OpenGraph" if tag.startswith(("article:", "og:")) else "meta tag"
    for path in (
        ".//*[@itemprop='datePublished']",
        ".//time[@pubdate]",
        ".//article//time",
        ".//header//time",
    ):
        element = tree.find(path)
        if element is not None:
            yield date_of(element.get("datetime") or element.get("content") or _text(element)), "time element"
    times = {date_of(element.get("datetime") or "") for element in tree.iter("time")}
    if len(times) == 1:
        yield next(iter(times)), "time element"


def _urls(
    tree: Element, articles: list[Mapping[str, Any]], tags: Mapping[str, str]
) -> Iterator[tuple[str | None, str]]:
    link = tree.find(".//link[@rel='canonical']")
    yield _web(link.get("href") if link is not None else None), "canonical link"
    yield _web(tags.get("og:url")), "OpenGraph"
    for article in articles:
        page = article.get("mainEntityOfPage")
        yield _web(text_of(page.get("@id")) if isinstance(page, Mapping) else text_of(page)), "JSON-LD"
        yield _web(text_of(article.get("url"))), "JSON-LD"


def _web(url: str | None) -> str | None:
    return url.strip() if url and url.strip().startswith(("http://", "https://")) else None


def _meta_tags(tree: Element) -> dict[str, str]:
    tags: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content:
            tags.setdefault(name.strip().lower(), content[:2000])
    return tags


def _json_articles(tree: Element) -> Iterator[Mapping[str, Any]]:
    """Yield the article objects of the page's JSON-LD, whatever they are nested in."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        content = re.sub(r"^\s*(?://\s*)?<!\[CDATA\[|(?://\s*)?\]\]>\s*$", "", script.text or "").strip()
        try:
            value = json.loads(content.rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        for one in _flat(value, 0):
            types = one.get("@type")
            names = types if isinstance(types, list) else [types]
            if any(isinstance(name, str) and _ARTICLE_TYPES.search(name) for name in names):
                yield one


def _flat(value: object, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > 4:
        return
    if isinstance(value, list):
        for one in value[:200]:
            yield from _flat(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "itemListElement"):
            yield from _flat(value.get(key), depth + 1)


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
