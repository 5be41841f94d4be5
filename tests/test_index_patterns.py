"""Patterns that are compiled when first used: the same matches, and none that cannot be compiled."""

import gc
import importlib
import pkgutil
import re
import subprocess
import sys

import pytest

import index
import qa
from index.patterns import regex

TEXT = "On 3 May the Mayor met Ms. Dray; on 14 June\nshe met the mayor."


@pytest.mark.parametrize(
    ("expression", "flags"),
    [
        (r"\bon (\d+) (?P<month>May|June)\b", re.IGNORECASE),
        (r"^she", re.MULTILINE),
        (r"the\smayor", 0),
        ("", 0),
    ],
)
def test_it_does_what_a_compiled_pattern_does(expression, flags):
    def spans(pattern):
        yield pattern.pattern
        yield [found.span() for found in pattern.finditer(TEXT)]
        for method in (pattern.search, pattern.match, pattern.fullmatch):
            found = method(TEXT)
            yield found and (found.span(), found.groupdict())
        yield pattern.search(TEXT, 10) and pattern.search(TEXT, 10).span()
        yield pattern.findall(TEXT)
        yield pattern.split(TEXT)
        yield pattern.sub("_", TEXT, count=1)
        yield pattern.subn("_", TEXT)
        yield (pattern.flags, pattern.groups, dict(pattern.groupindex))

    assert list(spans(regex(expression, flags))) == list(spans(re.compile(expression, flags)))


def test_a_wrong_pattern_is_found_at_its_first_use():
    wrong = regex("(")
    with pytest.raises(re.error, match="unterminated"):
        wrong.search("")


def test_every_pattern_can_be_compiled():
    for package in (index, qa):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    patterns = [one for one in gc.get_objects() if type(one) is type(regex(""))]
    assert len(patterns) > 300
    for one in patterns:
        one.search("")


@pytest.mark.slow
def test_importing_what_answers_a_question_compiles_few_patterns(root):
    code = (
        "import re; real, asked = re.compile, []\n"
        "def note(expression, flags=0):\n"
        "    asked.append(expression)\n"
        "    return real(expression, flags)\n"
        "re.compile = note\n"
        "import qa.engine, qa.answerers.fact\n"
        "import sys; own = [one for one in asked if len(one) > 200]\n"
        "print(len(own))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60)
    assert int(done.stdout) < 10, done.stderr
