"""Label Studio: the JSON export of any project in which stretches of a text are labelled.

Source: the format of Label Studio, https://labelstud.io/guide/export ("JSON"; "JSON-MIN", CSV and
CoNLL have no relations, and cannot be read). What was labelled has a licence of its own.

Format: a ``.json`` file, or a folder of them: a list of tasks. A task has ``data``, one field of
which is the text, and ``annotations``, each of a person (``completed_by``) with a ``result``:
regions of the text (code points, end exclusive), what is said about them, relations between them.

Mapping: each task becomes a document. Its doc_id is the field ``doc_id`` that ``inquit annotate
push`` sets, else "task-" and the number of the task; title, published, publisher and url are those
fields; other fields go into ``meta``. The text is the field that the labels file names, else
``text``, else the only field with text. Each person becomes a layer; who came first is a1; e-mail
addresses are not taken over. A region becomes a span under its id, what is said about it
attributes. A relation says what its two ends say: source, cue or addressee with a quote or claim is
that role in its attribution; two parts of one label are one span; two sources are mentions of one
entity. A relation with a label is read if that is the role, or stands in the labels file.

Labels are those of ``inquit annotate push`` ("Direct quote"), and the names of the vocabulary
("quote", "Claim"). Others are dropped and reported unless a TOML file, given with ``--labels``,
says what they mean::

    text = "body"                       # the field that was labelled
    relations = ["says"]                # labels of relations that mean what their ends mean
    [labels]
    Zitat = { label = "quote", form = "direct" }
    Sprecherin = "source"

What is lost is reported, item by item: labels nobody explained, what is said about a whole text,
regions of other things than a text, an annotation that its author skipped or submitted again; and
drafts, predictions of models, times, durations and marks of ground truth. A record of the report is
an annotation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from ..directory import CorpusInfo
from ..errors import DataError, Problem, encodable, quoted
from ..labelstudio import Meanings, in_our_names, read_meanings, to_model
from ..model import Annotation, Document, Layer
from ..terminal import track
from .intake import Imported, Intake, Options
from .located import read_list

NAME: Final = "labelstudio"
SUFFIX: Final = ".json"
_FIELDS: Final = ("title", "published", "publisher", "url")
_OURS: Final = ("doc_id", "sha256", *_FIELDS)
_NOT_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_UNKNOWN = re.compile(r"(?:relation has labels (.+), which are|label (.+) is) unknown")
_EXPORT: Final = 'export the project as "JSON"'


def read(source: Path, options: Options) -> Imported:
    """Read exports; licence and language are "restricted" and "und" where not given."""
    intake = Intake(NAME, source)
    with intake.collecting(options.labels or source):
        meanings = read_meanings(options.labels)
    if intake.problems:
        raise DataError(intake.problems)
    tasks = list(_tasks(intake))
    intake.records = 0
    exports = _Exports(intake, options, meanings, tasks)
    for task in track(tasks, "reading tasks"):
        with intake.collecting(task.path):
            try:
                exports.take(task)
            except DataError as error:
                raise error.at(line=task.line) from error
    layers = list(exports.layers())
    if exports.found_field and exports.said and not exports.fits and not intake.problems:
        what = "no region has the words that stand at its place in the text"
        remedy = 'say with --labels FILE which field was labelled: text = "NAME"'
        intake.problems.append(Problem(path=str(source), what=what, remedy=remedy))
    if intake.problems:
        raise DataError(intake.problems)
    licence = options.licence or "restricted"
    info = CorpusInfo(
        name=encodable(source.resolve().name.removesuffix(SUFFIX)) or "corpus",
        licence=licence,
        languages=(options.language,) if options.language else (),
    )
    return intake.finish(info, layers, lost=exports.lost())


class _Task(NamedTuple):
    """A task, and where it stands."""

    path: Path
    line: int
    number: str
    raw: dict[str, Any]

    def annotations(self) -> list[dict[str, Any]]:
        """Return what people submitted or skipped; in old exports it has another name."""
        listed = self.raw.get("annotations") or self.raw.get("completions") or []
        if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
            what = f"task {self.number} has no list of annotations"
            raise DataError(Problem(what=what, remedy=_EXPORT))
        return listed


class _Work(NamedTuple):
    """An annotation that was submitted."""

    task: _Task
    order: tuple[datetime, int]
    name: str
    result: Any
    target: str


class _Exports:
    """Takes in tasks."""

    def __init__(
        self, intake: Intake, options: Options, meanings: Meanings, tasks: list[_Task]
    ) -> None:
        self.intake = intake
        self.options = options
        self.meanings = meanings
        #: Whether the field of a text was found by there being no other.
        self.found_field = False
        #: Whether any region says its words, and whether any of them are those of the text.
        self.said = self.fits = False
        self._objects = _objects(tasks)
        self._documents: dict[str, tuple[Document, _Task]] = {}
        self._people: dict[object, dict[str, list[_Work]]] = {}
        self._unknown: Counter[str] = Counter()
        self._lost_fields: Counter[str] = Counter()

    def take(self, task: _Task) -> None:
        field = self._field(task)
        document = self._document(task, field)
        for kind, what in (("drafts", "never submitted"), ("predictions", "by models")):
            if listed := task.raw.get(kind):
                count = len(listed) if isinstance(listed, list) else 1
                reason = f"task {task.number}: {count} {kind}, {what}"
                self.intake.changed("unread", task.path, reason, task.line)
        unknown = 0
        for item in task.annotations():
            self.intake.records += 1
            work = self._work(task, item, field)
            if work is not None:
                person = _person(item.get("completed_by"))
                if person is None:
                    unknown += 1
                    person = ("unknown", unknown)  # Nobody says that two of a text are one person.
                self._people.setdefault(person, {}).setdefault(document.doc_id, []).append(work)

    def layers(self) -> Iterator[Layer]:
        """Yield a layer for each person."""
        came = sorted(
            self._people.items(),
            key=lambda who: min(one.order for work in who[1].values() for one in work),
        )
        for number, (person, texts) in enumerate(came, 1):
            made_by = "a person in Label Studio; read from a JSON export"
            if isinstance(person, int):
                made_by = f"user {person} in Label Studio; read from a JSON export"
            elif isinstance(person, tuple):
                made_by = (
                    "people in Label Studio whom the JSON export does not name: "
                    f"annotation {person[1]} of each text that has one"
                )
            labels = [
                self._label(self._documents[doc_id][0], self._newest(work))
                for doc_id, work in texts.items()
            ]
            yield Layer(name=f"a{number}", annotations=tuple(labels), kind="human", made_by=made_by)

    def lost(self) -> list[str]:
        found = ["times, durations and marks of ground truth of annotations"]
        if self._unknown:
            names = ", ".join(f"{name} ({n:,})" for name, n in self._unknown.most_common())
            found.append(f"labels nobody explained; --labels FILE says what they mean: {names}")
        found += [
            f"field {quoted(name)} of {n:,} tasks, which is no text, number or list of texts"
            for name, n in self._lost_fields.items()
        ]
        return found

    def _field(self, task: _Task) -> str:
        """Return the name of the field of a task that holds its text."""
        data = task.raw.get("data")
        if not isinstance(data, dict):
            what = f"task {task.number} has no data"
            raise DataError(Problem(what=what, remedy=f"{_EXPORT}, not JSON-MIN"))
        texts: list[str] = [name for name, value in data.items() if isinstance(value, str)]
        others = [name for name in texts if name not in _OURS]
        wanted = self.meanings.text or "text"
        if wanted in texts:
            return wanted
        if len(others) == 1 and not self.meanings.text:
            self.found_field = True
            return others[0]
        what = f"task {task.number} has no text in a field {quoted(wanted)}"
        fields = ", ".join(map(quoted, others)) or "none"
        remedy = f'name the field that was labelled in a --labels file, text = "NAME": {fields}'
        raise DataError(Problem(what=what, remedy=remedy))

    def _document(self, task: _Task, field: str) -> Document:
        data: dict[str, Any] = dict(task.raw["data"])
        text = data.pop(field)
        doc_id = f"task-{task.number}"
        sha256 = ""
        if _is_line(data.get("doc_id")):
            doc_id = data.pop("doc_id")
            sha256 = data.pop("sha256") if isinstance(data.get("sha256"), str) else ""
        fields = {name: data.pop(name) for name in _FIELDS if _is_line(data.get(name))}
        meta = {}
        for name, value in data.items():
            whole = isinstance(value, (str, bool, int, float))
            if whole or (isinstance(value, list) and all(isinstance(v, str) for v in value)):
                meta[name] = value
            elif value is not None:
                self._lost_fields[name] += 1
        document = Document(
            doc_id=doc_id,
            text=text,
            sha256=sha256,
            licence=self.options.licence or "restricted",
            language=self.options.language or "und",
            meta=meta,
            **fields,
        )
        known = self._documents.setdefault(doc_id, (document, task))
        if known[1] is not task:
            place = f"task {known[1].number} ({known[1].path.name}, line {known[1].line})"
            if known[0].text != text:
                what = f"task {task.number} has another text than {place}"
                raise DataError(
                    Problem(doc_id=doc_id, what=what, remedy="give each text a doc_id of its own")
                )
            reason = f"task {task.number}: the document of {place} again, taken as one"
            self.intake.changed("changed", task.path, reason, task.line)
        else:
            self.intake.documents.append(document)
        return known[0]

    def _work(self, task: _Task, item: dict[str, Any], field: str) -> _Work | None:
        """Return an annotation that was submitted, or report why it is none."""
        number = item.get("id")
        name = f"task {task.number}, annotation {_number(number)}"
        if item.get("was_cancelled") or item.get("skipped"):
            self.intake.changed("dropped", task.path, f"{name}: was skipped", task.line)
            return None
        target = field
        if len(self._objects) == 1:
            (target,) = self._objects
        order = (_time(item), number if type(number) is int else 0)
        return _Work(task, order, name, item.get("result"), target)

    def _newest(self, work: list[_Work]) -> _Work:
        *older, newest = sorted(work, key=lambda one: one.order)
        for one in older:
            reason = f"{one.name}: the same person submitted this text again later"
            self.intake.changed("dropped", one.task.path, reason, one.task.line)
        return newest

    def _label(self, document: Document, work: _Work) -> Annotation:
        task = work.task
        result, unfit = in_our_names(work.result, work.target, self.meanings)
        annotation, refused = to_model(result, document, self.meanings)
        for region, reason in (*unfit, *((r.region, r.reason) for r in refused)):
            if unknown := _UNKNOWN.fullmatch(reason):
                self._unknown[unknown[1] or unknown[2]] += 1
            where = f"region {region}: " if region else ""
            self.intake.changed("dropped", task.path, f"{work.name}: {where}{reason}", task.line)
        for reason in self._differences(result, document, annotation):
            self.intake.changed("changed", task.path, f"{work.name}: {reason}", task.line)
        return annotation

    def _differences(
        self, result: Any, document: Document, annotation: Annotation
    ) -> Iterator[str]:
        """Yield where the words that Label Studio keeps are not those of the text."""
        places = {place for span in annotation.spans for place in span.fragments}
        for item in result if isinstance(result, list) else ():
            value = item.get("value") if isinstance(item, dict) else None
            if not isinstance(value, dict) or item.get("type") != "labels":
                continue
            start, end, words = value.get("start"), value.get("end"), value.get("text")
            if type(start) is not int or type(end) is not int or not isinstance(words, str):
                continue
            if (start, end) not in places:
                continue
            self.said = True
            found = document.text[start:end]
            if _bare(found) == _bare(words):
                self.fits = True
            else:
                yield (
                    f"region {item.get('id')}: the words are said to be {quoted(words)}, at "
                    f"[{start}, {end}) stands {quoted(found)}: the place is kept"
                )


def _tasks(intake: Intake) -> Iterator[_Task]:
    """Yield the tasks of all files; what is none is a problem."""
    for path in intake.files(SUFFIX):
        text = intake.text(path)
        if text is None:
            continue
        with intake.collecting(path):
            listed = read_list(text)
            if not listed:
                raise DataError(Problem(what="holds no task", line=1, remedy=_EXPORT))
            problems = []
            for place, (line, raw) in enumerate(listed, 1):
                if not isinstance(raw, dict):
                    what = "is no task, which would be a JSON object"
                    problems.append(Problem(what=what, line=line, remedy=_EXPORT))
                    continue
                task = _Task(path, line, _number(raw.get("id", place)), raw)
                try:
                    task.annotations()
                except DataError as error:
                    problems += error.at(line=line).problems
                else:
                    yield task
            if problems:
                raise DataError(problems)


def _objects(tasks: list[_Task]) -> set[str]:
    """Return the names of the things in which regions are labelled."""
    found: set[str] = set()
    for task in tasks:
        for annotation in task.annotations():
            result = annotation.get("result")
            for item in result if isinstance(result, list) else ():
                about = item.get("to_name") if isinstance(item, dict) else None
                if isinstance(about, str) and item.get("type") == "labels":
                    found.add(about)
    return found


def _number(value: object) -> str:
    """Return the number of a task or annotation, or what stands for it, as one short line."""
    return quoted(str(value))[1:-1] if isinstance(value, (int, str)) else "without a number"


def _person(who: object) -> object:
    """Return what tells a person from others; None if nothing does."""
    if isinstance(who, dict):
        who = who.get("id", who.get("email"))
    return who if isinstance(who, (int, str)) else None


def _time(item: dict[str, Any]) -> datetime:
    """Return when an annotation was changed last."""
    for name in ("updated_at", "created_at"):
        try:
            when = datetime.fromisoformat(item[name])
        except (KeyError, TypeError, ValueError):
            continue
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    return datetime.min.replace(tzinfo=UTC)


def _is_line(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= 500
        and value == value.strip()
        and not _NOT_ONE_LINE.search(value)
    )


def _bare(words: str) -> str:
    """Return words without white space, which Label Studio keeps inexactly."""
    return "".join(words.replace("\\n", " ").split())
