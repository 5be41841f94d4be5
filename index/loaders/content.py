"""From a file's bytes to its characters: size limits, gzip, and the encodings that real files come in."""

import codecs
import gzip
import re
import zlib
from pathlib import Path

from index.errors import BrokenFileError

MEGABYTE = 1_000_000

MAX_FILE_BYTES = 64 * MEGABYTE
"""Largest single-article file that is read at all."""

MAX_TEXT_BYTES = 12 * MEGABYTE
"""Largest text or HTML after unpacking; the longest news pages are a tenth of it."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def read_bytes(path: Path, unpacked_limit: int = MAX_TEXT_BYTES) -> bytes:
    """Read a file, unpacking it when its name ends in .gz.

    Raises:
        BrokenFileError: When it cannot be read or unpacked, or is larger than the limits.
    """
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise too_large(size, MAX_FILE_BYTES)
        if path.suffix.lower() != ".gz":
            content = path.read_bytes()
        else:
            with gzip.open(path) as packed:
                content = packed.read(unpacked_limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BrokenFileError(f"cannot be read: {reason_of(error)}") from error
    if len(content) > unpacked_limit:
        raise too_large(len(content), unpacked_limit)
    return content


def reason_of(error: BaseException) -> str:
    """Say in one line what went wrong, without the path, which the reader sees beside it."""
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(words).split())[:200]


def too_large(size: int, limit: int) -> BrokenFileError:
    """Return the error for a file of `size` bytes (or at least that many) where `limit` are allowed."""
    return BrokenFileError(
        f"holds {size / MEGABYTE:.1f} MB or more; the limit for one article is {limit / MEGABYTE:.0f} MB"
    )


def decode(content: bytes) -> str:
    r"""Decode text: a byte order mark decides, else UTF-8, else the likeliest Western encoding.

    Line ends become "\n". Bytes that decode to control characters are not text.

    Raises:
        BrokenFileError: When the bytes are not text.
    """
    text = _decode_bom(content)
    if text is None:
        text = _decode_plain(content)
    controls = sum(1 for _ in _CONTROL.finditer(text))
    if controls > len(text) * 0.002 + 2:
        raise BrokenFileError("holds binary content, not text")
    if controls:
        text = _CONTROL.sub("", text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode_html(content: bytes) -> str:
    """Decode HTML: byte order mark, then UTF-8, then the charset the page declares, then Western European.

    UTF-8 goes before the declared charset because saved pages are often converted without changing the tag,
    and text of another encoding is hardly ever valid UTF-8.
    """
    if _decode_bom(content) is None:
        declared = _META_CHARSET.search(content[:4096])
        if declared and not _is_utf8(content):
            try:
                return content.decode(declared[1].decode("ascii"), "replace")
            except LookupError:
                pass
    return decode(content)


def _decode_bom(content: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    return None


def _decode_plain(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        # One bad byte in a long UTF-8 file is damage, not another encoding.
        if error.start > 0 and content.count(b"\xef\xbf\xbd") == 0:
            lenient = content.decode("utf-8", "replace")
            multibyte = sum(1 for character in lenient if character > "\x7f" and character != "\ufffd")
            if lenient.count("\ufffd") * 20 < multibyte:
                return lenient
    if b"\x00" in content[:65536]:
        raise BrokenFileError("holds binary content, not text")
    return _decode_single_byte(content)


def _decode_single_byte(content: bytes) -> str:
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(content[:200_000]).best()
        return content.decode(best.encoding if best else "cp1252", "replace")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
