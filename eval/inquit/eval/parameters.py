"""The parameters of an extractor as a result file holds them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def plain_parameters(parameters: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return parameters as JSON holds them, and the names of those that it cannot tell.

    What JSON does not know is written as Python shows it, without addresses in memory, which differ
    in every run: what had one cannot be told from the file.

    >>> plain_parameters({"k": 3, "cues": ("hum",), "model": object()})
    ({'k': 3, 'cues': ['hum'], 'model': '<object object>'}, ['model'])
    """
    found: dict[str, Any] = {}
    unclear: list[str] = []
    for name, value in parameters.items():
        shown: list[str] = []
        try:
            content = msgspec.json.encode(value, enc_hook=partial(_plain, shown))
            found[name] = msgspec.json.decode(content)
        except (TypeError, ValueError, OverflowError, RecursionError):
            shown.append(_shown(value))
            found[name] = _kept(shown[-1])
        if any(_kept(text) != text for text in shown):
            unclear.append(name)
    return found, unclear


def _plain(shown: list[str], value: Any) -> Any:
    import numpy as np

    if isinstance(value, np.generic):
        return value.item()
    shown.append(_shown(value))
    return _kept(shown[-1])


def _shown(value: object) -> str:
    try:
        return repr(value)
    except Exception:
        return object.__repr__(value)


def _kept(shown: str) -> str:
    """Return what Python shows without addresses, in characters that every file can hold."""
    return _ADDRESS.sub("", shown).encode("utf-8", "backslashreplace").decode()
