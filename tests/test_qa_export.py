"""Exports: what they say, that hostile words stay words, and that other programs read them."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.config import IndexConfig
from index.errors import InputError
from index.ingest import add
from index.library import Library
from index.schema import ArticleCard
from qa.__main__ import main
from qa.answer_json import to_json
from qa.export.as_markdown import escaped
from qa.export.bibliography import bibtex, latex, name_parts, one_line, ris, web_address
from qa.export.formats import FORMATS, Exchange, export
from qa.export.reading import from_json
from qa.schema import (
    Answer,
    AnswerSentence,
    Citation,
    Constraint,
    Coverage,
    Group,
    Kind,
    Plan,
    Support,
    Tally,
    TallyRow,
    Timings,
    Wanted,
    Written,
)  # fmt: skip

DAY = date(2025, 11, 22)
HOSTILE = (
    "<script>window.__p=1</script> ![a](http://evil.example/m.png) [b](javascript:x) <http://evil.example> "
    "www.evil.example **b** `c` &lt; {{x}} ${y} # - 1. </li></ol><img src=x onerror=alert(1)> "
    "\\ | ~~s~~ \r\nER  - x"
)


def card(name="a1", **fields):
    plain = {
        "id": name, "file": f"{name}.txt", "title": "Ferry Deal: 50% & More",
        "authors": ("Lena van der Ito",), "outlet": "The Harbour Courier",
        "published": "2025-09-30T18:20:00+02:00", "url": "https://courier.example/a?b=1&c=2", "group": name,
    }  # fmt: skip
    return ArticleCard(**(plain | fields))


def cite(start=3, end=9, words="better", of=None):
    return Citation(of or card(), start, end, words)


ONLY = Constraint("o", "outlet", "the Courier", "only The Harbour Courier")
ANSWER = Answer(
    "Who praised Ito?",
    Plan(Kind.STATEMENTS, Wanted.PERSON, constraints=(ONLY,)),
    abstained=False,
    short_answer="Karl Brandt",
    short_answers=("Karl Brandt",),
    sentences=(
        AnswerSentence("It is better.", Support.QUOTED, (cite(),)),
        AnswerSentence(
            "It costs 7.", Support.WEAK, (cite(20, 29, "It costs."), cite()), 0.4, ("the number 7",)
        ),
    ),
    groups=(Group("The Echo", "says nothing of this"), Group("The Courier", "", (1,))),
    written=Written(
        "a-model", (AnswerSentence("Brandt did.", Support.SUPPORTED, (cite(),), 0.9),), ("[9]",), "slow"
    ),
    tally=Tally("statements", (TallyRow("Karl Brandt", 2, 1, (cite(40, 45, "great"),)),)),
    coverage=Coverage(2, 2, 1, 1, 1, 0, "2 of 2 articles read"),
    confidence=0.8,
    unclear=(cite(50, 53, "hm?", card("b2", url=None, published=None, authors=(), outlet=None)),),
    timings=Timings(1.0, 2.0, 3.0, 6.0),
)  # fmt: skip
NO = Answer(
    "Why?",
    Plan(Kind.FACT, Wanted.CLAUSE),
    abstained=True,
    reason="Nothing fits.",
    nearest=(cite(60, 65, "other"), cite()),
)


def hostile_answer():
    bad = card(
        "c3", title=HOSTILE, authors=(HOSTILE,), outlet=HOSTILE, file=HOSTILE, url="javascript:alert(1)"
    )
    return replace(
        ANSWER, question=HOSTILE, short_answer=HOSTILE, reason=HOSTILE,
        sentences=(AnswerSentence(HOSTILE, Support.WEAK, (cite(1, 2, HOSTILE, bad),), 0.1, (HOSTILE,)),),
        groups=(Group(HOSTILE, HOSTILE, (0,)),), tally=None, coverage=replace(ANSWER.coverage, text=HOSTILE),
    )  # fmt: skip


def test_markdown_says_all_of_an_answer_with_its_numbers():
    text = export([Exchange("Who praised Ito?", ANSWER)], "md", DAY)
    assert text.startswith("## Who praised Ito?\n")
    for line in (
        "_only The Harbour Courier_",
        "**Karl Brandt**",
        "- 1\\. Karl Brandt: 2 statements in 1 article \\[3\\]",
        "> It is better. \\[1\\]",
        "### The Echo: says nothing of this",
        "> It costs 7. \\[2\\] \\[1\\] _(weak; not in the source: the number 7)_",
        "### In the words of a-model, checked against the articles",
        "Brandt did. \\[1\\] _(supported)_",
        "> hm? \\[4\\]",
        "_2 of 2 articles read._",
        "Exported from Dateline on 2025-11-22.",
    ):
        assert line in text.splitlines(), line
    assert (
        "\\[4\\] “hm?” — Ferry Deal: 50% \\& More, undated. b2.txt (characters 50 to 53 of article b2)"
        in text
    )


def test_numbers_stay_the_same_through_a_conversation():
    exchanges = [
        Exchange("Who praised Ito?", ANSWER),
        Exchange("why?", NO, (Constraint("x", "carried", "why?", "asked of “…”"),)),
    ]
    text = export(exchanges, "md", DAY)
    assert "> other \\[5\\]" in text
    assert "> better \\[1\\]" in text
    assert "**The articles don’t say.**" in text
    assert "_Read as: Why?_" in text
    assert text.count("\n\\[") == 5


def test_json_of_one_answer_is_the_answer_and_of_more_a_list_of_them():
    assert json.loads(export([Exchange(ANSWER.question, ANSWER)], "json", DAY)) == to_json(ANSWER)
    both = json.loads(export([Exchange("Who?", ANSWER), Exchange("why?", NO)], "json", DAY))
    assert [one["asked"] for one in both["questions"]] == ["Who?", "why?"]
    assert [one["answer"] for one in both["questions"]] == [to_json(ANSWER), to_json(NO)]
    assert [one["number"] for one in both["citations"]] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("answer", [ANSWER, NO, hostile_answer()])
def test_an_answer_is_read_back_from_its_json(answer):
    assert to_json(from_json(json.loads(json.dumps(to_json(answer))))) == to_json(answer)


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.pop("plan"),
        lambda record: record.update(sentences="x"),
        lambda record: record.update(abstained="no"),
        lambda record: record["plan"].update(kind="gossip"),
        lambda record: record["sentences"][0].update(text=None),
        lambda record: record["sentences"][0]["citations"][0].update(start="1"),
        lambda record: record["timings"].update(sleep=1),
        lambda record: record.update(short_answer="x" * 300_000),
        lambda record: record["coverage"].update(read=True),
    ],
)
def test_what_is_no_answer_is_refused(change):
    record = json.loads(json.dumps(to_json(ANSWER)))
    change(record)
    with pytest.raises(InputError):
        from_json(record)
    for nothing in (None, [], "x", 3):
        with pytest.raises(InputError):
            from_json(nothing)


def test_an_unknown_format_and_an_empty_conversation_are_refused():
    with pytest.raises(InputError, match="md, html, json, ris, bibtex"):
        export([Exchange("q", ANSWER)], "pdf", DAY)
    with pytest.raises(InputError, match="no answer"):
        export([], "md", DAY)


# --- hostile words

TEXTS = st.text(st.characters(codec="utf-8"), max_size=60) | st.text(
    "[]()!<>*_`#&;:/.-+=1)\\|~$@{} wapht", max_size=40
)


def tokens_of(markdown):
    found = []
    for token in MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(markdown):
        found += [token, *(token.children or [])]
    return found


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_escaped_markdown_is_the_text_and_nothing_else(text):
    for around in ("{}", "> {}", "- {}", "### {}"):
        tokens = tokens_of(around.format(escaped(text)))
        kinds = {token.type for token in tokens}
        assert not kinds & {
            "link_open",
            "image",
            "html_inline",
            "html_block",
            "code_inline",
            "fence",
            "table_open",
            "hr",
        }
        assert not kinds & {"em_open", "strong_open", "s_open", "ordered_list_open", "code_block"}
        shown = "".join(token.content for token in tokens if token.type in ("text", "text_special"))
        assert " ".join(shown.split()) == one_line(text)


def test_hostile_words_make_no_link_picture_or_html_in_markdown():
    text = export([Exchange(HOSTILE, hostile_answer())], "md", DAY)
    tokens = tokens_of(text)
    assert not {"image", "html_inline", "html_block", "s_open"} & {token.type for token in tokens}
    links = {token.attrs["href"] for token in tokens if token.type == "link_open"}
    assert links == {card().url}  # the source of the answer's own words
    rest = text.replace(f"<{card().url}>", "")
    assert not re.search(r"(?<!\\)://|(?<!\\)<|www\.", rest)


class Page(HTMLParser):
    """What a page holds: tags, addresses and text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)


