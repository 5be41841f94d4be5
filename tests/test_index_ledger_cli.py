"""The commands on statements and people, run as a reader runs them."""

import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from index.__main__ import main
from index.config import ANALYSIS_VERSION
from index.corrections import correct
from index.ledger import read
from index.library import Library

STORY = """# {title}

{city}, Nov. 3 — Mayor Ines Halvorsen praised Karl Brandt for his work on the harbour plan.

Ines Halvorsen accused Otto Lindgren of lying to the council of {city}. Brandt praised Halvorsen on Monday.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("ledger")
    (made / "in").mkdir()
    for city in ("Arnholt", "Brenn"):
        (made / "in" / f"{city}.md").write_text(STORY.format(title=f"Harbour plan of {city}", city=city))
    assert main(["add", str(made / "in"), "--library", str(made / "library"), "--model", "hashing"]) == 0
    return made


@pytest.fixture
def run(folder, capsys):
    def command(*arguments):
        capsys.readouterr()
        code = main([*map(str, arguments), "--library", str(folder / "library")])
        said = capsys.readouterr()
        return code, said.out, said.err

    yield command
    (folder / "library" / "people.toml").unlink(missing_ok=True)


def test_statements_are_listed_with_their_quotes(run):
    code, out, err = run("statements", "--speaker", "Halvorsen", "--stance", "praise")
    assert code == 0
    lines = out.splitlines()
    assert len(lines) == 6
    assert re.match(r"Ines Halvorsen -> Karl Brandt: praise, strength \d, reported$", lines[0])
    assert "praised Karl Brandt for his work" in lines[1]
    assert re.search(r"Harbour plan of \w+ .*[0-9a-f]{16} \[\d+:\d+\]$", lines[2])
    assert err.startswith("2 statements")
    assert run("statements", "--target", "otto lindgren")[1].count("criticise") == 2


def test_statements_as_json_and_csv(run):
    found = json.loads(run("statements", "--target", "Lindgren", "--json")[1])
    assert {(row["speaker"], row["target"], row["stance"]) for row in found} == {
        ("Ines Halvorsen", "Otto Lindgren", "criticise")
    }
    out = run("statements", "--csv")[1]
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == len(json.loads(run("statements", "--json")[1])) >= 6
    assert run("statements", "--json", "--from", "2999-01-01", "--outlet", "Nobody")[1].strip() == "[]"
    assert json.loads(run("statements", "--json", "--unclear")[1]) == [row for row in found if row["unclear"]]


def test_an_unknown_name_is_answered_with_near_ones(run):
    code, out, err = run("statements", "--speaker", "Halverson")
    assert (code, out) == (2, "")
    assert "No statement in the library is by or about 'Halverson'" in err
    assert "Did you mean Ines Halvorsen" in err


def test_people_are_listed(run):
    code, out, _ = run("people")
    assert code == 0
    assert re.search(r"^ +\d+ said +\d+ about  Ines Halvorsen  \[person\]", out, re.M)
    assert run("people", "list", "brandt")[1].count("\n") == 1
    (brandt,) = json.loads(run("people", "list", "brandt", "--json")[1])
    assert (brandt["name"], brandt["kind"], brandt["speaker"], brandt["target"]) == (
        "Karl Brandt",
        "person",
        2,
        2,
    )


def test_merge_split_and_unmerge_work_at_once(run):
    code, out, _ = run(
        "people", "merge", "Karl Brandt", "Otto Lindgren", "the deputy", "--as", "Karl L. Brandt"
    )
    assert code == 0
    assert "people.toml" in out
    assert len(json.loads(run("statements", "--target", "the deputy", "--json")[1])) == 4
    assert {row["target"] for row in json.loads(run("statements", "--target", "Lindgren", "--json")[1])} == {
        "Karl L. Brandt"
    }
    assert run("people", "split", "Karl L. Brandt", "Otto Lindgren")[0] == 0
    assert len(json.loads(run("statements", "--target", "the deputy", "--json")[1])) == 2
    assert len(json.loads(run("statements", "--target", "Lindgren", "--json")[1])) == 2
    assert run("people", "unmerge", "the deputy")[0] == 0
    assert run("statements", "--target", "the deputy")[0] == 2
    assert "Karl Brandt" in run("people", "list", "brandt")[1]


def test_a_form_that_would_join_by_itself_is_split_off(run, folder):
    """Without an entry of its own in the file, "Brandt" would go to Karl Brandt again."""
    with Library.open(folder / "library", write=True) as library:
        (entry, *_) = read(library, speaker="Brandt")
        made = correct(library, entry, replace(entry.statement, speaker="Brandt"))
    assert "also Brandt (1)" in run("people", "list", "brandt")[1]
    assert run("people", "split", "Karl Brandt", "Brandt")[0] == 0
    assert {row["name"] for row in json.loads(run("people", "list", "brandt", "--json")[1])} == {
        "Karl Brandt",
        "Brandt",
    }
    assert "[[apart]]" in (folder / "library" / "people.toml").read_text()
    assert run("corrections", "--undo", made.number)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["people", "merge", "Karl Brandt"], "at least two different names"),
        (["people", "merge", "Nobody At All", "Nor He"], "No statement in the library is by or about"),
        (["people", "split", "Nobody At All", "X"], "by or about 'Nobody At All'"),
        (["people", "split", "Karl Brandt", "Bubba"], "nowhere called 'Bubba'"),
        (["people", "unmerge", "Karl Brandt"], "says nothing of 'Karl Brandt'"),
        (["corrections", "--undo", "99"], "no correction 99"),
        (["corrections", "--gold", "/no/such/folder/x.jsonl"], "cannot be written"),
        (["statements", "--from", "lately"], "'lately' is not a date"),
    ],
)
def test_errors_say_what_and_what_to_do(run, arguments, said):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_a_broken_alias_file_is_named_and_others_still_work(run, folder):
    (folder / "library" / "people.toml").write_text('[[person]]\nname = "A"\n[[person]\n')
    for arguments in (["statements"], ["people"], ["people", "merge", "Karl Brandt", "KB"]):
        code, _, err = run(*arguments)
        assert code == 2
        assert "people.toml" in err
        assert "line 3" in err
    assert run("search", "harbour")[0] == 0


def test_corrections_are_listed_exported_and_undone(run, folder, tmp_path):
    assert run("corrections")[:2] == (0, "")
    with Library.open(folder / "library", write=True) as library:
        (entry, *_) = read(library, speaker="Halvorsen", target="Lindgren")
        made = correct(library, entry, replace(entry.statement, speaker="Cy Fox"), note="see the photo")
    out = run("corrections")[1]
    assert f"{made.number}  " in out
    assert "Cy Fox -> Otto Lindgren, criticise  see the photo" in out
    (row,) = json.loads(run("corrections", "--json")[1])
    assert (row["new_speaker"], row["applies_to"]) == ("Cy Fox", [entry.article.id, entry.ordinal])
    assert "corrected" in run("statements", "--speaker", "Cy Fox")[1]
    code, out, _ = run("corrections", "--gold", tmp_path / "gold.jsonl")
    assert (code, out.split()[0]) == (0, "1")
    (gold,) = map(json.loads, (tmp_path / "gold.jsonl").read_text().splitlines())
    assert (gold["question"], gold["answers"]) == ("Did Cy Fox criticise Otto Lindgren?", ["yes"])
    assert run("corrections", "--undo", made.number)[0] == 0
    assert run("corrections")[1] == ""


def test_reread_reads_what_an_older_version_has_read(run, folder):
    assert run("reread")[1].startswith("0 articles")
    with Library.open(folder / "library", write=True) as library:
        identity = library.store.articles()[0].id
        before = library.store.digest()
        kept = library.store.analysis(identity)
        library.store.reanalyse(identity, replace(kept, statements=(), version=ANALYSIS_VERSION - 1))
    assert "the statements of 1 articles" in run("stats")[1]
    code, out, _ = run("reread")
    assert code == 0
    assert re.match(r"1 articles read again: \d+ statements, 0 before", out)
    with Library.open(folder / "library") as library:
        assert library.store.digest() == before
        assert library.store.outdated() == ()
    assert run("reread", "--all")[1].startswith("2 articles")
    assert run("verify")[0] == 0


def test_add_says_what_finding_statements_took(tmp_path, capsys):
    (tmp_path / "one.md").write_text(STORY.format(title="One", city="Calder"))
    arguments = [
        "add",
        str(tmp_path / "one.md"),
        "--library",
        str(tmp_path / "library"),
        "--model",
        "hashing",
    ]
    assert main(arguments) == 0
    out = capsys.readouterr().out
    statements, whole = map(float, re.search(r"statements ([\d.]+) s CPU of ([\d.]+)", out).groups())
    assert 0 <= statements <= whole


def test_statements_load_no_language_pipeline(folder, root):
    code = (
        "import sys; from index.__main__ import main; main(['statements', '--library', sys.argv[1]]); "
        "print({'spacy', 'torch', 'onnxruntime', 'faiss', 'tomlkit'} & set(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(folder / "library")],
        capture_output=True,
        text=True,
        cwd=root,
        check=True,
    )
    assert ran.stdout.splitlines()[-1] in ("set()", "{'faiss'}")
