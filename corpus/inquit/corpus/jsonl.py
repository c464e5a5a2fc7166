"""Documents and layers as JSON lines: strict, streaming, every fault of a file reported at once."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import msgspec

from .decoding import faults, faults_within, shown
from .errors import DataError, Problem, quoted
from .files import atomic_file
from .model import Annotation, Attribution, Document, Span, Ungrounded


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
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        name = next(name for name in names if names.count(name) > 1)
        raise DataError(
            Problem(
                what=f"key {quoted(name)} stands twice in one object", remedy="keep one of the two"
            )
        )


#: Of a key that stands twice a decoder takes the last and drops the first; this one refuses it.
_KEYS = json.JSONDecoder(object_pairs_hook=_no_key_twice)


def read_records(
    path: Path,
    kind: type[R],
    explain: Callable[[Any], Iterator[Problem]],
    left_of: Callable[[Any], R | None] = lambda raw: None,  # noqa: ARG005
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
            try:
                if not line.strip():
                    continue
                begun, is_first = True, not begun
                record = decoder.decode(line)
                _take_once(first, record.doc_id, number)
                _KEYS.decode(line.decode())
            except DataError as error:
                problems += error.at(**here).problems
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                if is_first and (what := _one_value(path, line)):
                    remedy = "write each document on a line of its own"
                    raise DataError(Problem(what=what, remedy=remedy, **here)) from error
                found, raw = _explain(line, offset, error, explain)
                rest = left_of(raw)
                try:
                    if isinstance(raw, dict) and isinstance(raw.get("doc_id"), str):
                        _take_once(first, raw["doc_id"], number)
                    left += [] if rest is None else [rest]
                except DataError as twice:
                    found += twice.problems
                problems += [p.at(**here) for p in found]
            else:
                yield record
            finally:
                offset += len(line)
    if problems:
        raise LinesError(problems, left, first)


def _take_once(first: dict[str, int], doc_id: str, number: int) -> None:
    if doc_id in first:
        what, remedy = f"stands in line {first[doc_id]} already", "keep one of the two lines"
        raise DataError(Problem(doc_id=doc_id, what=what, remedy=remedy))
    first[doc_id] = number


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
        items = raw.get(field)
        for number, item in enumerate(items if isinstance(items, list) else ()):
            name = item.get("id") if isinstance(item, dict) else None
            where = name if isinstance(name, str) else ""
            within = "" if where else f"{field}[{number}]"
            found += [p.at(**{place: where}) for p in of_part(item, item_kind, within)]
    if found:
        yield from found
        raw = {k: [] if k in parts and isinstance(v, list) else v for k, v in raw.items()}
    yield from faults(raw, kind)


def left_of(raw: Any, kind: type[S], span_kind: type[msgspec.Struct]) -> S | None:
    """Return what can be read of a line of labels at fault: its spans, each by itself."""
    if not isinstance(raw, dict):
        return None
    spans: dict[str, Any] = {}
    items = raw.get("spans")
    for item in items if isinstance(items, list) else ():
        with suppress(msgspec.ValidationError):
            span: Any = msgspec.convert(item, span_kind)
            spans.setdefault(span.id, span)
    left = {"doc_id": raw.get("doc_id"), "sha256": raw.get("sha256", ""), "spans": []}
    with suppress(msgspec.ValidationError):
        return msgspec.structs.replace(msgspec.convert(left, kind), spans=tuple(spans.values()))
    return None
