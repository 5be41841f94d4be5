"""Writing files so that a crash leaves the old one or the new one, never half of either."""

import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

RESERVE_NAME = "reserve"

RESERVE_BYTES = 2 * 1024 * 1024
"""Room kept back so that articles can be deleted on a full disk: deleting has to write before it frees."""

logger = logging.getLogger(__name__)


def write_file(path: Path, content: bytes | memoryview) -> None:
    """Put `content` at `path` in one step that survives a power cut."""
    with write_stream(path) as stream:
        stream.write(content)


@contextmanager
def write_stream(path: Path) -> Iterator[BinaryIO]:
    """Let the block write a file that is put at `path` in one step, when the block is done."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make renames and new names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Delete the temporary files that a killed writer left behind. Call only with the write lock held."""
    for leftover in folder.glob("*.tmp*"):
        logger.info("removing unfinished file %s", leftover)
        leftover.unlink(missing_ok=True)


def set_aside(path: Path) -> Path:
    """Rename a broken file to NAME.corrupt-TIME, so that nothing is lost, and return its new path."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = path.with_name(f"{path.name}.corrupt-{stamp}")
    path.replace(aside)
    sync_folder(path.parent)
    return aside


def digest(content: bytes | memoryview) -> str:
    """Return the SHA-256 of `content` in hex digits."""
    return hashlib.sha256(content).hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file in hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def keep_reserve(folder: Path) -> None:
    """Set room aside for deleting on a full disk, where there is room now."""
    path = folder / RESERVE_NAME
    if path.exists():
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        os.posix_fallocate(descriptor, 0, RESERVE_BYTES)
    except OSError as error:
        logger.info("no room for a reserve in %s: %s", folder, error)
        path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def release_reserve(folder: Path) -> bool:
    """Give the reserve to whoever writes next; return whether there was one."""
    path = folder / RESERVE_NAME
    there = path.exists()
    path.unlink(missing_ok=True)
    return there
