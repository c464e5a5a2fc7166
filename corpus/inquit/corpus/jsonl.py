"""Documents and layers as JSON lines: strict, streaming, every fault of a file reported at once."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, TypeVar

import msgspec
from msgspec.structs import force_setattr

from .decoding import faults, faults_within, shown
from .errors import DataError, Problem, quoted
from .files import atomic_file
from .model import Annotation, Attribution, Document, Span, Ungrounded, joint_problems
from .vocabulary import ROLES


class _Record(Protocol):
    @property
    def doc_id(self) -> str: ...


R = TypeVar("R", bound=_Record)
S = TypeVar("S", bound=msgspec.Struct)

#: The lists of a line of labels: what their items are, and the field of a problem for their ids.
_PARTS: Final[dict[str, tuple[type[msgspec.Struct], str]]] = {
    "spans": (Span, "span"),
    "attributions": (Attribution, "attribution"),
    "ungrounded": (Ungrounded, "span"),
}


class LinesError(DataError):
    """Faults of a file of which other lines, and parts of lines, could be read.

    ``left`` is what can be read of the lines at fault, and ``lines`` on which line each document
    stands; with both, what does not fit the texts can be told together with the faults.
    """

    def __init__(
        self, problems: Iterable[Problem], left: Iterable[Any] = (), lines: Mapping[str, int] = {}
    ) -> None:
        super().__init__(problems)
        self.left = tuple(left)
        self.lines = dict(lines)


def read_documents(path: Path) -> Iterator[Document]:
    """Yield the documents of a file; raise DataError with all its faults at the end."""
    return read_records(path, Document, _document_problems)


def read_annotations(path: Path) -> Iterator[Annotation]:
    """Yield the annotations of a layer file; raise DataError with all its faults at the end."""
    return read_records(path, Annotation, _annotation_problems, _left_of)


def all_of(records: Iterator[R]) -> list[R]:
    """Return the records of a file; LinesError then has in ``left`` all that can be read of it."""
    found: list[R] = []
    try:
        found.extend(records)
    except LinesError as error:
        raise LinesError(error.problems, [*found, *error.left], error.lines) from error
    return found


def write_lines(
    path: Path, records: Iterable[Document | Annotation], *, force: bool = False
) -> int:
    """Write records, one a line, and return their number."""
    encoder = msgspec.json.Encoder()
    count = 0
    with atomic_file(path, force=force) as stream:
        for record in records:
            stream.write(encoder.encode(record) + b"\n")
            count += 1
    return count


def problems_of(raw: Any, kind: type[Document | Annotation]) -> list[Problem]:
    """Return every fault of a decoded record that was refused at its first."""
    explain = _document_problems if kind is Document else _annotation_problems
    return list(explain(raw))


def open_for_reading(path: Path) -> Any:
    """Open a file for reading bytes; raise DataError if that cannot be done.

    A pipe or device is refused: files are read more than once, and one of them may never end.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(21, "Is a directory")
        if stat.S_ISREG(mode):
            return path.open("rb")
    except OSError as error:
        raise DataError(
            Problem(
                path=str(path),
                what=f"cannot be read ({error.strerror or error})",
                remedy="check the path",
            )
        ) from error
    piped = stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
    what = "is a pipe" if piped else "is a device, not a file"
    remedy = "save what it holds to a file; it is read more than once"
    raise DataError(Problem(path=str(path), what=what, remedy=remedy))


def _no_key_twice(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) < len(pairs):
        raise DataError(())


#: Of a key that stands twice a decoder takes the last and drops the first; this one refuses it.
_KEYS = json.JSONDecoder(object_pairs_hook=_no_key_twice)


