"""What a server answered, cut down to what is kept."""

from __future__ import annotations

import json
from typing import Annotated, Any

import msgspec

from inquit.corpus.errors import quoted

from .endpoint import Endpoint
from .wire import LIMIT, Arrived

_SHOWN = 300
#: Characters at the end of a body that is cut: they may be half a key.
_TAIL = 4096
_MOST_TOKENS = 10**12
_Tokens = Annotated[int, msgspec.Meta(ge=0, le=_MOST_TOKENS)] | None


class Reply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer with a status of success, as it is stored.

    Parameters
    ----------
    content : str
        What the model wrote.
    refusal : str
        What it wrote instead, where the server tells refusals apart.
    finish_reason : str
    model : str
        As the server names it.
    input_tokens, output_tokens : int or None
        None if the server does not tell.
    fault : str
        Why the answer could not be read at all.
    replaced : sequence of pairs
        Input and output tokens of earlier answers to the same request, which were of no use.
    """

    content: str = ""
    refusal: str = ""
    finish_reason: str = ""
    model: str = ""
    input_tokens: _Tokens = None
    output_tokens: _Tokens = None
    fault: str = ""
    replaced: tuple[tuple[_Tokens, _Tokens], ...] = ()

    @property
    def tokens(self) -> tuple[int | None, int | None]:
        """Input and output."""
        return self.input_tokens, self.output_tokens


def read_reply(arrived: Arrived, endpoint: Endpoint) -> Reply:
    """Return what the body of an answer with a status of success holds; never raises."""
    if arrived.cut:
        return Reply(fault=f"the answer is longer than {LIMIT >> 20} MiB")
    try:
        raw = json.loads(arrived.body)
    except (ValueError, RecursionError):
        kind = endpoint.scrub(arrived.headers.get("content-type", "") or "no content type")
        return Reply(fault=f"the server's answer is not JSON ({quoted(kind)})")
    usage = _member(raw, "usage")
    given, written = (_count(_member(usage, n)) for n in ("prompt_tokens", "completion_tokens"))
    choices = _member(raw, "choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = _member(choice, "message")
    content = _member(message, "content")
    reply = Reply(
        content=_text(content),
        refusal=_text(_member(message, "refusal")),
        finish_reason=_text(_member(choice, "finish_reason")),
        model=_text(_member(raw, "model")),
        input_tokens=given,
        output_tokens=written,
    )
    texts = (reply.content, reply.refusal, reply.finish_reason, reply.model)
    fault = ""
    if not isinstance(message, dict):
        fault = "the server's answer is no chat completion"
        if _member(raw, "error"):
            fault += f", but an error: {server_message(arrived, endpoint)}"
    elif not isinstance(content, (str, type(None))):
        fault = "the message's content is not text"
    elif any(endpoint.is_in(text) for text in texts):
        fault = "the answer holds the API key and was not kept"
    elif not all(encodable(text) for text in texts):
        fault = "the answer holds half a character (a lone surrogate)"
    return Reply(fault=fault, input_tokens=given, output_tokens=written) if fault else reply


def server_message(arrived: Arrived, endpoint: Endpoint) -> str:
    """Return what a server says of an error: one short line, without the key."""
    text = arrived.body.decode("utf-8", "replace")
    try:
        raw = json.loads(arrived.body)
    except (ValueError, RecursionError):
        raw = None
    error = _member(raw, "error")
    for told in (_member(error, "message"), error, _member(raw, "message"), _member(raw, "detail")):
        if isinstance(told, str):
            text = told
            break
    # Cut only when the key is out: half of it would be no key any more.
    shown = endpoint.scrub(text)
    line = " ".join((shown[:-_TAIL] if arrived.cut else shown).split())
    return quoted(line, _SHOWN) if line else "no message"


def error_code(arrived: Arrived) -> str:
    """Return the code that OpenAI's servers give an error, "" if there is none."""
    try:
        code = _member(_member(json.loads(arrived.body), "error"), "code")
    except (ValueError, RecursionError):
        return ""
    return code if isinstance(code, str) else ""


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _count(value: Any) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS:
        return value
    return None


def encodable(text: str) -> bool:
    """Whether UTF-8 can hold a text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
