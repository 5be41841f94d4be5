"""python -m qa as a reader runs it."""

import io
import json
import subprocess
import sys

import pytest

from index.config import IndexConfig
from index.errors import InputError
from index.ingest import add
from index.library import Library
from index.questions import BadRow
from qa.__main__ import answer_all
from qa.schema import Question

TEXT = (
    "Norhaven ordered 14 ferries on Tuesday. Kaspar Ito praised Ana Brandt for the order. "
    "“It is a good day,” Ms. Brandt said."
)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    table = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    row = {
        "title": "Norhaven orders ferries",
        "outlet": "The Lantern",
        "published": "2025-10-20",
        "text": TEXT,
    }
    table.write_text(json.dumps(row), encoding="utf-8")
    path = tmp_path_factory.mktemp("cli") / "library"
    with Library.create(path, IndexConfig(model="minilm")) as opened:
        add(opened, [table])
    return path


def run(root, *arguments):
    command = [sys.executable, "-m", "qa", *map(str, arguments)]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120)


def test_an_answer_is_printed_with_its_source(root, library):
    done = run(root, "How many ferries did Norhaven order?", "--library", library)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("14\n")
    assert "Norhaven orders ferries" in done.stdout


def test_json_holds_the_whole_answer(root, library):
    record = json.loads(run(root, "Who praised Ana Brandt?", "--json", "--library", library).stdout)
    assert record["short_answers"] == ["Kaspar Ito"]
    assert record["tally"]["rows"][0]["statements"] == 1


def test_a_file_of_questions_gives_a_line_each_and_names_bad_rows(root, library, tmp_path):
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"id": "q1", "question": "How many ferries did Norhaven order?", "asked_on": "2025-10-21"}\n'
        "not json\n"
        '{"id": "q2", "question": 5}\n'
        '{"id": "q3", "question": "Who won the Nobel Peace Prize?"}\n',
        encoding="utf-8",
    )
    done = run(root, "--questions", questions, "--library", library)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 3
    assert [line.get("id") for line in lines] == ["q1", None, None, "q3"]
    assert lines[0]["short_answer"] == "14"
    assert "questions.jsonl, line 2: not JSON" in lines[1]["error"]
    assert "questions.jsonl, line 3: no question" in lines[2]["error"]
    assert lines[3]["abstained"] is True


def test_one_failing_question_does_not_cost_the_others():
    def ask(question):
        raise RuntimeError("model gone") if question.id == "1" else InputError("no", "Ask again.")

    output = io.StringIO()
    code = answer_all(ask, [Question("a", id="1"), Question("b", id="2"), BadRow("bad row")], output)
    lines = [json.loads(line) for line in output.getvalue().splitlines()]
    assert code == 3
    assert [line["error"] for line in lines] == ["RuntimeError: model gone", "no Ask again.", "bad row"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["What?", "--library", "no-such-folder"], "no-such-folder"),
        ([], "Give one question"),
        (["What?", "--from", "soon"], "“soon” is not a date"),
        (["--questions", "no-such-file.jsonl"], "no-such-file.jsonl"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_traceback(root, arguments, message):
    done = run(root, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_question_imports_only_what_it_needs(root, library):
    code = (
        "import sys; from qa.__main__ import main; "
        f"main(['How many ferries did Norhaven order?', '--library', {str(library)!r}]); "
        "print(sorted({'torch', 'spacy', 'gradio', 'transformers', 'pandas', 'qa.writers',"
        " 'qa.answerers.compare'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_help_is_light(root):
    code = (
        "import sys\nfrom qa.__main__ import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'numpy', 'faiss', 'onnxruntime'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60)
    assert "--questions" in done.stdout
    assert "faiss" not in done.stdout.splitlines()[-1]
    assert "onnxruntime" not in done.stdout.splitlines()[-1]
