"""The same articles make the same library, whatever the order and batches they are added in."""

import json
import os
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import COUNCIL_TEXT, ingest_library, settle

from index.ingest import add

FOLDER = Path(tempfile.gettempdir()) / f"dateline-order-{os.getpid()}"
"""Sources are named by path, so every example must read the same folder."""


def pages(folder):
    """Ten files: wire copies, the same text under other metadata and white space, and single stories."""
    folder.mkdir(parents=True, exist_ok=True)
    subjects = "harbour tax bridge road school market theatre station library park".split()
    wire = " ".join(f"The {one} of the region was discussed beside the {one} plan." for one in subjects)
    halls = [
        f"Paragraph {n} says that the {n}th hall of the city will be closed on day {n}." for n in range(9)
    ]
    singles = {
        f"{n}.jsonl": {"title": f"Single {n}", "text": COUNCIL_TEXT.format(name=n, number=n)}
        for n in range(4)
    }
    made = {
        "a.jsonl": {"title": "Wire A", "text": wire + " It ended late.", "outlet": "One"},
        "b.jsonl": {"title": "Wire B", "text": wire + " Nobody left early.", "outlet": "Two"},
        "c.jsonl": {"title": "Wire C", "text": wire[: len(wire) * 2 // 3], "published": "2025-02-03"},
        "d.jsonl": {"title": "Halls", "text": "\n\n".join(halls)},
        "e.jsonl": {"title": "Halls close", "text": " ".join(halls), "published": "2025-05-06"},
        "f.jsonl": {"text": "\n\n".join(halls), "outlet": "The Post", "author": "Ann Lee"},
        **singles,
    }
    for name, row in made.items():
        (folder / name).write_text(json.dumps(row))
        settle(folder / name)
    return sorted(folder.iterdir())


@pytest.mark.slow
@given(order=st.permutations(range(10)), cuts=st.sets(st.integers(1, 9), max_size=4))
@settings(max_examples=10, deadline=None)
def test_order_and_batches_never_matter(order, cuts):
    with tempfile.TemporaryDirectory() as name:
        files = pages(FOLDER)
        batches = [
            order[start:end] for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), 10], strict=True)
        ]
        digests = []
        for turn, work in enumerate((batches, [range(10)])):
            with ingest_library(Path(name) / str(turn)) as library:
                for batch in work:
                    add(library, [files[place] for place in batch])
                digests.append(library.store.digest())
                assert library.store.verify() == []
                assert library.store.stale() == ()
                groups = {card.group for card in library.store.articles()}
                assert (len(library.store.articles()), len(groups)) == (8, 6)
        assert digests[0] == digests[1]


@pytest.mark.slow
@given(seed=st.integers(0, 10_000))
@settings(max_examples=6, deadline=None)
def test_any_adds_and_removes_end_where_a_fresh_library_begins(seed):
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        files = pages(FOLDER)
        with ingest_library(Path(name) / "old") as library:
            for _ in range(6):
                add(library, chance.sample(files, chance.randrange(1, 8)))
                cards = library.store.articles()
                library.store.remove([card.id for card in chance.sample(cards, chance.randrange(len(cards)))])
            add(library, files)
            old = library.store.digest()
            assert library.store.verify() == []
        with ingest_library(Path(name) / "new") as library:
            add(library, files)
            assert library.store.digest() == old
