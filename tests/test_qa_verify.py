"""Sentences are checked against the words they cite: what is missing is named, and never called supported."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.config import IndexConfig
from index.ingest import add
from index.library import Library
from index.schema import ArticleCard
from qa.schema import Citation, Support
from qa.verify import Checker, check_sentence, verify
from qa.verify.entailment import places_of_labels
from qa.verify.figures import figures, same_figure
from qa.verify.moments import bears_out, known_moments, moments
from qa.verify.naming import Naming, missing_name, names_of
from qa.verify.quotations import holds_quotation, quotations
from qa.verify.replaced import replacements
from qa.verify.reversal import polarity, turned_negation, turned_opposite

TEXT = (
    "Norhaven signed a contract worth $212 million for four ferries on Tuesday. Transport Minister Ana"
    " Brandt called it a turning point for the coast.\n\n"
    "Kaspar Ito, the chief executive of Lumen Yards, praised Ms. Brandt for her patience. “Ana Brandt is the"
    " best minister this coast has had,” Mr. Ito said at the signing in Velmora.\n\n"
    "The yard did not raise its price. Lumen Yards will build 14 escape boats for each ferry, and 87 percent"
    " of the steel will come from Norhaven. Exports rose 3.5 percent in October.\n\n"
    "Doria Venn said that the council rejected the first bid because 1,242 people had signed against it."
)
OTHER = "The rivers of the coast froze in January. Two bridges were closed to lorries for a week."


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    table = tmp_path_factory.mktemp("articles") / "articles.jsonl"
    rows = [
        {"id": "signing", "title": "Ferry deal signed", "outlet": "The Quay Gazette",
         "published": "2025-10-16", "text": TEXT},
        {"id": "rivers", "title": "Rivers freeze", "outlet": "The Lantern", "published": "2025-01-20",
         "text": OTHER},
    ]  # fmt: skip
    table.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    path = tmp_path_factory.mktemp("library") / "library"
    with Library.create(path, IndexConfig(model="minilm")) as made:
        assert add(made, [table]).added == 2
    with Library.open(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def checker(library):
    return Checker(library.store, library.embedder)


def card_of(library, outlet):
    return next(card for card in library.store.articles() if card.outlet == outlet)


def cite(library, beginning, outlet="The Quay Gazette"):
    """Return the sentence that begins so, as a citation."""
    card = card_of(library, outlet)
    text = library.store.article(card.id).text
    return next(
        Citation(card, one.start, one.end, text[one.start : one.end])
        for one in library.store.sentences(card.id)
        if text.startswith(beginning, one.start)
    )


@pytest.mark.parametrize(
    ("beginning", "text"),
    [
        ("Norhaven signed", "Norhaven signed a contract worth $212 million for four ferries."),
        ("Norhaven signed", "On Tuesday Norhaven signed a $212 million contract for 4 ferries."),
        ("Norhaven signed", "Norhaven signed a contract for four ferries on October 14, 2025."),
        ("Kaspar Ito", "Kaspar Ito, who heads Lumen Yards, praised Ana Brandt for her patience."),
        ("“Ana Brandt", "Kaspar Ito said at the signing that “Ana Brandt is the best minister.”"),
        ("“Ana Brandt", "Ito called Brandt “the best minister this coast has had.”"),
        ("Lumen Yards will", "Lumen Yards will build fourteen escape boats for each ferry."),
        ("Lumen Yards will", "87% of the steel will come from Norhaven."),
        ("The yard did", "The yard did not raise the price."),
        ("Doria Venn", "The council rejected the first bid, Doria Venn said."),
        ("Doria Venn", "According to Doria Venn 1242 people had signed against the bid."),
    ],
)
def test_what_the_cited_words_say_is_supported(library, checker, beginning, text):
    found = checker.check(text, [cite(library, beginning)])
    assert found.problems == ()
    assert found.support is Support.SUPPORTED
    assert 0.4 < found.score < 1


@pytest.mark.parametrize(
    ("beginning", "text", "named"),
    [
        (
            "Norhaven signed",
            "Norhaven signed a contract worth $221 million for four ferries.",
            "$221 million",
        ),
        ("Norhaven signed", "Norhaven signed a contract for fourteen ferries on Tuesday.", "fourteen"),
        ("Norhaven signed", "Norhaven signed a contract for four ferries on Friday.", "Friday"),
        ("Norhaven signed", "Velmora signed a contract worth $212 million for four ferries.", "Velmora"),
        ("Norhaven signed", "Norhaven signed a contract for four ferries in 2019.", "2019"),
        ("Kaspar Ito", "Kaspar Ito praised Doria Venn for her patience.", "Doria Venn"),
        ("Kaspar Ito", "Kaspar Ito criticised Ms. Brandt for her patience.", "criticised"),
        ("Kaspar Ito", "Ana Brandt praised Kaspar Ito for his patience.", "who does it to whom"),
        ("“Ana Brandt", "Ito called her “the worst minister this coast has had.”", "the worst minister"),
        ("“Ana Brandt", "Doria Venn said Ana Brandt is the best minister this coast has had.", "Doria Venn"),
        ("The yard did", "The yard did raise its price.", "raise"),
        ("Lumen Yards will", "Lumen Yards will not build 14 escape boats for each ferry.", "build"),
        ("Lumen Yards will", "Lumen Yards will build 87 escape boats for each ferry.", "87"),
        ("Exports rose", "Exports fell 3.5 percent in October.", "fell"),
        ("Doria Venn", "Doria Venn said that the council approved the first bid.", "approved"),
        ("Doria Venn", "Doria Venn said that 12,420 people had signed against the first bid.", "12,420"),
    ],
)
def test_what_they_do_not_say_is_named_and_weak(library, checker, beginning, text, named):
    found = checker.check(text, [cite(library, beginning)])
    assert found.support is Support.WEAK
    assert any(named in problem for problem in found.problems), found.problems
    assert found.text == text
    assert len(found.citations) == 1


def test_right_words_cited_from_the_wrong_place_are_weak(library, checker):
    found = checker.check(
        "Lumen Yards will build 14 escape boats.", [cite(library, "The rivers", "The Lantern")]
    )
    assert found.support is Support.WEAK


def test_two_sentences_put_together_rest_on_both(library, checker):
    text = "The yard did not raise its price, and Exports rose 3.5 percent in October."
    both = [cite(library, "The yard did"), cite(library, "Exports rose")]
    assert checker.check(text, both).support is Support.SUPPORTED
    assert checker.check(text, both[:1]).support is Support.WEAK


def test_without_a_citation_nothing_is_supported(library):
    found = check_sentence("Anything.", [], library.store, library.embedder)
    assert (found.support, found.score, found.citations) == (Support.WEAK, 0.0, ())
    assert found.problems


def test_words_that_are_gone_are_no_citation(library, checker):
    real = cite(library, "Exports rose")
    gone = Citation(real.article, real.start, real.end, "Exports doubled.")
    found = checker.check("Exports doubled.", [gone])
    assert (found.support, found.citations) == (Support.WEAK, ())
    (shown,) = verify(library.store, [gone])
    assert (shown.support, shown.citations, shown.text, shown.score) == (
        Support.WEAK,
        (),
        "Exports doubled.",
        0.0,
    )
    moved = Citation(real.article, real.start + 5, real.end + 5, real.quote)
    (shown,) = verify(library.store, [moved])
    assert shown.citations == (real,)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_whole_sentence_is_always_quoted_whatever_its_marks(library, checker, data):
    card = card_of(library, "The Quay Gazette")
    text = library.store.article(card.id).text
    sentence = data.draw(st.sampled_from(library.store.sentences(card.id)))
    words = text[sentence.start : sentence.end]
    curly = data.draw(st.booleans())
    written = words.replace("“", '"').replace("”", '"') if curly else words
    found = checker.check(f" {written} ", [Citation(card, sentence.start, sentence.end, words)])
    assert (found.support, found.score, found.problems) == (Support.QUOTED, 1.0, ())


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    number=st.integers(min_value=15, max_value=10**9).filter(
        lambda one: one not in (87, 212, 1242, 2025, 212 * 10**6)
    )
)
def test_a_number_that_is_absent_is_never_supported(library, checker, number):
    cited = cite(library, "Lumen Yards will")
    found = checker.check(f"Lumen Yards will build {number:,} escape boats for each ferry.", [cited])
    assert found.support is Support.WEAK
    assert f"the number {number:,}" in found.problems


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(["Norhaven signed", "Kaspar Ito", "Exports rose", "Doria Venn"]))
def test_the_order_of_the_citations_does_not_matter(library, checker, order):
    text = (
        "Norhaven signed for four ferries, and Doria Venn said that 1,242 people had signed against the bid."
    )
    usual = checker.check(text, [cite(library, one) for one in sorted(order)])
    found = checker.check(text, [cite(library, one) for one in order])
    assert (found.support, found.problems) == (usual.support, usual.problems)


def test_figures_are_read_in_digits_and_words():
    read = [
        (one.value, one.unit) for one in figures("1,242 of 1.5 million, twelve, $5bn, 25 per cent, a dozen")
    ]
    assert read == [(1242, ""), (1.5e6, ""), (12, ""), (5e9, "$"), (25, "%"), (12, "")]
    assert [one.value for one in figures("an F-35 and a C5+1 talk, two hundred and six men")] == [206]
    assert figures("no one, one of them and the other one") == []
    assert [one.value for one in figures("one person and twenty-one cars")] == [1, 21]


@pytest.mark.parametrize(
    ("claimed", "held", "same"),
    [
        ("1,242", "1242", True), ("twelve", "12", True), ("25 percent", "25%", True),
        ("25 percent", "25 ships", False), ("$5 million", "5 million dollars", True),
        ("1.2 million", "1,242,000", True), ("about 1,200", "1,242", True), ("about 1,200", "1,900", False),
        ("more than 1,200", "1,242", True), ("more than 1,200", "1,100", False),
        ("1,200", "1,242", False), ("$1.65 billion", "$1.65 Billion", True), ("nearly 210", "200", False),
    ],
)  # fmt: skip
def test_figures_are_compared_by_value_and_unit(claimed, held, same):
    assert same_figure(figures(claimed)[0], figures(held)[0]) is same


@pytest.mark.parametrize(
    ("claimed", "held", "published", "same"),
    [
        ("Nov. 6", "6 November", None, True), ("November 2025", "November 6, 2025", None, True),
        ("Nov. 6", "on Thursday", "2025-11-07", True), ("Nov. 7", "on Thursday", "2025-11-08", False),
        ("Thursday", "November 6", "2025-11-07", True), ("Friday", "November 6", "2025-11-20", False),
        ("2024", "November 6", "2025-11-07", False), ("Nov. 6", "yesterday", "2025-11-07", True),
    ],
)  # fmt: skip
def test_days_are_compared_however_they_are_named(claimed, held, published, same):
    known = known_moments(held, published)
    assert any(bears_out(one, moments(claimed)[0]) for one in known) is same


def test_names_are_found_without_titles_months_and_first_words():
    read = [
        one.text
        for one in names_of("On Monday Sen. Ana Brandt’s aides in the U.S. met Bank of Velmora staff.")
    ]
    assert read == ["Ana Brandt", "U.S.", "Bank of Velmora"]
    held = Naming(
        ("Mr. Tokayev met the International Atomic Energy Agency in Kazakhstan.",), ("Kassym-Jomart Tokayev",)
    )
    for name in ("Kassym-Jomart Tokayev", "Tokayev", "IAEA", "Kazakh"):
        assert not missing_name(names_of(f"and {name} came")[0], held, frozenset()), name
    for name in ("Nursultan Tokayev", "Nazarbayev", "Uzbekistan"):
        assert missing_name(names_of(f"and {name} came")[0], held, frozenset()), name


def test_quotations_may_be_edited_but_not_altered():
    article = "“We will build it — slowly, and with care,” she said. It's ‘a start’."
    for words in (
        "we will build it",
        "We will build it – slowly",
        "We will [surely] build it",
        "We will ... with care,",
    ):
        assert holds_quotation(article, words), words
    for words in ("We won't build it", "with care ... We will", "build i", "We will build it quickly"):
        assert not holds_quotation(article, words), words
    assert [one.words for one in quotations("He’s “in”, she's 'all for it', they’re \"out\".")] == [
        "in",
        "all for it",
        "out",
    ]


def test_what_is_denied_is_read():
    assert polarity("He refused to sign the pact").negated == {"sign"}
    assert turned_negation(polarity("He signed it"), polarity("He never signed it")) == "signed"
    assert turned_negation(polarity("He did not win"), polarity("He won")) == "win"
    assert turned_negation(polarity("He won"), polarity("He won, not only there")) is None
    assert turned_opposite(polarity("Prices rose"), polarity("Prices fell")) == ("rose", "fell")
    assert turned_opposite(polarity("Prices did not rise"), polarity("Prices fell")) is None


def test_what_stands_in_the_place_of_something_else_is_found():
    assert [
        one.what for one in replacements("It closed on Friday at noon", "It closed on Monday at noon", None)
    ] == ["date"]
    assert replacements("It closed on Monday", "It closed on Monday at noon", None) == []
    assert [one.what for one in replacements("It will not close at noon", "It will close at noon", None)] == [
        "not"
    ]


def test_the_labels_of_an_nli_model_are_found_by_name():
    assert places_of_labels({0: "contradiction", 1: "neutral", 2: "entailment"}) == (2, 0)
    assert places_of_labels({0: "ENTAILMENT", 1: "not_entailment"}) == (0, None)
    with pytest.raises(Exception, match="entailment label"):
        places_of_labels({0: "LABEL_0", 1: "LABEL_1"})


class Contradicting:
    """A model that reads the contrary in everything."""

    def judge(self, premise, hypothesis):
        assert premise
        assert hypothesis
        return 0.1, 0.8


def test_an_nli_models_word_counts(library):
    checker = Checker(library.store, library.embedder, Contradicting())
    found = checker.check("The yard did not raise the price.", [cite(library, "The yard did")])
    assert found.support is Support.WEAK
    assert found.problems == ("the cited words say the contrary",)
    quoted = cite(library, "The yard did")
    assert checker.check(quoted.quote, [quoted]).support is Support.QUOTED


def test_a_card_names_nobody_else(library):
    assert isinstance(card_of(library, "The Lantern"), ArticleCard)


@pytest.mark.parametrize(
    "text", ["The Grade A- bonds fell.", "Vitamin B+ D- pills", "A- B- C-", "X-ray & Co- ltd", "Plan A-"]
)
def test_initials_are_looked_for_in_words_that_end_in_a_hyphen(text):
    assert missing_name(names_of("Did NBC report it?")[0], Naming((text,)), frozenset())


def test_initials_of_hyphenated_words_are_found():
    held = Naming(("The Anglo-Dutch Bank said no.",))
    assert not missing_name(names_of("What did ADB say?")[0], held, frozenset())


@given(st.text("AbC-+&. 'de", max_size=40))
def test_any_text_can_be_searched_for_a_name(text):
    for named in names_of("Did ABC, the A-B Co and Ed De Cabe agree?"):
        missing_name(named, Naming((text,)), frozenset())
        for other in names_of(text):
            missing_name(other, Naming(("A- " + text, "ABC")), frozenset())
