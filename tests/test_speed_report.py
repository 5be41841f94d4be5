"""The arithmetic and the formats of the speed report."""

import json
import math
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.speed.__main__ import read_size
from benchmarks.speed.arithmetic import fit_exponent, growths, met, partner, quantile, ratio, spread, value
from benchmarks.speed.plot import draw
from benchmarks.speed.records import BY_HAND, OURS, Aim, Figure, Note, Report
from benchmarks.speed.report import from_json, merged, number, to_json, to_markdown
from benchmarks.speed.synthetic import size_name


def figure(values, way=OURS, size=100, name="cost", aim=None, **more):
    given = {"row": "ingest", "size_of": "articles", "unit": "CPU s", **more}
    return Figure(name=name, way=way, size=size, values=tuple(values), aim=aim, **given)


def series(exponent, way=OURS, name="cost"):
    return [figure([3 * size**exponent], way, size, name, grows=True) for size in (10, 100, 1000)]


@given(
    st.floats(-1, 3),
    st.floats(1e-3, 1e3),
    st.lists(st.integers(1, 10**6), min_size=3, max_size=8, unique=True),
)
def test_a_power_law_gives_back_its_exponent(exponent, factor, sizes):
    assert fit_exponent([(size, factor * size**exponent) for size in sizes]) == pytest.approx(
        exponent, abs=1e-6
    )


@pytest.mark.parametrize(
    "points",
    [[], [(1, 1.0)], [(1, 1.0), (2, 2.0)], [(1, 1.0), (1, 2.0), (2, 3.0)], [(1, 0.0), (2, 1.0), (3, 1.0)]],
)
def test_too_few_sizes_or_no_cost_give_no_exponent(points):
    assert fit_exponent(points) is None


def test_only_what_grows_faster_than_its_size_is_flagged():
    found = {
        one.name: one.too_fast for one in growths([*series(1.0, name="even"), *series(1.2, name="fast")])
    }
    assert found == {"even": False, "fast": True}
    assert growths([figure([1.0], size=size) for size in (1, 2, 3)]) == []
    assert growths(series(2.0)[:2]) == []


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.floats(0, 1))
def test_quantiles_are_those_of_numpy(values, share):
    assert quantile(values, share) == pytest.approx(float(np.quantile(values, share)), abs=1e-3)


def test_the_median_is_quoted_with_its_bounds():
    assert value(figure([5, 1, 2])) == 2
    assert spread(figure([5, 1, 2])) == (1, 5)


@pytest.mark.parametrize(
    ("ours", "hand", "aim", "wanted"),
    [
        (9.0, None, Aim(10), True),
        (11.0, None, Aim(10), False),
        (11.0, None, Aim(10, at_least=True), True),
        (22.0, 10.0, Aim(2.2, at_least=True, of_hand=True), True),
        (21.0, 10.0, Aim(2.2, at_least=True, of_hand=True), False),
        (21.0, None, Aim(2.2, at_least=True, of_hand=True), None),
        (21.0, 0.0, Aim(2.2, at_least=True, of_hand=True), None),
        (0.0, None, Aim(0.0), True),
        (1.0, None, None, None),
    ],
)
def test_aims_are_met_or_not_or_cannot_be_told(ours, hand, aim, wanted):
    figures = [figure([ours], aim=aim)]
    if hand is not None:
        figures.append(figure([hand], BY_HAND))
    assert met(figures[0], figures) is wanted


def test_ratios_are_taken_at_the_same_size_only():
    ours, hand, larger = figure([6.0]), figure([3.0], BY_HAND), figure([1.0], BY_HAND, 200)
    assert ratio(ours, partner(ours, [larger, ours, hand])) == 2.0
    assert partner(ours, [larger, ours]) is None
    assert met(figure([1.0], BY_HAND, aim=Aim(10)), []) is None


