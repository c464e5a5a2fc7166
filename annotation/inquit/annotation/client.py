"""A Label Studio server, through label-studio-sdk: nothing sent twice, no secret in an error.

The SDK repeats a write when no proper answer came, although the work may have been done; shows
headers, cookies among them, in its errors; and follows redirects with the token in the body. None
of that happens here: every failure is one `LabelStudioError` that says what to do.
"""

from __future__ import annotations

import json
import logging
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self, TypeVar
from urllib.parse import urlsplit

from inquit.corpus.errors import InquitError

from .credentials import TOKEN, URL, Credentials

T = TypeVar("T")

#: The oldest release that inquit was run against.
OLDEST: Final = (1, 23)
#: Seconds to wait for an answer: to the first question, and to work.
SOON, LATER = 10.0, 120.0
_PAGE = 100
_WAYS_OUT = f"check that it runs ('inquit annotate serve'), or {URL} if that is set"
_SECRETS = re.compile(r"eyJ[\w-]+\.[\w-]+(\.[\w-]+)?|(?i:sessionid|csrftoken)=[^;\s]+")


class LabelStudioError(InquitError):
    """Label Studio refused what it was asked, or is not there."""


class NoAnswerError(LabelStudioError):
    """No proper answer came: what was asked may have been done or not."""


class BrokenAnswerError(NoAnswerError):
    """The server answered, but with a failure of its own or with what cannot be read."""


@dataclass(frozen=True, slots=True)
class Project:
    """What we need to know of a project."""

    id: int
    title: str
    description: str
    label_config: str
    maximum_annotations: int


class Prediction(NamedTuple):
    """Labels that a task came with."""

    task: int
    model_version: str
    result: Any


def connect(credentials: Credentials) -> Server:
    """Return the server, after asking whether it is a Label Studio and takes our token.

    The token is sent only after the first answer looks right.

    Raises
    ------
    LabelStudioError
        If the SDK is missing, nothing answers, it is no Label Studio, it is too old, or it does
        not accept the token; one message each.
    """
    try:
        import httpx
        from label_studio_sdk.client import LabelStudio
    except ImportError as error:
        raise LabelStudioError(
            f"label-studio-sdk cannot be imported ({error.name or error}); "
            "install it with: pip install 'inquit[annotate]'"
        ) from None
    # It would write every header, cookies among them, to a log that asks for details.
    logging.getLogger("httpcore").setLevel(logging.INFO)
    plain = urlsplit(credentials.url).scheme == "http"
    # Plain http goes to this machine only: no proxy may see it.
    http = httpx.Client(timeout=LATER, follow_redirects=False, trust_env=not plain)

    def log_in() -> Any:
        # The slash: without it the SDK asks for a new token outside of a path in the URL.
        url, token = f"{credentials.url}/", credentials.token
        sdk = LabelStudio(base_url=url, api_key=token, httpx_client=http, max_retries=0)
        sdk.users.whoami()
        return sdk

    try:
        version = f"{credentials.url}/api/version/"
        _check_version(credentials.url, _ask(credentials, lambda: http.get(version, timeout=SOON)))
        return Server(credentials, _ask(credentials, log_in), http)
    except BaseException:
        http.close()
        raise


class Server:
    """A Label Studio that answered and took our token; see `connect`. A context manager.

    Every method raises `LabelStudioError`; methods that write raise `NoAnswerError` if the work
    may have been done.
    """

    def __init__(self, credentials: Credentials, sdk: Any, http: Any) -> None:
        self._credentials = credentials
        self._sdk = sdk
        self._http = http

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @property
    def url(self) -> str:
        """Where it answers."""
        return self._credentials.url

    def _ask(self, work: Callable[[Any], T]) -> T:
        return _ask(self._credentials, lambda: work(self._sdk))

    def projects(self) -> dict[int, str]:
        """Return the description of every project, by id."""

        def listed(sdk: Any) -> dict[int, str]:
            # Without a choice of fields the server counts the work in every project.
            pager = sdk.projects.list(include="id,description", page_size=_PAGE)
            found, _ = _paged(pager, lambda page: page.count)
            return {project.id: project.description or "" for project in found}

        return self._ask(listed)

    def project(self, number: int) -> Project:
        """Return a project."""
        return self._ask(lambda sdk: _project(sdk.projects.get(number)))

    def create_project(self, **settings: Any) -> Project:
        """Make a project; the settings are those of the API."""
        return self._ask(lambda sdk: _project(sdk.projects.create(**settings)))

    def update_project(self, project: int, **settings: Any) -> None:
        """Change settings of a project."""
        self._ask(lambda sdk: sdk.projects.update(project, **settings))

    def users(self) -> dict[int, str]:
        """Return the e-mail address of everyone, by id."""
        return self._ask(lambda sdk: {user.id: user.email for user in sdk.users.list()})

    def tasks(self, project: int) -> list[tuple[int, dict[str, Any]]]:
        """Return the id and data of every task of a project."""

        def listed(sdk: Any) -> tuple[list[tuple[int, dict[str, Any]]], int]:
            pager = sdk.tasks.list(
                project=project, fields="task_only", include="id,data", page_size=_PAGE
            )
            found, total = _paged(pager, lambda page: page.total)
            return [(task.id, task.data) for task in found], total

        found, total = self._ask(listed)
        if len({number for number, _ in found}) != total:
            raise LabelStudioError(
                f"the tasks of project {project} at {self.url} changed while they were listed "
                f"({len(found)} of {total} seen); try again"
            )
        return found

    def import_tasks(self, project: int, tasks: Sequence[dict[str, Any]]) -> None:
        """Add tasks; all or none are stored."""
        self._ask(lambda sdk: sdk.projects.import_tasks(project, request=list(tasks)))

    def predictions(self, project: int) -> list[Prediction]:
        """Return the predictions of a project."""
        return self._ask(
            lambda sdk: [
                Prediction(p.task, p.model_version or "", p.result)
                for p in sdk.predictions.list(project=project)
            ]
        )

    def import_predictions(self, project: int, predictions: Sequence[dict[str, Any]]) -> None:
        """Add predictions to tasks that are there; all or none are stored."""
        self._ask(lambda sdk: sdk.projects.import_predictions(project, request=list(predictions)))

    def export(self, project: int, tasks: Sequence[int]) -> tuple[bytes, list[Any]]:
        """Return tasks with all their annotations and drafts, as sent and decoded."""
        # The SDK's own parameter for the ids has another name, which the server does not read.
        options = {"additional_query_parameters": {"ids[]": list(tasks)}}

        def downloaded(sdk: Any) -> tuple[bytes, list[Any]]:
            chunks = sdk.projects.exports.download_sync(
                project, download_all_tasks=True, export_type="JSON", request_options=options
            )
            content = b"".join(chunks)
            decoded = json.loads(content)
            if not isinstance(decoded, list):
                raise ValueError("not a list")
            return content, decoded

        return self._ask(downloaded)


