"""The documents say what the code does: commands, options, formats, links."""

import re
import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def readme(root):
    return (root / "README.md").read_text(encoding="utf-8")


def help_of(root, *command):
    done = subprocess.run(
        [sys.executable, "-m", *command, "--help"], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_index_command_is_in_the_readme(root, readme):
    commands = re.findall(r"^    (\w+) {2,}\S", help_of(root, "index"), re.M)
    assert len(commands) >= 9
    for command in commands:
        assert f"python -m index {command}" in readme


@pytest.mark.parametrize(
    "command", [("qa",), ("index", "add"), ("index", "search"), ("index", "show"), ("index", "list")]
)
def test_every_option_is_in_the_readme(root, readme, command):
    for option in set(re.findall(r"--[a-z-]+", help_of(root, *command))) - {"--help"}:
        assert option in readme, f"{command}: {option}"


def test_every_format_is_in_the_readme(readme):
    from index.loaders import supported_suffixes

    for suffix in supported_suffixes():
        if not suffix.endswith(".gz") and suffix not in (".text", ".xhtml", ".markdown", ".ndjson"):
            assert f"`{suffix}`" in readme, suffix


def test_links_and_places_of_the_readme_exist(root, readme):
    links = re.findall(r"\]\(([^)#:]+)\)", readme)
    assert links
    for link in links:
        assert (root / link).exists(), link
    for row in re.findall(r"^\| (`[^|]+) \|", readme.split("## Map of the files")[1], re.M):
        top = row.split("/")[0].strip("`")
        for place in re.findall(r"`([^`]+)`", row):
            assert (root / place).exists() or (root / top / place).exists(), place


def test_every_module_is_on_the_map(root, readme):
    for package in ("index", "qa"):
        for module in (root / package).glob("*.py"):
            assert module.stem == "__init__" or module.name in readme, module


def test_every_requirement_is_pinned_and_explained(root):
    for line in (root / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            assert re.match(r"[\w.\[\]-]+==[\w.]+ +# \S", line), line


def test_the_answer_format_names_every_field(root):
    from index.schema import ArticleCard
    from qa.answer_json import to_json
    from qa.schema import Answer, Citation, Kind, Plan, Wanted

    text = (root / "docs" / "answer-format.md").read_text(encoding="utf-8")
    card = ArticleCard("a", "f", "t", (), None, None, None, "a")
    answer = Answer("q", Plan(Kind.FACT, Wanted.NAME), True, nearest=(Citation(card, 0, 1, "x"),))
    record = to_json(answer)
    for field in (*record, *record["plan"], *record["nearest"][0]):
        assert f"`{field}`" in text, field
