"""Evidence is weighed by the question's words, and short answers come from the best of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.schema import ArticleCard, Mention, MentionKind
from qa.abstain import judge
from qa.answerers.draft import Draft, Signals
from qa.descriptions import describe
from qa.evidence import EvidenceSentence, matching, missing_names, rate, stems_of, weigh
from qa.schema import Citation, Kind, Plan, Wanted
from qa.short_answers import best_answers, coordinated
from qa.wording import content_stems, kind_of_noun, stance_of_verb, stem

CARD = ArticleCard("a" * 16, "a.txt", "Ferries", (), None, None, None, "a" * 16)


def sentence(text, mentions=(), *, card=CARD, start=0):
    found = []
    for words, kind, *name in mentions:
        place = text.index(words)
        found.append(Mention(start + place, start + place + len(words), kind, name[0] if name else words))
    return EvidenceSentence(
        article=card,
        start=start,
        end=start + len(text),
        text=text,
        around=("", ""),
        mentions=tuple(found),
        stems=stems_of(text),
        near=frozenset(),
        far=frozenset(),
        retrieval=1.0,
    )


def plan_for(question_words, wanted, **options):
    return Plan(kind=Kind.FACT, wanted=wanted, terms=content_stems(question_words), **options)


def answers(plan, *sentences):
    weights = weigh(plan.terms, plan.names, sentences)
    return best_answers(plan, rate(sentences, weights))


def test_derived_words_count_as_the_same():
    assert matching({"kazakhstan"}, frozenset({"kazakh"})) == {"kazakhstan"}
    assert matching({"agre"}, frozenset({"agreement"})) == {"agre"}
    assert matching({"port"}, frozenset({"portray"})) == frozenset()


def test_a_name_is_missing_unless_its_telling_word_stands_somewhere():
    text = ["Mr. Ito opened the peace talks in Norhaven."]
    assert missing_names(("Kaspar Ito", "Nobel Peace Prize", "Norhaven"), text) == ("Nobel Peace Prize",)
    assert missing_names(("2021",), ["It was founded in 1998."]) == ("2021",)


@given(st.lists(st.text(alphabet="abcdefgh ", min_size=1, max_size=40), min_size=1, max_size=6))
def test_scores_stay_within_bounds_and_order(texts):
    plan = plan_for("abc def gha", Wanted.ENTITY)
    sentences = [sentence(text, start=position * 100) for position, text in enumerate(texts)]
    rated = rate(sentences, weigh(plan.terms, (), sentences))
    assert len(rated) == len(sentences)
    assert all(0 <= one.covered <= one.covered_near <= 1 + 1e-9 for one in rated)
    assert [one.score for one in rated] == sorted((one.score for one in rated), reverse=True)


def test_the_number_beside_the_noun_that_was_counted_wins():
    text = "The yard paid $4 million to buy 300 locomotives in 12 months."
    numbers = (("300", MentionKind.NUMBER), ("12", MentionKind.NUMBER), ("$4 million", MentionKind.MONEY))
    plan = plan_for("locomotives yard buy", Wanted.NUMBER, head="locomotives")
    assert answers(plan, sentence(text, numbers))[0].name == "300"


def test_a_name_of_the_question_is_never_its_answer():
    text = "Kaspar Ito praised Ana Brandt in Norhaven."
    people = (("Kaspar Ito", MentionKind.PERSON), ("Ana Brandt", MentionKind.PERSON))
    plan = plan_for("praised Ana Brandt", Wanted.PERSON)
    assert [one.name for one in answers(plan, sentence(text, people))] == ["Kaspar Ito"]


def test_an_enumeration_is_given_whole():
    text = "Airlines from Norhaven, Velmora and Skarrow agreed to buy planes."
    places = tuple((name, MentionKind.PLACE) for name in ("Norhaven", "Velmora", "Skarrow"))
    plan = plan_for("agreed buy planes", Wanted.PLACE, many=True, head="countries")
    chosen = answers(plan, sentence(text, places))[0]
    assert coordinated(plan, chosen) == ["Norhaven", "Velmora", "Skarrow"]


def test_agreement_between_sources_raises_an_answer():
    other = replace(CARD, id="b" * 16, group="b" * 16)
    plan = plan_for("mayor elected", Wanted.PERSON)
    one = sentence("The mayor elected was Ito.", (("Ito", MentionKind.PERSON),))
    two = sentence("The mayor elected was Ito.", (("Ito", MentionKind.PERSON),), card=other)
    assert answers(plan, one, two)[0].score > answers(plan, one)[0].score
    assert answers(plan, one, two)[0].sources == 2


def test_a_draft_without_its_names_is_not_shown_however_close_it_is():
    shown = (Citation(CARD, 0, 4, "text"),)
    close = Signals(coverage=1.0, similarity=0.9, candidate=1.0)
    plan = plan_for("anything", Wanted.NUMBER)
    assert judge(plan, Draft(shown=shown, signals=close), 0.3).answer
    verdict = judge(plan, Draft(shown=shown, signals=replace(close, missing=("Istanbul",))), 0.3)
    assert not verdict.answer
    assert "Istanbul" in verdict.reason
    assert not judge(plan, Draft(shown=shown, signals=replace(close, coverage=0.1)), 0.3).answer
    assert not judge(plan, Draft(reason="nothing"), 0.3).answer


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Tokayev’s", "tokayev"),
        ("Guantánamo", "guantanamo"),
        ("U.S.", "us"),
        ("locomotives", stem("locomotive")),
    ],
)
def test_stems(word, expected):
    assert stem(word) == expected


@pytest.mark.parametrize(
    ("word", "stance"),
    [("lauded", "praise"), ("slammed", "criticise"), ("criticises", "criticise"), ("met", None)],
)
def test_stance_of_a_verb_in_any_form(word, stance):
    assert stance_of_verb(word) == stance


def test_nouns_ask_for_kinds_in_singular_and_plural():
    assert kind_of_noun("ministers") is Wanted.PERSON
    assert kind_of_noun("countries") is Wanted.PLACE
    assert kind_of_noun("ferry") is None


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Doria Venn", "Doria Venn, the leader of the opposition, spoke.", "the leader of the opposition"),
        ("Doria Venn", "Ms. Venn is a former judge from Skarrow.", "a former judge from Skarrow"),
        ("Viska", "The Norhaven rights group Viska said so.", "The Norhaven rights group"),
        ("Aurelie", "The vessel, the Aurelie, cost a lot.", "The vessel"),
        ("Doria Venn", "Doria Venn, said to be ill, stayed away.", None),
    ],
)
def test_who_somebody_is_stands_beside_the_name(name, text, expected):
    found = describe(name, [sentence(text)])
    assert (found[0] if found else None) == expected


def test_money_is_no_answer_to_how_many():
    text = "Lumen promised up to $2 billion for its employees."
    plan = plan_for("employees Lumen", Wanted.NUMBER, head="employees")
    assert answers(plan, sentence(text, (("up to $2 billion", MentionKind.MONEY),))) == []


def test_a_sentence_of_another_year_falls_behind():
    plan = plan_for("summit 2023 host", Wanted.PERSON)
    one = sentence("The summit host was Ito in his palace.", start=0)
    other = replace(sentence("Brandt was host of the 2023 summit.", start=100), retrieval=0.2)
    rated = rate([one, other], weigh(plan.terms, (), [one, other]))
    assert rated[0].text.startswith("Brandt")


def test_the_day_of_a_dateline_is_not_the_day_of_the_event():
    text = "SKARROW, Nov. 10 (Coastal Wire) — Ana Brandt won a third term as mayor on Sunday."
    days = (("Nov. 10", MentionKind.DATE), ("Sunday", MentionKind.DATE))
    plan = plan_for("Ana Brandt win third term mayor", Wanted.DATE)
    assert answers(plan, sentence(text, days))[0].name == "Sunday"
