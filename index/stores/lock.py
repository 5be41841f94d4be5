"""One writer at a time: a lock file that the kernel releases when its process ends, however it ends."""

import errno
import fcntl
import os
import weakref
from pathlib import Path

from index.errors import LibraryInUseError, LibraryStorageError

LOCK_NAME = "write.lock"

_held: "weakref.WeakSet[WriteLock]" = weakref.WeakSet()


class WriteLock:
    """The write lock of one library folder, held from construction until `release`.

    The lock is `flock`, so a killed process never leaves one behind; the file's content, the owner's process
    id, is for messages only. It is not inherited by forked children: a child that outlives the writer would
    otherwise hold the library.
    """

    def __init__(self, folder: Path) -> None:
        self._descriptor = _acquire(folder)
        _held.add(self)

    def release(self) -> None:
        """Give the lock back; calling it again does nothing."""
        if self._descriptor >= 0:
            os.ftruncate(self._descriptor, 0)
            self._close()

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _close_in_child() -> None:
    for lock in list(_held):
        lock._close()


os.register_at_fork(after_in_child=_close_in_child)


def _acquire(folder: Path) -> int:
    path = folder / LOCK_NAME
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise LibraryStorageError(
            f"Cannot write to the library {folder}: {error.strerror}.",
            "Free some space or run as a user who may write there; reading it still works.",
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        owner = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
        os.close(descriptor)
        if error.errno not in (errno.EAGAIN, errno.EACCES):
            raise LibraryStorageError(f"Cannot lock the library {folder}: {error.strerror}.") from error
        raise LibraryInUseError(
            f"The library {folder} is in use by process {owner}, which is writing to it.",
            "Wait until it has finished, or stop it, and run the command again.",
        ) from error
    _write_owner(descriptor)
    return descriptor


def _write_owner(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    try:
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
    except OSError as error:
        # A full disk cannot take the number; the lock itself holds, and deleting must still be possible.
        if error.errno != errno.ENOSPC:
            raise
