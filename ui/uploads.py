"""Files that readers upload: which are taken, under which name they are kept. All checks are the server's."""

import re
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import BrokenFileError, InputError, LoadError, UnknownFormatError
from index.loaders import supported_suffixes
from index.schema import Failure

MAX_FILE_BYTES = 25 * 1024 * 1024
MAX_FILES = 200
MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class Kept:
    """The uploaded files that were taken into the library folder, and those that were not."""

    paths: tuple[Path, ...]
    failures: tuple[Failure, ...]


def safe_name(name: str) -> str:
    """Return a file name that is safe on disk and still readable: "../a<b>.txt" -> "a_b_.txt".

    The last parts that tell the format (".html.gz") survive shortening.
    """
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    clean = re.sub(r"[^\w.\- ]", "_", base).strip(" .") or "article"
    suffix = suffix_of(clean)
    stem = clean[: len(clean) - len(suffix)] if suffix else clean
    # Names may take 255 bytes on disk, and one character up to four of them.
    while len((stem + suffix).encode()) > MAX_NAME:
        stem = stem[:-1]
    return (stem.rstrip(" .") or "article") + suffix


def suffix_of(name: str) -> str:
    """Return the readable format's suffix that the name ends with, in the name's own case, or ""."""
    found = [suffix for suffix in supported_suffixes() if name.lower().endswith(suffix)]
    return name[-len(max(found, key=len)) :] if found else ""


def keep(files: Sequence[Path], folder: Path) -> Kept:
    """Copy uploaded files into `folder`, leaving out those that break a limit.

    A file that was uploaded before under the same name with the same bytes is not copied again.

    Raises:
        InputError: More files than one upload may hold.
    """
    if len(files) > MAX_FILES:
        raise InputError(
            f"{len(files)} files are more than one upload may hold ({MAX_FILES}).",
            "Upload them in parts, or add the folder with: python -m index add FOLDER",
        )
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    failures: list[Failure] = []
    for file in files:
        try:
            _check(file)
        except LoadError as error:
            failures.append(Failure(file.name, str(error)))
        else:
            paths.append(_place(file, folder))
    return Kept(tuple(dict.fromkeys(paths)), tuple(failures))


def _check(file: Path) -> None:
    if not suffix_of(file.name):
        raise UnknownFormatError(
            "This kind of file cannot be read.", f"Readable are {', '.join(supported_suffixes())}."
        )
    size = file.stat().st_size
    if size > MAX_FILE_BYTES:
        raise BrokenFileError(f"The file is {size / 2**20:.0f} MB, more than {MAX_FILE_BYTES >> 20} MB.")
    if size == 0:
        raise BrokenFileError("The file is empty.")


def _place(file: Path, folder: Path) -> Path:
    """Copy the file under its safe name, or a numbered one where another file has that name already."""
    name = safe_name(file.name)
    suffix = suffix_of(name)
    stem = name[: len(name) - len(suffix)]
    content = file.read_bytes()
    number = 1
    target = folder / name
    while target.exists():
        if target.is_file() and target.read_bytes() == content:
            return target
        number += 1
        target = folder / f"{stem}-{number}{suffix}"
    partial = target.with_name(f".{target.name}.part")
    shutil.copyfile(file, partial)
    partial.replace(target)
    return target


def forget(keys: Sequence[str], folder: Path) -> None:
    """Delete the uploaded files that these source keys name; files elsewhere and rows of tables stay."""
    for key in keys:
        file = Path(key)
        if file.parent == folder.resolve() and file.is_file():
            file.unlink()
