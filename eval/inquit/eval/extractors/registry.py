"""Extractors by name: short names of those that come with inquit, ``module:Class`` for others."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Mapping
from importlib import import_module
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

from inquit.corpus.errors import InquitError, did_you_mean, named, quoted

_HERE = "inquit.eval.extractors"

#: Where each short name leads.
EXTRACTORS: dict[str, str] = {
    "rules": f"{_HERE}.rules:RuleExtractor",
    "llm": f"{_HERE}.llm.extractor:LanguageModelExtractor",
    "nothing": f"{_HERE}.trivial:Nothing",
    "every-sentence": f"{_HERE}.trivial:EverySentence",
    "every-paragraph": f"{_HERE}.trivial:EveryParagraph",
    "whole-document": f"{_HERE}.trivial:WholeDocument",
}


class ExtractorError(InquitError, ValueError):
    """An extractor that does not exist, or does not take these parameters."""


def load(name: str, parameters: Mapping[str, Any] | None = None) -> Any:
    """Return a new extractor.

    Parameters
    ----------
    name : str
        A key of `EXTRACTORS`, or ``module:Class``; the module is also looked for in the current
        directory. ``module:name`` may also name an estimator that is made already, such as a
        pipeline; it is cloned.
    parameters : mapping, optional
        As `set_params` takes them. Those that a class cannot be made without are also given to it.

    Raises
    ------
    ExtractorError

    >>> load("rules", {"indirect": False})
    RuleExtractor(indirect=False)
    """
    found = _find(name)
    given = dict(parameters or {})
    estimator = _made(name, found, given) if isinstance(found, type) else copied(name, found)
    for method in ("fit", "predict", "get_params", "set_params"):
        if not callable(getattr(estimator, method, None)):
            raise ExtractorError(
                f"{quoted(name)} has no {method}(); derive it from "
                "inquit.eval.extractors.base.Extractor"
            )
    known = parameters_of(name, estimator)
    for key in given:
        if key not in known:
            listed = f"it has: {', '.join(known) or 'none'}"
            hint = did_you_mean(key, known) or listed
            raise ExtractorError(f"{quoted(name)} has no parameter {quoted(key)}; {hint}")
    try:
        return estimator.set_params(**given)
    except (Exception, SystemExit) as error:
        raise ExtractorError(
            f"{quoted(name)} does not take these parameters ({named(error)})"
        ) from error


def parameters_of(name: str, estimator: Any) -> dict[str, Any]:
    """Return all parameters of an estimator; raise ExtractorError if it cannot tell them."""
    try:
        return dict(estimator.get_params())
    except (Exception, SystemExit) as error:
        raise ExtractorError(
            f"{quoted(name)} cannot tell its parameters ({named(error)}); its "
            "__init__ has to name each parameter, and to keep it under that name"
        ) from error


def copied(name: str, estimator: Any) -> Any:
    """Return an unfitted copy of an estimator; raise ExtractorError if it cannot be copied."""
    from sklearn.base import clone

    if not callable(getattr(estimator, "get_params", None)):
        raise ExtractorError(
            f"{quoted(name)} is not an estimator but a {type(estimator).__name__}; name a class "
            "derived from inquit.eval.extractors.base.Extractor, or an estimator that is made"
        )
    try:
        return clone(estimator)
    except (Exception, SystemExit) as error:
        raise ExtractorError(
            f"{quoted(name)} cannot be cloned ({named(error)}); its __init__ "
            "has to keep every parameter as it is given, and do nothing else"
        ) from error


def parse_parameters(assignments: Iterable[str]) -> dict[str, Any]:
    """Return parameters from ``KEY=VALUE``, the value written as in TOML.

    Raises
    ------
    ExtractorError

    >>> parse_parameters(["indirect=false", 'cues=["blurt"]'])
    {'indirect': False, 'cues': ['blurt']}
    >>> parse_parameters(["name=foo"])
    Traceback (most recent call last):
    inquit.eval.extractors.registry.ExtractorError: parameter 'name=foo' is not KEY=VALUE with a \
TOML value; write 5, 0.5, true, '"text"' or '["a", "b"]'
    """
    found: dict[str, Any] = {}
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        try:
            parsed = tomllib.loads(f"value = {value}")
        except tomllib.TOMLDecodeError:
            parsed = {}
        if not key.isidentifier() or not equals or list(parsed) != ["value"]:
            raise ExtractorError(
                f"parameter {quoted(assignment)} is not KEY=VALUE with a TOML value; "
                """write 5, 0.5, true, '"text"' or '["a", "b"]'"""
            )
        if key in found:
            raise ExtractorError(f"parameter {quoted(key)} is given twice; give it once")
        found[key] = parsed["value"]
    return found


def _find(name: str) -> Any:
    if name not in EXTRACTORS and ":" not in name:
        hint = did_you_mean(name, EXTRACTORS) or f"known: {', '.join(EXTRACTORS)}"
        raise ExtractorError(
            f"there is no extractor {quoted(name)}; {hint} (one of your own is named module:Class)"
        )
    module_name, _, attribute = EXTRACTORS.get(name, name).partition(":")
    if not module_name:
        raise ExtractorError(f"{quoted(name)} names no module; write module:Class")
    here = str(Path.cwd())
    added = name not in EXTRACTORS and here not in sys.path
    if added:
        sys.path.insert(0, here)
    try:
        module = import_module(module_name)
    except (Exception, SystemExit) as error:
        raise ExtractorError(
            f"module {quoted(module_name)} cannot be imported "
            f"({named(error)}); run from the directory it lies in, or install it"
        ) from error
    finally:
        if added:
            sys.path.remove(here)
    if not attribute or not hasattr(module, attribute):
        public = [n for n in vars(module) if not n.startswith("_")]
        hint = did_you_mean(attribute, public) or "name one of its classes"
        raise ExtractorError(f"module {quoted(module_name)} has no {quoted(attribute)}; {hint}")
    return getattr(module, attribute)


def _made(name: str, found: type, given: Mapping[str, Any]) -> Any:
    needed = _needed(found)
    missing = [key for key in needed if key not in given]
    if missing:
        told = ", ".join(f"--param {key}=..." for key in missing)
        raise ExtractorError(
            f"{quoted(name)} cannot be made without {', '.join(missing)}; pass {told}, or give "
            "its parameters defaults"
        )
    try:
        return found(**{key: given[key] for key in needed})
    except (Exception, SystemExit) as error:
        raise ExtractorError(
            f"{quoted(name)} cannot be made ({named(error)}); its __init__ has "
            "to store its parameters and do nothing else"
        ) from error


def _needed(found: type) -> list[str]:
    """Return the parameters without which a class cannot be made."""
    try:
        parameters = signature(found).parameters.values()
    except (TypeError, ValueError):
        return []
    named = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    return [p.name for p in parameters if p.kind in named and p.default is Parameter.empty]
