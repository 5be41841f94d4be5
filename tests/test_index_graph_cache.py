"""Graphs kept from one process to the next: used when nothing has changed, drawn anew otherwise."""

import errno
import os
import shutil
import stat
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from index.embedders import graph_cache, load_embedder, minilm_folder
from index.embedders.graph_cache import cache_folder, kept_graph
from index.errors import ModelError


class Drawing:
    """Draws a graph and counts how often."""

    def __init__(self, graph=b"a graph"):
        self.graph = graph
        self.times = 0

    def __call__(self):
        self.times += 1
        return self.graph


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty cache."""
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def encoder(tmp_path):
    """A small encoder that is never run: the files that a graph's name depends on."""
    packaged, copy = minilm_folder(), tmp_path / "encoder"
    (copy / "1_Pooling").mkdir(parents=True)
    for name in ("config.json", "1_Pooling/config.json"):
        shutil.copy(packaged / name, copy / name)
    (copy / "model.safetensors").write_bytes(bytes(range(256)) * 100)
    return copy


def ask(encoder, drawing, *made_of):
    return kept_graph("reader", encoder, drawing, *made_of)


def test_a_graph_is_drawn_once(folder, encoder):
    drawing = Drawing()
    assert [ask(encoder, drawing) for _ in range(3)] == [b"a graph"] * 3
    assert drawing.times == 1
    (kept,) = folder.iterdir()
    assert kept.name.startswith("reader-")
    assert kept.read_bytes() == sha256(b"a graph").digest() + b"a graph"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_two_names_are_two_graphs(folder, encoder):
    assert kept_graph("one", encoder, Drawing(b"1")) == b"1"
    assert kept_graph("two", encoder, Drawing(b"2")) == b"2"
    assert kept_graph("one", encoder, Drawing(b"3")) == b"1"
    assert len(list(folder.iterdir())) == 2


def change_shape(encoder, _card, _monkeypatch):
    settings = encoder / "config.json"
    settings.write_text(settings.read_text().replace('"num_attention_heads": 12', '"num_attention_heads": 6'))


def change_weights(encoder, _card, _monkeypatch):
    weights = encoder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[5] ^= 1
    weights.write_bytes(content)


def install_again(encoder, _card, _monkeypatch):
    os.utime(encoder / "model.safetensors", ns=(1, 1))


def change_card(_encoder, card, _monkeypatch):
    card.write_text("trained anew")


def lose_card(_encoder, card, _monkeypatch):
    card.unlink()


def change_code(encoder, _card, monkeypatch):
    other = encoder / "bert_onnx.py"
    other.write_text("another way of drawing")
    monkeypatch.setattr(graph_cache, "SOURCE", other)


@pytest.mark.parametrize(
    "change", [change_shape, change_weights, install_again, change_card, lose_card, change_code]
)
def test_a_graph_is_drawn_anew_when_what_it_is_made_of_changes(
    folder, encoder, tmp_path, monkeypatch, change
):
    card = tmp_path / "card.json"
    card.write_text("trained")
    assert ask(encoder, Drawing(b"old"), card) == b"old"
    change(encoder, card, monkeypatch)
    assert ask(encoder, Drawing(b"new"), card) == b"new"
    assert ask(encoder, Drawing(b"never"), card) == b"new"
    assert len(list(folder.iterdir())) == 2


@pytest.mark.usefixtures("folder")
def test_where_one_file_ends_and_the_next_begins_counts(encoder, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"ab"), two.write_bytes(b"c")
    assert ask(encoder, Drawing(b"old"), one, two) == b"old"
    one.write_bytes(b"a"), two.write_bytes(b"bc")
    assert ask(encoder, Drawing(b"new"), one, two) == b"new"


