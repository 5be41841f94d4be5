"""Large libraries out of the texts and vectors of a real one, written as articles are always written.

    python -m benchmarks.speed.synthetic --base LIBRARY --chunks 100000 --out DIR

An article is made of chunks of real articles drawn at random, in each of which some sentences are exchanged
for others, with the names and statements that had been found in those sentences. A chunk's vector is that of
the real chunk with noise: a share of the difference of two other real vectors, so that the noise has the
shape of the vectors themselves. The words of a large library are those of the real one, so its rare words
have longer lists than they would have among as many real articles: searching by words is harder here.

Article n is the same whenever it is made: a library can be made larger, and one that was interrupted goes on.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from index.chunk import heading
from index.config import IndexConfig
from index.errors import InputError
from index.identity import article_id
from index.library import Library
from index.records import Draft, finish
from index.schema import (
    Analysis,
    Article,
    Chunk,
    Mention,
    Metadata,
    Sentence,
    Sourced,
    Span,
    Statement,
    Vectors,
)
from index.stores.local import LocalStore
from index.stores.protocol import Source
from index.tokens import count_many

EXCHANGED = 0.25
"""Share of the sentences of a chunk that are exchanged for others."""
LEAST_NOISE, MOST_NOISE = 0.35, 0.75
"""The noise is so much of the difference of two vectors; about .95 to .8 in cosine."""
FIRST_DAY, DAYS = date(2020, 1, 1), 2000
WRITTEN_AT_ONCE = 500
"""Articles after which progress is told."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence of a real article, with what was found in it; all places count from its beginning."""

    text: str
    tokens: int
    mentions: tuple[Mention, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """What synthetic articles are drawn from.

    Attributes:
        units: For each real chunk, the numbers of its sentences in `phrases`.
        phrases: All sentences of all chunks, each once.
        vectors: The vector of each chunk, shape (units, dimension).
        lengths: How many chunks each real article has.
        metadata: The metadata of each real article.
    """

    units: tuple[tuple[int, ...], ...]
    phrases: tuple[Phrase, ...]
    vectors: Vectors
    lengths: tuple[int, ...]
    metadata: tuple[Metadata, ...]


def read_pool(library: Library) -> Pool:
    """Read the articles of a library, with their vectors.

    Raises:
        InputError: It holds no chunk of whole sentences.
    """
    units: list[tuple[int, ...]] = []
    phrases: list[Phrase] = []
    rows: list[np.ndarray] = []
    lengths: list[int] = []
    metadata: list[Metadata] = []
    for card in library.store.articles():
        article = library.store.article(card.id)
        chunks = _chunks_of(library, card.id)
        lengths.append(len(chunks))
        metadata.append(article.metadata)
        sentences = library.store.sentences(card.id)
        first = len(phrases)
        phrases += _phrases(article.text, sentences, library.store.analysis(card.id))
        for start, end, vector in chunks:
            inside = [
                first + place
                for place, sentence in enumerate(sentences)
                if start <= sentence.start and sentence.end <= end
            ]
            if inside:
                units.append(tuple(inside))
                rows.append(vector)
    if not units:
        raise InputError(f"The library {library.path} holds no articles to draw from.", "Add some first.")
    return Pool(tuple(units), tuple(phrases), np.asarray(rows, np.float32), tuple(lengths), tuple(metadata))


def _chunks_of(library: Library, identity: str) -> list[tuple[int, int, np.ndarray]]:
    """Return start, end and vector of each chunk of an article; the vectors are read where they are kept."""
    found = _local(library).database.rows(
        "SELECT chunks.start, chunks.end, chunks.vector FROM chunks "
        "JOIN articles ON articles.number = chunks.article WHERE articles.id = ? ORDER BY chunks.ordinal",
        (identity,),
    )
    kind = {4: "<f4", 2: "<f2"}
    size = _local(library).dimension
    return [
        (start, end, np.frombuffer(vector, dtype=kind[len(vector) // size]).astype(np.float32))
        for start, end, vector in found
    ]


def _local(library: Library) -> LocalStore:
    """Return the store of a library in a folder of this machine.

    Raises:
        InputError: It is of another kind.
    """
    if not isinstance(library.store, LocalStore):
        raise InputError(f"{library.path} is not a library of one folder.", "Name one that is.")
    return library.store


def _phrases(text: str, sentences: Sequence[Sentence], analysis: Analysis) -> list[Phrase]:
    """Return the sentences of an article, each with the mentions and statements that lie wholly in it."""
    mentions, statements = _within(sentences, analysis)
    words = [text[sentence.start : sentence.end] for sentence in sentences]
    return [
        Phrase(
            words[place],
            tokens,
            tuple(_moved_mention(one, -sentence.start) for one in mentions[place]),
            tuple(_moved_statement(one, -sentence.start) for one in statements[place]),
        )
        for place, (sentence, tokens) in enumerate(zip(sentences, count_many(words), strict=True))
    ]


def _within(
    sentences: Sequence[Sentence], analysis: Analysis
) -> tuple[list[list[Mention]], list[list[Statement]]]:
    """Return, for each sentence, what lies wholly within it."""
    starts = np.array([sentence.start for sentence in sentences], dtype=np.int64)
    mentions: list[list[Mention]] = [[] for _ in sentences]
    statements: list[list[Statement]] = [[] for _ in sentences]
    for mention in analysis.mentions:
        place = int(np.searchsorted(starts, mention.start, side="right")) - 1
        if place >= 0 and mention.end <= sentences[place].end:
            mentions[place].append(mention)
    for statement in analysis.statements:
        place = int(np.searchsorted(starts, statement.start, side="right")) - 1
        spans = (statement.speaker_span, statement.target_span, statement.cue_span)
        bounds = (Span(statement.start, statement.end), *(span for span in spans if span))
        if place >= 0 and all(
            sentences[place].start <= one.start and one.end <= sentences[place].end for one in bounds
        ):
            statements[place].append(statement)
    return mentions, statements


def _moved_mention(mention: Mention, by: int) -> Mention:
    # `replace` would take most of the time of making an article.
    return Mention(mention.start + by, mention.end + by, mention.kind, mention.name)


def _moved_statement(statement: Statement, by: int) -> Statement:
    return replace(
        statement,
        start=statement.start + by,
        end=statement.end + by,
        speaker_span=_moved(statement.speaker_span, by),
        target_span=_moved(statement.target_span, by),
        cue_span=_moved(statement.cue_span, by),
    )


def _moved(span: Span | None, by: int) -> Span | None:
    return None if span is None else Span(span.start + by, span.end + by)


def make_article(pool: Pool, number: int, seed: int = 0) -> tuple[Draft, Vectors, Analysis]:
    """Return synthetic article `number`: its draft, the vector of each chunk, its names and statements."""
    random = np.random.default_rng((seed, number))
    count = pool.lengths[int(random.integers(len(pool.lengths)))] or 1
    chosen = random.integers(len(pool.units), size=count)
    parts: list[str] = []
    sentences: list[Sentence] = []
    chunks: list[Chunk] = []
    mentions: list[Mention] = []
    statements: list[Statement] = []
    at = 0
    for paragraph, unit in enumerate(chosen.tolist()):
        first, tokens = at, 0
        for phrase in _drawn(pool, unit, random):
            sentences.append(Sentence(at, at + len(phrase.text), paragraph))
            mentions += [_moved_mention(one, at) for one in phrase.mentions]
            statements += [_moved_statement(one, at) for one in phrase.statements]
            parts += [phrase.text, " "]
            tokens += phrase.tokens
            at += len(phrase.text) + 1
        parts[-1] = "\n\n"
        chunks.append(Chunk(first, at - 1, tokens))
        at += 1
    text = "".join(parts[:-1])
    article = Article(article_id(text), f"article-{number}.txt", _metadata(pool, random), text, text)
    passages = tuple(f"{heading(article.metadata)}\n{text[one.start : one.end]}" for one in chunks)
    draft = Draft(article, tuple(sentences), tuple(chunks), passages)
    return draft, _noisy(pool, chosen, random), Analysis(tuple(mentions), tuple(statements))


def _drawn(pool: Pool, unit: int, random: np.random.Generator) -> list[Phrase]:
    """Return the sentences of a chunk, some of them exchanged for any others."""
    kept = np.array(pool.units[unit])
    exchanged = random.random(len(kept)) < EXCHANGED
    kept[exchanged] = random.integers(len(pool.phrases), size=int(exchanged.sum()))
    return [pool.phrases[place] for place in kept.tolist()]


def _noisy(pool: Pool, chosen: np.ndarray, random: np.random.Generator) -> Vectors:
    """Return the vectors of the chosen chunks with noise, of unit length."""
    one, other = random.integers(len(pool.units), size=(2, len(chosen)))
    share = random.uniform(LEAST_NOISE, MOST_NOISE, size=(len(chosen), 1))
    vectors = pool.vectors[chosen] + share * (pool.vectors[one] - pool.vectors[other])
    made: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return made


def _metadata(pool: Pool, random: np.random.Generator) -> Metadata:
    """Return the metadata of a real article under another day."""
    real = pool.metadata[int(random.integers(len(pool.metadata)))]
    day = FIRST_DAY + timedelta(days=int(random.integers(DAYS)))
    return replace(real, published=Sourced(day.isoformat(), "synthetic"))


def grow(folder: Path, base: Path, chunks: int) -> int:
    """Make the library in `folder` of at least so many synthetic chunks, going on where it ends.

    Returns:
        How many articles were written.

    Raises:
        InputError: The base holds nothing, or has another model than the library.
    """
    with Library.open(base) as real:
        pool, model = read_pool(real), real.config.model
    opened = folder / "library.sqlite"
    with Library.open(folder, write=True) if opened.exists() else _created(folder, model) as library:
        if library.config.model != model:
            raise InputError(f"{folder} was made with another model than {base}.", "Choose another folder.")
        # A library that a crash would spoil is made again: nobody waits for the disk, and pages are written
        # once for many articles.
        for setting in ("synchronous = OFF", "cache_size = -400000", "wal_autocheckpoint = 50000"):
            _local(library).database.read().execute(f"PRAGMA {setting}")
        stats = library.store.stats()
        number, there = stats.articles, stats.chunks
        while there < chunks:
            draft, vectors, analysis = make_article(pool, number)
            place = f"synthetic#{number}"
            record = finish(draft, vectors, analysis)
            source = Source(place, record.article.file, "synthetic", place, record.article.metadata)
            library.store.put(record, source)
            number += 1
            there += len(record.chunks)
            if number % WRITTEN_AT_ONCE == 0:
                sys.stderr.write(f"\r{there:,} chunks in {number:,} articles ")
        library.store.save()
    return number - stats.articles


def _created(folder: Path, model: str) -> Library:
    return Library.create(folder, IndexConfig(model=model))


def sized(cache: Path, base: Path, chunks: int) -> Path:
    """Return a synthetic library of so many chunks under `cache`, made where it is absent.

    The largest smaller one is taken as its beginning.
    """
    folder = cache / size_name(chunks)
    done = folder / "complete"
    if done.is_file():
        with Library.open(folder, write=True) as library:
            library.store.save()
        return folder
    smaller = [
        int(marked.read_text(encoding="ascii"))
        for marked in cache.glob("*/complete")
        if int(marked.read_text(encoding="ascii")) < chunks
    ]
    if smaller and not folder.exists():
        half = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(cache / size_name(max(smaller)), half, ignore=shutil.ignore_patterns("complete"))
        half.rename(folder)
    grow(folder, base, chunks)
    done.write_text(str(chunks), encoding="ascii")
    return folder


def size_name(chunks: int) -> str:
    """Return a size as people write it: 10k, 100k, 1m."""
    if chunks % 1_000_000 == 0:
        return f"{chunks // 1_000_000}m"
    return f"{chunks // 1000}k" if chunks % 1000 == 0 else str(chunks)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make one library and print what it took."""
    parser = argparse.ArgumentParser(description="Make a large library out of a real one.")
    parser.add_argument("--base", type=Path, required=True, help="a library of real articles")
    parser.add_argument("--chunks", type=int, required=True, help="how many chunks, at least")
    parser.add_argument("--out", type=Path, required=True, help="folder of all synthetic libraries")
    chosen = parser.parse_args(arguments)
    started, cpu = time.perf_counter(), time.process_time()
    folder = sized(chosen.out, chosen.base, chosen.chunks)
    wall, spent = time.perf_counter() - started, time.process_time() - cpu
    print(f"{folder}: {wall:.1f} s, {spent:.1f} CPU s")


if __name__ == "__main__":
    main()
