"""Who said what about whom, on invented sentences and on the two real pages."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.clean import clean
from index.ledger import find, tally
from index.loaders import load
from index.schema import UNCLEAR, ArticleCard, LedgerEntry, MentionKind, Page, Stance
from index.sentences import split_sentences
from index.statements.extract import analyse
from index.statements.names import is_named
from index.statements.quotes import find_quotes

P, C, N = Stance.PRAISE, Stance.CRITICISE, Stance.NEUTRAL


def judged(text):
    found = analyse(text, split_sentences(text)).statements
    return {
        (one.speaker, one.target, one.stance)
        for one in found
        if one.stance is not N and one.confidence >= UNCLEAR
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Maria Lopez praised John Smith.", ("Maria Lopez", "John Smith", P)),
        ("Maria Lopez, in turn, lauded John Smith on Monday.", ("Maria Lopez", "John Smith", P)),
        ("John Smith was praised by Maria Lopez.", ("Maria Lopez", "John Smith", P)),
        ("John Smith was sharply criticized by Maria Lopez.", ("Maria Lopez", "John Smith", C)),
        ("Maria Lopez accused John Smith of lying to voters.", ("Maria Lopez", "John Smith", C)),
        ("Maria Lopez called John Smith a liar.", ("Maria Lopez", "John Smith", C)),
        ("Maria Lopez called John Smith a “genius.”", ("Maria Lopez", "John Smith", P)),
        ("Maria Lopez lashed out at John Smith.", ("Maria Lopez", "John Smith", C)),
        ("Maria Lopez was critical of John Smith.", ("Maria Lopez", "John Smith", C)),
        ("John Smith won the endorsement of Maria Lopez.", ("Maria Lopez", "John Smith", P)),
        ("John Smith drew criticism from Maria Lopez.", ("Maria Lopez", "John Smith", C)),
        ("Maria Lopez heaped praise on John Smith.", ("Maria Lopez", "John Smith", P)),
        (
            "Maria Lopez, who endorsed John Smith last week, spoke on Monday.",
            ("Maria Lopez", "John Smith", P),
        ),
        ("“John Smith is a liar,” Maria Lopez said.", ("Maria Lopez", "John Smith", C)),
        ("“I admire John Smith,” said Maria Lopez.", ("Maria Lopez", "John Smith", P)),
        ("“I want to thank John Smith for his work,” Maria Lopez said.", ("Maria Lopez", "John Smith", P)),
        (
            "Anna Weber spoke of the attacks that Maria Lopez has launched against John Smith.",
            ("Maria Lopez", "John Smith", C),
        ),
        ("John Smith ranked Maria Lopez as one of the worst mayors.", ("John Smith", "Maria Lopez", C)),
        ("John Smith spoke. Maria Smith praised her husband.", ("Maria Smith", "John Smith", P)),
        ("“No one is better prepared than John Smith,” Maria Lopez said.", ("Maria Lopez", "John Smith", P)),
        (
            "“There was never a more dangerous mayor than John Smith,” Maria Lopez said.",
            ("Maria Lopez", "John Smith", C),
        ),
        ("“I am proud of what I did,” Maria Lopez said.", ("Maria Lopez", "Maria Lopez", P)),
        ("Paul Novak came. John Smith defended his plan.", ("John Smith", "John Smith", P)),
        (
            "Anna Weber stated her intention to vote for John Smith.",
            ("Anna Weber", "John Smith", P),
        ),
        ("Maria Lopez has called herself a fighter for workers.", ("Maria Lopez", "Maria Lopez", P)),
        (
            "“I am the most honest candidate in this race,” Maria Lopez said.",
            ("Maria Lopez", "Maria Lopez", P),
        ),
        (
            "Maria Lopez spoke about John Smith. “John Smith lied to us,” she said. “That’s a disgrace.”",
            ("Maria Lopez", "John Smith", C),
        ),
        ('Maria Lopez said that John Smith is "a hero" to her town.', ("Maria Lopez", "John Smith", P)),
        (
            "Northwind Capital, a mining firm, thanked Mr. Smith for his help.",
            ("Northwind Capital", "Smith", P),
        ),
    ],
)
def test_who_judges_whom(text, expected):
    assert expected in judged(text)


@pytest.mark.parametrize(
    "text",
    [
        "Maria Lopez refused to endorse John Smith.",
        "Maria Lopez did not praise John Smith.",
        "Maria Lopez stopped short of criticizing John Smith.",
        "Maria Lopez is expected to endorse John Smith.",
        "Maria Lopez has yet to endorse John Smith.",
        "Maria Lopez would praise John Smith if he won.",
        "Maria Lopez met John Smith on Monday.",
        "Maria Lopez wants to thank John Smith.",
        "Maria Lopez needs ten delegates to support her.",
        "Paul Novak arrived. John Smith criticized his opponents.",
        "Maria Lopez said: “Thank God, I am well.”",
        "“I want to attack John Smith,” Maria Lopez said.",
        "“I am worried about the bridge,” Maria Lopez said.",
        "“I was pleased with the deal,” Maria Lopez said.",
        "“No more than John Smith could do,” Maria Lopez said.",
        "John Smith spoke. “The bridge opens in May,” Maria Lopez said. “It is long.”",
        "It would have been cool had Maria Lopez congratulated John Smith.",
        "“When John Smith says ‘make us great again,’ that is code,” Maria Lopez said.",
        "“There is a kind of myth about John Smith,” Maria Lopez said.",
        "“Hostile actors read the mail of John Smith,” Maria Lopez said.",
        "Maria Lopez questioned John Smith about the bridge.",
        "Maria Lopez questioned whether John Smith has read the plan.",
        "Harvest Day, which celebrates John Smith, falls on a Monday.",
    ],
)
def test_what_was_not_said_is_no_statement(text):
    assert judged(text) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“John Smith has no idea what he is doing,” Maria Lopez said.", C),
        ("“John Smith broke every promise he ever made to our workers,” Maria Lopez said.", C),
        ("“John Smith is a weak and dishonest man,” Maria Lopez said.", C),
        ("“Nobody has done more for our children than John Smith,” Maria Lopez said.", P),
    ],
)
def test_a_confidence_goes_with_the_reading(text, expected):
    found = analyse(text, split_sentences(text)).statements
    about = [one for one in found if one.target == "John Smith" and one.stance is not N]
    assert {one.stance for one in about} == {expected}
    assert all(0 < one.confidence <= 1 for one in about)
    assert {(one.speaker_kind, one.target_kind) for one in about} == {(MentionKind.PERSON,) * 2}


def test_a_quotation_that_goes_on_is_one_statement():
    text = "“John Smith is a liar,” Maria Lopez said. “He is a disgrace. He is a corrupt bully.”"
    found = [one for one in analyse(text, split_sentences(text)).statements if one.stance is C]
    assert [one.target for one in found] == ["John Smith"]


def test_the_other_direction_is_never_found():
    for text in ("Maria Lopez praised John Smith.", "John Smith was praised by Maria Lopez."):
        assert all(speaker == "Maria Lopez" for speaker, _, _ in judged(text))


def test_a_pronoun_is_the_person_spoken_of_before():
    text = "Maria Lopez met reporters on Monday. She praised John Smith."
    assert judged(text) == {("Maria Lopez", "John Smith", P)}


def test_a_role_is_the_person_it_was_given_to():
    text = (
        "Kazakh President Arman Bekov arrived with Pavel Orlov, the Russian president. "
        "Maria Lopez praised the Kazakh president. Anna Weber criticized the Russian president."
    )
    assert judged(text) == {("Maria Lopez", "Arman Bekov", P), ("Anna Weber", "Pavel Orlov", C)}


def test_relayed_praise_belongs_to_the_one_who_gave_it():
    text = "John Smith said Pavel Orlov praised Maria Lopez."
    found = [one for one in analyse(text, split_sentences(text)).statements if one.stance is P]
    assert [(one.speaker, one.target, one.reported_by) for one in found] == [
        ("Pavel Orlov", "Maria Lopez", "John Smith")
    ]


def test_several_speakers_and_targets_are_one_record_each():
    text = "Maria Lopez and Anna Weber praised John Smith."
    assert judged(text) == {("Maria Lopez", "John Smith", P), ("Anna Weber", "John Smith", P)}


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (
            "Celebrities Maria Lopez, Anna Weber, Paul Novak and Elizabeth Banks went on Twitter to applaud "
            "John Smith’s plan.",
            {"Maria Lopez", "Anna Weber", "Paul Novak", "Elizabeth Banks"},
        ),
        (
            "Republican Maria Lopez and Democrat Anna Weber have criticized John Smith for the move.",
            {"Maria Lopez", "Anna Weber"},
        ),
        (
            "Most of the town’s leaders had endorsed John Smith’s bid, including Gov. Maria Lopez and Sens. "
            "Anna Weber and Paul Novak.",
            {"Maria Lopez", "Anna Weber", "Paul Novak"},
        ),
        (
            "Sen. Maria Lopez (R-Texas) and Rep. Anna Weber, a Utah Democrat, accused John Smith of lying.",
            {"Maria Lopez", "Anna Weber"},
        ),
        (
            "“John Smith is a disgrace,” Maria Lopez and Anna Weber said in a statement.",
            {"Maria Lopez", "Anna Weber"},
        ),
        (
            "John Smith was endorsed by Maria Lopez, Anna Weber and the mayor, Paul Novak.",
            {"Maria Lopez", "Anna Weber", "Paul Novak"},
        ),
        ("Maria Lopez, a friend of Anna Weber and Paul Novak, praised John Smith.", {"Maria Lopez"}),
        ("Maria Lopez has come out in support of John Smith.", {"Maria Lopez"}),
    ],
)
def test_everybody_in_a_list_of_speakers_judges(text, speakers):
    found = judged(text)
    assert {speaker for speaker, _, _ in found} == speakers
    assert {target.split("’")[0] for _, target, _ in found} == {"John Smith"}


def test_only_who_is_named_among_those_who_judge_judges():
    assert "Anna Weber" not in {one[0] for one in judged("Maria Lopez, Anna Weber said, praised John Smith.")}
    found = judged("Maria Lopez criticized several rivals, including John Smith and Paul Novak.")
    assert found == {("Maria Lopez", "John Smith", C), ("Maria Lopez", "Paul Novak", C)}


def test_a_thing_of_somebody_keeps_its_words():
    text = "Maria Lopez praised John Smith’s trade plan."
    (found,) = judged(text)
    assert found[0] == "Maria Lopez"
    assert found[1].startswith("John Smith’s")


def test_unnamed_speakers_stay_unnamed():
    text = "A senior official praised John Smith."
    (found,) = judged(text)
    assert not is_named(found[0])


def test_a_headline_repeated_in_the_body_is_counted_once():
    text = "Maria Lopez praises John Smith.\n\nMaria Lopez praises John Smith."
    assert len(analyse(text, split_sentences(text)).statements) == 1


def test_what_is_said_without_judging_is_kept_as_neutral():
    text = "“The bridge opens in May,” Maria Lopez said."
    (found,) = analyse(text, split_sentences(text)).statements
    assert (found.speaker, found.stance, found.strength) == ("Maria Lopez", N, 0)
    assert text[found.start : found.end] == text


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("“One,” he said. “Two.”", ["“One,”", "“Two.”"]),
        (
            'He said "one and "two" today.',
            [
                '"one and "',
            ],
        ),
        ("He said ''one'' and ``two''.", ["''one''", "``two''"]),
        ("“An open quote runs on", ["“An open quote runs on"]),
        ("A stray ” mark.", []),
        ("“One,“ he said. “Two.”", ["“One,“", "“Two.”"]),
        ('It is 5" long.', []),
    ],
)
def test_quotes_with_any_number_of_marks(text, quotes):
    assert [text[one.start : one.end] for one in find_quotes(text, 0, len(text))] == quotes


@pytest.mark.parametrize(
    ("text", "kind", "words", "name"),
    [
        ("Mr. Smith’s plan failed. John Smith left.", MentionKind.PERSON, "Mr. Smith", "John Smith"),
        ("It cost $4 billion in all.", MentionKind.MONEY, "$4 billion", "$4 billion"),
        ("Prices rose 25 percent.", MentionKind.PERCENT, "25 percent", "25 percent"),
        ("They bought 300 locomotives.", MentionKind.NUMBER, "300", "300"),
        ("It opened on Nov. 7, 2025.", MentionKind.DATE, "Nov. 7, 2025", "Nov. 7, 2025"),
        ("The road is 40 miles long.", MentionKind.QUANTITY, "40 miles", "40 miles"),
    ],
)
def test_mentions(text, kind, words, name):
    found = analyse(text, split_sentences(text)).mentions
    assert (kind, words, name) in {(one.kind, text[one.start : one.end], one.name) for one in found}


ALPHABET = st.sampled_from(
    [
        "Maria Lopez",
        "John Smith",
        " praised ",
        " said ",
        "“",
        "”",
        '"',
        "''",
        ". ",
        "\n\n",
        " he ",
        " a liar",
        ", ",
        "is",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ALPHABET, max_size=14).map("".join))
def test_any_text_gives_exact_offsets(text):
    sentences = split_sentences(text)
    found = analyse(text, sentences)
    starts, ends = {one.start for one in sentences}, {one.end for one in sentences}
    for one in found.statements:
        assert one.start in starts
        assert one.end in ends
        assert one.start < one.end
        assert "\n\n" not in text[one.start : one.end]
        for span in (one.speaker_span, one.target_span, one.cue_span):
            assert span is None or span.of(text).strip()
    for left, right in itertools.pairwise(found.mentions):
        assert left.end <= right.start


def test_an_empty_text_says_nothing():
    assert analyse("", ()).statements == ()


@pytest.fixture(scope="module")
def real_entries(shared):
    entries = []
    for path in sorted((shared / "articles").glob("*.txt")):
        (page,) = load(path)
        assert isinstance(page, Page)
        text = clean(page).text
        card = ArticleCard(path.stem, path.name, path.stem, (), None, None, None, path.stem)
        found = analyse(text, split_sentences(text)).statements
        entries += [
            LedgerEntry(card, one, text[one.start : one.end], one.speaker, one.target) for one in found
        ]
    return entries


@pytest.mark.shared
@pytest.mark.slow
def test_tokayev_praised_trump_most_in_both_articles(real_entries):
    groups = tally(find(real_entries, target="Trump", stance=P), "speaker")
    assert groups[0].name == "Kassym-Jomart Tokayev"
    assert groups[0].statements >= 5
    assert groups[0].articles == 2
    assert all(group.statements * 2 <= groups[0].statements for group in groups[1:])


@pytest.mark.shared
@pytest.mark.slow
def test_direction_on_the_real_pages(real_entries):
    praised = {group.name for group in tally(find(real_entries, speaker="Trump", stance=P), "target")}
    assert praised == {"Kassym-Jomart Tokayev", "Shavkat Mirziyoyev"}
    thanked = tally(find(real_entries, target="Lutnick", stance=P), "speaker")
    assert [group.name for group in thanked] == ["Cove Capital"]
    assert tally(find(real_entries, target="Trump", stance=C), "speaker") == []
