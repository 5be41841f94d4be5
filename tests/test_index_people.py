"""Who is who: which written names are one person or body, and what a user's alias file changes in that."""

import tomllib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.alias_edits import apart_text, forgotten_text, merged_text
from index.aliases import Aliases, form_key, parse_aliases, read_aliases
from index.errors import InputError
from index.people import Directory
from index.schema import MentionKind
from index.stores.protocol import StatementName

PERSON, BODY, PLACE = MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE


def names(*rows):
    """Rows are (name, kind, count as speaker, count as target)."""
    return [StatementName(*row) for row in rows]


def groups(directory):
    return {frozenset(form for form, _ in party.forms) for party in directory.parties.values()}


def together(rows, aliases=Aliases()):  # noqa: B008 - frozen
    return {group for group in groups(Directory.of(names(*rows), aliases)) if len(group) > 1}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # titles, initials, short forms
        ([("Donald Trump", PERSON, 5, 0), ("Mr. Trump", PERSON, 1, 0), ("Donald J. Trump", PERSON, 1, 0)], 1),
        ([("Bill Clinton", PERSON, 3, 0), ("Hillary Clinton", PERSON, 5, 0)], 2),
        ([("Joe Biden", PERSON, 3, 0), ("Joseph Biden", PERSON, 1, 0)], 1),
        ([("J. Smith", PERSON, 9, 0), ("John Smith", PERSON, 2, 0), ("Jane Smith", PERSON, 1, 0)], 2),
        # a bare surname goes to whoever has it most, and to nobody where that is not clear
        ([("Hillary Clinton", PERSON, 5, 0), ("Bill Clinton", PERSON, 2, 0), ("Clinton", PERSON, 3, 0)], 2),
        ([("Ann Smith", PERSON, 2, 0), ("Bob Smith", PERSON, 2, 0), ("Smith", PERSON, 1, 0)], 3),
        (
            [
                ("Hillary Clinton", PERSON, 5, 0),
                ("Bill Clinton", PERSON, 2, 0),
                ("Mr. Clinton", PERSON, 3, 0),
            ],
            2,
        ),
        # a first name that is nobody's surname
        ([("Hillary Clinton", PERSON, 10, 0), ("Hillary", PERSON, 1, 0)], 1),
        ([("David Axelrod", PERSON, 9, 0), ("David", PERSON, 1, 0)], 2),
        ([("Ann Lee", PERSON, 90, 0), ("Ann Fox", PERSON, 1, 0), ("Ann", PERSON, 1, 0)], 3),
        ([("Paul Ryan", PERSON, 5, 0), ("Ryan Smith", PERSON, 2, 0), ("Ryan", PERSON, 1, 0)], 2),
        # organisations and places are no people
        ([("Gerald Ford", PERSON, 1, 0), ("Ford", BODY, 5, 0)], 2),
        ([("University of Utah", None, 1, 0), ("Utah", None, 1, 0)], 2),
        ([("Castro regime", PERSON, 1, 0), ("Castro", PERSON, 1, 0)], 2),
        ([("George Washington", PERSON, 9, 0), ("Washington", PLACE, 2, 0)], 2),
        ([("Paris Hilton", PERSON, 9, 0), ("Paris", PLACE, 2, 0)], 2),
        ([("John Kasich", PERSON, 6, 0), ("Kasich", BODY, 2, 0)], 1),
        ([("Ford Motor Co.", BODY, 2, 0), ("Ford Motor Company", BODY, 1, 0)], 1),
        ([("the White House", BODY, 2, 0), ("White House", None, 1, 0)], 1),
        # acronyms
        ([("Federal Bureau of Investigation", BODY, 1, 0), ("FBI", BODY, 4, 0)], 1),
        ([("Asian Banking Council", BODY, 1, 0), ("Arab Boxing Club", BODY, 1, 0), ("ABC", BODY, 4, 0)], 3),
        # the Trump administration is not Trump
        ([("Donald Trump", PERSON, 2, 0), ("Trump administration", BODY, 0, 3)], 2),
        ([("a senior official", None, 2, 0), ("senior officials", None, 1, 0)], 2),
        ([], 0),
    ],
)
def test_names_are_grouped(rows, expected):
    assert len(Directory.of(names(*rows)).parties) == expected


