"""The growth of one row as an SVG drawing with logarithmic axes. Pure."""

import math
from collections.abc import Sequence
from html import escape

from benchmarks.speed.arithmetic import Growth

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 250, 30, 45
COLOURS = ("#1f5fa8", "#b5462f", "#3d7a3a", "#7a4b9c", "#8a6d1d", "#2a8a8a", "#555555", "#c2185b")
DASHED = "5 4"


def draw(title: str, found: Sequence[Growth]) -> str:
    """Return a drawing of these costs over size; dateline's lines are solid, the others' dashed.

    Raises:
        ValueError: There is nothing to draw.
    """
    if not found:
        raise ValueError("no growth to draw")
    sizes = sorted({size for one in found for size, _ in one.points})
    costs = [cost for one in found for _, cost in one.points]
    across = _Axis(math.log10(sizes[0]), math.log10(sizes[-1]), LEFT, WIDTH - RIGHT)
    up = _Axis(math.floor(math.log10(min(costs))), math.ceil(math.log10(max(costs))), HEIGHT - BOTTOM, TOP)
    marks = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        'font-size="11" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="18" font-size="13" font-weight="bold">{escape(title)}</text>',
    ]
    for size in sizes:
        x = across.at(math.log10(size))
        marks.append(_line(x, TOP, x, HEIGHT - BOTTOM, "#e4e0d8"))
        marks.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 15}" text-anchor="middle">{size:,}</text>')
    for power in range(int(up.low), int(up.high) + 1):
        y = up.at(power)
        marks.append(_line(LEFT, y, WIDTH - RIGHT, y, "#e4e0d8"))
        marks.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    marks.append(
        f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">{escape(found[0].size_of)}</text>'
    )
    for place, growth in enumerate(found):
        marks += _curve(growth, place, across, up)
    return "\n".join([*marks, "</svg>", ""])


class _Axis:
    """Maps logarithms to places."""

    def __init__(self, low: float, high: float, first: float, last: float) -> None:
        self.low, self.high = low, max(high, low + 1e-9)
        self.first, self.last = first, last

    def at(self, logarithm: float) -> float:
        """Return the place of a value, given by its logarithm."""
        return self.first + (logarithm - self.low) / (self.high - self.low) * (self.last - self.first)


def _line(x: float, y: float, other_x: float, other_y: float, colour: str) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{other_x:.1f}" y2="{other_y:.1f}" stroke="{colour}"/>'


def _curve(growth: Growth, place: int, across: _Axis, up: _Axis) -> list[str]:
    colour = COLOURS[place % len(COLOURS)]
    dashes = "" if growth.way == "dateline" else f' stroke-dasharray="{DASHED}"'
    corners = [(across.at(math.log10(size)), up.at(math.log10(cost))) for size, cost in growth.points]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    marks = [f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>']
    marks += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in corners]
    y = TOP + 8 + 24 * place
    label = f"{growth.name}, {growth.unit}"
    told = f"{growth.way}, b = {growth.exponent:.2f}{' (faster than linear)' if growth.too_fast else ''}"
    marks.append(f'<rect x="{WIDTH - RIGHT + 12}" y="{y - 8}" width="10" height="10" fill="{colour}"/>')
    marks.append(f'<text x="{WIDTH - RIGHT + 28}" y="{y}">{escape(label)}</text>')
    marks.append(f'<text x="{WIDTH - RIGHT + 28}" y="{y + 11}" fill="#666">{escape(told)}</text>')
    return marks
