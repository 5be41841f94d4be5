"""A copy of a library whose articles are cut into chunks of another size.

Nothing is loaded or analysed again: articles, sources, statements, corrections and the alias file come along;
only chunks and their vectors are made anew.
"""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from index.errors import InputError, LibraryMismatchError, LibraryStorageError
from index.library import ALIAS_FILE, Library
from index.rework import remake
from index.stores.database import copy_database, has_database
from index.stores.local import LocalStore

LEAST_TOKENS = 20
"""Chunks of fewer tokens would be shorter than a sentence."""


def rechunk(
    library: Library,
    folder: Path,
    chunk_tokens: int,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Make a copy of a library in `folder` with chunks of at most `chunk_tokens` tokens.

    Each article is one transaction: after an interrupt the same call goes on, and of a copy that is whole
    already nothing is made again. A copy does not follow later changes of the library.

    Args:
        library: The library to copy; it may be open for reading only.
        folder: Where the copy goes: a new folder, or one that an earlier call began.
        chunk_tokens: Budget of a chunk, as in `IndexConfig`.
        progress: Called with how many articles are done and how many there are to do.

    Raises:
        InputError: The chunks would be too small.
        LibraryMismatchError: The folder holds another library.
        LibraryStorageError: The folder cannot be written.
        ModelError: The embedding model cannot be loaded.
    """
    if chunk_tokens < LEAST_TOKENS:
        raise InputError(f"Chunks of {chunk_tokens} tokens are too small.", f"Give {LEAST_TOKENS} or more.")
    config = replace(library.config, chunk_tokens=chunk_tokens)
    if not has_database(folder):
        if not isinstance(library.store, LocalStore):
            raise InputError(
                f"{library.path} lies in shards, which cannot be cut anew.", "Give an ordinary library."
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if (library.path / ALIAS_FILE).exists():
                shutil.copyfile(library.path / ALIAS_FILE, folder / ALIAS_FILE)
        except OSError as error:
            raise LibraryStorageError(
                f"Cannot write to {folder}: {error.strerror}.", "Choose another folder."
            ) from error
        copy_database(library.store.database, folder, config)
    with Library.open(folder, write=True) as copy:
        if copy.config != config:
            raise LibraryMismatchError(
                f"The library in {folder} was made with {copy.config}, not {config}.",
                "Choose another folder.",
            )
        waiting = copy.store.stale()
        for done, identity in enumerate(waiting):
            if progress is not None:
                progress(done, len(waiting))
            remake(copy, identity)
        if progress is not None:
            progress(len(waiting), len(waiting))
        copy.store.save(shrink=bool(waiting))
