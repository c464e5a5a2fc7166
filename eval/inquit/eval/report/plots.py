"""Plots as inline SVG, drawn here: bars with intervals, and speed against quality."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from unicodedata import category, east_asian_width, normalize

from markupsafe import Markup

from inquit.corpus.viewer import plain

#: Of the plot of speed, in units of its view box.
WIDTH: Final = 440.0
HEIGHT: Final = 300.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 28.0, 14.0, 44.0
_LINE = 15.0
#: Of names: the size of the font, how wide most letters are, and how much room a name has.
_FONT = 12.0
_LETTER = 6.6
_CAPITAL = 8.4
_WIDEST = frozenset("WMmw@%ШЩЖЮшщжюм…—")
_ROOM = 28 * _LETTER
_MARKS = 3
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Point:
    """A system: documents a second, and its score with both ends of its interval."""

    name: str
    speed: float
    value: float
    low: float | None = None
    high: float | None = None


def bar(
    value: float | None, low: float | None = None, high: float | None = None, kind: str = "system"
) -> Markup:
    """Draw a share with its interval; hidden from screen readers, as the numbers stand beside.

    >>> bar(None)
    Markup('')
    """
    if value is None:
        return Markup("")
    parts = [
        Markup('<rect class="track" x="0" y="3" width="100" height="8"/>'),
        Markup('<rect class="bar {}" x="0" y="3" width="{:.2f}" height="8"/>').format(
            kind, 100 * value
        ),
    ]
    if low is not None and high is not None:
        left, right = 100 * low, 100 * high
        ends = ((left, 7, right, 7), (left, 4, left, 10), (right, 4, right, 10))
        parts += [
            Markup('<line class="interval" x1="{:.2f}" y1="{}" x2="{:.2f}" y2="{}"/>').format(*end)
            for end in ends
        ]
    return Markup(
        '<svg class="drawn" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">'
        "{}</svg>"
    ).format(Markup("").join(parts))


def speed_plot(points: Sequence[Point], measure: str) -> Markup:
    """Draw scores over documents a second, on a logarithmic axis, each point with its name.

    Parameters
    ----------
    points : sequence of Point
        At least one.
    measure : str
        For the axis.
    """
    speeds = [math.log10(p.speed) for p in points]
    first, last = math.floor(min(speeds)), math.ceil(max(speeds))
    last = max(last, first + 1)
    top = min(1.0, math.ceil(10 * max(p.high or p.value for p in points)) / 10) or 0.1

    def x(power: float) -> float:
        share = (power - first) / (last - first)
        return _LEFT + share * (WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return HEIGHT - _BOTTOM - value / top * (HEIGHT - _TOP - _BOTTOM)

    parts: list[Markup] = []
    for power, told in _decades(first, last):
        at = x(power)
        parts.append(_line("grid", at, _TOP, at, HEIGHT - _BOTTOM))
        parts.append(_text("tick", at, HEIGHT - _BOTTOM + 16, told, "middle"))
    step = 0.2 if top > 0.5 else 0.1 if top > 0.2 else 0.05
    for number in range(int(top / step + 1e-9) + 1):
        value = number * step
        parts.append(_line("grid", _LEFT, y(value), WIDTH - _RIGHT, y(value)))
        parts.append(_text("tick", _LEFT - 6, y(value) + 4, f"{value:.2g}", "end"))
    parts.append(_text("axis", (WIDTH + _LEFT) / 2, HEIGHT - 6, "documents a second", "middle"))
    dots = [(x(math.log10(p.speed)), y(p.value) + 4) for p in points]
    placed = [(at - 6, at + 6, line) for at, line in dots]
    for point in sorted(points, key=lambda p: -p.value):
        at, up = x(math.log10(point.speed)), y(point.value)
        if point.low is not None and point.high is not None:
            parts.append(_line("interval", at, y(point.low), at, y(point.high)))
        parts.append(Markup('<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="5"/>').format(at, up))
        name = _fitting(plain(point.name))
        width = _width(name)
        left = at + 10 + width > WIDTH and at - 10 - width > 0
        start = at - 10 - width if left else at + 10
        line = up + 4
        while any(abs(line - b) < _LINE and start < e and s < start + width for s, e, b in placed):
            line += _LINE
        placed.append((start, start + width, line))
        if line > up + 4:
            parts.append(_line("leader", at, up, start + (width if left else 0), line - 4))
        anchor = "end" if left else "start"
        parts.append(_text("name", at + (-10 if left else 10), line, name, anchor))
    every = "; ".join(f"{plain(p.name)}: {p.value:.3f} at {shown_speed(p.speed)}" for p in points)
    return Markup(
        '<svg class="speed" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">{}</svg>'
    ).format(WIDTH, HEIGHT, f"{measure} over documents a second. {every}", Markup("").join(parts))


def shown_speed(speed: float) -> str:
    """Return documents a second as people read them.

    >>> shown_speed(1249.3), shown_speed(3.14159), shown_speed(0.0214), shown_speed(1e300)
    ('1,249', '3.1', '0.021', '1e+300')
    """
    if speed >= 1e12:
        return f"{speed:.3g}"
    if speed >= 10:
        return f"{speed:,.0f}"
    return f"{speed:.1f}" if speed >= 1 else f"{speed:.2g}"


def _decades(first: int, last: int) -> list[tuple[int, str]]:
    """Return powers of ten for the axis and what to call them, as many as have room.

    >>> _decades(-1, 1), _decades(-324, 309)[:2]
    ([(-1, '0.1'), (0, '1'), (1, '10')], [(-324, '10⁻³²⁴'), (-233, '10⁻²³³')])
    """
    short = first >= -4 and last <= 5
    names = [
        (power, _power(power) if short else f"10{str(power).translate(_RAISED)}")
        for power in range(first, last + 1)
    ]
    widest = max(_width(name) for _, name in names) + _LETTER
    most = int((WIDTH - _LEFT - _RIGHT) / widest)
    return names[:: math.ceil((last - first) / most)]


def _power(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:g}"


def _width(text: str) -> float:
    """Return about how wide a name is drawn.

    >>> _width("mine") < _width("MINE") < _width("地方新聞"), _width("e\u0301") == _width("e")
    (True, True)
    """
    return sum(map(_letter, text))


@cache
def _letter(letter: str) -> float:
    if category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    if east_asian_width(letter) in ("W", "F"):
        return 1.2 * _FONT
    if letter in _WIDEST:
        return _FONT
    # Some characters stand for whole words.
    return (_CAPITAL if letter.isupper() else _LETTER) * len(normalize("NFKC", letter))


def _fitting(name: str) -> str:
    """Return a name, cut where it has no room; of marks that are stacked, the first ones.

    >>> _fitting("n" + "\u0301" * 50) == "n" + "\u0301" * 3, _fitting("W" * 28)
    (True, 'WWWWWWWWWWWWWW…')
    """
    kept: list[str] = []
    width, marks = 0.0, 0
    for letter in name:
        marks = marks + 1 if category(letter) in ("Mn", "Me") else 0
        if marks > _MARKS:
            continue
        width += _letter(letter)
        if width > _ROOM:
            return "".join(kept[:-1]) + "…"
        kept.append(letter)
    return "".join(kept)


def _line(name: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    return Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(
        name, x1, y1, x2, y2
    )


def _text(name: str, x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        name, x, y, anchor, text
    )
