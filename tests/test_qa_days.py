"""A weekday in an article is the last one up to its date of publication."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.days import day_meant, written


@pytest.mark.parametrize(
    ("words", "before", "published", "expected"),
    [
        ("on Tuesday", "The ferry docked early", "2025-11-20", date(2025, 11, 18)),
        ("Thursday", "It was signed", "2025-11-20T17:14:00-05:00", date(2025, 11, 20)),
        ("last Thursday", "It was signed", "2025-11-20", date(2025, 11, 13)),
        ("late Sunday", "The agency said", "2025-10-20", date(2025, 10, 19)),
        ("yesterday", "It was signed", "2025-03-01", date(2025, 2, 28)),
        ("Friday", "The town will close its pool on", "2025-11-20", None),
        ("November 6", "It was signed on", "2025-11-20", None),
        ("Tuesday", "It was signed on", None, None),
    ],
)
def test_the_day_meant(words, before, published, expected):
    assert day_meant(words, before, published) == expected


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(["Monday", "Wednesday", "Sunday"]))
def test_it_is_that_weekday_within_the_week_before(published, weekday):
    day = day_meant(weekday, "It happened", published.isoformat())
    assert f"{day:%A}" == weekday
    assert 0 <= (published - day).days < 7


def test_a_day_is_written_as_news_writes_it():
    assert written(date(2025, 11, 6)) == "Thursday, November 6, 2025"
