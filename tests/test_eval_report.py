"""The report: complete, self-contained, and safe whatever the articles and answers hold."""

import html.parser
import json
import re
from dataclasses import replace

import pytest
from eval_samples import answer_json, result
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics.catalogue import CATALOGUE
from eval.plots import HEIGHT, WIDTH, latency, risk_curve
from eval.report import cell, render_html, render_markdown, view, write_report
from eval.result_json import summary_from
from eval.schema import Evidence, Located, Outcome, Place, Result, Retrieved, RiskPoint
from eval.scoring import summarise

ABOUT = {
    "version": 1,
    "gold": {"name": "gold.jsonl", "format": "dateline", "digest": "d" * 64, "questions": 3},
    "library": {"name": "library", "articles": 2, "generation": 3, "model": "minilm"},
    "answers": None,
}
EVIL = '<script>alert("x")</script><img src=x onerror=alert(1)>"\'>&amp; {{ 7 * 7 }} | `x`'


def evil_result():
    """A result in which every text that can come from outside is hostile."""
    made = result("q" + EVIL, question=EVIL, type=EVIL, answers=(EVIL,), choices=(EVIL,), note=EVIL)
    place = ("a", 10, 20, EVIL)
    answer = answer_json(EVIL, EVIL, sentences=[(EVIL, [place])]) | {"reason": EVIL}
    answer["sentences"][0]["citations"][0] |= {"title": EVIL, "outlet": EVIL, "published": EVIL}
    answer["tally"] = {"rows": [{"name": EVIL, "statements": 2, "evidence": []}]}
    retrieved = (Retrieved(1, "a", 0, 50, EVIL, EVIL, EVIL, EVIL),)
    located = (Located(Evidence(EVIL, EVIL), ("a",), (Place("a", 10, 20),)),)
    case = replace(made.case, evidence=(Evidence(EVIL, EVIL),), ranking=((EVIL, 2.0), ("b", 1.0)))
    return Result(case, Outcome(answer, EVIL, retrieved, wall_ms=3.0), located, (EVIL,))


class Reader(html.parser.HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, text):
        self.words.append(text)


def rendered(results):
    return render_html(summarise(results), results, ABOUT)


def test_hostile_text_stays_text():
    page = rendered([evil_result(), replace(evil_result(), outcome=Outcome(None, EVIL, ()))])
    read = Reader(page)
    assert "script" not in read.tags
    assert "img" not in read.tags
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert EVIL in "".join(read.words)


def test_the_page_loads_nothing():
    page = rendered([result("a"), result("b", right=False), evil_result()])
    read = Reader(page)
    assert not {"script", "link", "iframe", "object", "embed", "img", "use", "a"} & set(read.tags)
    assert not [value for name, value in read.attributes if name in ("src", "href", "srcset", "data")]
    assert "url(" not in page
    assert "@import" not in page
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in read.attributes


def test_the_page_shows_what_a_person_needs():
    failed = result("broken", failure="the model broke")
    page = rendered([result("fine"), result("lost", right=False, rank=None), failed])
    words = " ".join("".join(Reader(page).words).split())
    for wanted in (
        "What is lost?",
        "gold evidence was not retrieved",
        "not among the 5 retrieved",
        "retrieved at rank 1 · cited",
        "Failed: the model broke",
        "Correct, by type",
        "median 10 ms",
    ):
        assert wanted in words, wanted
    # What went wrong comes first.
    assert words.index("What is lost?") < words.index("What is fine?")


def test_the_excerpt_is_around_the_gold():
    text = "x" * 900 + "the quote!" + "y" * 900
    made = result("q")
    passage = Retrieved(1, "a", 100, 100 + len(text), text)
    located = (Located(made.case.evidence[0], ("a",), (Place("a", 1000, 1010),)),)
    made = replace(made, located=located, outcome=replace(made.outcome, retrieved=(passage,)))
    (shown,) = view(made).retrieved
    assert shown.is_gold
    assert "the quote!" in shown.text
    assert len(shown.text) < 520


def test_answers_of_others_are_shown_without_their_missing_fields():
    answer = {"abstained": False, "sentences": [{"text": "x", "citations": [{"article": "a"}]}]}
    bare = replace(result("q"), outcome=Outcome(answer, retrieved=None))
    about = {**ABOUT, "library": None, "answers": {"name": "theirs.jsonl", "digest": "e"}}
    page = render_html(summarise([bare]), [bare], about)
    assert "answers of theirs.jsonl" in page
    assert "in the library" in page


def test_markdown_lists_what_is_not_right_and_keeps_its_tables():
    results = [result("fine"), result("lost", right=False), evil_result()]
    text = render_markdown(summarise(results), results, ABOUT)
    assert "| lost | What is lost? | cites another passage than the gold evidence | gold | lead |" in text
    assert "| fine |" not in text
    assert "<script>" not in text
    for table in re.findall(r"(?:^\|.*\n)+", text, re.M):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table


@given(st.text(max_size=60))
def test_a_cell_is_one_line_without_markup(text):
    made = cell(text)
    assert "\n" not in made
    assert not re.search(r"(?<!\\)\||<|>", made)


def test_the_files_of_a_report(tmp_path):
    summary = write_report(tmp_path, [result("a"), result("b", right=False)], ABOUT)
    assert {path.name for path in tmp_path.iterdir()} == {"summary.json", "report.md", "report.html"}
    record = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert summary_from(record) == summary
    assert record["run"] == ABOUT
    assert set(record["metrics"]) <= set(CATALOGUE)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(0, 1)), min_size=1, max_size=20))
def test_curves_stay_in_the_drawing(pairs):
    points = [RiskPoint(0.5, coverage, risk) for coverage, risk in sorted(pairs)]
    for pair in risk_curve(points).points.split():
        x, y = map(float, pair.split(","))
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
@settings(max_examples=50)
def test_every_question_is_in_the_histogram(times):
    results = [replace(result("a"), outcome=Outcome(None, "x", (), wall_ms=time)) for time in times]
    made = latency(results)
    assert sum(int(column.label.rsplit(" ", 1)[1]) for column in made.columns) == len(times)
    assert all(0 <= column.x <= WIDTH and column.height >= -1e-6 for column in made.columns)


@pytest.mark.parametrize("results", [[result("a", answers=())], [result("a", failure="x")]])
def test_a_run_without_scores_or_answers_has_a_report(results):
    assert "</html>" in rendered(results)
    assert render_markdown(summarise(results), results, ABOUT)
