"""The articles and questions that every way is measured on."""

import gzip
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.speed.process import ROOT
from index.chunk import budget_for, chunk_sentences
from index.config import IndexConfig
from index.errors import DatelineError, InputError
from index.loaders import discover, load
from index.records import read_page
from index.schema import Page
from index.sentences import split_sentences

SHARED = ROOT.parent / "shared" / "data" / "realtimeqa"
SAMPLES = ROOT / "samples" / "articles"
ROWS = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")


@dataclass(frozen=True, slots=True)
class Plain:
    """An article as the other ways get it: cleaned text, ready to be cut."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """Where articles come from.

    Attributes:
        path: A folder of article files, or one file of rows.
        said: What the report calls it.
    """

    path: Path
    said: str

    @classmethod
    def of(cls, path: Path | None) -> "Corpus":
        """Return the corpus at a path; by default the real articles beside the checkout, else the samples.

        Raises:
            InputError: There is nothing at the path.
        """
        if path is None:
            real = SHARED / "articles.jsonl.gz"
            if real.is_file():
                return cls(real, "real news articles (realtimeqa), as rows of clean text")
            return cls(SAMPLES, "the invented articles of samples/")
        if not path.exists():
            raise InputError(f"There is no file or folder {path}.", "Check the path.")
        return cls(path, path.name)

    @property
    def is_rows(self) -> bool:
        """Whether it is one file with an article a row."""
        return self.path.name.endswith(ROWS)

    def take(self, count: int, folder: Path) -> Path:
        """Write `count` articles, spread over the corpus, into `folder` and return what `index add` is given.

        A corpus of fewer articles gives all it has.
        """
        folder.mkdir(parents=True, exist_ok=True)
        if self.is_rows:
            rows = _spread(list(self._rows()), count)
            target = folder / "articles.jsonl"
            target.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
            return target
        files = _spread(discover([self.path]).files if self.path.is_dir() else (self.path,), count)
        target = folder / "articles"
        target.mkdir(exist_ok=True)
        for number, file in enumerate(files):
            shutil.copy(file, target / f"{number:05d}-{file.name}")
        return target

    def _rows(self) -> Iterator[dict[str, Any]]:
        opened = gzip.open if self.path.suffix == ".gz" else open
        with opened(self.path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    yield json.loads(line)


def _spread(things: Sequence[Any], count: int) -> list[Any]:
    """Return `count` of the things, at equal distances."""
    step = max(1.0, len(things) / max(count, 1))
    return [things[int(place * step)] for place in range(min(count, len(things)))]


def plain(path: Path) -> list[Plain]:
    """Return the articles in what `Corpus.take` gave as the other ways get them."""
    found: list[Plain] = []
    for file in discover([path]).files:
        for page in load(file):
            if not isinstance(page, Page):
                continue
            try:
                article = read_page(page)
            except DatelineError:
                continue
            title = article.metadata.title.value if article.metadata.title else ""
            found.append(Plain(article.id, title, article.text))
    return found


def write_plain(articles: Sequence[Plain], path: Path) -> None:
    """Write articles as rows that need nothing of Dateline to be read."""
    path.write_text("".join(f"{json.dumps(asdict(one))}\n" for one in articles), encoding="utf-8")


def chunks_of(articles: Sequence[Plain], count: int) -> list[str]:
    """Return `count` chunks, spread over the articles, cut as Dateline cuts them."""
    config = IndexConfig()
    chunks = []
    for article in articles:
        budget = budget_for(article.text, config.chunk_tokens)
        sentences = split_sentences(article.text)
        spans = chunk_sentences(article.text, sentences, budget=budget, overlap=config.overlap_sentences)
        chunks += [article.text[span.start : span.end] for span in spans]
    return _spread(chunks, count)


def questions(path: Path | None, articles: Sequence[Plain], count: int) -> tuple[list[str], str]:
    """Return questions and what they are: those of a file, else real ones, else the articles' headlines."""
    real = SHARED / "questions_open.jsonl"
    chosen = path or (real if real.is_file() else None)
    if chosen is None:
        return _spread([one.title for one in articles if one.title], count), "headlines of the articles"
    rows = [json.loads(line) for line in chosen.read_text(encoding="utf-8").splitlines() if line.strip()]
    asked = [str(row["question"]) for row in rows]
    return _spread(asked, count), "real news questions" if path is None else chosen.name
