"""docs/evaluation.md says what the commands do: formats, options, metrics."""

import argparse
import re

import pytest

from eval.__main__ import parser
from eval.gold_files import FORMATS
from eval.metrics.catalogue import CATALOGUE


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs" / "evaluation.md").read_text(encoding="utf-8")


def test_every_format_is_described(page):
    for name in FORMATS:
        assert f"| `{name}` |" in page, name


def test_every_metric_is_described(page):
    for name in CATALOGUE:
        general = re.sub(r"@\d+$", "@k", name)
        named = f"`{general}`" in page or (name.startswith("article.") and "`article.hit@k`, ..." in page)
        assert named, name


def test_every_command_and_option_is_described(page):
    (commands,) = (one for one in parser()._actions if isinstance(one, argparse._SubParsersAction))
    for name, command in commands.choices.items():
        assert f"python -m eval {name}" in page, name
        for option in (one for action in command._actions for one in action.option_strings):
            if option.startswith("--") and option != "--help":
                assert option in page, f"{name} {option}"


def test_every_module_is_on_the_map_of_files(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    for module in (root / "eval").glob("*.py"):
        assert module.stem == "__init__" or module.name in readme, module
