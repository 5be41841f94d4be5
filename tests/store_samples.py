"""Small articles and a deterministic embedder for the tests of the store and of ingest."""

import hashlib
import os
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index import duplicates
from index.cluster.manifest import read_manifest
from index.cluster.opening import open_cluster_store
from index.cluster.ray_serving import serve
from index.cluster.workshop import make_cluster
from index.config import IndexConfig
from index.identity import article_id
from index.library import Library
from index.schema import (
    Analysis,
    Article,
    ArticleRecord,
    Chunk,
    Filter,
    Mention,
    MentionKind,
    Metadata,
    Sentence,
    Sourced,
    Stance,
    Statement,
    Voice,
)
from index.stores.database import create_database
from index.stores.found import Sought
from index.stores.local import LocalStore
from index.stores.lock import WriteLock
from index.stores.protocol import Source, Store

DIMENSION = 16
SPACE = "test-words-16"


class WordsEmbedder:
    """Adds up a fixed random vector for each word: equal texts get equal vectors, bit for bit."""

    space = SPACE
    dimension = DIMENSION

    def embed(self, texts: Sequence[str]):
        rows = np.stack([self._one(text) for text in texts]) if texts else np.zeros((0, DIMENSION))
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def _one(self, text: str):
        total = np.full(DIMENSION, 1e-3)
        for word in text.lower().split():
            seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "little")
            total += np.random.default_rng(seed).normal(size=DIMENSION)
        return total


UNKNOWN = Metadata()


def metadata(title=None, outlet=None, published=None, authors=(), url=None) -> Metadata:
    def sourced(value):
        return None if value is None else Sourced(value, "test")

    return Metadata(
        sourced(title),
        tuple(sourced(name) for name in authors),
        sourced(outlet),
        sourced(published),
        sourced(url),
    )


def sentences_of(text: str) -> tuple[Sentence, ...]:
    """Every line of the text is a sentence and a paragraph."""
    found, start = [], 0
    for number, line in enumerate(text.split("\n")):
        if line:
            found.append(Sentence(start, start + len(line), number))
        start += len(line) + 1
    return tuple(found)


def record_of(
    text: str, about: Metadata = UNKNOWN, *, file: str = "a.txt", raw: str | None = None, removed=()
):
    """A record with one chunk a line, a mention of each capitalised word and one statement a line."""
    sentences = sentences_of(text)
    chunks = tuple(Chunk(sentence.start, sentence.end, 5) for sentence in sentences)
    mentions = tuple(
        Mention(sentence.start, sentence.start + 1, MentionKind.PERSON, text[sentence.start])
        for sentence in sentences
    )
    statements = tuple(
        Statement(
            sentence.start,
            sentence.end,
            "Ann",
            "Bob",
            Stance.PRAISE if place % 2 else Stance.CRITICISE,
            1,
            Voice.DIRECT,
            "said",
        )
        for place, sentence in enumerate(sentences)
    )
    article = Article(article_id(text), file, about, text, text if raw is None else raw, removed)
    heading = about.title.value if about.title else ""
    vectors = WordsEmbedder().embed([f"{heading} {text[chunk.start : chunk.end]}" for chunk in chunks])
    return ArticleRecord(
        article, sentences, chunks, vectors, Analysis(mentions, statements), duplicates.signature(text)
    )


def source_of(key: str, about: Metadata = UNKNOWN, *, file: str | None = None) -> Source:
    return Source(
        key, file or Path(key).name, key.split("#")[0], hashlib.sha256(key.encode()).hexdigest(), about
    )


def new_store(folder: Path) -> LocalStore:
    """An empty library, opened for writing without a lock."""
    folder.mkdir(parents=True, exist_ok=True)
    create_database(folder, IndexConfig(model="test"), SPACE, DIMENSION)
    return LocalStore.open(folder, write=True)


