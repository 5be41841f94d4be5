"""When the articles don't say: the model's weights, what they weigh, and what is refused outright."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.schema import ArticleCard
from qa.abstain import WEIGHTS_FILE, confidence_of, judge, load_models, measures_of
from qa.answerers.draft import Draft, Signals
from qa.names_needed import names_needed
from qa.question_fit import misfit
from qa.schema import Citation, Kind, Plan, Wanted
from qa.verify.grounds import Ground
from training.logistic import fit_logistic

CARD = ArticleCard("a" * 16, "ferry.txt", "Ferry deal signed", (), "The Lantern", "2025-10-16", None, "g")
FACT = Plan(Kind.FACT, Wanted.PERSON)
GOOD = Signals(coverage=0.9, similarity=0.8, candidate=0.8)


def draft(signals):
    return Draft(shown=(Citation(CARD, 0, 5, "words"),), short_answer="Ito", signals=signals)


def ground(cited, before="", after=""):
    return Ground(Citation(CARD, 0, len(cited), cited), cited, before, after, (), (), cited, (cited,))


def test_the_weights_say_what_they_were_fitted_on():
    held = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    assert sum(held["fitted"]["sets"].values()) > 400
    assert len(held["fitted"]["sha256"]) == 64
    known = measures_of(FACT, GOOD)
    for model in load_models().values():
        assert set(model.weights) <= set(known)


def test_each_signal_pulls_the_way_it_should():
    sure = confidence_of(FACT, draft(GOOD))
    assert sure > 0.5
    for worse in ({"similarity": 0.2}, {"candidate": 0.3}, {"turned": ("won",)}, {"lost": ("2019",)}):
        assert confidence_of(FACT, draft(replace(GOOD, **worse))) < sure, worse
    assert judge(FACT, draft(GOOD), 0.5).answer
    refused = judge(FACT, draft(replace(GOOD, candidate=0.3, turned=("won",), lost=("2019",))), 0.5)
    assert not refused.answer
    assert "“won” or “2019”" in refused.reason


@pytest.mark.parametrize(
    ("plan", "signals", "reason"),
    [
        (FACT, replace(GOOD, missing=("Marsh",)), "do not mention “Marsh”"),
        (FACT, replace(GOOD, candidate=None), "name no person"),
        (FACT, replace(GOOD, coverage=0.1), "speak of something else"),
        (Plan(Kind.FACT, Wanted.CLAUSE), replace(GOOD, coverage=0.4), "speak of something else"),
        (FACT, replace(GOOD, premise="The question takes for granted that it rained."), "takes for granted"),
    ],
)
def test_what_no_likeness_can_mend_is_refused(plan, signals, reason):
    verdict = judge(plan, draft(signals), 0.0)
    assert (verdict.answer, verdict.confidence) == (False, 0.0)
    assert reason in verdict.reason


def test_what_was_counted_over_all_articles_is_never_refused():
    assert judge(FACT, draft(Signals(coverage=0.4, exhaustive=True, missing=("Marsh",))), 1.0).answer


@given(
    similarity=st.floats(-1, 1), candidate=st.none() | st.floats(0, 2), threshold=st.floats(0, 1),
    turned=st.integers(0, 4), lost=st.integers(0, 4),
)  # fmt: skip
def test_an_answer_is_given_exactly_from_the_threshold_on(similarity, candidate, threshold, turned, lost):
    signals = Signals(0.9, similarity, candidate, turned=("x",) * turned, lost=("y",) * lost)
    plan = Plan(Kind.FACT, Wanted.ENTITY)
    verdict = judge(plan, draft(signals), threshold)
    assert 0 <= verdict.confidence <= 1
    assert verdict.answer is (verdict.confidence >= threshold)


def test_words_turned_and_lost_are_found():
    found = misfit(
        "Who lost the 2019 vote in Velmora?", ground("Ana Brandt won the vote of 2021 in Norhaven.")
    )
    assert found.turned == ("lost",)
    assert set(found.lost) == {"2019", "Velmora"}
    assert misfit("Who won the vote?", ground("Ana Brandt won the vote.")).turned == ()
    assert misfit("Who did not sign?", ground("Ana Brandt did sign.")).turned == ("sign",)
    assert misfit("Which content is unencrypted?", ground("The content is encrypted.")).turned == (
        "unencrypted",
    )
    near = ground("She won the vote.", before="The vote of 2019 was held in Velmora.")
    assert misfit("Who won the 2019 vote in Velmora?", near).lost == ()


@pytest.mark.parametrize(
    ("question", "cited", "turned"),
    [
        ("Which state has an unconstitutional map?", "The map of Velmora constituted a racial one.", ()),
        ("Which state has an unconstitutional map?", "The map of Velmora is constitutional.", True),
        ("Which migrant camp closes?", "The immigrant camp in Velmora closes.", ()),
        ("Which impartial judge resigned?", "A partial judge, Ana Brandt, resigned.", True),
        ("Which informal talks failed?", "The formal talks failed.", True),
        ("Which talks informed the vote?", "The talks formed a government.", ()),
        ("Whom does the mayor want fired?", "Ana Brandt has not been fired.", ()),
        ("Who was fired?", "Ana Brandt has not been fired.", True),
        ("Who proposed that it be not signed?", "Ana Brandt signed it.", True),
    ],
)
def test_only_contraries_turn_a_question(question, cited, turned):
    found = misfit(question, ground(cited)).turned
    assert bool(found) is bool(turned), found


@pytest.mark.parametrize(
    ("question", "cited", "lost"),
    [
        ("Which state has the highest gas price in the US?", "Prices are highest in Velmora.", ()),
        ("Which Velmora-based firm failed?", "The Velmora firm Northlight failed.", ()),
        ("Which Velmora-based firm failed?", "The firm Northlight failed.", ("Velmora-based",)),
        ("What is one cause of the fire?", "A cable caused the fire.", ()),
        ("What are two causes of the fire?", "Cables and wind caused the fire.", ()),
        ("When did the two sisters meet?", "The three sisters met on Monday.", ("two",)),
    ],
)
def test_what_goes_without_saying_is_not_lost(question, cited, lost):
    assert misfit(question, ground(cited)).lost == lost


def test_whom_an_article_is_about_need_not_be_named_in_every_sentence():
    cited = "She won the vote."
    often = replace(ground(cited), sentences=("Velmora voted.", "In Velmora it rained.") * 2 + (cited,))
    assert misfit("Who won the vote in Velmora?", often).lost == ()
    once = replace(ground(cited), sentences=("Velmora voted.", "It rained.", cited))
    assert misfit("Who won the vote in Velmora?", once).lost == ("Velmora",)


@pytest.mark.parametrize(
    ("question", "names", "needed"),
    [
        ("Which New York-area airport was shut?", ("New York-area",), ("New York",)),
        ("Excitement is building. Where is the World Cup?", ("Excitement", "World Cup"), ("World Cup",)),
        ("When was the iPhone 11 released?", ("Phone",), ("iPhone",)),
        ("Which American city has a casino?", ("American",), ()),
        ("How is the U.S. Navy led in Velmora?", ("U.S. Navy", "Velmora"), ("U.S. Navy", "Velmora")),
    ],
)
def test_the_names_that_an_article_must_hold(question, names, needed):
    assert names_needed(question, names) == needed


def test_the_fit_finds_the_weights_that_made_the_labels():
    generator = np.random.default_rng(1)
    rows = generator.normal(size=(4000, 3))
    chance = 1 / (1 + np.exp(-(0.5 + rows @ np.array([2.0, -1.0, 0.0]))))
    labels = (generator.random(4000) < chance).astype(float)
    bias, weights = fit_logistic(rows, labels)
    assert np.allclose([bias, *weights], [0.5, 2.0, -1.0, 0.0], atol=0.25)
    same, others = fit_logistic(rows[:, ::-1], labels)
    assert np.allclose([same, *others[::-1]], [bias, *weights], atol=1e-6)
    alone, none = fit_logistic(np.ones((10, 1)), np.array([1.0] * 5 + [0.0] * 5))
    assert np.allclose([alone, *none], 0, atol=1e-6)
