"""Checks of arguments that several functions take alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from numbers import Integral, Real
from typing import Any

from inquit.corpus import DataError, Layer, Problem
from inquit.corpus.errors import quoted

from .uncertainty import LEAST_RESAMPLES


def check_drawing(resamples: Any, confidence: Any, seed: Any, *, none: bool = True) -> None:
    """Refuse what no interval can be drawn with.

    Without ``none``, 0 resamples are refused too: there is no p without a draw.

    Raises
    ------
    DataError
        If ``resamples`` or ``seed`` is no whole number from 0, there are fewer resamples than 100,
        or ``confidence`` does not lie between 0 and 1.

    >>> check_drawing(2000, 95, 0)
    Traceback (most recent call last):
    inquit.corpus.errors.DataError: confidence is 95; give a share between 0 and 1, such as 0.95
    """
    if problems := list(_problems(resamples, confidence, seed, none)):
        raise DataError(problems)


def check_undefined(zero_division: Any) -> None:
    """Refuse what cannot stand for an undefined value; raise DataError if it is no number."""
    if not isinstance(zero_division, Real) or isinstance(zero_division, bool):
        remedy = "give the number that stands for 0 / 0: nan, 0 or 1"
        raise DataError(Problem(what=f"zero_division is {zero_division!r}", remedy=remedy))


def layers_of(given: Any) -> list[Layer]:
    """Return people's layers as a list; raise DataError if they are anything else."""
    layers = list(given) if isinstance(given, Iterable) else None
    if layers is None or not all(isinstance(layer, Layer) for layer in layers):
        what, remedy = "humans are no sequence of layers", "give a sequence of Layer, one a person"
        raise DataError(Problem(what=what, remedy=remedy))
    if problems := [_no_person(layer) for layer in layers if layer.kind != "human"]:
        raise DataError(problems)
    return layers


def names_of(given: Any, what: str) -> list[str]:
    """Return names as a list, each once; raise DataError if they are no names.

    >>> names_of("form", "slice"), names_of(("form", "kind"), "slice")
    (['form'], ['form', 'kind'])
    """
    names = [given] if isinstance(given, str) else given
    if isinstance(names, Iterable):
        listed = list(names)
        if all(isinstance(name, str) for name in listed):
            return list(dict.fromkeys(listed))
    problem = Problem(what=f"{given!r} names no {what}", remedy="give a sequence of names")
    raise DataError(problem)


def _no_person(layer: Layer) -> Problem:
    what = f"layer {quoted(layer.name)} is of kind {layer.kind}, and no person's"
    return Problem(what=what, remedy="give layers of kind human as humans")


def _problems(resamples: Any, confidence: Any, seed: Any, none: bool) -> Iterator[Problem]:
    for name, value in (("resamples", resamples), ("seed", seed)):
        if not isinstance(value, Integral) or isinstance(value, bool) or value < 0:
            yield Problem(what=f"{name} is {value!r}", remedy="give a whole number from 0")
        elif name == "resamples" and value < LEAST_RESAMPLES and not (none and value == 0):
            remedy = f"give {LEAST_RESAMPLES} or more" + ", or 0 for no intervals" * none
            yield Problem(what=f"resamples is {value!r}", remedy=remedy)
    known = isinstance(confidence, Real) and not isinstance(confidence, bool)
    if not known or not 0 < confidence < 1:
        remedy = "give a share between 0 and 1, such as 0.95"
        yield Problem(what=f"confidence is {confidence!r}", remedy=remedy)
