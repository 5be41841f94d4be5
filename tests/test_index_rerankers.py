"""A cross-encoder of the user's own: loaded, obeyed for the best passages, refused with a clear error."""

import json
import math
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from store_samples import WordsEmbedder, metadata, new_store, record_of, source_of

import index.search
from index.embedders import minilm_folder
from index.errors import InputError, ModelError
from index.library import Library
from index.rerankers import load_reranker
from index.search import DEFAULT, search
from index.settings import read_search_settings

QUESTION = "Which ferry sank near the island?"
PASSAGES = ["The ferry sank near the island.", "Bread prices rose.", "x", "A long passage. " * 200]


def tiny_model(folder: Path, labels: int = 1, seed: int = 0) -> Path:
    """Save a cross-encoder with random weights."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(seed)
    tokenizer = AutoTokenizer.from_pretrained(str(minilm_folder()), local_files_only=True)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=128,
        num_labels=labels,
        initializer_range=0.5,
    )
    BertForSequenceClassification(config).save_pretrained(str(folder))
    tokenizer.model_max_length = 128
    tokenizer.save_pretrained(str(folder))
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny_model(tmp_path_factory.mktemp("models") / "tiny")


def raw_scores(folder: Path, question: str, passages):
    """The model's own logits, one pair at a time, without sentence-transformers."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(str(folder))
    network = AutoModelForSequenceClassification.from_pretrained(str(folder)).eval()
    with torch.no_grad():
        return [
            float(network(**tokenizer(question, one, truncation=True, return_tensors="pt")).logits[0, 0])
            for one in passages
        ]


def test_scores_order_as_the_model_does(model):
    reranker = load_reranker(str(model))
    made, wanted = reranker.scores(QUESTION, PASSAGES), raw_scores(model, QUESTION, PASSAGES)
    assert len(set(wanted)) == len(PASSAGES)
    assert made == pytest.approx([1 / (1 + math.exp(-one)) for one in wanted], abs=1e-5)
    assert reranker.scores(QUESTION, PASSAGES[::-1])[::-1] == pytest.approx(made, abs=1e-5)
    assert reranker.scores(QUESTION, []) == []


@pytest.fixture
def library(tmp_path):
    store = new_store(tmp_path / "library")
    for number in range(12):
        about = metadata(f"Ferry {number}", published=f"2025-03-{number + 1:02d}")
        text = f"The ferry number {number} left the island harbour."
        store.put(record_of(text, about, file=f"{number}.txt"), source_of(f"/{number}.txt", about))
    made = Library(tmp_path / "library", store, embedder=WordsEmbedder())
    yield made
    made.close()


class ByNumber:
    """A reranker that likes the ferries with the highest numbers, and notes what it read."""

    def __init__(self):
        self.read = []

    def scores(self, question, passages):
        self.read.append((question, list(passages)))
        return [float(passage.split()[1]) for passage in passages]


def numbers(hits):
    return [int(hit.article.title.split()[1]) for hit in hits]


def test_the_best_passages_come_in_the_rerankers_order(library, monkeypatch):
    monkeypatch.setattr(index.search, "RERANKED", 5)
    before = numbers(search(library, "ferry island", k=12))
    reranker = ByNumber()
    library._reranker = ("mine", reranker)
    hits = search(library, "ferry island", k=12, settings=replace(DEFAULT, reranker="mine"))
    assert numbers(hits) == sorted(before[:5], reverse=True) + before[5:]
    ((question, passages),) = reranker.read
    assert question == "ferry island"
    first = before[0]
    assert passages[0] == f"Ferry {first}\nThe ferry number {first} left the island harbour."
    scores = [hit.scores.fused for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_age_still_counts_after_reranking(library):
    library._reranker = ("mine", ByNumber())
    settings = replace(DEFAULT, reranker="mine", as_of=date(2025, 3, 1), recency=1.0, recency_days=1)
    hits = search(library, "ferry island", k=12, settings=settings)
    # Ferry n is of the day n days after the day of asking; what lies 30 days away keeps half.
    expected = {number: (1 + number / 11) / 2 * 2 ** -(number / 30) for number in range(12)}
    found = {number: hit.scores.fused for number, hit in zip(numbers(hits), hits, strict=True)}
    assert found == pytest.approx(expected, abs=1e-6)


def test_a_real_model_orders_what_search_finds(library, model):
    texts = {hit.article.title: f"{hit.article.title}\n{hit.text}" for hit in search(library, "ferry", k=12)}
    wanted = raw_scores(model, "ferry", list(texts.values()))
    best_first = [title for _, title in sorted(zip(wanted, texts, strict=True), reverse=True)]
    hits = search(library, "ferry", k=12, settings=replace(DEFAULT, reranker=str(model)))
    assert [hit.article.title for hit in hits] == best_first


def test_a_model_that_cannot_be_used_is_named(tmp_path, library):
    with pytest.raises(ModelError, match="no folder") as missing:
        search(library, "ferry", settings=replace(DEFAULT, reranker=str(tmp_path / "none")))
    assert "settings.json" in missing.value.remedy
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_reranker(str(tmp_path / "empty"))
    with pytest.raises(ModelError, match="3 scores"):
        load_reranker(str(tiny_model(tmp_path / "three", labels=3)))


def test_a_name_that_no_hub_gives_is_a_clear_error():
    with pytest.raises(ModelError, match="no-such/model cannot be loaded"):
        load_reranker("no-such/model")


def test_the_settings_file_is_read_by_search_on_the_command_line(library):
    folder = library.path
    # Words alone are searched: the model that the test's library names is no real one.
    values = {"words": 1.0, "threshold": 0.4}
    command = [sys.executable, "-m", "index", "search", "ferry", "--library", str(folder)]
    (folder / "settings.json").write_text(json.dumps(values))
    assert read_search_settings(folder) == replace(DEFAULT, words=1.0)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "island harbour" in done.stdout
    (folder / "settings.json").write_text(json.dumps({**values, "reranker": "/nowhere/model"}))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "/nowhere/model" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    (folder / "settings.json").write_text('{"reranker": 3}')
    with pytest.raises(InputError, match="reranker"):
        read_search_settings(folder)
    (folder / "settings.json").unlink()
    assert read_search_settings(folder) == DEFAULT
