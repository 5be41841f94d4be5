"""Putting a removed text back into its article."""

import pytest
from store_samples import ingest_library

from index.errors import InputError
from index.ingest import add
from index.rework import restore


@pytest.fixture
def library(tmp_path):
    with ingest_library(tmp_path / "library") as opened:
        yield opened


PAGE = """Harbour tax goes up

The council of Arnholt voted on Monday to raise the harbour tax by four percent, its largest step in years.

Advertisement

Fishermen said that they had not been asked, and that they would take the matter to court next week.

Share this article

The mayor said that the money would pay for a new breakwater, which had been promised for a decade.
"""


def test_restored_text_stays_through_later_adds(library, tmp_path):
    path = tmp_path / "page.txt"
    path.write_text(PAGE)
    add(library, [path])
    (card,) = library.store.articles()
    article = library.store.article(card.id)
    number = next(
        n
        for n, span in enumerate(article.removed, 1)
        if "Advertisement" in article.raw[span.start : span.end]
    )
    assert "Advertisement" not in article.text
    restored = restore(library, card.id, number)
    assert "Advertisement" in restored.text
    (card,) = library.store.articles()
    assert card.id == restored.id != article.id
    assert library.store.search_words("Advertisement", 3)
    assert library.store.verify() == []
    assert add(library, [path]).unchanged == 1
    path.write_text(PAGE.replace("four percent", "nine percent"))
    assert add(library, [path]).changed == 1
    (card,) = library.store.articles()
    text = library.store.article(card.id).text
    assert "nine percent" in text
    assert "Advertisement" in text
    assert "Share this article" not in text


@pytest.mark.parametrize("number", [0, 99, -1])
def test_restoring_what_is_not_there_is_refused(library, tmp_path, number):
    path = tmp_path / "page.txt"
    path.write_text(PAGE)
    add(library, [path])
    (card,) = library.store.articles()
    with pytest.raises(InputError, match=f"no number {number}"):
        restore(library, card.id, number)
