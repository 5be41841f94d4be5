"""Many texts are embedded in bfloat16 where that is as good and faster, and nowhere else."""

import logging
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from index import deriving
from index.config import IndexConfig
from index.embedders import bulk, load_embedder, minilm_folder
from index.embedders.bfloat16 import processor_has_bfloat16
from index.embedders.bulk import BulkEmbedder, bulk_embedder
from index.embedders.sentence_model import SentenceModelEmbedder
from index.errors import InputError, ModelError
from index.ingest import add
from index.library import Library
from index.records import draft_article
from index.search import search

TEXTS = [
    "Ferry fares rise in May.",
    "",
    "The council of Lakeport voted 7 to 2 for the bridge, said Mayor Ana Ito on Monday. " * 30,
    "“I thank the builders,” she said; critics called the price of $14.2 million too high.",
    "Zürich, São Paulo, 東京: the mayors met.",
] * 3


# ---- which processors are asked


@pytest.mark.parametrize(
    ("described", "has"),
    [
        ("processor\t: 0\nflags\t\t: fpu avx2 avx512_bf16 sse\n", True),
        ("flags\t\t: amx_tile amx_bf16\n", True),
        ("flags\t\t: fpu avx2 avx512f avx512_vnni\n", False),
        ("model name\t: made for avx512_bf16\nflags\t\t: avx2\n", False),
        ("", False),
    ],
)
def test_the_processor_says_whether_it_has_bfloat16(tmp_path, described, has):
    (tmp_path / "cpuinfo").write_text(described, encoding="utf-8")
    assert processor_has_bfloat16(tmp_path / "cpuinfo") is has


def test_where_nothing_tells_there_is_none(tmp_path):
    assert processor_has_bfloat16(tmp_path / "cpuinfo") is False


@pytest.mark.parametrize(
    ("model", "precision", "has", "replaced"),
    [
        ("minilm", None, True, True),
        ("minilm", "auto", True, True),
        ("minilm", "auto", False, False),
        ("minilm", "float32", True, False),
        ("minilm", "bfloat16", False, True),
        ("hashing:32", "bfloat16", True, False),
        ("st:minilm", "auto", True, False),
    ],
)
def test_which_models_are_tried_in_bfloat16(monkeypatch, model, precision, has, replaced):
    monkeypatch.delenv(bulk.SETTING)
    if precision is not None:
        monkeypatch.setenv(bulk.SETTING, precision)
    monkeypatch.setattr(bulk, "processor_has_bfloat16", lambda: has)
    exact = Line(1)
    assert (bulk_embedder(model, exact) is not exact) is replaced


def test_an_unknown_precision_is_an_error(monkeypatch):
    monkeypatch.setenv(bulk.SETTING, "float16")
    with pytest.raises(InputError, match="DATELINE_PRECISION is 'float16'") as caught:
        bulk_embedder("minilm", Line(1))
    assert "bfloat16" in caught.value.remedy


# ---- when they take over


class Line:
    """An embedder in two dimensions that takes `cost` seconds a text on a clock of its own."""

    space = "line"
    dimension = 2
    now = 0.0

    def __init__(self, cost, *, angle=0.0, space="line", broken=False):
        self.space = space
        self.texts = []
        self._vector = np.array([np.cos(angle), np.sin(angle)], np.float32)
        self._cost = cost
        self._broken = broken

    def embed(self, texts):
        if self._broken:
            raise RuntimeError("could not create a primitive")
        self.texts += texts
        Line.now += self._cost * len(texts)
        return np.tile(self._vector, (len(texts), 1))


def in_bulk(exact, other, after=3):
    return BulkEmbedder(exact, lambda: other, after=after, clock=lambda: Line.now)


