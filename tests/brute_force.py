"""Scores by the definitions, word for word: sets of characters and every possible matching.

Shares no code with inquit.eval, is slow, and is meant to be checked by reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from inquit.corpus import Annotation, Span

Item = Any
ROLES = ("content", "source", "cue", "addressee")


def characters(spans: Sequence[Span]) -> frozenset[int]:
    return frozenset(i for span in spans for s, e in span.fragments for i in range(s, e))


def iou(a: frozenset[int], b: frozenset[int]) -> Fraction:
    return Fraction(len(a & b), len(a | b)) if a | b else Fraction(0)


def letters(chars: frozenset[int], text: str) -> frozenset[int]:
    """Letters and digits; all characters, set apart, if there are none."""
    kept = frozenset(i for i in chars if text[i].isalnum())
    return kept or frozenset(-1 - i for i in chars)


def fits(match: str, a: frozenset[int], b: frozenset[int], text: str) -> bool:
    if match == "exact":
        return a == b
    if match == "trim":
        return letters(a, text) == letters(b, text)
    if match == "overlap":
        return bool(a & b)
    return bool(a & b) and iou(a, b) * 100 >= int(match[3:])


def roles_agree(match: str, a: frozenset[int], b: frozenset[int], text: str) -> bool:
    if match in ("exact", "trim"):
        return fits(match, a, b, text)
    return bool(a & b) or not (a or b)


def ignored(chars: frozenset[int], gold: Annotation) -> bool:
    region = characters([s for s in gold.spans if s.label == "ignore"])
    return bool(chars) and 2 * len(chars & region) >= len(chars)


def span_items(
    a: Annotation, gold: Annotation, target: str, filters: dict[str, str]
) -> list[tuple[str, frozenset[int]]]:
    return [
        (span.label, characters([span]))
        for span in a.spans
        if (span.label == target or (target == "span" and span.label != "ignore"))
        and all(span.attributes.get(n) == v for n, v in filters.items())
        and not (
            span.label == "claim"
            and span.attributes.get("granularity") == "sentence"
            and "granularity" not in filters
        )
        and not ignored(characters([span]), gold)
    ]


def attribution_items(
    a: Annotation, gold: Annotation, filters: dict[str, str]
) -> list[dict[str, frozenset[int]]]:
    spans = a.by_id()
    items = []
    for attribution in a.attributions:
        roles = {role: [spans[i] for i in ids] for role, ids in attribution.roles()}
        item = {role: characters(found) for role, found in roles.items()}
        looked_at = roles["content"] + roles["source"]
        passes = all(any(s.attributes.get(n) == v for s in looked_at) for n, v in filters.items())
        if passes and not ignored(item["content"], gold):
            items.append(item)
    return items


def best_matching(
    gold: Sequence[Item], predicted: Sequence[Item], value: Callable[[Item, Item], tuple | None]
) -> tuple:
    """Return the largest sum of values over all one-to-one matchings; a value of None: no pair."""
    width = 3

    @cache
    def best(i: int, free: frozenset[int]) -> tuple:
        if i == len(gold):
            return (0,) * width
        found = best(i + 1, free)
        for j in free:
            worth = value(gold[i], predicted[j])
            if worth is not None:
                rest = best(i + 1, free - {j})
                found = max(found, tuple(x + y for x, y in zip(worth, rest, strict=True)))
        return found

    return best(0, frozenset(range(len(predicted))))


def counts(
    gold: Annotation,
    predicted: Annotation,
    target: str,
    match: str,
    text: str = "",
    filters: dict[str, str] | None = None,
) -> tuple[int, int, int]:
    """Return TP, FP and FN of one document."""
    filters = filters or {}
    if target in ("attribution", "triple"):
        left = attribution_items(gold, gold, filters)
        right = attribution_items(predicted, gold, filters)
        others = ROLES[1 : 2 if target == "attribution" else 3]

        def value(a: Item, b: Item) -> tuple | None:
            good = fits(match, a["content"], b["content"], text) and all(
                roles_agree(match, a[r], b[r], text) for r in others
            )
            return (1, 0, 0) if good else None

    else:
        left = span_items(gold, gold, target, filters)
        right = span_items(predicted, gold, target, filters)
        if match == "char":
            return by_characters(left, right)

        def value(a: Item, b: Item) -> tuple | None:
            return (1, 0, 0) if a[0] == b[0] and fits(match, a[1], b[1], text) else None

    tp = best_matching(left, right, value)[0]
    return tp, len(right) - tp, len(left) - tp


def accuracy(gold: Annotation, predicted: Annotation, role: str, match: str) -> tuple[int, int]:
    """Return agreeing and other pairs of the content matching: most pairs, IoU, agreement."""
    left = attribution_items(gold, gold, {})
    right = attribution_items(predicted, gold, {})

    def value(a: Item, b: Item) -> tuple | None:
        if not fits("iou50", a["content"], b["content"], ""):
            return None
        agree = roles_agree(match, a[role], b[role], "")
        # IoU in millionths, as documented: what lies nearer together is a tie.
        return 1, round(float(iou(a["content"], b["content"])) * 1_000_000), int(agree)

    pairs, _, agreeing = best_matching(left, right, value)
    return agreeing, pairs - agreeing


def by_characters(left: list[Item], right: list[Item]) -> tuple[int, int, int]:
    tp = fp = fn = 0
    for label in {item[0] for item in left + right}:
        a, b = (
            frozenset(i for name, chars in side if name == label for i in chars)
            for side in (left, right)
        )
        tp, fp, fn = tp + len(a & b), fp + len(b - a), fn + len(a - b)
    return tp, fp, fn