def test_the_html_page_needs_nothing_and_runs_nothing():
    text = export([Exchange(HOSTILE, hostile_answer()), Exchange("Who?", ANSWER)], "html", DAY)
    page = Page(text)
    allowed = "html head meta title style body main h2 h3 p span a blockquote ol li footer".split()
    assert set(page.tags) <= set(allowed)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "style")]
    links = [value for name, value in page.attributes if name == "href"]
    assert "https://courier.example/a?b=1&c=2" in links
    assert all(link.startswith(("#source-", "https://")) for link in links)
    ids = {value for name, value in page.attributes if name == "id"}
    assert {link[1:] for link in links if link.startswith("#")} <= ids
    assert one_line(HOSTILE) in "".join(page.words)
    assert "default-src 'none'" in text
    assert "prefers-color-scheme: dark" in text


# --- other programs read the sources


def test_ris_is_read_by_another_program():
    text = ris(
        [
            card(),
            card(
                "b2",
                authors=("Coastal Wire", "Joe R. Biden Jr."),
                url="ftp://x",
                outlet=None,
                published="2025",
            ),
        ],
        DAY,
    )
    assert all(line.endswith("\r") for line in text.split("\n")[:-1])
    first, second = rispy.loads(text)
    assert first["type_of_reference"] == "NEWS"
    assert first["title"] == "Ferry Deal: 50% & More"
    assert first["authors"] == ["van der Ito, Lena"]
    assert first["secondary_title"] == "The Harbour Courier"
    assert (first["year"], first["date"], first["access_date"]) == ("2025", "2025/09/30", "2025/11/22")
    assert first["urls"] == ["https://courier.example/a?b=1&c=2"]
    assert second["authors"] == ["Coastal Wire", "Biden, Joe R., Jr."]
    assert "urls" not in second
    assert "date" not in second


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_no_text_breaks_out_of_its_ris_line(title, author):
    entries = rispy.loads(ris([card(title=title, authors=(author,)), card("b2")], DAY))
    assert len(entries) == 2
    assert entries[0].get("title", "") == (one_line(title) or "Untitled" if not title else one_line(title))
    assert entries[1]["title"] == card().title