def test_the_faster_takes_over_after_so_many_texts():
    exact, other = Line(1.0), Line(0.5, angle=0.01)
    embedder = in_bulk(exact, other)
    assert np.array_equal(embedder.embed(["a", "b"]), exact.embed(["a", "b"]))
    assert np.array_equal(embedder.embed(["c"]), exact.embed(["c"]))
    assert other.texts == []
    assert np.array_equal(embedder.embed(["d"]), other.embed(["d"]))
    assert set(other.texts) == {"a", "b", "c", "d"}  # it was tried on those before, too
    seen = len(exact.texts)
    assert np.array_equal(embedder.embed(["e", "f"]), other.embed(["e", "f"]))
    assert len(exact.texts) == seen


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (Line(0.81), "4 texts take 3240 ms, with float32 4000 ms"),
        (Line(0.1, angle=0.05), "a vector of 4 is at a cosine of 0.9988 only"),
        (Line(0.1, angle=np.nan), "a vector of 4 is at a cosine of nan only"),
        (Line(0.1, space="circle"), "its vectors are of another space"),
        (Line(0.1, broken=True), "it does not run: could not create a primitive"),
    ],
    ids=["not faster", "not near", "no numbers", "another space", "broken"],
)
def test_what_fails_its_trial_is_not_used(other, reason, caplog):
    exact = Line(1.0)
    embedder = in_bulk(exact, other)
    with caplog.at_level(logging.INFO, logger="index.embedders.bulk"):
        embedder.embed(["a", "b", "c"])
        made = [embedder.embed([text]) for text in ("d", "e")]
    assert all(np.array_equal(one, exact.embed(["x"])) for one in made)
    # It is tried once, and the log says why not.
    assert [record.getMessage() for record in caplog.records] == [
        f"vectors go on in float32, not in bfloat16: {reason}"
    ]


def test_what_cannot_be_loaded_is_not_used(caplog):
    def load():
        raise ModelError("Working in bfloat16 needs the package torch.")

    embedder = BulkEmbedder(Line(1.0), load, after=0)
    with caplog.at_level(logging.INFO, logger="index.embedders.bulk"):
        assert embedder.embed(["a"]).shape == (1, 2)
    assert "needs the package torch" in caplog.text


# ---- the vectors themselves


@pytest.fixture(scope="module")
def exact():
    return load_embedder("minilm")


@pytest.fixture(scope="module")
def half():
    pytest.importorskip("torch")
    from index.embedders.bfloat16 import load_bfloat16

    return load_bfloat16("all-MiniLM-L6-v2", minilm_folder())


@pytest.mark.slow
def test_vectors_in_bfloat16_are_those_of_float32_to_a_thousandth(exact, half):
    assert (half.space, half.dimension) == (exact.space, exact.dimension)
    made = half.embed(TEXTS)
    assert made.dtype == np.float32
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    assert np.sum(made * exact.embed(TEXTS), axis=1).min() >= 0.9995
    assert half.embed([]).shape == (0, exact.dimension)


@pytest.mark.slow
def test_the_same_steps_in_float32_give_the_exact_vectors(exact, half, monkeypatch):
    """So that nothing but the precision tells the two apart, however texts are laid end to end."""
    from safetensors.torch import load_file

    from index.embedders import bfloat16
    from index.embedders.bert_onnx import read_shape

    folder = minilm_folder()
    weights = load_file(folder / "model.safetensors")
    whole = bfloat16.BFloat16Embedder(
        weights, read_shape(folder), half._tokenizer, window=256, space=half.space
    )
    wanted = exact.embed(TEXTS)
    for at_once in (1, 300, 100_000):
        monkeypatch.setattr(bfloat16, "PIECES_AT_ONCE", at_once)
        assert np.abs(whole.embed(TEXTS) - wanted).max() < 1e-5


@pytest.mark.slow
def test_other_models_still_read_long_texts_whole(half):
    """All models share one tokenizer."""
    from index.embedders.onnx_runtime import read_tokenizer

    half.embed(["one two " * 300])
    assert len(read_tokenizer(minilm_folder()).encode("one two " * 300).ids) == 602


