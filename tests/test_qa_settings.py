"""The settings of answering: their names, their file, and that they are used."""

import json

import pytest
from eval_samples import ARTICLES, write_lines
from hypothesis import given
from hypothesis import strategies as st

from index.config import IndexConfig
from index.errors import InputError
from index.ingest import add
from index.library import Library
from index.search import DEFAULT, Fusion, SearchSettings
from qa.answerers.fact import read_evidence
from qa.engine import Engine
from qa.schema import Question
from qa.settings import (
    DEFAULTS,
    SETTINGS_FILE,
    AnswerSettings,
    changed_values,
    read_settings,
    settings_text,
    with_values,
)

WORTH = "How much is the contract for the ferries worth?"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("settings")
    with Library.create(folder / "library", IndexConfig(model="hashing")) as made:
        add(made, [write_lines(folder / "articles.jsonl", ARTICLES)])
    return folder / "library"


def test_values_are_set_by_name_and_the_rest_stays():
    made = with_values(DEFAULTS, {"words": 1, "fusion": "reciprocal rank", "passages": 3, "threshold": 0.5})
    assert made == AnswerSettings(SearchSettings(words=1.0, fusion=Fusion.RECIPROCAL_RANK), 3, 0.5)
    assert with_values(made, {"words": 0.5, "fusion": "weighted sum of scaled scores"}).search == DEFAULT


@pytest.mark.parametrize(
    "values",
    [
        {"colour": 1},
        {"as_of": "2025-01-01"},
        {"chunk_tokens": 120},
        {"words": "0.5"},
        {"words": True},
        {"words": 1.5},
        {"words": float("nan")},
        {"depth": 1.5},
        {"depth": 0},
        {"fusion": "best"},
        {"fusion": None},
        {"passages": 0},
        {"threshold": -0.1},
        {"threshold": [0.3]},
    ],
)
def test_what_cannot_be_set_is_refused_by_name(values):
    with pytest.raises(InputError, match=next(iter(values))):
        with_values(DEFAULTS, values)


share = st.floats(0, 1)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "words": share,
            "promised": share,
            "threshold": share,
            "depth": st.integers(1, 500),
            "passages": st.integers(1, 50),
            "fusion": st.sampled_from(list(Fusion)),
        },
    )
)
def test_a_written_file_gives_the_same_settings(values):
    made = with_values(DEFAULTS, values)
    assert with_values(DEFAULTS, json.loads(settings_text(made))) == made
    assert set(changed_values(made)) <= set(values)


def test_a_folder_without_the_file_has_the_defaults(tmp_path):
    assert read_settings(tmp_path) == DEFAULTS
    assert settings_text(DEFAULTS) == "{}\n"


@pytest.mark.parametrize(
    ("text", "named"), [("{words: 1}", "Expecting"), ("[1]", "no JSON object"), ('{"word": 1}', "'word'")]
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, text, named):
    (tmp_path / SETTINGS_FILE).write_text(text)
    with pytest.raises(InputError, match=named) as raised:
        read_settings(tmp_path)
    assert str(tmp_path / SETTINGS_FILE) in raised.value.message
    assert raised.value.remedy


def test_the_engine_answers_by_the_file_of_its_library(library):
    with Engine.open(library) as engine:
        usual = engine.ask(Question(WORTH))
    assert not usual.abstained
    (library / SETTINGS_FILE).write_text(json.dumps({"threshold": 1}))
    try:
        with Engine.open(library) as engine:
            strict = engine.ask(Question(WORTH))
    finally:
        (library / SETTINGS_FILE).unlink()
    assert strict.abstained
    assert strict.confidence == usual.confidence
    assert [one.article.title for one in strict.nearest] == ["Ferry deal signed"] * len(strict.nearest)


def test_the_threshold_decides_over_what_was_found_once(library):
    with Engine.open(library) as engine:
        found = engine.find(Question(WORTH))
        confidence = engine.decide(found, 0).confidence
        for threshold in (0, confidence - 0.01, confidence + 0.01, 1):
            assert engine.decide(found, threshold).abstained == (threshold > confidence)


@pytest.mark.parametrize(
    ("settings", "articles"),
    [
        (DEFAULTS, {"Ferry deal signed", "How the old ferries were built"}),
        (AnswerSettings(passages=1), {"How the old ferries were built"}),
        # What shares no word with the question is not proposed.
        (AnswerSettings(SearchSettings(words=1)), {"How the old ferries were built"}),
    ],
)
def test_passages_and_search_decide_what_is_read(library, settings, articles):
    question = Question("Which mail wagon?")
    with Library.open(library) as opened:
        plan = Engine(opened, settings).find(question).plan
        assert {one.article.title for one in read_evidence(opened, question, plan, settings)} == articles
