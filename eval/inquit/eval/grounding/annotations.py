"""Labelled strings of a document to an annotation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inquit.corpus import Annotation, DataError, Document, Problem, Span, Ungrounded
from inquit.corpus.errors import quoted
from inquit.corpus.vocabulary import LABELS, ROLES

from .assignment import Found, Wanted, assign
from .ladder import NEAR, places, vague
from .reading import Reading
from .strings import StringAnnotation, StringSpan
from .tiers import TIERS, Fragment, Place, Tier
from .tokens import SENTENCE_END
from .views import Page, page_of

CONTENT = ROLES["content"]
#: What it costs a place, in code points, that a sentence or a paragraph ends between it and the
#: content, that it stands in the content, or that another string of its label has it.
_SENTENCE, _PARAGRAPH, _INSIDE, _TAKEN = 300, 3000, 400, 100
_PARAGRAPH_END = re.compile(r"\n+")
#: In no more than this of what lies between a place and the content are sentences counted.
_COUNTED = 2000


@dataclass(frozen=True, slots=True)
class GroundedAnnotation:
    """An annotation with offsets, and how each of its strings was found.

    Parameters
    ----------
    annotation : Annotation
        With the strings that were not found as ``ungrounded``.
    found : dict of str to Found
        By span id.
    astray : tuple of str
        The spans whose ``context`` stands nowhere in the text, so that it decided nothing.
    """

    annotation: Annotation
    found: dict[str, Found]
    astray: tuple[str, ...] = ()


def ground_annotation(
    document: Document, strings: StringAnnotation, *, max_tier: Tier = "aligned"
) -> GroundedAnnotation:
    """Find the labelled strings of a document in its text.

    Quotes and claims come first; strings of one label share out the places of a text that is
    repeated, in order. A source, cue or addressee that stands in several places and has neither
    hint nor context gets the one nearest to the content it is attributed with: in its sentence and
    paragraph rather than in another, out of the content rather than in it. Nothing is merged.

    Raises
    ------
    DataError
        If the strings are of another document or of another text, or a hint lies outside it.
    ValueError
        If there is no such tier.

    >>> from inquit.corpus import Attribution, Document
    >>> said = [StringSpan("q", "quote", "No."), StringSpan("s", "source", "he")]
    >>> by = [Attribution(id="a", content=["q"], source=["s"])]
    >>> strings = StringAnnotation(doc_id="d", spans=said, attributions=by)
    >>> document = Document(doc_id="d", text="First he waited. Then: “No.” That, he said, was it.")
    >>> [span.fragments for span in ground_annotation(document, strings).annotation.spans]
    [((24, 27),), ((35, 37),)]
    """
    if max_tier not in TIERS:
        raise ValueError(f"tier {max_tier!r} is unknown; use one of {', '.join(TIERS)}")
    check_text(document, strings)
    page = page_of(document.text)
    found: dict[str, Found] = {}
    by_label: dict[str, list[StringSpan]] = {label: [] for label in LABELS}
    for span in strings.spans:
        by_label[span.label].append(span)
    for label in CONTENT:
        found |= _assigned(page, by_label[label], max_tier)
    contents = _contents(strings, found)
    for label, spans in by_label.items():
        if label in CONTENT:
            continue
        found |= _beside(page, spans, contents, max_tier)
        found |= _assigned(page, [span for span in spans if span.id not in found], max_tier)
    annotation = Annotation(
        doc_id=strings.doc_id,
        sha256=document.sha256,
        spans=tuple(
            Span(s.id, s.label, found[s.id].fragments, s.attributes)
            for s in strings.spans
            if found[s.id].fragments
        ),
        attributions=strings.attributions,
        ungrounded=tuple(
            Ungrounded(s.id, s.label, s.text, s.attributes)
            for s in strings.spans
            if not found[s.id].fragments
        ),
    )
    astray = tuple(s.id for s in strings.spans if _is_astray(page, s, max_tier))
    return GroundedAnnotation(annotation, {s.id: found[s.id] for s in strings.spans}, astray)


def _is_astray(page: Page, span: StringSpan, max_tier: Tier) -> bool:
    """Tell whether a span has a context that was looked for and is nowhere in the text."""
    context = (span.context or "").strip()
    if not context or span.hint is not None:
        return False
    return context not in page.text and not places(page, Reading(context), 1, max_tier)


def check_text(document: Document, strings: StringAnnotation) -> None:
    """Raise DataError unless strings name this document and fit what they tell of its text."""
    if strings.doc_id != document.doc_id:
        what = f"strings are grounded in document {quoted(document.doc_id)}"
        remedy = "ground strings in the document they name"
        raise DataError(Problem(doc_id=strings.doc_id, what=what, remedy=remedy))
    if strings.sha256 and strings.sha256 != document.sha256:
        what = f"strings are from a text with sha256 {quoted(strings.sha256, 12)}, "
        what += f"this text has {quoted(document.sha256, 12)}"
        remedy = "ground strings only in the text they are from"
        raise DataError(Problem(doc_id=strings.doc_id, what=what, remedy=remedy))
    if problems := [*hint_problems(document, strings)]:
        raise DataError(problems)


def hint_problems(document: Document, strings: StringAnnotation) -> Iterator[Problem]:
    """Yield a problem for each hint that lies outside the text."""
    length = len(document.text)
    for span in strings.spans:
        if span.hint is not None and span.hint > length:
            what = f"hint {span.hint} lies outside the text, which has {length} code points"
            remedy = "give a code point offset in the text, or leave it out"
            yield Problem(doc_id=strings.doc_id, span=span.id, what=what, remedy=remedy)


def _assigned(page: Page, spans: Sequence[StringSpan], max_tier: Tier) -> dict[str, Found]:
    wanted = [Wanted(span.text, span.hint, span.context) for span in spans]
    results = assign(page, wanted, max_tier)
    return {span.id: result for span, result in zip(spans, results, strict=True)}


def _contents(strings: StringAnnotation, found: dict[str, Found]) -> dict[str, list[Fragment]]:
    """Return where the content stands of the first attribution that each other span is in."""
    contents: dict[str, list[Fragment]] = {}
    for attribution in strings.attributions:
        there = [f for span_id in attribution.content for f in found[span_id].fragments]
        if there:
            for role, ids in attribution.roles():
                if role != "content":
                    for span_id in ids:
                        contents.setdefault(span_id, sorted(there))
    return contents


def _beside(
    page: Page,
    spans: Sequence[StringSpan],
    contents: dict[str, list[Fragment]],
    max_tier: Tier,
) -> dict[str, Found]:
    """Return the places of spans without hint that stand beside a content."""
    chosen: dict[str, Found] = {}
    taken: dict[Place, list[Fragment]] = {}
    known: dict[str, tuple[list[Place], bool]] = {}
    for span in spans:
        content = contents.get(span.id)
        if content is None or span.hint is not None or span.context:
            continue
        text = span.text.strip()
        if text not in known:
            string = Reading(text)
            there = places(page, string, 1, max_tier, loose=True)
            known[text] = there, vague(string)
        there, is_vague = known[text]
        nearest, cost = _nearest(page.text, there, content, taken)
        if nearest is not None and (not is_vague or cost <= NEAR):
            taken.setdefault(nearest, content)
            chosen[span.id] = Found(*nearest)
    return chosen


def _nearest(
    text: str,
    there: Sequence[Place],
    content: list[Fragment],
    taken: dict[Place, list[Fragment]],
) -> tuple[Place | None, float]:
    """Return the place that costs least, and what it costs."""
    best: tuple[Place | None, float] = (None, float("inf"))
    for distance, place, low, high in sorted(_distances(there, content)):
        if distance >= best[1]:
            break
        cost = distance + (_TAKEN if taken.get(place, content) != content else 0)
        if low < high:
            between = text[max(0, low - 2) : high][:_COUNTED]
            cost += _SENTENCE * len(SENTENCE_END.findall(between))
            cost += _PARAGRAPH * len(_PARAGRAPH_END.findall(between))
        if cost < best[1]:
            best = place, cost
    return best


def _distances(
    there: Sequence[Place], content: Sequence[Fragment]
) -> Iterator[tuple[float, Place, int, int]]:
    """Yield how far each place is from each fragment of a content, and what lies between."""
    for place in there:
        start, end = place.fragments[0][0], place.fragments[-1][1]
        if any(start < stop and begin < end for begin, stop in content):
            yield _INSIDE, place, 0, 0
            continue
        for begin, stop in content:
            low, high = (end, begin) if end <= begin else (stop, start)
            yield high - low, place, low, high