@pytest.mark.slow
def test_texts_whose_end_is_not_read_are_logged(half, caplog):
    half.embed(["one two " * 300, "short"])
    assert "1 of 2 texts are longer than the model reads" in caplog.text


@pytest.mark.slow
def test_a_library_of_both_kinds_of_vectors_is_one_library(tmp_path, half, monkeypatch):
    """Checked, searched with exact questions, and gone over again without embedding anything."""
    source = tmp_path / "in"
    source.mkdir()
    for number, subject in enumerate(["ferry fares", "a bridge", "the harvest", "school meals"]):
        (source / f"{number}.txt").write_text(f"Lakeport spoke of {subject}.\n", encoding="utf-8")
    used = []

    def mixed(_model, exact):
        used.append(BulkEmbedder(exact, lambda: half, after=2, clock=lambda: Line.now))
        return used[-1]

    monkeypatch.setattr(bulk, "FASTER", np.inf)
    monkeypatch.setattr(deriving, "bulk_embedder", mixed)
    with Library.create(tmp_path / "library", IndexConfig()) as library:
        assert add(library, [source], jobs=1).added == 4
        assert used[0]._chosen is half
        assert library.store.verify() == []
        exact_vectors = library.embedder.embed(
            [passage for one in drafts(library) for passage in one.passages]
        )
    mixed_vectors = vectors_of(tmp_path / "library")
    same = np.all(exact_vectors == mixed_vectors, axis=1)
    assert sorted(same) == [False, False, True, True]
    assert np.sum(exact_vectors * mixed_vectors, axis=1).min() >= 0.999

    monkeypatch.undo()
    with Library.open(tmp_path / "library", write=True) as library:
        (source / "0.txt").touch()
        report = add(library, [source], jobs=1)
        assert (report.added, report.changed, report.unchanged, report.chunks) == (0, 0, 4, 0)
        assert search(library, "What does the boat cost?")[0].text == "Lakeport spoke of ferry fares."
    assert np.array_equal(vectors_of(tmp_path / "library"), mixed_vectors)


def drafts(library):
    articles = [library.store.article(card.id) for card in library.store.articles()]
    in_order = sorted(articles, key=lambda article: article.file)
    return [draft_article(article, library.config) for article in in_order]


def vectors_of(folder):
    with closing(sqlite3.connect(folder / "library.sqlite")) as database:
        rows = database.execute("SELECT vector FROM chunks ORDER BY id").fetchall()
    return np.array([np.frombuffer(vector, "<f4") for (vector,) in rows])


# ---- a graphics card


class Device:
    def __init__(self, kind):
        self.type = kind


class Recorder:
    """Stands for a sentence-transformers model and keeps what it was asked for."""

    max_seq_length = None

    def __init__(self, kind):
        self.device = Device(kind)
        self.batches = []

    def get_embedding_dimension(self):
        return 2

    def encode(self, texts, *, batch_size, **_more):
        self.batches.append(batch_size)
        return np.ones((len(texts), 2)) / np.sqrt(2)


def test_a_graphics_card_gets_larger_batches():
    asked = {}
    for kind in ("cpu", "cuda"):
        model = Recorder(kind)
        SentenceModelEmbedder(model, space="recorded").embed(["a", "b"])
        (asked[kind],) = model.batches
    assert asked == {"cpu": 8, "cuda": 64}


@pytest.mark.slow
@pytest.mark.parametrize("model", ["st:minilm", f"st:{minilm_folder()}"], ids=["built-in", "a user's"])
def test_a_graphics_card_is_used_where_there_is_one(monkeypatch, model):
    """Torch's device "meta", which holds no numbers, stands for the card that sentence-transformers finds."""
    transformers_model = pytest.importorskip("sentence_transformers.base.model")
    monkeypatch.setattr(transformers_model, "get_device_name", lambda: "meta")
    embedder = load_embedder(model)
    assert {weights.device.type for weights in embedder._model.parameters()} == {"meta"}
