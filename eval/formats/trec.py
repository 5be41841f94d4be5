"""TREC: a folder with topics and qrels.

Topics are a file whose name holds "topic": the classic `<top>` blocks (`<num>`, `<title>`), lines of
`id<tab>question`, or JSON Lines with `id` and `title`. Judgements are files whose name holds "qrels".
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from eval.formats.format import Fields, Format, json_lines, read_text
from eval.formats.judgements import judged_cases, read_judgements
from eval.schema import BadRow, Case
from index.errors import InputError

_TOP = re.compile(r"<top>(.*?)</top>", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"<num>\s*(?:Number:)?\s*([^\s<]+)", re.IGNORECASE)
_TITLE = re.compile(r"<title>\s*(?:Topic:)?\s*(.*?)\s*(?=<|\Z)", re.DOTALL | re.IGNORECASE)


def read(path: Path) -> Iterator[Case | BadRow]:
    """Yield the judged topics."""
    judgements, bad = read_judgements(_named(path, "qrels"))
    questions = (row for topics in _named(path, "topic") for row in _topics(topics))
    return judged_cases(questions, judgements, bad)


def _named(folder: Path, word: str) -> tuple[Path, ...]:
    found = tuple(sorted(one for one in folder.iterdir() if one.is_file() and word in one.name.casefold()))
    if not found:
        raise InputError(f"No file in {folder} has “{word}” in its name.", "Put topics and qrels there.")
    return found


def _topics(path: Path) -> Iterator[tuple[str, str, str]]:
    text = read_text(path)
    if "<top>" in text.casefold():
        yield from _blocks(path.name, text)
    elif text.lstrip().startswith("{"):
        for place, row in json_lines(path):
            fields = row if isinstance(row, Mapping) else {}
            name = _first(fields, "id", "qid", "topic_id", "number")
            yield f"{path.name}, {place}", name, _first(fields, "title", "question", "query", "text")
    else:
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                name, _, question = line.partition("\t")
                yield f"{path.name}, line {number}", name.strip(), question.strip()


def _first(fields: Fields, *names: str) -> str:
    return next((str(fields[name]).strip() for name in names if fields.get(name) is not None), "")


def _blocks(file: str, text: str) -> Iterator[tuple[str, str, str]]:
    for match in _TOP.finditer(text):
        number, title = _NUMBER.search(match[1]), _TITLE.search(match[1])
        place = f"{file}, line {text.count(chr(10), 0, match.start()) + 1}"
        yield place, number[1] if number else "", " ".join(title[1].split()) if title else ""


def _is_trec_folder(path: Path) -> bool:
    if not path.is_dir():
        return False
    names = [one.name.casefold() for one in path.iterdir()]
    return any("qrels" in name for name in names) and any("topic" in name for name in names)


FORMAT = Format(
    name="trec",
    recognises=lambda look: _is_trec_folder(look.path),
    read=read,
    files=lambda path: (*_named(path, "topic"), *_named(path, "qrels")),
)
"""A folder of TREC topics and judgements."""
