"""The gold files that the page Evaluate offers: the sample questions, and those kept in the library."""

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias

from eval.gold_files import read_gold
from eval.schema import Case
from index.errors import InputError
from ui.uploads import MAX_FILE_BYTES, safe_name

FOLDER = "gold"
FROM_USE = "from-use.jsonl"
SAMPLES = "sample questions"
SUFFIXES = (".jsonl", ".json", ".csv", ".tsv")
NO_TYPE = "(none)"

Signature: TypeAlias = tuple[float, int]


@dataclass(frozen=True, slots=True)
class GoldFile:
    """A gold file on the shelf.

    Attributes:
        name: What the page calls it by.
        types: How many questions there are of each type.
        dated: How many questions say on which day they are asked.
        bad: Rows that hold no usable question, each in a line.
    """

    name: str
    path: Path
    digest: str
    questions: int
    types: Mapping[str, int]
    dated: int
    bad: tuple[str, ...] = ()


class GoldShelf:
    """The gold files of one library.

    Args:
        library: The library's folder.
    """

    def __init__(self, library: Path) -> None:
        self.folder = library / FOLDER
        self.from_use = self.folder / FROM_USE
        self._read: dict[Path, tuple[Signature, GoldFile]] = {}

    def files(self) -> list[GoldFile]:
        """Return the gold files that can be read: the reader's own by name, then the sample questions."""
        found = []
        own = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        for path in own:
            if path.suffix in SUFFIXES and path.is_file() and path.stat().st_size:
                try:
                    found.append(self._file(path.name, path))
                except InputError:
                    # Put there by hand, and no gold: it is not offered.
                    continue
        return [*found, self._file(SAMPLES, Path(str(files("eval") / "gold" / "samples.jsonl")))]

    def file(self, name: str) -> GoldFile:
        """Return a gold file by its name.

        Raises:
            InputError: There is none of that name.
        """
        for one in self.files():
            if one.name == name:
                return one
        raise InputError(f"There is no gold file “{name[:80]}”.", "Choose another, or upload it again.")

    def keep(self, upload: Path) -> GoldFile:
        """Take an uploaded file onto the shelf, if it is gold; the same bytes under the same name stay one.

        Raises:
            InputError: It is too large, of another kind, or holds no usable question.
        """
        suffix = upload.suffix.lower()
        if suffix not in SUFFIXES:
            raise InputError(
                f"“{upload.name}” is not read as gold here.",
                f"Readable are {', '.join(SUFFIXES)}; folders (BEIR, TREC) by: python -m eval run.",
            )
        if upload.stat().st_size > MAX_FILE_BYTES:
            raise InputError(f"“{upload.name}” has more than {MAX_FILE_BYTES >> 20} MB.", "Split it.")
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self._free(Path(safe_name(upload.name)).stem, suffix, upload.read_bytes())
        partial = target.with_name(f".{target.name}")
        try:
            shutil.copyfile(upload, partial)
            read_gold(partial)
            partial.replace(target)
        except InputError as error:
            message = error.message.replace(str(partial), f"“{upload.name}”").replace(
                partial.name, upload.name
            )
            raise InputError(message, error.remedy) from error
        finally:
            partial.unlink(missing_ok=True)
        return self._file(target.name, target)

    def _free(self, stem: str, suffix: str, content: bytes) -> Path:
        """Return the path of that name, numbered where another file has it."""
        number, target = 1, self.folder / f"{stem}{suffix}"
        while target.exists() and target.read_bytes() != content:
            number += 1
            target = self.folder / f"{stem}-{number}{suffix}"
        return target

    def _file(self, name: str, path: Path) -> GoldFile:
        state = path.stat()
        signature = state.st_mtime, state.st_size
        known = self._read.get(path)
        if known is None or known[0] != signature:
            gold = read_gold(path)
            made = GoldFile(
                name,
                path,
                gold.digest,
                len(gold.cases),
                types_of(gold.cases),
                sum(bool(case.asked_on) for case in gold.cases),
                tuple(map(str, gold.bad)),
            )
            known = self._read[path] = signature, made
        return known[1]


def types_of(cases: Sequence[Case]) -> dict[str, int]:
    """Count the questions of each type, by name."""
    counted = Counter(case.type or NO_TYPE for case in cases)
    return {name: counted[name] for name in sorted(counted)}
