"""Plain questions and answers: JSON Lines, a JSON list, CSV or TSV with the columns question and answer.

All columns of Dateline's own format may be there too. In a table, several answers or choices stand in one
cell with " | " between them.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from eval.formats.dateline import make_case
from eval.formats.format import Format, Look, RowError, cases_of, read_text, records
from eval.schema import BadRow, Case

SEPARATOR = "|"
_YES = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def read(path: Path) -> Iterator[Case | BadRow]:
    """Yield the questions of a JSON Lines file or a table."""
    rows = _table(path) if _is_table(path) else records(path)
    return cases_of(path, rows, make_case)


def _is_table(path: Path) -> bool:
    return path.name.removesuffix(".gz").endswith((".csv", ".tsv"))


def _table(path: Path) -> Iterator[tuple[str, object]]:
    tab = path.name.removesuffix(".gz").endswith(".tsv")
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), delimiter="\t" if tab else ",")
    names = [(name or "").strip().casefold() for name in reader.fieldnames or ()]
    if "question" not in names:
        yield "line 1", RowError("no column “question”. Write a header line: id,question,answer,type.")
        return
    reader.fieldnames = names
    try:
        for row in reader:
            if any(isinstance(value, str) and value.strip() for value in row.values()):
                yield f"line {reader.line_num}", _row(row)
    except csv.Error as error:
        yield f"line {reader.line_num}", RowError(f"not a table row ({error}).")


def _row(row: dict[str, str]) -> object:
    """Return a table row with its lists and flags in the form of a JSON row."""
    if None in row:
        return RowError("has more cells than the header; put cells that hold the separator in quotes.")
    filled: dict[str, object] = {name: value for name, value in row.items() if (value or "").strip()}
    for name in ("answer", "answers", "choices"):
        if name in filled:
            filled[name] = [one.strip() for one in str(filled[name]).split(SEPARATOR)]
    flag = str(filled.get("answerable", "true")).strip().casefold()
    if flag not in _YES:
        return RowError(f'"answerable" is {flag!r}. Write true or false.')
    filled["answerable"] = _YES[flag]
    if "quote" in filled or "article" in filled:
        filled["evidence"] = [{"article": filled.get("article"), "quote": filled.get("quote")}]
    return filled


def _looks_plain(look: Look) -> bool:
    return _is_table(look.path) or look.has("question")


FORMAT = Format(name="plain", recognises=_looks_plain, read=read)
"""Questions and answers, no more."""
