"""Word tables: written as text so that a reader can scan and extend them."""


def word_set(table: str) -> frozenset[str]:
    """Return the words of a table.

    >>> sorted(word_set("he she"))
    ['he', 'she']
    """
    return frozenset(table.split())
