"""What a process that asks one question loads, and what it costs beside importing the libraries it needs."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

QUESTION = "How many ferries did Norhaven order?"
FULL = Path("/dev/full")
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


def ask_into(root, library, output):
    """Ask with the answer going to `output`; return the finished process."""
    return subprocess.run(
        [sys.executable, "-m", "qa", QUESTION, "--library", str(library)],
        cwd=root, stdout=output, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_an_answer_is_whole_when_the_process_ends_at_once(root, library, tmp_path):
    with (tmp_path / "answer").open("w") as output:
        done = ask_into(root, library, output)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "answer").read_text().splitlines() == ask_whole(root, library)


def ask_whole(root, library):
    """Return the answer's lines, printed by a process that ends as any other."""
    code = f"import sys; from qa.__main__ import main; main([{QUESTION!r}, '--library', {str(library)!r}])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout.splitlines()


@pytest.mark.slow
@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
def test_an_answer_that_cannot_be_written_is_told(root, library):
    with FULL.open("w") as full:
        done = ask_into(root, library, full)
    assert done.returncode == 2
    assert done.stderr.startswith("The answer cannot be written: ")
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_reader_who_goes_away_is_no_error(root, library):
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "w") as gone:
        done = ask_into(root, library, gone)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("told", "taken"), [(None, "1"), ("2", "2")])
def test_small_products_of_numbers_start_no_threads_unless_told(root, told, taken):
    setting = {} if told is None else {"OPENBLAS_NUM_THREADS": told}
    without = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", "import index, os; print(os.environ['OPENBLAS_NUM_THREADS'])"],
        cwd=root, capture_output=True, text=True, check=True, env=without | setting,
    )  # fmt: skip
    assert done.stdout.strip() == taken