def flip(content):
    content[len(content) // 2] ^= 1


def flip_digest(content):
    content[3] ^= 1


def cut(content):
    del content[-1:]


def cut_in_digest(content):
    del content[20:]


def lengthen(content):
    content.append(0)


def empty(content):
    content.clear()


@pytest.mark.parametrize("damage", [flip, flip_digest, cut, cut_in_digest, lengthen, empty])
def test_a_damaged_graph_is_drawn_anew_and_replaced(folder, encoder, damage):
    drawing = Drawing(bytes(range(256)))
    ask(encoder, drawing)
    (kept,) = folder.iterdir()
    whole = kept.read_bytes()
    content = bytearray(whole)
    damage(content)
    kept.write_bytes(content)
    assert ask(encoder, drawing) == drawing.graph
    assert drawing.times == 2
    assert kept.read_bytes() == whole


def test_a_folder_that_cannot_be_made_costs_time_only(folder, encoder):
    folder.write_text("a file stands where the folder should be")
    drawing = Drawing()
    assert [ask(encoder, drawing) for _ in range(2)] == [b"a graph"] * 2
    assert drawing.times == 2


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("step", ["open", "replace"])
def test_a_folder_that_cannot_be_written_costs_time_only(folder, encoder, monkeypatch, step, code):
    right = getattr(Path, step)

    def fail(path, *arguments, **named):
        if path.suffix == ".tmp":
            raise OSError(code, os.strerror(code))
        return right(path, *arguments, **named)

    monkeypatch.setattr(Path, step, fail)
    drawing = Drawing()
    assert [ask(encoder, drawing) for _ in range(2)] == [b"a graph"] * 2
    assert drawing.times == 2
    assert list(folder.iterdir()) == []


def test_old_graphs_and_unfinished_files_go(folder, encoder, tmp_path):
    card = tmp_path / "card.json"
    for version in range(7):
        card.write_text(str(version))
        ask(encoder, Drawing(b"%d" % version), card)
        (newest,) = set(folder.glob("*.onnx")) - set(folder.glob("reader-old*"))
        os.utime(newest, ns=(version, version))
        newest.rename(folder / f"reader-old-{version}.onnx")
    (folder / "reader-5.onnx.99.tmp").write_bytes(b"half")
    os.utime(folder / "reader-5.onnx.99.tmp", ns=(1, 1))
    kept_graph("embedder", encoder, Drawing())
    ask(encoder, Drawing(b"last"), card)
    left = sorted(path.name for path in folder.iterdir() if path.name.startswith("reader-old"))
    assert left == ["reader-old-4.onnx", "reader-old-5.onnx", "reader-old-6.onnx"]
    assert not list(folder.glob("*.tmp"))
    assert len(list(folder.glob("embedder-*"))) == 1


def test_what_cannot_be_drawn_is_not_kept(folder, encoder):
    def refuse():
        raise ModelError("The weights hold no tensor.")

    with pytest.raises(ModelError, match="no tensor"):
        ask(encoder, refuse)
    assert not folder.exists()


@pytest.mark.usefixtures("folder")
def test_a_missing_encoder_is_named(encoder):
    (encoder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="holds no weights"):
        ask(encoder, Drawing())


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({"DATELINE_CACHE": "/own"}, "/own"),
        ({"DATELINE_CACHE": "~/own"}, "/home/reader/own"),
        ({"DATELINE_CACHE": "/own", "XDG_CACHE_HOME": "/caches"}, "/own"),
        ({"DATELINE_CACHE": "", "XDG_CACHE_HOME": "/caches"}, "/caches/dateline"),
        ({"XDG_CACHE_HOME": "caches"}, "/home/reader/.cache/dateline"),
        ({}, "/home/reader/.cache/dateline"),
    ],
)
def test_the_place_is_the_users_choice(monkeypatch, variables, wanted):
    for name in ("DATELINE_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/reader")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert str(cache_folder()) == wanted


EMBED = (
    "import sys; from index.embedders import load_embedder; model = load_embedder('minilm');"
    "vectors = [model.embed(['ferry'])[0], model.embed_quickly(['ferry'])[0]];"
    "print('onnx' in sys.modules, *(vector.tobytes().hex() for vector in vectors))"
)


@pytest.mark.slow
def test_processes_that_start_at_once_agree_and_the_next_imports_no_onnx(folder, root):
    def start():
        return subprocess.Popen([sys.executable, "-c", EMBED], cwd=root, stdout=subprocess.PIPE, text=True)

    first = [start() for _ in range(3)]
    outputs = [process.communicate(timeout=120)[0].split() for process in first]
    assert {process.returncode for process in first} == {0}
    later = start().communicate(timeout=120)[0].split()
    assert later[0] == "False"
    assert len(later[1]) == 384 * 8
    assert {tuple(output[1:]) for output in outputs} == {tuple(later[1:])}
    assert len(list(folder.iterdir())) == 2


def test_vectors_are_those_of_a_graph_drawn_anew(folder):
    texts = ["Who praised the mayor?", "The ferry sailed at noon. " * 200]
    drawn, kept = load_embedder("minilm"), load_embedder("minilm")
    assert (drawn.embed(texts) == kept.embed(texts)).all()
    assert (drawn.embed_quickly(texts) == kept.embed_quickly(texts)).all()
    assert len(list(folder.iterdir())) == 2