def parsed(text):
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert library.failed_blocks == []
    return library.entries


def test_bibtex_is_read_by_another_program():
    first, second = parsed(
        bibtex([card(), card("b2", outlet=None, authors=("Coastal Wire",), url=None)], DAY)
    )
    fields = {name: value.value for name, value in first.fields_dict.items()}
    assert (first.entry_type, first.key) == ("article", "vanderito2025-a1")
    assert fields["title"].strip("{}") == "Ferry Deal: 50% & More"
    assert fields["author"] == "van der Ito, Lena"
    assert fields["journal"] == "The Harbour Courier"
    assert (fields["year"], fields["month"], fields["date"]) == ("2025", "sep", "2025-09-30")
    assert fields["urldate"] == "2025-11-22"
    assert second.entry_type == "misc"
    assert "journal" not in second.fields_dict


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_no_text_breaks_out_of_its_bibtex_field(title, author, outlet):
    text = bibtex([card(title=title, authors=(author,), outlet=outlet), card("b2")], DAY)
    library = bibtexparser.parse_string(text)
    assert library.failed_blocks == []
    assert [entry.key.split("-")[1] for entry in library.entries] == ["a1", "b2"]
    assert library.entries[0].fields_dict["title"].value == f"{{{latex(title or 'Untitled')}}}"
    assert latex(title).count("{") == latex(title).count("}")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("50% of {R&D}", r"50\% of \textbraceleft{}R\&D\textbraceright{}"),
        ("a_b^c~d\\e", r"a\_b\textasciicircum{}c\textasciitilde{}d\textbackslash{}e"),
        ("pp. 1--2 ``so''", "pp. 1-{}-2 `{}`so'{}'"),
        ("Cafés — “so”", "Cafés — “so”"),
    ],
)
def test_latex_prints_the_characters_as_they_are(text, safe):
    assert latex(text) == safe
    assert safe.count("{") == safe.count("}")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Wren Halloway", ("Halloway", "Wren", "")),
        ("Joseph R. Biden Jr.", ("Biden", "Joseph R.", "Jr.")),
        ("Ursula von der Leyen", ("von der Leyen", "Ursula", "")),
        ("Coastal Wire", ("Coastal Wire", "", "")),
        ("Associated Press", ("Associated Press", "", "")),
        ("The Editorial Board", ("The Editorial Board", "", "")),
        ("Madonna", ("Madonna", "", "")),
        ("a b c d e f g", ("a b c d e f g", "", "")),
        ("", ("", "", "")),
    ],
)
def test_names_are_taken_apart_where_they_are_peoples(name, parts):
    assert name_parts(name) == parts


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://a.example/b c", "https://a.example/b%20c"),
        ('http://a.example/<x>"', "http://a.example/%3Cx%3E%22"),
        ("javascript:alert(1)", None),
        ("http://", None),
        ("http://[x", None),
        (None, None),
    ],
)
def test_only_web_addresses_are_links(url, address):
    assert web_address(url) == address


def test_every_format_has_its_own_suffix_and_media_type():
    assert (
        len({one.suffix for one in FORMATS.values()})
        == len({one.media_type for one in FORMATS.values()})
        == 5
    )


@pytest.mark.slow
def test_the_command_line_exports(root, samples, tmp_path, capfdbinary):
    with Library.create(tmp_path / "library", IndexConfig(model="hashing")) as made:
        add(made, [samples / "ferry-contract.txt"])
    asked = ["Who praised Marit Oskeland?", "--library", str(tmp_path / "library")]
    command = [sys.executable, "-m", "qa", *asked, "--export", "ris"]
    done = subprocess.run(command, cwd=root, capture_output=True, timeout=120, check=True)
    assert done.stdout.startswith(b"TY  - NEWS\r\n")

    def run(*options):
        code = main([*asked, *options])
        return code, capfdbinary.readouterr().out

    assert run("--export", "ris") == (0, done.stdout)
    assert b"@article{halloway2025-" in run("--export", "bibtex")[1]
    assert run("--export", "md")[1].startswith(b"## Who praised Marit Oskeland?")
    assert run("--export", "pdf") == (2, b"")
    assert run("--export", "md", "--json")[0] == 2
