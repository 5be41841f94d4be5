"""What an `add` has to do: the files it found against the files the library knows. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from index.stores.protocol import FileStamp


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as it lies on disk now, unread."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with each file. `suspect` files look changed; their content decides.

    `gone` files are known, lay under one of the folders given, and are there no more.
    """

    new: tuple[SeenFile, ...]
    suspect: tuple[SeenFile, ...]
    unchanged: tuple[str, ...]
    gone: tuple[str, ...]


def plan_files(
    found: Sequence[SeenFile],
    known: Mapping[str, FileStamp],
    stored: Collection[str],
    folders: Sequence[str],
) -> Plan:
    """Compare the files found with those known.

    Args:
        found: The files under the given paths.
        known: Stamps of the files that were read completely, by path.
        stored: Paths of all files that articles come from.
        folders: The given paths that are folders, absolute; only files below them can be gone.
    """
    new, suspect, unchanged = [], [], []
    for file in found:
        stamp = known.get(file.path)
        if stamp is None:
            new.append(file)
        elif (stamp.size, stamp.mtime_ns) == (file.size, file.mtime_ns):
            unchanged.append(file.path)
        else:
            suspect.append(file)
    present = {file.path for file in found}
    roots = tuple(f"{folder.rstrip('/')}/" for folder in folders)
    gone = sorted(
        path for path in known.keys() | set(stored) if path not in present and path.startswith(roots)
    )
    return Plan(tuple(new), tuple(suspect), tuple(unchanged), tuple(gone))
