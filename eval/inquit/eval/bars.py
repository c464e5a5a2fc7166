"""Bars with intervals on matplotlib's axes; matplotlib is loaded when something is drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from inquit.corpus import DataError, Problem
from inquit.corpus.errors import InquitError
from inquit.corpus.tables import folded
from inquit.corpus.terminal import printable

from .uncertainty import Interval, too_few

#: Fill and edge of a bar; the two differ in lightness too, so that they do in print.
COLOURS: Final = {
    "measure": ("#4690c8", "#2e76ad"),
    "recall": ("#3f9a80", "#2a7d66"),
    "precision": ("#d2ebe3", "#2a7d66"),
}
#: Marker and colour of what a bar is seen against.
MARKS: Final = {
    "best trivial system": ("D", "#8a5300"),
    "people": ("^", "#007a55"),
}
#: Of words beside the bars; readable on white and on black.
MINOR: Final = "#757575"

_LONGEST = 44
_INCH = 0.34
#: How far right of the axes the numbers stand and the words behind them, in points.
_NUMBERS, _WORDS = 9, 45
#: Longer labels are folded.
_LABEL = 32


class PlottingError(InquitError, ImportError):
    """Displays were asked for and matplotlib is not installed."""


@dataclass(frozen=True, eq=False)
class Row:
    """One line: a bar; without ``value`` a heading, or a note where it has no label.

    ``series`` is a key of `COLOURS`; ``marks`` are values by the keys of `MARKS`.
    """

    label: str
    value: float | None = None
    interval: Interval = field(default_factory=lambda: Interval(math.nan, math.nan))
    series: str = "measure"
    marks: dict[str, float] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, eq=False)
class Drawn:
    """The artists: for each row its bar and its interval, None where there is none."""

    ax: Any
    bars: tuple[Any, ...]
    intervals: tuple[Any, ...]


def pyplot() -> Any:
    """Return matplotlib.pyplot; raise PlottingError if matplotlib is not installed."""
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise PlottingError(
            "displays need matplotlib; install it with: pip install 'inquit[plot]'"
        ) from None
    return plt


def draw(
    rows: Sequence[Row],
    ax: Any = None,
    *,
    title: str = "",
    confidence: float = 0.95,
    labels: Mapping[str, str] | None = None,
) -> Drawn:
    """Draw rows from top to bottom.

    Parameters
    ----------
    rows : sequence of Row
    ax : matplotlib Axes, optional
        Axes without bars; a new figure if left out.
    title : str
    confidence : float
        Of the intervals.
    labels : dict of str to str, optional
        What the legend calls the keys of `MARKS`, where that is not their name.

    Raises
    ------
    PlottingError
        If matplotlib is not installed.
    DataError
        If the axes hold bars already.
    """
    plt = pyplot()
    if ax is None:
        lines = max((folded(row.label, _LABEL).count("\n") for row in rows), default=0)
        height = 1.3 + _INCH * max(len(rows), 1) * (1 + lines / 2)
        _, ax = plt.subplots(figsize=(8.5, height), layout="constrained")
    elif ax.containers:
        raise DataError(
            Problem(
                what="these axes hold bars already, more would hide them",
                remedy="give each display axes of its own: plt.subplots(1, 2)",
            )
        )
    ink = plt.rcParams["text.color"]
    bars, intervals = [], []
    for y, row in enumerate(rows):
        bar, interval = _row(ax, y, row, ink)
        bars.append(bar)
        intervals.append(interval)
    _frame(ax, rows, confidence)
    handles = _handles(rows, labels or {})
    if handles:
        ax.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=(0, 1),
            ncols=len(handles),
            frameon=False,
            fontsize="small",
            borderaxespad=0.1,
            handletextpad=0.5,
        )
    if title:
        ax.set_title(line(title), loc="left", pad=26 if handles else 8, parse_math=False)
    return Drawn(ax, tuple(bars), tuple(intervals))


def line(text: str) -> str:
    r"""Return text as it may stand in a drawing: one line, not long, nothing invisible.

    >>> line("a\nb\u202e" + 60 * "c")
    'a b\\u202ecccccccccccccccccccccccccccccccccc…'
    """
    shown = printable(" ".join(text.split()))
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def _row(ax: Any, y: int, row: Row, ink: str) -> tuple[Any, Any]:
    from matplotlib.patheffects import withStroke

    if row.value is None:
        words = {"va": "center", "parse_math": False}
        if row.label:
            ax.text(0, y, row.label, color=ink, weight="bold", **words)
        else:
            ax.text(0, y, row.note, color=MINOR, size="small", **words)
        return None, None
    bar = interval = None
    if not math.isnan(row.value):
        fill, edge = COLOURS[row.series]
        few = _few(row)
        (bar,) = ax.barh(
            [y],
            [row.value],
            height=0.72,
            color="none" if few else fill,
            edgecolor=edge,
            linestyle="--" if few else "-",
            linewidth=0.8,
            zorder=2,
        )
    low, high = row.interval.low, row.interval.high
    if bar is not None and not math.isnan(low):
        halo = [withStroke(linewidth=3.2, foreground=ax.get_facecolor())]
        interval = ax.errorbar(
            [(low + high) / 2],
            [y],
            xerr=[(high - low) / 2],
            fmt="none",
            ecolor=ink,
            elinewidth=1.4,
            capsize=3.5,
            zorder=5,
        )
        for artist in (*interval.lines[1], *interval.lines[2]):
            artist.set_path_effects(halo)
            artist.set_clip_on(False)
    for name, value in row.marks.items():
        if not math.isnan(value):
            marker, colour = MARKS[name]
            look = {"color": colour, "markeredgecolor": ax.get_facecolor(), "markersize": 7}
            ax.plot([value], [y], marker, clip_on=False, zorder=6, **look)
    # Distances in points: long labels leave the axes little width, and the words keep theirs.
    for text, colour, right in ((_numbers(row), ink, _NUMBERS), (_said(row), MINOR, _WORDS)):
        ax.annotate(
            text,
            (1, y),
            (right, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            size="small",
            color=colour,
            annotation_clip=False,
        )
    return bar, interval


def _frame(ax: Any, rows: Sequence[Row], confidence: float) -> None:
    places = [y for y, row in enumerate(rows) if row.value is not None]
    labels = [folded(rows[y].label, _LABEL) for y in places]
    ax.set_yticks(places, labels, parse_math=False)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    ax.tick_params(axis="y", length=0, pad=8)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_bounds(0, 1)
    if any(not math.isnan(row.interval.low) for row in rows):
        ax.set_xlabel(f"value, with {100 * confidence:g} % interval", loc="left")
    else:
        ax.set_xlabel("value", loc="left")


def _handles(rows: Sequence[Row], labels: Mapping[str, str]) -> list[Any]:
    from matplotlib.lines import Line2D

    found: list[Any] = []
    for name, (marker, colour) in MARKS.items():
        if any(not math.isnan(row.marks.get(name, math.nan)) for row in rows):
            look: dict[str, Any] = {"color": colour, "linestyle": "", "markersize": 7}
            found.append(Line2D([], [], marker=marker, label=labels.get(name, name), **look))
    return found


def _few(row: Row) -> bool:
    return bool(too_few(row.interval))


def _numbers(row: Row) -> str:
    return "–" if row.value is None or math.isnan(row.value) else f"{row.value:.3f}"


def _said(row: Row) -> str:
    if row.value is not None and math.isnan(row.value):
        return "undefined"
    if not math.isnan(row.interval.low):
        return f"{row.interval.low:.3f} – {row.interval.high:.3f}"
    return too_few(row.interval) or "no interval"
