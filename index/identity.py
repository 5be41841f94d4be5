"""The identity of an article: the same text is the same article, wherever it was found."""

from hashlib import sha256


def article_id(text: str) -> str:
    r"""Return the first 16 hex digits of the SHA-256 of `text` with white space folded.

    Example:
        >>> article_id("One  line.\n") == article_id("One line.")
        True
    """
    return sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:16]
