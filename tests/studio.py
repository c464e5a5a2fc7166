"""A Label Studio seen from outside: what its API takes from anybody, and proxies that fail."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from inquit.annotation.credentials import Credentials


class Api:
    """Requests that inquit itself never makes: other people's work, garbage, deletions."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self._people: dict[str, int] = {}
        self._projects: dict[str, int] = {}
        self._headers: dict[str, str] = {}
        self._until = 0.0

    def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Ask, and return the JSON of the answer; fail unless it is a success."""
        with httpx.Client(base_url=self.credentials.url, timeout=60, trust_env=False) as client:
            if time.monotonic() > self._until:
                refresh = {"refresh": self.credentials.token}
                access = client.post("/api/token/refresh/", json=refresh).json()["access"]
                self._headers = {
                    "Authorization": f"Bearer {access}",
                    "Content-Type": "application/json",
                }
                self._until = time.monotonic() + 60
            what = {"content": body} if isinstance(body, bytes) else {"json": body}
            what = {} if body is None else what
            answer = client.request(method, path, headers=self._headers, params=query, **what)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    def project(self, name: str) -> int:
        """Return the project of a corpus."""
        if name in self._projects:
            return self._projects[name]
        fields = "id,description"
        found = self("GET", "/api/projects/", page_size=500, include=fields)["results"]
        (number,) = (p["id"] for p in found if f'"corpus":"{name}"' in p["description"])
        assert isinstance(number, int)
        self._projects[name] = number
        return number

    def tasks(self, name: str) -> list[dict[str, Any]]:
        """Return the tasks of the project of a corpus, with their data."""
        found = self("GET", "/api/tasks/", project=self.project(name), page_size=1000)["tasks"]
        assert isinstance(found, list)
        return found

    def task(self, name: str, doc_id: str) -> int:
        """Return the one task of a document."""
        (number,) = (t["id"] for t in self.tasks(name) if t["data"].get("doc_id") == doc_id)
        assert isinstance(number, int)
        return number

    def person(self, email: str) -> int:
        """Return somebody's id, made if there is nobody of that address."""
        if email not in self._people:
            known = {user["email"]: user["id"] for user in self("GET", "/api/users/")}
            if email not in known:
                user = {"email": email, "username": email.split("@")[0], "password": "x" * 12}
                known[email] = self("POST", "/api/users/", user)["id"]
            self._people[email] = known[email]
        return self._people[email]

    def annotate(self, task: int, result: Any, by: str, **more: Any) -> int:
        """Store an annotation of anybody."""
        body = {"result": result, "completed_by": self.person(by), **more}
        number = self("POST", f"/api/tasks/{task}/annotations/", body)["id"]
        assert isinstance(number, int)
        return number


class Request(NamedTuple):
    """What a client asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def is_post(self, ending: str) -> bool:
        """Whether it is a POST to a path that ends so."""
        return self.method == "POST" and self.path.split("?")[0].rstrip("/").endswith(ending)


class Answer(NamedTuple):
    """What a client is told."""

    status: int
    content: bytes = b""
    headers: dict[str, str] = {}  # noqa: RUF012  # never changed


@contextmanager
def server(answer: Callable[[Request], Answer | None]) -> Iterator[str]:
    """Serve on the loopback address whatever ``answer`` returns; it hangs up for None."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            given = answer(Request(self.command, self.path, dict(self.headers), body))
            if given is None:
                self.close_connection = True
                return
            self.send_response(given.status)
            for name, value in given.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(given.content)))
            self.end_headers()
            self.wfile.write(given.content)

        do_GET = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listener.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.server_address[1]}"
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()


class Proxy:
    """Forwards to a server; ``spoil`` may replace the answer, or hang up.

    Parameters
    ----------
    url : str
        Where to forward.
    spoil : callable
        Takes the request and the true answer; returns the answer to give, or None to hang up.
    """

    def __init__(self, url: str, spoil: Callable[[Request, Answer], Answer | None]) -> None:
        self.netloc = urlsplit(url).netloc
        self.spoil = spoil
        self.seen: list[Request] = []

    def __call__(self, request: Request) -> Answer | None:
        """Answer a request."""
        self.seen.append(request)
        return self.spoil(request, self.forwarded(request))

    def forwarded(self, request: Request) -> Answer:
        """Return the true answer."""
        kept = {"authorization", "content-type"}
        headers = {name: v for name, v in request.headers.items() if name.lower() in kept}
        connection = http.client.HTTPConnection(self.netloc, timeout=60)
        connection.request(request.method, request.path, request.body or None, headers)
        answer = connection.getresponse()
        names = ("Content-Type", "Set-Cookie", "Location")
        told = {n: answer.headers[n] for n in names if n in answer.headers}
        content = answer.read()
        connection.close()
        return Answer(answer.status, content, told)
