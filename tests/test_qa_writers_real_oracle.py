"""The oracle by which a real model's sentences are judged finds each kind of invention."""

import pytest
from carried import uncarried_words

CITED = (
    "Norhaven did not sign the $212 million contract on Tuesday, but Kaspar Ito praised Ana Brandt for her "
    "patience with 14 ferries."
)
SPEECH = "“The crews were paid late for a year,” Ms. Brandt said on the quay."


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Kaspar Ito praised Ana Brandt for her patience.", CITED),
        ("Kaspar Ito praised Ana Brandt for her patience with 14 ferries.", CITED),
        ("Norhaven didn't sign the $212 million contract.", CITED),
        ("On Tuesday Norhaven did not sign the contract.", CITED),
        ("Ana Brandt was praised by Kaspar Ito for her patience.", CITED),
        ("Ms. Brandt said that the crews were paid late for a year.", SPEECH),
    ],
)
def test_what_the_cited_words_say_passes(sentence, cited):
    assert uncarried_words(sentence, cited) == []


@pytest.mark.parametrize(
    ("sentence", "cited", "named"),
    [
        ("Kaspar Ito praised Ana Brandt for her courage.", CITED, "courage"),
        ("Kaspar Ito praised Doria Venn for her patience.", CITED, "Doria"),
        ("Ana Brandt praised Kaspar Ito for her patience.", CITED, "Kaspar"),
        ("Norhaven did not sign the contract for 212 ferries.", CITED, "212 ferries"),
        ("Norhaven signed the $212 million contract on Tuesday.", CITED, "not"),
        ("Norhaven did not sign the $221 million contract.", CITED, "221"),
        ("Kaspar Ito never praised Ana Brandt.", CITED, "never"),
        ("Kaspar Ito may praise Ana Brandt.", CITED, "may"),
        ("The crews were paid late for a year.", SPEECH, "speech"),
    ],
)
def test_what_they_do_not_say_is_named(sentence, cited, named):
    assert named in " ".join(uncarried_words(sentence, cited))


def test_a_name_may_stand_beside_the_cited_words_and_nothing_else_may():
    cited, around = "He praised Ana Brandt.", "Kaspar Ito came on Tuesday. He praised Ana Brandt. It rained."
    assert uncarried_words("Kaspar Ito praised Ana Brandt.", cited, around) == []
    assert uncarried_words("Kaspar Ito praised Ana Brandt as it rained.", cited, around) == [
        "“rained” is not there"
    ]
