"""Praise and criticism over time as plain values: one bar a week, month or year. Pure."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from index.schema import LedgerEntry, Stance
from ui.view import Json, count_text

MAX_WEEKS = 30
MAX_MONTHS = 72


@dataclass(frozen=True, slots=True)
class Period:
    """A week, month or year; both days belong to it."""

    first: date
    last: date
    label: str
    short: str


def chart_view(entries: Sequence[LedgerEntry]) -> Json:
    """Return the bars from the first dated statement to the last, and what has no date.

    Weeks while they are few, then months, then years: a bar must stay wide enough to be seen.
    """
    dated = [(day, entry.statement.stance) for entry in entries if (day := day_of(entry))]
    days = [day for day, _ in dated]
    unit, periods = periods_between(min(days), max(days)) if days else ("month", [])
    starts = [period.first for period in periods]
    counts = Counter((bisect_right(starts, day) - 1, stance) for day, stance in dated)
    bars = [_bar(period, counts[i, Stance.PRAISE], counts[i, Stance.CRITICISE])
            for i, period in enumerate(periods)]  # fmt: skip
    most = max((int(str(bar[side])) for bar in bars for side in ("praise", "criticise")), default=0)
    return {
        "unit": unit,
        "bars": bars,
        "most": most,
        "text": _summary(unit, bars),
        "undated": _undated(len(entries) - len(dated)),
    }


def day_of(entry: LedgerEntry) -> date | None:
    """Return the day the article was published, None when it is not known or cannot be read."""
    try:
        return date.fromisoformat((entry.article.published or "")[:10])
    except ValueError:
        return None


def periods_between(first: date, last: date) -> tuple[str, list[Period]]:
    """Return the unit and every period from the first day to the last, empty ones too."""
    if (last - first).days < 7 * MAX_WEEKS:
        return "week", list(_weeks(first, last))
    if (last.year - first.year) * 12 + last.month - first.month < MAX_MONTHS:
        return "month", list(_months(first, last))
    years = range(first.year, last.year + 1)
    return "year", [Period(date(y, 1, 1), date(y, 12, 31), str(y), str(y)) for y in years]


def _weeks(first: date, last: date) -> Iterator[Period]:
    day = first - timedelta(days=first.weekday())
    while day <= last:
        end = day + timedelta(days=6)
        yield Period(day, end, f"the week of {day.day} {day:%B %Y}", f"{day.day} {day:%b}")
        day = end + timedelta(days=1)


def _months(first: date, last: date) -> Iterator[Period]:
    day = first.replace(day=1)
    while day <= last:
        following = (day + timedelta(days=31)).replace(day=1)
        yield Period(day, following - timedelta(days=1), f"{day:%B %Y}", f"{day:%b %Y}")
        day = following


def _bar(period: Period, praise: int, criticise: int) -> Json:
    return {
        "label": period.label,
        "short": period.short,
        "from": period.first.isoformat(),
        "until": period.last.isoformat(),
        "praise": praise,
        "criticise": criticise,
    }


def _undated(count: int) -> str:
    if not count:
        return ""
    return (
        f"{count_text(count, 'statement')} {'stands' if count == 1 else 'stand'} in articles without a date."
    )


def _summary(unit: str, bars: Sequence[Json]) -> str:
    """Say in one line what the chart shows, for those who do not see it."""
    if not bars:
        return "No statement has a date."
    peaks = []
    for side, word in (("praise", "praise"), ("criticise", "criticism")):
        top = max(bars, key=lambda bar: int(str(bar[side])))
        if top[side]:
            peaks.append(f"most {word} in {top['label']} ({top[side]})")
    span = f"from {bars[0]['label']} to {bars[-1]['label']}" if len(bars) > 1 else f"in {bars[0]['label']}"
    return f"Praise and criticism by {unit} {span}: {', '.join(peaks) or 'none'}."
