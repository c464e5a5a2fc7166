"""What a request says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import msgspec

from .prompt import prompt
from .schema import answer_schema

#: How the form of the answer is asked for: a strict JSON Schema, any JSON object, in words only.
STRUCTURED = ("schema", "object", "none")
#: What the request is made of; these may not be given as extra fields.
OURS = ("model", "messages", "response_format", "stream", "n")

#: What may be left out of it.
OPTIONAL = ("model", "temperature", "seed", "max_tokens", "response_format")


def request_body(
    text: str,
    *,
    model: str,
    version: str,
    structured: str,
    temperature: float,
    seed: int,
    max_tokens: int | None,
    extra: Mapping[str, Any],
    omit: Sequence[str],
) -> bytes:
    """Return the JSON of a request; equal arguments give the same bytes, also those of numpy.

    >>> b'"seed":0' in request_body("Hi.", model="m", version="v1", structured="none",
    ...     temperature=0.0, seed=0, max_tokens=None, extra={}, omit=())
    True
    """
    body: dict[str, Any] = {
        "model": model,
        "messages": [
            {"role": "system", "content": prompt(version)},
            {"role": "user", "content": text},
        ],
        # One name for 0, 0.0 and -0.0.
        "temperature": float(temperature) + 0.0,
        "seed": seed,
    }
    if structured == "schema":
        form = {"name": "labels", "strict": True, "schema": answer_schema()}
        body["response_format"] = {"type": "json_schema", "json_schema": form}
    elif structured == "object":
        body["response_format"] = {"type": "json_object"}
    if max_tokens is not None:
        body["max_tokens"] = max_tokens
    body.update(extra)
    kept = {name: value for name, value in body.items() if name not in omit}
    return msgspec.json.encode(kept, enc_hook=_plain, order="deterministic")


def _plain(value: Any) -> Any:
    """Return a string or number that is not Python's own, such as numpy's, as Python's."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Real):
        return int(value) if isinstance(value, Integral) else float(value)
    raise NotImplementedError(type(value).__name__)