@pytest.mark.parametrize(
    ("rows", "asked", "meant"),
    [
        ([("Hillary Clinton", PERSON, 5, 0), ("Bill Clinton", PERSON, 2, 0)], "Clinton", {"Hillary Clinton"}),
        (
            [("Hillary Clinton", PERSON, 5, 0), ("Bill Clinton", PERSON, 2, 0)],
            "mr. clinton",
            {"Bill Clinton"},
        ),
        ([("Hillary Clinton", PERSON, 5, 0)], "Hillary", {"Hillary Clinton"}),
        ([("Hillary Clinton", PERSON, 5, 0)], "Angela Merkel", set()),
        ([("Donald Trump", PERSON, 5, 0)], "President Donald J. Trump", {"Donald Trump"}),
        ([("Recep Tayyip Erdoğan", PERSON, 1, 0)], "erdogan", {"Recep Tayyip Erdoğan"}),
        ([("Trump administration", BODY, 0, 3)], "the Trump administration", {"Trump administration"}),
        ([("Denzel Washington", PERSON, 1, 0), ("Washington", PLACE, 9, 0)], "Washington", {"Washington"}),
        ([("Republican Party", BODY, 1, 0)], "the GOP", {"Republican Party"}),
        ([("Donald Trump", PERSON, 5, 0)], "", set()),
        ([("Donald Trump", PERSON, 5, 0)], "’s", set()),
    ],
)
def test_who_a_name_in_a_question_means(rows, asked, meant):
    assert Directory.of(names(*rows)).meant_by(asked) == meant


def test_targets_are_found_by_whom_they_name():
    directory = Directory.of(
        names(
            ("Donald Trump", PERSON, 4, 1),
            ("Trump’s trade truce", None, 0, 2),
            ("the Trump administration", BODY, 1, 3),
        )
    )
    trump = directory.meant_by("Trump")
    assert trump == {"Donald Trump"}
    assert directory.targets(trump) == ["Donald Trump", "Trump’s trade truce", "the Trump administration"]
    party = directory.parties["Donald Trump"]
    assert (party.kind, party.speaker, party.target) == (PERSON, 4, 6)
    assert set(party.forms) == {
        ("Trump", 5),
        ("Donald Trump", 5),
    }


def test_two_parties_never_have_one_name():
    directory = Directory.of(names(("Ford", BODY, 9, 0), ("Mr. Ford", PERSON, 1, 0)))
    assert set(directory.parties) == {"Ford", "Mr. Ford"}


def test_names_spelt_alike_are_offered():
    directory = Directory.of(names(("Kassym-Jomart Tokayev", PERSON, 3, 0), ("Cove Capital", BODY, 1, 0)))
    assert directory.nearest("Tokaev")[0] == "Kassym-Jomart Tokayev"
    assert directory.nearest("Cove Captial")[0] == "Cove Capital"
    assert directory.nearest("") == []


# ---- properties

