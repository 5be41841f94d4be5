"""How an answer is printed."""

import pytest

from index.schema import ArticleCard
from qa.schema import Answer, AnswerSentence, Citation, Kind, Plan, Support, Wanted
from qa.text import render

CARD = ArticleCard("a1", "page.txt", "A page", (), "The Echo", "2025-11-22", None, "a1")


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("She left.", "“She left.”"),
        ("“She left.”", "“She left.”"),
        ("“She left,” he said.", "““She left,” he said.”"),
        ("“One,” he said. “Two.”", "““One,” he said. “Two.””"),
    ],
)
def test_words_stand_in_one_pair_of_marks(words, printed):
    citation = Citation(CARD, 0, len(words), words)
    answer = Answer(
        "Who left?",
        Plan(Kind.FACT, Wanted.PERSON),
        abstained=False,
        short_answer="She",
        sentences=(AnswerSentence(words, Support.QUOTED, (citation,)),),
    )
    assert f"\n  {printed} [1]" in render(answer)
