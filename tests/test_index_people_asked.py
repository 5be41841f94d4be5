"""Who is who: settled for the names asked for it is what grouping all names gives, after changes too."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from index.aliases import form_key, parse_aliases
from index.grouping import group_names
from index.people import Directory
from index.schema import MentionKind
from index.statements.names import parse_name
from index.stores.protocol import StatementName
from index.written_names import Written, names_in_target

PERSON, BODY, PLACE = MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE

PARTS = st.sampled_from(
    "Ann Anne A. Bob B. Robert Smith Smith-Jones Jones Ford Mr. Mrs. Dr. the The Party FBI Federal Bureau of "
    "Investigation US U.S. America GOP Republicans Inc. Company Jr. van (2) - $ ’s ▶".split()
)
PLAIN = st.lists(PARTS, min_size=1, max_size=4).map(" ".join)
NAMES = (
    PLAIN
    | PLAIN.map("{}’s plan".format)
    | PLAIN.map("the {} administration".format)
    | PLAIN.map("{}’s".format)
    | st.text(max_size=5)
    | st.text("$'s’ -.,A", max_size=5)
)
ROWS = st.lists(
    st.builds(
        StatementName,
        NAMES,
        st.none() | st.sampled_from([PERSON, BODY, PLACE]),
        st.sampled_from([0, 0, 1, 2, 30]),
        st.sampled_from([0, 1, 2]),
    ),
    max_size=16,
)
ALIASES = """
[[person]]
name = "Ford"
also = ["Bob Smith", "The Ford"]
[[person]]
name = "Dr. Ann Jones"
also = ["Ann"]
[[apart]]
names = ["Ann Smith", "Smith", "FBI"]
"""


def clusters(rows, text):
    """Group all names at once."""
    written, aliases = Written.of(rows), parse_aliases(text)
    pins = {form_key(form): number for number, forms in enumerate(aliases.groups()) for form in forms}
    return {
        frozenset(cluster.names) for cluster in group_names(written, pins, written.names(), lambda _: True)
    }


def said(directory):
    """Return everything that a directory says, with all settled at once."""
    return directory.parties, directory.pins


@given(rows=ROWS, text=st.sampled_from(["", ALIASES]), seed=st.randoms(use_true_random=False))
@settings(max_examples=120, deadline=None)
def test_names_asked_for_one_by_one_are_grouped_as_all_together(rows, text, seed):
    directory = Directory.of(rows, parse_aliases(text))
    names = Written.of(rows).names()
    seed.shuffle(names)
    party_of = {name: directory.name_of(name) for name in names}
    found = {frozenset(name for name in names if party_of[name] == one) for one in party_of.values()}
    assert found == clusters(rows, text)
    whole = Directory.of(rows, parse_aliases(text))
    assert said(whole) == said(directory)
    assert {name: whole.name_of(name) for name in names} == party_of


@given(rows=ROWS, asked=NAMES, text=st.sampled_from(["", ALIASES]))
@settings(max_examples=120, deadline=None)
def test_a_question_is_answered_as_if_all_were_settled(rows, asked, text):
    whole = Directory.of(rows, parse_aliases(text))
    parties = whole.parties
    for name in [asked, *parties, *(row.name for row in rows)]:
        fresh = Directory.of(rows, parse_aliases(text))
        meant = fresh.meant_by(name)
        assert meant == whole.meant_by(name) == meant_by_all(parties, whole.pins, name)
        assert fresh.party(name) == parties.get(name)
        assert fresh.kind_of(name) == whole.kind_of(name)
        assert fresh.targets(meant) == sorted(
            {row.name for row in rows if row.target and meant & whole.names_of_target(row.name)}
        )


@given(steps=st.lists(ROWS, min_size=2, max_size=4), data=st.data())
@settings(max_examples=100, deadline=None)
def test_after_changes_it_is_as_if_made_anew(steps, data):
    texts = st.sampled_from(["", "", "", ALIASES])
    directory, rows = Directory.of([]), []
    for step in steps:
        kept = data.draw(st.lists(st.sampled_from(rows), unique=True)) if rows else []
        rows = [*kept, *step]
        aliases = parse_aliases(data.draw(texts))
        directory = directory.after(rows, aliases)
        fresh = Directory.of(rows, aliases)
        names = sorted({row.name for row in rows})
        for name in data.draw(st.lists(st.sampled_from(names), unique=True)) if names else []:
            assert directory.name_of(name) == fresh.name_of(name)
            assert directory.meant_by(name) == fresh.meant_by(name)
        if data.draw(st.booleans()):
            assert said(directory) == said(fresh)
    assert said(directory) == said(fresh)


def meant_by_all(parties, pins, asked):
    """Do what `meant_by` does by looking at every party."""
    from index.statements.names import body_key, is_body, same_person, without_titles

    pinned = pins.get(form_key(asked)) or pins.get(form_key(without_titles(asked)))
    if pinned is not None:
        return {pinned}
    exact = {
        name
        for name, party in parties.items()
        for form, _ in party.forms
        if body_key(form) == body_key(asked)
    }
    parsed = parse_name(asked)
    things = [name for name in exact if parties[name].kind not in (None, PERSON)]
    if is_body(asked) or (not parsed.given and things):
        return exact
    words = {parsed.surname, *parsed.given[:1]} - {""}
    full = {
        (form, name)
        for name, party in parties.items()
        if party.kind is PERSON
        for form in {name, *(form for form, _ in party.forms if parse_name(form).given)}
        if words & {parse_name(form).surname, *parse_name(form).given[:1]}
    }
    fitting = {name for form, name in full if same_person(asked, form)}
    if parsed.given or len(fitting) < 2:
        return exact | fitting
    bearers = {name for form, name in full if parse_name(form).surname == parsed.surname}
    return exact | {max(fitting & bearers or fitting, key=lambda name: (parties[name].statements, name))}


def test_only_names_that_can_have_to_do_with_a_change_are_settled_anew():
    rows = [StatementName(f"Ann Smith{number:03}", PERSON, 1, 0) for number in range(500)]
    first = Directory.of(rows)
    before = dict(first.parties)
    second = first.after([*rows, StatementName("Ms. Smith007", PERSON, 1, 0)], parse_aliases(""))
    same = Counter(second.parties[name] is party for name, party in before.items())
    assert same == {True: 499, False: 1}
    assert second.parties["Ann Smith007"].forms == (("Ann Smith007", 1), ("Ms. Smith007", 1))
    assert first.after(rows, parse_aliases("")) is first


def test_a_target_counts_for_the_name_in_it_once():
    rows = [StatementName("the Trump administration", BODY, 0, 2), StatementName("Trump", PERSON, 0, 3)]
    written = Written.of(rows)
    assert names_in_target("the Trump administration") == ["the Trump administration", "Trump"]
    assert (written.count("Trump"), written.count("the Trump administration")) == (5, 2)
    assert written.targets("Trump") == ["Trump", "the Trump administration"]
    less = written.plus([StatementName("the Trump administration", BODY, 0, -2)])
    assert (less.count("Trump"), less.targets("Trump")) == (3, ["Trump"])