PARTS = st.sampled_from(
    ["Ann", "Bob", "B.", "Robert", "Smith", "Jones", "Mr.", "Mrs.", "Party", "the", "FBI", "A"]
)
NAMES = st.lists(PARTS, min_size=1, max_size=3).map(" ".join) | st.text(max_size=6)
ROWS = st.lists(
    st.builds(
        StatementName,
        NAMES,
        st.none() | st.sampled_from([PERSON, BODY, PLACE]),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    max_size=14,
)


@given(rows=ROWS)
@settings(max_examples=200, deadline=None)
def test_parties_share_no_form_and_leave_none_out(rows):
    directory = Directory.of(rows)
    forms = Counter(form for party in directory.parties.values() for form, _ in party.forms)
    assert set(forms.values()) <= {1}
    spoken = Counter()
    for row in rows:
        spoken[row.name] += row.speaker
    assert {name for name, count in spoken.items() if count} <= set(forms)
    assert sum(party.speaker for party in directory.parties.values()) == sum(row.speaker for row in rows)
    for name, party in directory.parties.items():
        assert party.name == name
        assert all(directory.name_of(form) == name for form, _ in party.forms)


@given(rows=ROWS, seed=st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_order_does_not_matter(rows, seed):
    shuffled = list(rows)
    seed.shuffle(shuffled)
    assert Directory.of(shuffled).parties == Directory.of(rows).parties


@given(rows=ROWS, data=st.data())
@settings(max_examples=150, deadline=None)
def test_what_a_user_merges_is_one_and_what_is_kept_apart_is_not(rows, data):
    plain = Directory.of(rows)
    forms = sorted({form for party in plain.parties.values() for form, _ in party.forms if form_key(form)})
    by_key = {form_key(form): form for form in forms}
    if len(by_key) < 2:
        return
    one, other = data.draw(
        st.lists(st.sampled_from(sorted(by_key.values())), min_size=2, max_size=2, unique=True)
    )
    merged = Directory.of(rows, parse_aliases(merged_text("", [one, other], "Chosen Name")))
    assert merged.name_of(one) == merged.name_of(other) == "Chosen Name"
    assert merged.meant_by(one) == merged.meant_by(other) == merged.meant_by("chosen name") == {"Chosen Name"}
    apart = Directory.of(rows, parse_aliases(apart_text("", [one, other])))
    assert apart.name_of(one) != apart.name_of(other)
    for directory in (merged, apart):
        forms_now = Counter(form for party in directory.parties.values() for form, _ in party.forms)
        assert set(forms_now.values()) <= {1}


# ---- the alias file

FILE = """# my own notes
[[person]]
name = "Donald Trump"  # the 45th
also = [
    "DJT",  # initials
]

[[apart]]
names = ["John Smith", "John A. Smith"]
"""


def test_alias_file_decides():
    rows = [
        ("Donald Trump", PERSON, 5, 0),
        ("DJT", BODY, 2, 0),
        ("John Smith", PERSON, 2, 0),
        ("John A. Smith", PERSON, 1, 0),
        ("Smith", PERSON, 1, 0),
    ]
    directory = Directory.of(names(*rows), parse_aliases(FILE))
    assert groups(directory) == {
        frozenset({"Donald Trump", "DJT"}),
        frozenset({"John Smith", "Smith"}),
        frozenset({"John A. Smith"}),
    }
    assert directory.meant_by("djt") == {"Donald Trump"}
    assert directory.meant_by("John A. Smith") == {"John A. Smith"}


def test_a_description_becomes_a_name_when_the_user_says_whose_it_is():
    aliases = parse_aliases('[[person]]\nname = "Ann Lee"\nalso = ["the 45th president"]')
    directory = Directory.of(names(("The 45th president", None, 3, 0)), aliases)
    (party,) = directory.parties.values()
    assert (party.name, party.kind, party.speaker) == ("Ann Lee", PERSON, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[person]\n", "line 1"),
        ('[[person]]\nname = "a"\n[[person]]\nalso = ["b"]', "line 3: the [[person]] has no name"),
        ('\n[[person]]\nname = "a"\nalias = ["b"]', "line 2: [[person]] has a key 'alias'"),
        ('[[person]]\nname = "a"\nalso = "b"', "line 1: also must be a list"),
        (
            '[[person]]\nname = "a"\n[[person]]\nname = "b"\nalso = ["The A"]',
            "line 3: 'The A' is also a name of 'a'",
        ),
        ('[[apart]]\nnames = ["a", "The a"]', "line 1: [[apart]] needs at least two"),
        (
            '[[person]]\nname = "a"\nalso = ["b"]\n[[apart]]\nnames = ["a", "b"]',
            "line 4: 'a' and 'b' are apart",
        ),
        ('x = 1\n[[people]]\nname = "a"', "line 1: it has an entry 'x'"),
        ("[person]\nname = 'a'", "line 1: it has an entry 'person'"),
        ('[[person]]\nname = " "', "has no name"),
    ],
)
def test_a_broken_alias_file_is_named_with_its_line(text, said, tmp_path):
    path = tmp_path / "people.toml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_aliases(path)
    assert str(path) in caught.value.message
    assert said in caught.value.message
    assert "[[person]]" in caught.value.remedy


def test_an_alias_file_that_is_no_text_is_named(tmp_path):
    path = tmp_path / "people.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"people\.toml cannot be read"):
        read_aliases(path)
    assert read_aliases(tmp_path / "none") == Aliases()


def test_edits_keep_a_users_remarks():
    text = merged_text(FILE, ["DJT", "the president"])
    assert parse_aliases(text).people == (("Donald Trump", "DJT", "the president"),)
    for remark in ("# my own notes", "# the 45th", "# initials"):
        assert remark in text
    text = merged_text(text, ["Bill", "Bob"])
    assert parse_aliases(text).people[1] == ("Bill", "Bob")
    text = merged_text(text, ["Bob", "DJT"], "Everybody")
    (everybody,) = parse_aliases(text).people
    assert everybody[0] == "Everybody"
    assert set(everybody) == {"Everybody", "Donald Trump", "DJT", "the president", "Bill", "Bob"}


def test_merging_what_was_apart_takes_that_back():
    text = merged_text(FILE, ["John Smith", "John A. Smith"])
    assert parse_aliases(text).apart == ()
    three = merged_text(apart_text("", ["A A", "B B", "C C"]), ["A A", "C C"])
    assert parse_aliases(three) == Aliases((("A A", "C C"),), (("A A", "B B"),))


def test_forgetting_leaves_the_rest():
    assert forgotten_text(FILE, ["djt"], whole=True).count("[[person]]") == 0
    assert "# my own notes" in forgotten_text(FILE, ["djt"], whole=True)
    text = merged_text(FILE, ["DJT", "the president"])
    assert parse_aliases(forgotten_text(text, ["DJT"], whole=False)).people == (
        ("Donald Trump", "the president"),
    )
    assert parse_aliases(forgotten_text(FILE, ["John Smith"], whole=True)).apart == ()


@given(
    st.lists(
        st.tuples(st.sampled_from("mfa"), st.lists(NAMES.filter(form_key), min_size=2, max_size=3)),
        max_size=5,
    )
)
@settings(max_examples=100, deadline=None)
def test_any_run_of_edits_leaves_a_file_that_is_understood(steps):
    text = FILE
    for action, chosen in steps:
        if len({form_key(name) for name in chosen}) < 2:
            continue
        if action == "m":
            text = merged_text(text, chosen)
        elif action == "f":
            text = forgotten_text(text, chosen, whole=True)
        else:
            text = apart_text(forgotten_text(text, chosen, whole=True), chosen)
        parse_aliases(text)
        assert tomllib.loads(text) is not None