def _keys_twice(line: bytes) -> list[Problem]:
    """Return a problem for each key that stands twice in an object of a line."""
    found: dict[str, None] = {}

    def collect(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        found.update(dict.fromkeys(name for name in set(names) if names.count(name) > 1))

    with suppress(ValueError, RecursionError):
        json.loads(line, object_pairs_hook=collect, parse_int=_whole)
    return [
        Problem(what=f"key {quoted(name)} stands twice in one object", remedy="keep one of the two")
        for name in sorted(found)
    ]


def read_records(
    path: Path,
    kind: type[R],
    explain: Callable[[Any], Iterator[Problem]],
    left_of: Callable[[Any], R | None] = lambda raw: None,  # noqa: ARG005  # its type says what it takes
) -> Iterator[R]:
    """Yield the records of a file; raise LinesError with all its faults at the end.

    ``explain`` yields every problem of a decoded line that was refused at its first, ``left_of``
    returns what can be read of it all the same.
    """
    decoder = msgspec.json.Decoder(kind)
    problems: list[Problem] = []
    left: list[R] = []
    first: dict[str, int] = {}
    begun = False
    offset = 0
    with open_for_reading(path) as stream:
        for number, line in enumerate(stream, 1):
            here: dict[str, Any] = {"path": str(path), "line": number}
            rest: R | None = None
            found: list[Problem] = []
            doc_id: Any = None
            try:
                if not line.strip():
                    continue
                begun, is_first = True, not begun
                rest = decoder.decode(line)
                doc_id = rest.doc_id
                _KEYS.decode(line.decode())
            except DataError:
                found += _keys_twice(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                if is_first and (what := _one_value(path, line)):
                    remedy = "write each document on a line of its own"
                    raise DataError(Problem(what=what, remedy=remedy, **here)) from error
                found, raw = _explain(line, offset, error, explain)
                found += _keys_twice(line) if raw is not None else []
                doc_id = raw.get("doc_id") if isinstance(raw, dict) else None
                rest = left_of(raw)
            finally:
                offset += len(line)
            if isinstance(doc_id, str) and number != first.setdefault(doc_id, number):
                what, remedy = (
                    f"stands in line {first[doc_id]} already",
                    "keep one of the two lines",
                )
                found.append(Problem(doc_id=doc_id, what=what, remedy=remedy))
                rest = None
            if found:
                named = doc_id if isinstance(doc_id, str) else ""
                problems += [p.at(doc_id=named, **here) for p in found]
                left += [] if rest is None else [rest]
            elif rest is not None:
                yield rest
    if problems:
        raise LinesError(problems, left, first)


def _one_value(path: Path, line: bytes) -> str:
    """Return what a file is, if it is one JSON value over several lines and not JSON lines."""
    begin = line.strip()[:1]
    if begin not in (b"{", b"["):
        return ""
    if line.strip() != begin:
        if _is_json(line):
            return ""
        with open_for_reading(path) as stream:
            if not _is_json(stream.read()):
                return ""
    return "is one JSON array" if begin == b"[" else "is one JSON object over several lines"


def _is_json(content: bytes) -> bool:
    try:
        msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _explain(
    line: bytes, offset: int, error: Exception, explain: Callable[[Any], Iterator[Problem]]
) -> tuple[list[Problem], Any]:
    """Return every problem of a line that the decoder refused at its first, and the line decoded.

    A line that cannot be decoded at all is None.
    """
    try:
        line.decode()
    except UnicodeDecodeError as fault:
        what = f"byte {offset + fault.start} of the file is not UTF-8 ({fault.reason})"
        return [Problem(what=what, remedy="save the file as UTF-8")], None
    try:
        raw = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError) as fault:
        if half := _lone_surrogate(line):
            what = f"holds a lone surrogate, the escape {half}"
            remedy = "write both halves of the pair; half a character cannot be stored"
            return [Problem(what=what, remedy=remedy)], None
        try:
            raw = json.loads(line.decode(), parse_int=_whole)
        except (ValueError, RecursionError):
            remedy = "each line holds one whole JSON object"
            if line.startswith(b"\xef\xbb\xbf"):
                remedy = "save the file without a byte order mark"
            elif b"\r" in line.strip():
                remedy = "end each line with a line feed; a carriage return alone ends none"
            cut = str(fault) == "Input data was truncated"
            why = "the line breaks off" if cut else str(fault).removeprefix("JSON is malformed: ")
            return [Problem(what=f"is not JSON ({why})", remedy=remedy)], None
        # Python's reader takes NaN, infinity and long numbers; what stands around says where.
    doc_id = raw.get("doc_id") if isinstance(raw, dict) else None
    found = [p.at(doc_id=doc_id if isinstance(doc_id, str) else "") for p in explain(raw)]
    return found or [Problem(what=str(error), remedy="see the format in docs/formats.md")], raw


def _whole(digits: str) -> int:
    """Return a whole number; one too long for Python to read is of that length, no more."""
    if len(digits) <= 4000:
        return int(digits)
    size = 1 << int(len(digits.lstrip("-")) * 3.3219)
    return -size if digits[0] == "-" else size


def _lone_surrogate(line: bytes) -> str:
    """Return the first escape that stands for half a character; msgspec calls it malformed."""
    try:
        text = json.dumps(json.loads(line), ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError as error:
        return f"\\u{ord(text[error.start]):04x}"
    except (ValueError, RecursionError):
        pass
    return ""


def _document_problems(raw: Any) -> Iterator[Problem]:
    yield from [*not_an_object(raw)] or faults(raw, Document)


def _annotation_problems(raw: Any) -> Iterator[Problem]:
    yield from line_problems(raw, Annotation, _PARTS)


def _left_of(raw: Any) -> Annotation | None:
    return left_of(raw, Annotation, Span)


def not_an_object(raw: Any) -> Iterator[Problem]:
    """Yield a problem if a line holds another JSON value than an object."""
    if not isinstance(raw, dict):
        what = f"holds {shown(raw)}, not an object"
        yield Problem(what=what, remedy="write each document as an object on a line of its own")


def line_problems(
    raw: Any,
    kind: type[msgspec.Struct],
    parts: Mapping[str, tuple[type[msgspec.Struct], str]],
    of_part: Callable[[Any, type[msgspec.Struct], str], Iterator[Problem]] = faults_within,
) -> Iterator[Problem]:
    """Yield every fault of a line that was refused at its first.

    ``parts`` names for each list of the line what its items are, and the field of `Problem` that
    takes their id. ``of_part`` yields the faults of an item; it is given its place in the line, ""
    if it has an id.
    """
    if problems := [*not_an_object(raw)]:
        yield from problems
        return
    found: list[Problem] = []
    for field, (item_kind, place) in parts.items():
        for number, item in enumerate(_items(raw, field)):
            where = _id_of(item)
            within = "" if where else f"{field}[{number}]"
            found += [p.at(**{place: where}) for p in of_part(item, item_kind, within)]
    yield from found
    yield from _between(raw)
    yield from faults(
        {k: [] if k in parts and isinstance(v, list) else v for k, v in raw.items()}, kind
    )


class _Item(NamedTuple):
    """A span as far as others refer to it."""

    id: str
    label: str


class _Said(NamedTuple):
    """An attribution as far as it refers to spans."""

    id: str
    names: dict[str, list[str]]

    def roles(self) -> Iterator[tuple[str, list[str]]]:
        yield from self.names.items()


def _between(raw: dict[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong between the parts of a line, whatever is wrong within them."""
    items = [*_items(raw, "spans"), *_items(raw, "ungrounded")]
    spans = [_Item(name, _label_of(item)) for item in items if (name := _id_of(item))]
    said, unnamed = [], set()
    for number, item in enumerate(_items(raw, "attributions")):
        if not isinstance(item, dict):
            continue
        name = _id_of(item)
        if not name:
            name = f"`attributions[{number}]`"
            unnamed.add(name)
        names = {role: [i for i in _items(item, role) if isinstance(i, str)] for role in ROLES}
        said.append(_Said(name, names))
    lists = all(isinstance(raw.get(field, []), list) for field in ("spans", "ungrounded"))
    whole = lists and len(spans) == len(items)
    for problem in joint_problems(spans, said, whole=whole):
        if problem.attribution in unnamed:
            what = f"{problem.attribution}: {problem.what}"
            yield replace(problem, attribution="", what=what)
        else:
            yield problem


def _items(raw: dict[str, Any], field: str) -> list[Any]:
    items = raw.get(field)
    return items if isinstance(items, list) else []


def _id_of(item: Any) -> str:
    """Return the id of a part of a line, "" if it has none that is a string."""
    name = item.get("id") if isinstance(item, dict) else None
    return name if isinstance(name, str) else ""


def _label_of(item: dict[str, Any]) -> str:
    label = item.get("label")
    return label if isinstance(label, str) else ""


def left_of(raw: Any, kind: type[S], span_kind: type[msgspec.Struct]) -> S | None:
    """Return what can be read of a line of labels at fault: its spans, each by itself.

    A span of which only id, label or attributes are at fault is kept, for it has its place in the
    text; so the spans of what is returned may break rules of the model.
    """
    if not isinstance(raw, dict):
        return None
    left = {"doc_id": raw.get("doc_id"), "sha256": raw.get("sha256", ""), "spans": []}
    with suppress(msgspec.ValidationError):
        made = msgspec.convert(left, kind)
        spans = [_placed(item, i, span_kind) for i, item in enumerate(_items(raw, "spans"))]
        force_setattr(made, "spans", tuple(span for span in spans if span is not None))
        return made
    return None


def _placed(item: Any, number: int, kind: type[msgspec.Struct]) -> Any:
    """Return a span, one with the same place if that can be read, or None."""
    with suppress(msgspec.ValidationError):
        return msgspec.convert(item, kind)
    if kind is Span and isinstance(item, dict):
        with suppress(msgspec.ValidationError):
            bare = {"id": "x", "label": "ignore", "fragments": item.get("fragments")}
            span = msgspec.convert(bare, kind)
            force_setattr(span, "id", _id_of(item) or f"spans[{number}]")
            return span
    return None
