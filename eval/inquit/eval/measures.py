"""Measures are values that print and parse back: ``target[filter].statistic@match``.

>>> m = Measure.parse("quote[form=direct].f1@iou50")
>>> m.target, m.statistic, m.match, m.filters
('quote', 'f1', 'iou50', (('form', 'direct'),))
>>> Measure.parse(str(m)) == Measure.parse(repr(m)) == m
True
>>> Measure.parse("cu.p@char")
Traceback (most recent call last):
inquit.eval.measures.MeasureError: measure 'cu.p@char': unknown target 'cu'; did you mean 'cue'?
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from inquit.corpus.errors import InquitError, did_you_mean, quoted
from inquit.corpus.vocabulary import ATTRIBUTES, LABELS

#: What spans are scored: one label, or all of them.
SPAN_TARGETS: Final = {
    **{label: f"{label}s" for label in LABELS if label != "ignore"},
    "span": "spans of equal label",
}
#: Who said what: the roles that must agree.
ATTRIBUTION_TARGETS: Final = {
    "attribution": ("content", "source"),
    "triple": ("content", "source", "cue"),
}
STATISTICS: Final = {
    "p": "precision, TP / (TP + FP)",
    "r": "recall, TP / (TP + FN)",
    "f1": "F1, 2 TP / (2 TP + FP + FN)",
    "acc": "share of the attributions with matched content whose role agrees",
}
#: What a statistic is called in tables.
WORDS: Final = {"p": "precision", "r": "recall", "f1": "F1", "acc": "accuracy"}
MATCHES: Final = {
    "exact": "the same characters",
    "trim": "the same letters and digits (needs the text)",
    "iou50": "at least 50 % of all their characters in common; any iou01 to iou99",
    "overlap": "a common character",
    "char": "no pairs: the characters under the label are counted",
}
HEADLINE: Final = "attribution.f1@iou50"
DEFAULT: Final = (
    HEADLINE,
    *(
        f"{target}.f1@{match}"
        for target in ("quote", "claim", "source", "cue")
        for match in ("exact", "iou50", "overlap", "char")
    ),
)

_NAME = re.compile(
    r"(?P<target>[a-z]+)(\[(?P<filters>[^\]]+)\])?\.(?P<statistic>[a-z0-9]+)"
    r"@(?P<match>[a-z0-9]+)(\|(?P<given>[a-z]+))?"
)
_IOU = re.compile(r"iou(?!00)[0-9][0-9]")
_PLAIN = ("exact", "trim", "iou50", "overlap")
_RULES = {
    "exact": "the same characters",
    "trim": "the same letters and digits",
    "overlap": "a common character",
}


class MeasureError(InquitError, ValueError):
    """A measure that does not exist."""


@dataclass(frozen=True, slots=True, repr=False)
class Measure:
    """One measure; `parse` makes it from its name, ``str`` and ``repr`` give the name back.

    Parameters
    ----------
    target : str
        A key of `SPAN_TARGETS` or `ATTRIBUTION_TARGETS`, or a role for ``acc``.
    statistic : {"p", "r", "f1", "acc"}
    match : str
        A key of `MATCHES`, or ``iouNN``.
    filters : tuple of (attribute, value)
        Only spans with these values take part, on both sides; an attribution takes part if one of
        its contents or sources has the value.
    given : {"", "content"}
        With ``acc``: what must be matched (at iou50) for a pair to be looked at.
    """

    target: str
    statistic: str
    match: str
    filters: tuple[tuple[str, str], ...] = ()
    given: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "filters", tuple(sorted(self.filters)))
        if problem := _problem(self):
            raise MeasureError(f"measure {quoted(str(self))}: {problem}")

    @classmethod
    def parse(cls, name: str | Measure) -> Measure:
        """Return the measure of this name; raise MeasureError that says what was meant."""
        if isinstance(name, Measure):
            return name
        found = _NAME.fullmatch(name) if isinstance(name, str) else None
        if found is None:
            raise MeasureError(
                f"{quoted(str(name))} is not a measure; write target.statistic@match, such as "
                f"{HEADLINE} or quote[form=direct].p@exact"
            )
        parts = found["filters"].split(",") if found["filters"] else []
        filters = tuple(_filter(name, part) for part in parts)
        return cls(
            found["target"], found["statistic"], found["match"], filters, found["given"] or ""
        )

    def __str__(self) -> str:
        filters = ",".join(f"{name}={value}" for name, value in self.filters)
        given = f"|{self.given}" if self.given else ""
        kept = f"[{filters}]" if filters else ""
        return f"{self.target}{kept}.{self.statistic}@{self.match}{given}"

    __repr__ = __str__

    @property
    def needs_text(self) -> bool:
        """Whether the documents are needed."""
        return self.match == "trim"

    @property
    def threshold(self) -> int:
        """Per cent of an ``iouNN`` match, 0 for the others."""
        return int(self.match[3:]) if _IOU.fullmatch(self.match) else 0

    @property
    def definition(self) -> str:
        """The definition in one line."""
        if self.statistic == "acc":
            same = "overlap" if self.match == "overlap" else "are the same"
            what = "share of attributions with matched content (iou50)" + self._filtered()
            return f"{what} whose {self.target}s {same}, or are both empty"
        name = WORDS[self.statistic]
        rule = _RULES.get(self.match, f"IoU of at least {self.threshold} %")
        what = self._what()
        if self.match == "char":
            return f"{name} of the characters in {what}"
        if self.target not in ATTRIBUTION_TARGETS:
            return f"{name} of {what} with {rule}"
        rest = " and ".join(ATTRIBUTION_TARGETS[self.target][1:])
        if self.match in ("exact", "trim"):
            return f"{name} of {what}: content and {rest} with {rule}"
        return (
            f"{name} of {what}: content with {rule}, {rest} with a common character or both empty"
        )

    def _what(self) -> str:
        what = SPAN_TARGETS.get(self.target, f"{self.target}s")
        return what + self._filtered()

    def _filtered(self) -> str:
        return "".join(f", {name} {value}" for name, value in self.filters)


def parse_all(names: Iterable[str | Measure]) -> tuple[Measure, ...]:
    """Parse measures, each once, in the order given; every unknown name is reported."""
    found: dict[Measure, None] = {}
    problems: list[str] = []
    if isinstance(names, str | Measure) or not isinstance(names, Iterable):
        names = [names]
    for name in names:
        try:
            found[Measure.parse(name)] = None
        except MeasureError as error:
            problems.append(str(error))
    if not found and not problems:
        problems.append(f"no measure was named; {HEADLINE} is the headline")
    if problems:
        raise MeasureError("\n".join(problems))
    return tuple(found)


def catalogue() -> tuple[Measure, ...]:
    """Return one measure of each kind, headline first; filters and other thresholds follow suit."""
    names = [HEADLINE, "attribution.f1@exact", "attribution.f1@trim", "attribution.f1@overlap"]
    names += ["triple.f1@exact", "triple.f1@iou50", "source.acc@overlap|content"]
    names += [f"{target}.f1@{match}" for target in SPAN_TARGETS for match in MATCHES]
    return tuple(Measure.parse(name) for name in names)


def _problem(measure: Measure) -> str:
    """Return what is wrong with the parts of a measure, or nothing."""
    targets = (*SPAN_TARGETS, *ATTRIBUTION_TARGETS)
    if measure.target not in targets:
        return _unknown("target", measure.target, targets)
    if measure.statistic not in STATISTICS:
        return _unknown("statistic", measure.statistic, STATISTICS)
    if measure.match not in MATCHES and not measure.threshold:
        return _unknown("match", measure.match, MATCHES)
    if (measure.statistic == "acc") != (measure.given == "content"):
        return "'acc' and '|content' belong together; did you mean 'source.acc@overlap|content'?"
    if measure.statistic == "acc" and (
        measure.target not in ("source", "cue", "addressee")
        or measure.match not in ("overlap", "exact")
    ):
        return "'acc' takes source, cue or addressee, at overlap or exact"
    if measure.match == "char" and measure.target in ATTRIBUTION_TARGETS:
        return f"an attribution has no single set of characters; use {', '.join(_PLAIN)}"
    for name, value in measure.filters:
        if problem := _filter_problem(measure, name, value):
            return problem
    return ""


def _filter_problem(measure: Measure, name: str, value: str) -> str:
    if measure.target in ("span", *ATTRIBUTION_TARGETS) or measure.statistic == "acc":
        known = {n: v for attributes in ATTRIBUTES.values() for n, v in attributes.items()}
    else:
        known = dict(ATTRIBUTES[measure.target])
    closed = {n: v for n, v in known.items() if v is not None}
    if name not in closed:
        return _unknown("filter", name, closed)
    if value not in closed[name]:
        return _unknown(f"value of {name}", value, closed[name])
    if [n for n, _ in measure.filters].count(name) > 1:
        return f"filter {quoted(name)} stands twice"
    return ""


def _filter(measure: str, part: str) -> tuple[str, str]:
    name, equals, value = part.partition("=")
    if not equals:
        raise MeasureError(f"measure {quoted(measure)}: write a filter as [attribute=value]")
    return name.strip(), value.strip()


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    listed = f"known: {', '.join(known) or 'none'}"
    return f"unknown {what} {quoted(name)}; {did_you_mean(name, known) or listed}"
