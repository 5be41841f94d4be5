"""The file `words.<generation>.safetensors`: postings on disk, mapped into memory.

It is an ordinary safetensors file (8 bytes with the length of a JSON header, the header, the arrays), so that
other programs can read it. Reading checks its form; whether it is the right file is known by its SHA-256.
"""

import json
import mmap
import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryDamagedError
from index.stores.disk import sync_folder
from index.stores.postings import Postings, Terms
from index.stores.vocabulary import BODY_FROM, ends

SHORT_BODY_FROM = 1 << 15
"""`Postings.body_from` in a file whose chunks are all so short that two bytes hold a position."""

_DTYPES = {"I64": "<i8", "U32": "<u4", "U16": "<u2", "U8": "|u1"}
_NAMES = {np.dtype(value): name for name, value in _DTYPES.items()}
_ARRAYS = {
    "numbers": {"I64"},
    "lengths": {"U32"},
    "terms": {"U8"},
    "terms_at": {"I64"},
    "postings_at": {"I64"},
    "positions_at": {"I64"},
    "rows": {"U32"},
    "counts": {"U16", "U32"},
    "positions": {"U16", "U32"},
}


def write_postings(path: Path, numbers: NDArray[np.int64], parts: Iterable[Terms], *, short: bool) -> None:
    """Write words, which come in byte order, with the chunks that hold them; whole or not at all.

    Args:
        path: Where to.
        numbers: The chunk number of each row, ascending.
        parts: All words; they are written as they come and never all in memory.
        short: Whether no chunk has SHORT_BODY_FROM words or more.
    """
    narrow = np.dtype("<u2" if short else "<u4")
    dtypes: dict[str, np.dtype[Any]] = {
        "terms": np.dtype("|u1"),
        "rows": np.dtype("<u4"),
        "counts": narrow,
        "positions": narrow,
    }
    lengths = np.zeros(len(numbers), np.int64)
    of_term: dict[str, list[NDArray[Any]]] = {"terms_at": [], "postings_at": [], "positions_at": []}
    with ExitStack() as stack:
        spools: dict[str, IO[bytes]] = {
            name: stack.enter_context(tempfile.TemporaryFile(dir=path.parent)) for name in dtypes
        }
        for part in parts:
            lengths += np.bincount(part.rows, part.counts, minlength=len(numbers)).astype(np.int64)
            of_term["terms_at"].append(np.array([len(term) for term in part.terms]))
            of_term["postings_at"].append(part.postings)
            of_term["positions_at"].append(part.places)
            spools["terms"].write(b"".join(part.terms))
            spools["rows"].write(part.rows.astype("<u4").tobytes())
            spools["counts"].write(part.counts.astype(narrow).tobytes())
            spools["positions"].write(_written(part.positions, short=short).astype(narrow).tobytes())
        whole: dict[str, NDArray[Any]] = {
            "numbers": numbers.astype("<i8"),
            "lengths": lengths.astype("<u4"),
            **{name: ends(np.concatenate([np.zeros(0, np.int64), *made])) for name, made in of_term.items()},
        }
        sizes = {
            name: spools[name].tell() // dtypes[name].itemsize if name in spools else len(whole[name])
            for name in _ARRAYS
        }
        made_dtypes: dict[str, np.dtype[Any]] = {**dtypes}
        made_dtypes.update({name: array.dtype for name, array in whole.items()})
        body_from = SHORT_BODY_FROM if short else BODY_FROM
        temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            with temporary.open("wb") as stream:
                stream.write(_header(sizes, made_dtypes, body_from))
                for name in _in_order(made_dtypes):
                    if name in spools:
                        spools[name].seek(0)
                        shutil.copyfileobj(spools[name], stream, 1 << 20)
                    else:
                        stream.write(whole[name].tobytes())
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
            sync_folder(path.parent)
        finally:
            temporary.unlink(missing_ok=True)


def map_postings(path: Path) -> Postings:
    """Return the postings in a file, mapped: what is not asked for is not read.

    Raises:
        LibraryDamagedError: It is not such a file.
        OSError: It cannot be read.
    """
    with path.open("rb") as stream:
        try:
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise LibraryDamagedError("it is empty") from error
    try:
        after = 8 + int.from_bytes(mapped[:8], "little")
        header = json.loads(mapped[8:after])
        arrays = {name: _array(mapped, after, header[name], _ARRAYS[name]) for name in _ARRAYS}
        found = Postings(**arrays, body_from=int(header["__metadata__"]["body_from"]), file=mapped)
    except (ValueError, KeyError, TypeError) as error:
        raise LibraryDamagedError(f"it cannot be decoded ({error})") from error
    sizes = {
        len(found.rows): found.postings_at[-1:],
        len(found.positions): found.positions_at[-1:],
        len(found.terms): found.terms_at[-1:],
    }
    told = {len(found.terms_at), len(found.postings_at), len(found.positions_at)}
    if len(found.numbers) != len(found.lengths) or len(found.rows) != len(found.counts) or len(told) != 1:
        raise LibraryDamagedError("its arrays do not fit together")
    if any(list(end) != [size] for size, end in sizes.items()):
        raise LibraryDamagedError("its arrays do not fit together")
    return found


def _array(mapped: mmap.mmap, after: int, told: dict[str, Any], allowed: set[str]) -> NDArray[Any]:
    begin, end = told["data_offsets"]
    if told["dtype"] not in allowed or not 0 <= begin <= end <= len(mapped) - after:
        raise ValueError("an array that is no part of it")
    dtype = np.dtype(_DTYPES[told["dtype"]])
    return np.frombuffer(mapped, dtype, (end - begin) // dtype.itemsize, after + begin)


def _written(positions: NDArray[Any], *, short: bool) -> NDArray[Any]:
    if not short:
        return positions
    return np.where(positions >= BODY_FROM, positions - (BODY_FROM - SHORT_BODY_FROM), positions)


def _in_order(dtypes: dict[str, np.dtype[Any]]) -> list[str]:
    """Return the arrays widest first, so that each begins at a multiple of its numbers' size."""
    return sorted(_ARRAYS, key=lambda name: -dtypes[name].itemsize)


def _header(sizes: dict[str, int], dtypes: dict[str, np.dtype[Any]], body_from: int) -> bytes:
    told: dict[str, Any] = {"__metadata__": {"body_from": str(body_from)}}
    at = 0
    for name in _in_order(dtypes):
        end = at + sizes[name] * dtypes[name].itemsize
        told[name] = {"dtype": _NAMES[dtypes[name]], "shape": [sizes[name]], "data_offsets": [at, end]}
        at = end
    text = json.dumps(told).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text