def ingest_library(folder: Path) -> Library:
    """A library open for writing, with the test embedder and no language pipeline; made when missing."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = WriteLock(folder)
    if not (folder / "library.sqlite").exists():
        new_store(folder).close()
    store = LocalStore.open(folder, write=True)
    return Library(
        folder, store, lock=lock, embedder=WordsEmbedder(), analyse=lambda _text, _sentences: Analysis()
    )


def article(number):
    """A small article of its own words; every third is a near-copy of the one before."""
    base = number - 1 if number % 3 == 2 else number
    lines = [
        " ".join(f"w{base * 977 % 8191 + place * 7 + line * 31}" for place in range(40)) for line in range(2)
    ]
    about = metadata(f"Title {number}", "The Post", "2025-03-04")
    return record_of("\n".join([*lines, f"The end of number {number}."]), about), source_of(
        f"/k/{number}", about
    )


ARTICLES = [article(number) for number in range(30)]


WORDS = (
    "tariff senate budget praised minister storm harbour election 1,242 C5+1 U.S. Erdoğan market vote".split()
)
OUTLETS = ("The Post", "The Herald", None)


def worded_articles(count, seed=3):
    """Articles of three lines each with outlets, authors and dates of every kind, some missing."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        text = "\n".join(" ".join(chance.choices(WORDS, k=9)) + f" n{number}" for _ in range(3))
        about = metadata(
            f"Title {number}" if number % 4 else None,
            OUTLETS[number % 3],
            None if number % 5 == 0 else f"2025-{number % 12 + 1:02d}-{number % 28 + 1:02d}T08:00:00Z",
            ("Ann Lee", "Bo Rye")[: number % 3],
        )
        made.append((record_of(text, about, file=f"{number}.txt"), source_of(f"/n/{number}.txt", about)))
    return made


class LibraryForTest:
    """A store opened for writing under the lock, as a command does."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        self.lock = WriteLock(self.folder)
        self.store = LocalStore.open(self.folder, write=True)
        return self.store

    def __exit__(self, *_):
        self.store.close()
        self.lock.release()


COUNCIL_TEXT = (
    "The council of {name} voted on Monday to raise the harbour tax by {number} percent.\n\nIt said no more."
)
"""The text of a small article."""


def settle(path, seconds=100):
    """Give a file an older time: one that was changed just now is not trusted to stay as it is."""
    then = time.time() - seconds
    os.utime(path, (then, then))


class LocalStores:
    """The store of one folder, as the contract suite makes it."""

    name = "local"

    @staticmethod
    def new(folder: Path) -> Store:
        """An empty library, opened for writing."""
        return new_store(folder)

    @staticmethod
    def open(folder: Path) -> Store:
        """The same library, opened for reading."""
        return LocalStore.open(folder)

    @staticmethod
    def reading(store: Store, folder: Path) -> Store:  # noqa: ARG004
        """What reads the articles that `store` has written."""
        return store

    @staticmethod
    def publish(store: Store) -> None:
        """Let readers see what was written, where they do not at once."""

    @staticmethod
    def databases(folder: Path) -> list[Path]:
        """The files that hold the articles as they are now."""
        return [folder / "library.sqlite"]


class ShardedStores:
    """The store of three folders, as the contract suite makes it."""

    name = "sharded"

    @staticmethod
    def new(folder: Path) -> Store:
        """An empty cluster library, opened for writing."""
        folder.mkdir(parents=True, exist_ok=True)
        make_cluster(folder, shards=3, config=IndexConfig(model="test"), space=SPACE, dimension=DIMENSION)
        return open_cluster_store(folder, write=True)

    @staticmethod
    def open(folder: Path) -> Store:
        """The same library, opened for reading."""
        return open_cluster_store(folder)

    @staticmethod
    def reading(store: Store, folder: Path) -> Store:  # noqa: ARG004
        """What reads the articles that `store` has written."""
        return store

    @staticmethod
    def publish(store: Store) -> None:
        """Let readers see what was written."""
        store.save(shrink=True)

    @staticmethod
    def databases(folder: Path) -> list[Path]:
        """The files that hold the articles as they are now."""
        return [folder / entry.path / "library.sqlite" for entry in read_manifest(folder).shards]


class RayStores(ShardedStores):
    """The same three folders, read through replicas on Ray nodes."""

    name = "ray"

    @staticmethod
    def reading(store: Store, folder: Path) -> Store:
        """Replicas on the nodes that `ray_nodes.joined` has started."""
        from ray_nodes import joined

        store.save()
        nodes = joined()
        serve(nodes.ray, folder, 2)
        return open_cluster_store(folder, address=nodes.address)


def holding(store, phrase, chunks):
    """Those of these chunks that hold a phrase, as a set."""
    found = store.find(Sought((phrase,), None, (phrase,), 1_000_000, Filter()))
    return set(found.chunks[found.holding[0]].tolist()) & set(chunks)


def chunks_of(store, identity):
    """All chunks of one article, in order."""
    found = [chunk for chunk in store.chunks(range(CHUNKS_IN_TESTS)) if chunk.article == identity]
    return sorted(found, key=lambda chunk: chunk.ordinal)


CHUNKS_IN_TESTS = 10_000
"""No test has a chunk of this number."""
