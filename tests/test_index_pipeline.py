"""The language pipeline starts without torch, and leaves torch to those who want it."""

import subprocess
import sys
import threading

import pytest

from index.statements import pipeline

ARTICLE = "“I thank the builders for their brave work,” said Mayor Ana Ito of Lakeport on Monday.\n"


def python(*arguments, root):
    return subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=root, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_adding_articles_imports_no_torch(root, tmp_path):
    (tmp_path / "in.txt").write_text(ARTICLE, encoding="utf-8")
    ran = python(
        "-X", "importtime", "-m", "index", "add", tmp_path / "in.txt", "--library", tmp_path / "library",
        root=root,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert "1 added" in ran.stdout
    imported = {line.rsplit("|", 1)[-1].strip() for line in ran.stderr.splitlines()}
    assert {"spacy", "onnxruntime"} <= imported
    # thinc's attempt is listed as "torch"; had it found it, there would be torch's own modules.
    assert not any(name.startswith(("torch.", "transformers", "sentence_transformers")) for name in imported)


@pytest.mark.slow
def test_torch_can_be_imported_after_the_pipeline(root):
    """A user's own sentence-transformers model works beside it."""
    code = (
        "import sys\n"
        "from index.embedders import load_embedder\n"
        "from index.statements.pipeline import load_pipeline, parse\n"
        "load_pipeline()\n"
        "assert 'torch' not in sys.modules\n"
        "assert load_embedder('st:minilm').embed(['The mayor spoke.']).shape == (1, 384)\n"
        "assert [token.dep_ for token in parse(['He spoke.'])[0]] == ['nsubj', 'ROOT', 'punct']\n"
    )
    ran = python("-c", code, root=root)
    assert ran.returncode == 0, ran.stderr[-2000:]


HIDDEN = "antigravity_free_module"


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module that is on the path and was not imported yet."""
    (tmp_path / f"{HIDDEN}.py").write_text("weight = 0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield HIDDEN
    sys.modules.pop(HIDDEN, None)


def outcome(name):
    try:
        __import__(name)
    except ModuleNotFoundError as error:
        return f"{error} ({error.name})"
    return "imported"


def test_what_is_hidden_is_hidden_from_one_thread_only(module):
    seen = {}
    with pipeline.hidden(module):
        assert outcome(module) == f"No module named '{module}' ({module})"
        other = threading.Thread(target=lambda: seen.update(there=outcome(module)))
        other.start()
        other.join()
    assert seen == {"there": "imported"}


def test_what_was_hidden_can_be_imported_afterwards(module):
    finders = list(sys.meta_path)
    with pipeline.hidden(module):
        assert outcome(module) != "imported"
    assert outcome(module) == "imported"
    assert sys.meta_path == finders


def test_what_is_loaded_already_stays(module):
    assert outcome(module) == "imported"
    with pipeline.hidden(module):
        assert outcome(module) == "imported"
