"""Documents and layers as JSON lines: strict, streaming, every fault of a file reported at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from .errors import DataError, Problem, quoted
from .files import atomic_file
from .model import Annotation, Attribution, Document, Span, Ungrounded


class _Record(Protocol):
    @property
    def doc_id(self) -> str: ...


R = TypeVar("R", bound=_Record)


def read_documents(path: Path) -> Iterator[Document]:
    """Yield the documents of a file; raise DataError with all its faults at the end."""
    return read_records(path, Document, _document_problems)


def read_annotations(path: Path) -> Iterator[Annotation]:
    """Yield the annotations of a layer file; raise DataError with all its faults at the end."""
    return read_records(path, Annotation, _annotation_problems)


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
    """Open a file for reading bytes; raise DataError if that cannot be done."""
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "Is a directory")
        return path.open("rb")
    except OSError as error:
        raise DataError(
            Problem(
                path=str(path),
                what=f"cannot be read ({error.strerror or error})",
                remedy="check the path",
            )
        ) from error


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
    path: Path, kind: type[R], explain: Callable[[Any], Iterator[Problem]]
) -> Iterator[R]:
    """Yield the records of a file; raise DataError with all its faults at the end.

    ``explain`` yields every problem of a decoded line that was refused at its first.
    """
    decoder = msgspec.json.Decoder(kind)
    problems: list[Problem] = []
    first: dict[str, int] = {}
    offset = 0
    with open_for_reading(path) as stream:
        for number, line in enumerate(stream, 1):
            here: dict[str, Any] = {"path": str(path), "line": number}
            try:
                if not line.strip():
                    continue
                record = decoder.decode(line)
                _KEYS.decode(line.decode())
                if record.doc_id in first:
                    raise DataError(
                        Problem(
                            doc_id=record.doc_id,
                            what=f"stands in line {first[record.doc_id]} already",
                            remedy="keep one of the two lines",
                        )
                    )
                first[record.doc_id] = number
            except DataError as error:
                problems += error.at(**here).problems
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                problems += [p.at(**here) for p in _explain(line, offset, error, explain)]
            else:
                yield record
            finally:
                offset += len(line)
    if problems:
        raise DataError(problems)


def _explain(
    line: bytes, offset: int, error: Exception, explain: Callable[[Any], Iterator[Problem]]
) -> Iterator[Problem]:
    """Find every problem of a line that the fast decoder refused at its first."""
    try:
        line.decode()
    except UnicodeDecodeError as fault:
        yield Problem(
            what=f"byte {offset + fault.start} of the file is not UTF-8 ({fault.reason})",
            remedy="save the file as UTF-8",
        )
        return
    try:
        raw = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError) as fault:
        if half := _lone_surrogate(line):
            what = f"holds a lone surrogate, the escape {half}"
            remedy = "write both halves of the pair; half a character cannot be stored"
            yield Problem(what=what, remedy=remedy)
            return
        try:
            raw = json.loads(line.decode())
        except (ValueError, RecursionError):
            remedy = "each line holds one whole JSON object"
            if line.startswith(b"\xef\xbb\xbf"):
                remedy = "save the file without a byte order mark"
            yield Problem(what=f"is not JSON ({fault})", remedy=remedy)
            return
        # Python's reader takes NaN and infinity; what stands around them says where they are.
    doc_id = raw.get("doc_id") if isinstance(raw, dict) else None
    found = [p.at(doc_id=doc_id if isinstance(doc_id, str) else "") for p in explain(raw)]
    yield from found or [Problem(what=str(error), remedy="see the format in docs/formats.md")]


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
    yield from _converted(raw, Document)


def _annotation_problems(raw: Any) -> Iterator[Problem]:
    if not isinstance(raw, dict):
        yield from _converted(raw, Annotation)
        return
    parts: list[Problem] = []
    for field, kind, place in (
        ("spans", Span, "span"),
        ("attributions", Attribution, "attribution"),
        ("ungrounded", Ungrounded, "span"),
    ):
        items = raw.get(field, [])
        for item in items if isinstance(items, list) else []:
            name = item.get("id") if isinstance(item, dict) else None
            where: dict[str, Any] = {place: name if isinstance(name, str) else ""}
            parts += [p.at(**where) for p in _converted(item, kind)]
    if not parts:
        yield from _converted(raw, Annotation)
        return
    yield from parts
    yield from _converted({**raw, "spans": [], "attributions": [], "ungrounded": []}, Annotation)


def _converted(raw: Any, kind: type) -> Iterator[Problem]:
    try:
        msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        if isinstance(error.__cause__, DataError):
            yield from error.__cause__.problems
        else:
            what = str(error).replace("`$.", "`").replace("`$[", "`[")
            yield Problem(what=f"is not a valid {kind.__name__.lower()}: {what}")
