"""The command line of the library, run as a reader runs it."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from index.__main__ import main
from index.config import FORMAT_VERSION
from index.library import Library

STORY = """# {title}

{city}, Nov. 3 — The council of {city} voted on Monday to raise the harbour tax by {number} percent.

“It is the right step,” said Mayor Ines Halvorsen, who praised Deputy Karl Brandt for his work on the plan.
"""

PAGE = """Harbour tax goes up in Arnholt

The council of Arnholt voted on Monday to raise the harbour tax by four percent, its largest step in years.

Advertisement

Fishermen said that they had not been asked, and that they would take the matter to court next week.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of articles and a library of them, made by the command."""
    made = tmp_path_factory.mktemp("cli")
    (made / "in").mkdir()
    for number, city in enumerate(["Arnholt", "Brenn", "Calder"], start=3):
        text = STORY.format(title=f"{city} raises its tax", city=city, number=number)
        (made / "in" / f"{city}.md").write_text(text)
    (made / "in" / "page.txt").write_text(PAGE)
    rows = [
        {
            "title": "Old ferry",
            "text": "The old ferry sank in the storm.",
            "outlet": "The Post",
            "author": "Ann Lee",
            "published": "2025-02-03",
            "url": "https://post.example/ferry",
        }
    ]
    (made / "in" / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    code = main(["add", str(made / "in"), "--library", str(made / "library"), "--model", "hashing"])
    assert code == 0
    return made


@pytest.fixture
def run(folder, capsys):
    """Run a command on the library and return its exit code, output lines and error text."""

    def command(*arguments, library=None):
        code = main([*map(str, arguments), "--library", str(library or folder / "library")])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def test_list(run):
    code, out, _ = run("list")
    assert code == 0
    lines = out.splitlines()
    assert len(lines) == 5
    assert all(re.match(r"[0-9a-f]{16}  (\d{4}-\d\d-\d\d|undated   )  \S", line) for line in lines)
    _, out, _ = run("list", "--json", "--outlet", "the post")
    (card,) = json.loads(out)
    assert (card["title"], card["authors"], card["published"]) == ("Old ferry", ["Ann Lee"], "2025-02-03")
    assert run("list", "--outlet", "Nobody")[1] == ""


def test_show(run):
    code, out, _ = run("show", "rows.jsonl#1")
    assert code == 0
    assert "author: Ann Lee  [" in out
    assert "published: 2025-02-03  [" in out
    assert "The old ferry sank in the storm." in out
    code, out, _ = run("show", "page.txt", "--removed")
    assert re.search(r"1  advertisement: Advertisement", out)
    shown = json.loads(run("show", "page.txt", "--json")[1])
    (removed,) = [span for span in shown["removed"] if span["reason"] == "advertisement"]
    assert removed["text"].strip() == "Advertisement"
    assert "Advertisement" not in shown["text"]


def test_search(run):
    code, out, _ = run("search", "harbour tax in Brenn", "-k", "2", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["question"] == "harbour tax in Brenn"
    assert 1 <= len(found["hits"]) <= 2
    best = found["hits"][0]
    assert best["file"] == "Brenn.md"
    shown = json.loads(run("show", best["article"], "--json")[1])
    assert shown["text"][best["start"] : best["end"]] == best["text"]
    assert set(best) == {"article", "file", "url", "title", "start", "end", "text", "scores"}
    assert set(best["scores"]) == {"fused", "words", "vector"}
    assert "Brenn" in run("search", "harbour tax in Brenn", "-k", "1")[1]


def test_search_answers_a_file_of_questions(run, tmp_path):
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "q1", "question": "the ferry"}\n\n{"question": "Calder tax"}\n')
    code, out, _ = run("search", "--questions", questions, "-k", "3")
    assert code == 0
    first, second = map(json.loads, out.splitlines())
    assert (first["id"], second["id"]) == ("q1", "3")
    assert first["hits"][0]["file"] == "rows.jsonl#1"
    assert first["hits"][0]["url"] == "https://post.example/ferry"


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "line 1: not JSON"), ("[]", "no question"), ('{"question": " "}', "no question")],
)
def test_bad_questions_are_named_by_line(run, tmp_path, content, said):
    questions = tmp_path / "questions.jsonl"
    questions.write_text(content + '\n{"id": "q2", "question": "the ferry"}')
    code, out, _ = run("search", "--questions", questions)
    bad, good = map(json.loads, out.splitlines())
    assert (code, said in bad["error"], good["id"]) == (3, True, "q2")


def test_stats_and_verify(run):
    code, out, _ = run("stats", "--json")
    assert code == 0
    found = json.loads(out)
    assert (found["articles"], found["model"], found["format_version"]) == (
        5,
        "hashing",
        FORMAT_VERSION,
    )
    assert "5 articles" in run("stats")[1]
    assert run("verify")[:2] == (0, "5 articles checked, no problem found\n")


def test_verify_reports_and_repair_mends(run, folder):
    (file,) = (folder / "library").glob("vectors.*.faiss")
    file.write_bytes(b"broken")
    code, out, err = run("verify")
    assert code == 1
    assert file.name in out
    assert "repair" in err
    code, out, _ = run("repair")
    assert code == 0
    assert "set aside" in out
    assert run("verify")[0] == 0


def test_add_again_changes_nothing_and_remove_and_restore_work(run, folder, tmp_path):
    library = tmp_path / "own"
    assert run("add", folder / "in", "--model", "hashing", library=library)[0] == 0
    code, out, _ = run("add", folder / "in", library=library)
    assert code == 0
    assert "5 unchanged" in out
    code, out, _ = run("restore", "page.txt", "1", library=library)
    assert code == 0
    assert "Advertisement" in run("show", "page.txt", library=library)[1]
    code, out, _ = run("remove", "Brenn.md", "page.txt", library=library)
    assert code == 0
    assert out.count("removed") == 2
    assert len(run("list", library=library)[1].splitlines()) == 3
    assert run("verify", library=library)[0] == 0


def test_some_inputs_failed(run, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.md").write_text(STORY.format(title="Good", city="Good", number=1))
    (tmp_path / "in" / "bad.pdf").write_bytes(b"not a pdf")
    code, out, err = run("add", tmp_path / "in", "--model", "hashing", library=tmp_path / "library")
    assert code == 3
    assert "bad.pdf: " in err
    assert "1 added" in out
    assert "1 failed" in out
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list", "--from", "lately"], "'lately' is not a date"),
        (["show", "nothing-like-it"], "There is no article 'nothing-like-it'"),
        (["search"], "Nothing to search for"),
        (["search", "x", "--questions", "y"], "either"),
        (["search", "--questions", "/no/such/file"], "/no/such/file"),
        (["add", "/no/such/path"], "/no/such/path"),
        (["restore", "page.txt", "99"], "there is no number 99"),
        (["add", ".", "--model", "hashing:64"], "made with the model"),
    ],
)
def test_errors_say_what_and_what_to_do(run, arguments, said):
    code, out, err = run(*arguments)
    assert code == 2
    assert said in err
    assert "Traceback" not in err
    assert out == ""


def test_missing_library_is_not_made_by_mistake(run, tmp_path):
    code, _, err = run("list", library=tmp_path / "none")
    assert code == 2
    assert "python -m index add PATH" in err
    code, _, _ = run("add", "/no/such/path", library=tmp_path / "none")
    assert code == 2
    assert not (tmp_path / "none").exists()


def python(*arguments, **more):
    return subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, text=True, check=False, **more
    )


def imported(stderr):
    return {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in stderr.splitlines() if "|" in line}


def test_help_loads_nothing_heavy(root):
    ran = python("-X", "importtime", "-m", "index", "--help", cwd=root)
    assert ran.returncode == 0
    assert all(
        name in ran.stdout for name in ("add", "remove", "list", "show", "search", "verify", "restore")
    )
    assert not imported(ran.stderr) & {"numpy", "sqlite3", "faiss", "spacy", "torch", "onnxruntime"}


def test_every_command_has_help(root):
    for command in ("add", "remove", "list", "show", "search", "stats", "verify", "repair", "restore"):
        ran = python("-m", "index", command, "--help", cwd=root)
        assert ran.returncode == 0
        assert "--library" in ran.stdout


def test_unchanged_folder_loads_no_model(folder, root):
    ran = python(
        "-X", "importtime", "-m", "index", "add", folder / "in", "--library", folder / "library", cwd=root
    )
    assert ran.returncode == 0
    assert "5 unchanged" in ran.stdout
    assert not imported(ran.stderr) & {"faiss", "spacy", "torch", "onnxruntime", "trafilatura", "tiktoken"}


def test_search_loads_no_torch(folder, root):
    ran = python(
        "-X", "importtime", "-m", "index", "search", "tax", "--library", folder / "library", cwd=root
    )
    assert ran.returncode == 0
    assert not imported(ran.stderr) & {"spacy", "torch", "trafilatura"}


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_finishes_the_article_and_goes_on_later(tmp_path, root, stop):
    (tmp_path / "in").mkdir()
    for number in range(600):
        text = STORY.format(title=f"Story {number}", city=f"Town{number}", number=number)
        (tmp_path / "in" / f"{number:04}.md").write_text(text)
    command = [sys.executable, "-m", "index", "add", str(tmp_path / "in"), "--model", "hashing"]
    command += ["--library", str(tmp_path / "library")]
    started = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for _ in range(600):
        time.sleep(0.1)
        if (tmp_path / "library" / "library.sqlite").exists():
            with Library.open(tmp_path / "library") as library:
                if len(library.store.articles()) >= 5:
                    break
    started.send_signal(stop)
    out, err = started.communicate(timeout=60)
    assert started.returncode == 130, err
    assert "Traceback" not in err
    assert "run the same command again" in err
    added = int(re.match(r"([\d,]+) added", out)[1].replace(",", ""))
    with Library.open(tmp_path / "library") as library:
        assert len(library.store.articles()) == added < 600
        assert library.store.verify() == []


def test_a_closed_pipe_is_no_error(folder, root):
    command = f"{sys.executable} -m index show Brenn.md --library {folder / 'library'} | head -c 1"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=root, check=False)
    assert "Traceback" not in ran.stderr
    assert "BrokenPipe" not in ran.stderr


def test_library_from_the_environment(folder, root):
    environment = {**os.environ, "DATELINE_LIBRARY": str(folder / "library")}
    ran = python("-m", "index", "list", cwd=root, env=environment)
    assert len(ran.stdout.splitlines()) == 5