@pytest.fixture
def report():
    figures = [
        *series(1.3), *series(1.0, BY_HAND),
        figure([1.0, 3.0, 2.0], size=7, name="rate", aim=Aim(2.2, at_least=True, of_hand=True), n=40),
        figure([1.0], BY_HAND, 7, "rate"), figure([4.0], "txtai", 7, "rate"),
        figure([0.4], size=0, name="page", row="page", unit="s", aim=Aim(2.0)),
    ]  # fmt: skip
    notes = (Note("ingest", "of clean text"), Note("", "not installed, and so absent: chroma"))
    machine = {"processor": "a & b", "flags": ["avx2"], "cores": 2, "packages": {"numpy": "2"}}
    return Report(machine, tuple(figures), notes, {"ingest": 0.25})


def test_a_report_survives_its_json(report):
    text = json.dumps(to_json(report))
    assert from_json(json.loads(text)) == report


def test_the_json_holds_medians_ratios_and_growth(report):
    found = to_json(report)
    rate = next(one for one in found["figures"] if (one["name"], one["way"]) == ("rate", OURS))
    assert (rate["median"], rate["ratios"], rate["met"]) == (2.0, {BY_HAND: 2.0, "txtai": 0.5}, False)
    assert [(one["way"], one["faster_than_linear"]) for one in found["growth"]] == [
        (OURS, True), (BY_HAND, False)
    ]  # fmt: skip


def test_the_table_shows_ratio_aim_spread_and_who_is_absent(report):
    text = to_markdown(report, {"ingest": "ingest.svg"})
    row = next(line for line in text.splitlines() if line.startswith("| rate"))
    cells = [cell.strip() for cell in row.split("|")[1:-1]]
    assert cells == [
        "rate, CPU s", "7 articles", "2.00", "1.00 to 3.00, n=40", "at least 2.2 × by hand", "**no**",
        "1.00 (2.00)", "4.00 (0.50)",
    ]  # fmt: skip
    assert "| yes |" in next(line for line in text.splitlines() if line.startswith("| page"))
    assert "**faster than linear**" in text
    assert "absent: chroma" in text
    assert "![How ingest grows](ingest.svg)" in text
    assert "0.2 cores busy" in text
    head = next(line for line in text.splitlines() if line.startswith("| measured") and "txtai" in line)
    assert [cell.strip() for cell in head.split("|")[-3:-1]] == [BY_HAND, "txtai"]
    widths = {line.count("|") for line in text.splitlines() if line.startswith("| ") and "articles |" in line}
    assert len(widths) <= 2


def test_rows_that_are_measured_again_replace_the_old_ones(report):
    again = Report(
        {"processor": "new"}, (figure([9.0], name="only"),), (Note("ingest", "anew"),), {"ingest": 1.0}
    )
    both = merged(report, again)
    assert {one.name for one in both.figures if one.row == "ingest"} == {"only"}
    assert {one.row for one in both.figures} == {"ingest", "page"}
    assert [note.text for note in both.notes if note.row == "ingest"] == ["anew"]
    assert both.machine == {"processor": "new"}


def test_a_plot_is_one_drawing_with_every_curve(report):
    found = growths(report.figures)
    drawn = draw("ingest <b>&", found)
    root = ElementTree.fromstring(drawn)
    assert root.tag.endswith("svg")
    lines = [one for one in root.iter() if one.tag.endswith("polyline")]
    assert len(lines) == len(found)
    assert sum("stroke-dasharray" in one.attrib for one in lines) == 1
    heights = [float(corner.split(",")[1]) for corner in lines[0].attrib["points"].split()]
    assert heights == sorted(heights, reverse=True)
    assert "faster than linear" in drawn
    with pytest.raises(ValueError, match="no growth"):
        draw("nothing", [])


@pytest.mark.parametrize(("text", "size"), [("10k", 10_000), ("1m", 1_000_000), ("1.5K", 1500), ("250", 250)])
def test_sizes_are_read_as_people_write_them(text, size):
    assert read_size(text) == size


@pytest.mark.parametrize("size", [250, 1_000, 10_000, 100_000, 1_000_000])
def test_sizes_are_written_as_they_are_read(size):
    assert read_size(size_name(size)) == size


@given(st.floats(1e-6, 1e9))
def test_figures_are_told_to_three_digits(quantity):
    told = float(number(quantity).replace(",", ""))
    assert told == pytest.approx(quantity, rel=0.006, abs=0.5 if quantity >= 100 else None)
    assert not math.isnan(told)
