"""Which articles mention a name, and how many pass a filter, held against plain Python oracles."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import metadata, record_of, source_of

from index.schema import Filter
from index.stores.protocol import Extent

PARTS = (
    "Orbán Orban ORBÁN orban Orbańska May MAY may Mayor Maya O'Brien O’Brien OBrien U.S. US us Über über "
    "Zürich’s Zürich São São\u2009Paulo Paulo Erdog\u0306an the media The Media — “Trump’s” Trump-era İzmir"
).split(" ")
NAMES = ["Orbán", "orban", "May", "may", "O'Brien", "US", "us", "Über", "São Paulo", "Erdogan", "the media",
         "Trump", "Maya", "Zurich", "May Orban", "İzmir", "", "?"]  # fmt: skip


def folded(text: str) -> str:
    """The text without accents and with straight apostrophes."""
    letters = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def mentions(text: str, name: str) -> bool:
    """What it means to mention a name, said in one slow step."""
    plain = " ".join(folded(name).split())
    if not any(map(str.isalnum, plain)):
        return False
    spellings = [plain] if plain.islower() else [plain, plain.upper()]
    ways = "|".join(re.escape(spelling).replace(r"\ ", r"\s+") for spelling in spellings)
    flags = re.IGNORECASE if plain.islower() else 0
    return re.search(rf"(?<!\w)(?:{ways})(?!\w)", folded(text), flags) is not None


@pytest.fixture(scope="module")
def library(stores, tmp_path_factory):
    """A store of texts with names spelt in many ways, and the texts by article id."""
    store = stores.new(tmp_path_factory.mktemp("names"))
    texts = {}
    for number in range(120):
        words = [
            PARTS[(number * 7 + step * (number % 11 + 1)) % len(PARTS)] for step in range(1 + number % 9)
        ]
        record = record_of(f"n{number} " + " ".join(words) + ".")
        texts[record.article.id] = record.article.text
        store.put(record, source_of(f"/n/{number}"))
    yield store, texts
    store.close()


@given(names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_mentions_are_those_of_the_oracle(library, names):
    store, texts = library
    expected = sorted(one for one, text in texts.items() if any(mentions(text, name) for name in names))
    assert store.count_mentioning(names) == expected


def test_every_name_is_in_some_article_and_not_in_all(library):
    store, texts = library
    counts = {name: len(store.count_mentioning([name])) for name in NAMES if any(map(str.isalnum, name))}
    assert all(0 < count < len(texts) for name, count in counts.items() if name != "May Orban"), counts


def test_an_accent_far_from_the_name_changes_nothing(stores, tmp_path):
    store = stores.new(tmp_path)
    record = record_of("Café society. " + "Nothing at all. " * 50 + "Erdoğan spoke.")
    store.put(record, source_of("/far"))
    assert store.count_mentioning(["Erdogan"]) == [record.article.id]
    assert store.count_mentioning(["Cafe"]) == [record.article.id]
    assert store.count_mentioning(["Caf"]) == []
    store.close()


def test_extent_and_cards_are_those_of_the_list(stores, tmp_path):
    store = stores.new(tmp_path)
    assert store.extent() == Extent(0, 0, 0)
    assert store.newest() is None
    words = [f"w{number}" for number in range(90)]
    same = " ".join(words)
    days = ("2025-01-01", "2025-03-04T09:00:00Z", None, "2025-02-02", None)
    texts = (same, same + " and more", "another text", "a third", "a fourth")
    for number, (text, day) in enumerate(zip(texts, days, strict=True)):
        about = metadata(f"T{number}", "Post" if number % 2 else None, day, ("Ann Lee",) * (number % 2))
        store.put(record_of(text, about), source_of(f"/e/{number}", about))
    for limits in (
        Filter(),
        Filter(outlets=("Post",)),
        Filter(published_from="2025-02-01"),
        Filter(outlets=("No",)),
    ):
        listed = store.articles(limits)
        undated = sum(card.published is None for card in listed)
        assert store.extent(limits) == Extent(len(listed), undated, len({card.group for card in listed}))
    assert store.extent().stories == 4
    assert store.newest() == "2025-03-04T09:00:00Z"
    listed = store.articles()
    assert store.cards([card.id for card in listed] + ["none"]) == {card.id: card for card in listed}
    assert store.cards([]) == {}
    store.close()
