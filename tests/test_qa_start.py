"""What a process that asks one question loads, and what it costs beside importing the libraries it needs."""

import os
import resource
import subprocess
import sys

import pytest

QUESTION = "How many ferries did Norhaven order?"
NEEDED = "import numpy, faiss, onnxruntime, tokenizers"
NOT_NEEDED = {
    "torch", "transformers", "sentence_transformers", "spacy", "thinc",  # other models
    "onnx", "safetensors", "google.protobuf",  # drawing graphs, which are kept
    "numpy.ma", "numpy.random", "pandas", "ray", "gradio", "trafilatura", "tiktoken",
    "index.ingest", "index.statements.extract", "qa.talk.conversation", "qa.export", "qa.writers",
    "qa.answerers.compare", "qa.answerers.list",
}  # fmt: skip


@pytest.fixture(scope="module")
def library(library_of, samples):
    return library_of(samples, "minilm")


def ask(root, library, code=""):
    """Run a question in a process of its own, and then some code there; return what that prints."""
    script = f"import sys; from qa.__main__ import main; main([{QUESTION!r}, '--library', {str(library)!r}])"
    done = subprocess.run(
        [sys.executable, "-c", f"{script}\n{code}"],
        cwd=root, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()[-1]


@pytest.mark.slow
def test_a_later_question_loads_only_what_it_needs(root, library):
    code = f"print(sorted({NOT_NEEDED!r} & set(sys.modules)))"
    first = ask(root, library, code)
    assert set(eval_list(first)) <= {"onnx", "google.protobuf", "safetensors", "numpy.ma", "numpy.random"}
    assert ask(root, library, code) == "[]"


def eval_list(printed):
    """Return the names in a printed list of names."""
    return [name.strip("' ") for name in printed.strip("[]").split(",") if name.strip()]


HELP = [
    (["-m", "qa", "--help"], {"faiss", "onnxruntime", "sqlite3"}),
    (["-m", "index", "--help"], {"numpy", "faiss", "onnxruntime", "sqlite3"}),
    (["-m", "index", "cluster", "build", "--help"], {"numpy", "faiss", "onnxruntime", "ray"}),
    (["-m", "eval", "--help"], {"faiss", "onnxruntime"}),
    (["app.py", "--help"], {"gradio", "faiss", "onnxruntime", "fastapi", "pandas"}),
]


@pytest.mark.parametrize(("command", "heavy"), HELP, ids=[" ".join(command) for command, _ in HELP])
def test_help_loads_no_model_and_no_page(root, command, heavy):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *command], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    assert "usage: " in done.stdout
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "argparse" in imported
    assert not heavy & imported


def cpu_seconds(root, *arguments):
    """Return the user and system time of the cheapest of three processes."""
    least = float("inf")
    alone = {**os.environ, "OMP_NUM_THREADS": "1"}
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, *arguments],
            cwd=root, check=True, capture_output=True, timeout=120, env=alone,
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return least


@pytest.mark.slow
def test_a_later_question_costs_a_few_times_what_importing_its_libraries_does(root, library):
    ask(root, library)
    question = cpu_seconds(root, "-m", "qa", QUESTION, "--library", str(library))
    assert question < 5 * cpu_seconds(root, "-c", NEEDED)  # 3.5 in November 2026, 6 with graphs drawn anew