def _paged(pager: Any, total: Callable[[Any], int]) -> tuple[list[Any], int]:
    """Return all items and their number; the SDK itself asks for one page more than there is."""
    found: list[Any] = []
    for page in pager.iter_pages():
        found += page.items or ()
        if len(found) >= total(page.response):
            break
    return found, total(pager.response)


def _project(project: Any) -> Project:
    return Project(
        id=project.id,
        title=project.title or "",
        description=project.description or "",
        label_config=project.label_config or "",
        maximum_annotations=project.maximum_annotations or 1,
    )


def _check_version(url: str, answer: Any) -> None:
    if answer.is_redirect:
        raise LabelStudioError(f"{url} redirects to another address; give that one in {URL}")
    try:
        found = answer.json()
    except ValueError:
        found = None
    release = found.get("release") if isinstance(found, dict) else None
    number = re.match(r"(\d+)\.(\d+)", release) if isinstance(release, str) else None
    if answer.status_code >= 500:
        raise LabelStudioError(f"{url} answers with status {answer.status_code}; {_WAYS_OUT}")
    if answer.status_code != 200 or number is None or "label-studio-os-package" not in found:
        raise LabelStudioError(
            f"what answers at {url} is not a Label Studio (/api/version has status "
            f"{answer.status_code}); {_WAYS_OUT}"
        )
    if (int(number[1]), int(number[2])) < OLDEST:
        raise LabelStudioError(
            f"the Label Studio at {url} is too old ({number[0]}); "
            f"inquit needs {'.'.join(map(str, OLDEST))} or later"
        )


def _ask(credentials: Credentials, work: Callable[[], T]) -> T:
    """Turn every error of the SDK and its transport into one of ours, without their secrets."""
    import httpx
    from label_studio_sdk.core.api_error import ApiError
    from label_studio_sdk.core.parse_error import ParsingError

    url = credentials.url
    failure: LabelStudioError
    try:
        with warnings.catch_warnings():
            # The SDK uses what its own dependencies call out of date.
            warnings.simplefilter("ignore", DeprecationWarning)
            return work()
    except ApiError as error:
        if error.status_code in range(200, 300):
            failure = _unreadable(url, error)
        else:
            failure = _refused(credentials, error.status_code, error.body)
    except httpx.ConnectError as error:
        why = _clean(str(error), credentials) or "no connection"
        failure = LabelStudioError(f"{url} cannot be reached ({why}); {_WAYS_OUT}")
    except httpx.TimeoutException:
        failure = NoAnswerError(f"{url} does not answer in time; {_WAYS_OUT}, wait, and try again")
    except httpx.HTTPError as error:
        failure = NoAnswerError(f"{url} broke off ({type(error).__name__}); {_WAYS_OUT}")
    except (ParsingError, ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        failure = _unreadable(url, error)
    # Not inside of a handler: the SDK's errors hold headers, so ours may not remember them.
    raise failure


def _unreadable(url: str, error: Exception) -> BrokenAnswerError:
    why = type(error).__name__
    return BrokenAnswerError(f"{url} gave an answer that cannot be read ({why}); {_WAYS_OUT}")


def _refused(credentials: Credentials, status: int | None, body: Any) -> LabelStudioError:
    url, said = credentials.url, _clean(_detail(body), credentials)
    why = f": {said}" if said else ""
    if status == 401:
        return LabelStudioError(
            f"{url} does not accept the token{why}; copy it again from Account & Settings there "
            f"into {TOKEN}, or start the server with 'inquit annotate serve'"
        )
    if status == 404:
        return LabelStudioError(f"{url} does not know this (status 404{why}); check the URL")
    if status == 403:
        return LabelStudioError(f"{url} does not allow this to the owner of the token{why}")
    if status is None or status >= 500 or status in (408, 409, 429):
        return BrokenAnswerError(f"{url} failed (status {status}{why}); see the log of the server")
    return LabelStudioError(f"{url} refuses this (status {status}{why})")


def _detail(body: Any) -> str:
    """Return the server's own words; other bodies may hold anything."""
    if not isinstance(body, dict):
        return ""
    said = body.get("validation_errors") or body.get("detail") or ""
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)


def _clean(text: str, credentials: Credentials) -> str:
    for secret in (credentials.token, credentials.password):
        if secret:
            text = text.replace(secret, "[secret]")
    text = " ".join(_SECRETS.sub("[secret]", text).split())
    return text if len(text) <= 300 else text[:297] + "..."
