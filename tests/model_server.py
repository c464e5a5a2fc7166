"""A real HTTP server on this machine that speaks as an OpenAI-compatible one, well or badly.

Its "model" is a rule, so that answers are the same each time: it labels what stands as
“...” said|wrote Name Name, and claims that each such quotation is a claim too.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

_SAID = re.compile(r"(“[^”]*”) (said|wrote) ([A-Z]\w+ [A-Z]\w+)")
USAGE = {"prompt_tokens": 100, "completion_tokens": 20}


@dataclass(frozen=True)
class Seen:
    """One request as it came in."""

    body: bytes
    path: str
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The article."""
        return str(self.json["messages"][-1]["content"])

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class Reaction:
    """What the server does: waits, then sends this, or hangs up after some of its bytes."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    wait: float = 0.0
    drop_after: int | None = None
    #: Seconds between single bytes.
    trickle: float = 0.0
    #: Beside the status; its usual words if left out.
    reason: str | None = None
    #: Sent as they are instead of all the above, before the server hangs up.
    raw: bytes = b""


def labels(text: str) -> dict[str, Any]:
    """Return what the rule says of a text, in the form that prompt v1 asks for."""
    said, claims = [], []
    for match in _SAID.finditer(text):
        quote, cue, source = match.groups()
        form = {"form": "direct", "medium": "writing" if cue == "wrote" else "speech"}
        mention = {"kind": "named", "entity": source}
        said.append(
            {
                "content": [quote],
                "context": match[0],
                **form,
                "sources": [{"text": source, "context": match[0], **mention}],
                "cues": [{"text": cue, "context": match[0]}],
                "addressees": [],
            }
        )
        claim = {"content": [quote.strip("“”,.")], "context": match[0]}
        claims.append({**claim, "certainty": "asserted", "check_worthy": "no"})
    return {"attributions": said, "claims": claims}


def completion(content: str | None, *, usage: Any = USAGE, **message: Any) -> Reaction:
    """Return an answer of status 200 whose message has this content."""
    reason = message.pop("finish_reason", "stop")
    whole: dict[str, Any] = {
        "id": "c1",
        "object": "chat.completion",
        "model": "rule-1",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": content, **message},
                "finish_reason": reason,
            }
        ],
    }
    if usage is not None:
        whole["usage"] = usage
    return Reaction(body=json.dumps(whole).encode())


def model(seen: Seen) -> Reaction:
    """Answer as the rule does."""
    return completion(json.dumps(labels(seen.text), ensure_ascii=False))


def error(status: int, message: str = "no", **headers: str) -> Reaction:
    """Return an answer that tells of an error."""
    body = json.dumps({"error": {"message": message, "code": headers.pop("code", None)}}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reaction(status, body, {"Content-Type": "application/json", **named})


class ModelServer:
    """A server in this process; ``with ModelServer() as server: server.url``.

    Parameters
    ----------
    react : callable
        From a request to what happens; `model` if left out.
    first : sequence of Reaction
        What happens to the first requests instead.
    """

    def __init__(self, react: Callable[[Seen], Reaction] = model, *first: Reaction) -> None:
        self.react = react
        self.first = list(first)
        self.seen: list[Seen] = []
        self.times: list[float] = []
        self.answered: list[str] = []
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def count(self) -> int:
        """How many requests came in."""
        return len(self.seen)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def reaction(self, seen: Seen) -> Reaction:
        with self._lock:
            self.seen.append(seen)
            self.times.append(time.monotonic())
            if self.first:
                return self.first.pop(0)
        return self.react(seen)

    def entered(self, by: int) -> None:
        with self._lock:
            self._now += by
            self.most_at_once = max(self.most_at_once, self._now)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    owner: ModelServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients hang up here on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        owner = self.server.owner
        body = self.rfile.read(int(self.headers["Content-Length"]))
        seen = Seen(body, self.path, {k.lower(): v for k, v in self.headers.items()})
        owner.entered(1)
        try:
            self._send(seen, owner.reaction(seen))
        finally:
            owner.entered(-1)

    def _send(self, seen: Seen, reaction: Reaction) -> None:
        time.sleep(reaction.wait)
        if reaction.raw:
            self._write(reaction.raw, reaction.trickle)
        if reaction.raw or reaction.drop_after == 0:
            self.close_connection = True
            return
        self.send_response(reaction.status, reaction.reason)
        for name, value in reaction.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reaction.body)))
        self.end_headers()
        self._write(reaction.body[: reaction.drop_after], reaction.trickle)
        if reaction.drop_after is not None:
            self.close_connection = True
            return
        self.server.owner.answered.append(seen.digest)

    def _write(self, whole: bytes, trickle: float) -> None:
        step = 1 if trickle else max(1, len(whole))
        for start in range(0, len(whole), step):
            self.wfile.write(whole[start : start + step])
            time.sleep(trickle)
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""
