"""Token counts in cl100k_base, the measure of every chunk budget. Needs no network.

tiktoken downloads its merge table at first use. The table is kept in `index/ranks` instead and handed to
tiktoken directly, so neither a cache folder nor an environment variable is touched.
"""

from base64 import b64decode
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ModelError

if TYPE_CHECKING:
    from tiktoken import Encoding

__all__ = ["count_many", "count_tokens"]

_RANKS = Path(__file__).resolve().parent / "ranks" / "cl100k_base.tiktoken"
_RANKS_SHA256 = "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"

# How cl100k_base cuts text into words before merging bytes: with the ranks, the encoding's definition.
_PATTERN = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
    r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)


def count_tokens(text: str) -> int:
    """Return the number of cl100k_base tokens of `text`; text that looks like a special token is ordinary.

    Raises:
        ModelError: tiktoken is not installed or the ranks file is missing or damaged.
    """
    return len(_encoding().encode_ordinary(text))


def count_many(texts: Iterable[str]) -> list[int]:
    """Return the number of cl100k_base tokens of each text, in order.

    Raises:
        ModelError: tiktoken is not installed or the ranks file is missing or damaged.
    """
    encode = _encoding().encode_ordinary
    return [len(encode(text)) for text in texts]


@lru_cache(maxsize=1)
def _encoding() -> "Encoding":
    """Build the encoding once a process, a third of a CPU second, and only when something is counted."""
    try:
        from tiktoken import Encoding
    except ImportError as error:
        raise ModelError(
            "Counting tokens needs the package tiktoken.", "Install it: pip install tiktoken"
        ) from error
    return Encoding(
        name="cl100k_base", pat_str=_PATTERN, mergeable_ranks=read_ranks(_RANKS), special_tokens={}
    )


def read_ranks(path: Path) -> dict[bytes, int]:
    """Read a merge table and check that it is the published one, byte for byte.

    Raises:
        ModelError: The file is missing, unreadable or differs from the published one.
    """
    remedy = "Restore it from the repository or install Dateline again."
    try:
        table = path.read_bytes()
    except OSError as error:
        raise ModelError(f"The token ranks file {path} cannot be read: {error.strerror}.", remedy) from error
    digest = sha256(table).hexdigest()
    if digest != _RANKS_SHA256:
        raise ModelError(f"The token ranks file {path} is damaged (SHA-256 {digest[:12]}...).", remedy)
    return {b64decode(token): int(rank) for token, rank in map(bytes.split, table.splitlines())}
