"""BEIR (Thakur et al. 2021): a folder with corpus.jsonl, queries.jsonl and qrels/test.tsv.

Relevant articles without words: retrieval is judged by article, answers are not.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from eval.formats.format import Format, json_lines
from eval.formats.judgements import judged_cases, read_judgements
from eval.schema import BadRow, Case, GoldArticle
from index.errors import InputError

QUERIES = "queries.jsonl"


def read(path: Path) -> Iterator[Case | BadRow]:
    """Yield the judged questions."""
    judgements, bad = read_judgements(_qrels(path))
    return judged_cases(_questions(path / QUERIES), judgements, bad)


def articles(path: Path) -> Iterator[GoldArticle]:
    """Yield the corpus; rows without an id or a text are passed over, for nothing can refer to them."""
    for _, row in json_lines(path / "corpus.jsonl"):
        if isinstance(row, Mapping) and row.get("_id") is not None and str(row.get("text") or "").strip():
            yield GoldArticle(str(row["_id"]), str(row["text"]), str(row.get("title") or ""))


def _questions(path: Path) -> Iterator[tuple[str, str, str]]:
    for place, row in json_lines(path):
        fields = row if isinstance(row, Mapping) else {}
        yield f"{path.name}, {place}", str(fields.get("_id", "")), str(fields.get("text") or "").strip()


def _qrels(path: Path) -> tuple[Path, ...]:
    """Return the judgements of the test split, else of all splits."""
    found = sorted((path / "qrels").glob("*.tsv"))
    if not found:
        raise InputError(f"{path} has no judgements in qrels/.", "A BEIR folder has qrels/test.tsv.")
    return tuple(one for one in found if one.name == "test.tsv") or tuple(found)


FORMAT = Format(
    name="beir",
    recognises=lambda look: (look.path / QUERIES).is_file(),
    read=read,
    files=lambda path: (path / QUERIES, *_qrels(path)),
    articles=articles,
)
"""A BEIR folder."""
