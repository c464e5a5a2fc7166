"""Which form predictions have: told by a file's first bytes, or by what a folder holds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec

from inquit.corpus import DataError, Problem
from inquit.corpus.errors import quoted
from inquit.corpus.jsonl import open_for_reading

from .json_lines import is_strings

_BOM = b"\xef\xbb\xbf"
_TABLES = (b"PAR1", b"ARROW1", b"\xff\xff\xff\xff")
#: What cannot be read as it is: the first bytes, what they are, and what to do.
_FOREIGN = (
    (b"\x1f\x8b", "is compressed (gzip)", "unpack it"),
    (b"PK\x03\x04", "is a ZIP archive or a spreadsheet", "unpack it, or save it as CSV in UTF-8"),
    (b"\xff\xfe\0\0", "is UTF-32", "save it as UTF-8"),
    (b"\0\0\xfe\xff", "is UTF-32", "save it as UTF-8"),
    (b"\xff\xfe", "is UTF-16", "save it as UTF-8"),
    (b"\xfe\xff", "is UTF-16", "save it as UTF-8"),
    (b"\x80\x02", "looks like a pickle, which is not read", "save it in another form"),
    (b"\x80\x04", "looks like a pickle, which is not read", "save it in another form"),
)
_BRAT = re.compile(rb"[TERAMN][0-9]+\t|#[0-9]*\t|\*\t")
_KNOWN = (
    "give JSON lines with offsets or with strings, a CSV of offsets (doc_id,start,end,label), a "
    "Parquet or Arrow file, a saved data set, or a folder of brat files"
)


def recognise(path: Path) -> str:
    """Return the form of predictions, one of FORMS.

    Raises
    ------
    DataError
        If it is none of them: what it seems to be instead, and what to do.
    """
    if path.is_dir():
        return _of_folder(path)
    with open_for_reading(path) as stream:
        first = next((line for line in stream if line.strip()), b"")
    for mark, what, remedy in _FOREIGN:
        if first.startswith(mark):
            raise DataError(Problem(path=str(path), what=what, remedy=remedy))
    if first.startswith(_TABLES):
        return "table"
    line = first.removeprefix(_BOM).strip()
    if not line:
        return "layer"
    if line[:1] in b"{[":
        refuse_whole_json(path, line)
        _refuse_documents(path, line)
        return "strings" if is_strings(path) else "layer"
    names = {name.strip(b"\"' \t").lower() for name in re.split(rb"[,;\t]", line)}
    if b"doc_id" in names or path.suffix.lower() in (".csv", ".tsv"):
        return "offsets_csv"
    if _BRAT.match(line):
        what, remedy = "is one file of a brat folder", "name the folder"
        raise DataError(Problem(path=str(path), what=what, remedy=remedy))
    shown = quoted(line[:200].decode("utf-8", "replace"), 40)
    what = f"begins with {shown}, which no form of predictions does"
    raise DataError(Problem(path=str(path), line=1, what=what, remedy=_KNOWN))


def refuse_whole_json(path: Path, line: bytes = b"") -> None:
    """Raise DataError if a file is one JSON value, such as a result, and not JSON lines.

    ``line`` is its first line that is not blank, if that is known.
    """
    if not line:
        with open_for_reading(path) as stream:
            line = next((line for line in stream if line.strip()), b"").strip()
    if line[:1] not in (b"{", b"["):
        return
    value = _decoded(line)
    if not isinstance(value, dict):
        with open_for_reading(path) as stream:
            value = _decoded(stream.read())
        if value is None:
            return
    elif "inquit_result" not in value:
        return
    if isinstance(value, dict) and "inquit_result" in value:
        made_from = value.get("predictions")
        what = "is a result file: it holds scores, not predictions"
        remedy = "give it to 'inquit eval report', 'compare' or 'leaderboard'"
        if isinstance(made_from, str) and made_from:
            remedy += f", or score its predictions, {quoted(made_from, 200)}"
    else:
        many = isinstance(value, list)
        what = f"is one JSON {'array' if many else 'object over several lines'}"
        remedy = "write each document on a line of its own"
        raise DataError(Problem(path=str(path), line=1, what=what, remedy=remedy))
    raise DataError(Problem(path=str(path), what=what, remedy=remedy))


def _refuse_documents(path: Path, line: bytes) -> None:
    """Raise DataError if the first line is a document, not labels of one."""
    value = _decoded(line)
    if isinstance(value, dict) and "text" in value and "spans" not in value:
        what, remedy = "holds documents, not predictions", "pass it as --documents"
        raise DataError(Problem(path=str(path), what=what, remedy=remedy))


def _decoded(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    if b"NaN" not in content and b"Infinity" not in content:
        return None
    try:
        # What Python writes and JSON has not.
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _of_folder(path: Path) -> str:
    try:
        names = sorted(child.name for child in path.iterdir())
    except OSError as error:
        what = f"cannot be read ({error.strerror or error})"
        raise DataError(Problem(path=str(path), what=what, remedy="check the path")) from error
    saved = "dataset_dict.json" in names or "state.json" in names
    labelled = any(name.lower().endswith(".ann") for name in names)
    if saved and labelled:
        what = "holds a saved data set and brat files"
        remedy = "put the predictions into a folder of their own"
        raise DataError(Problem(path=str(path), what=what, remedy=remedy))
    if saved or labelled:
        return "table" if saved else "brat"
    some = ", ".join(quoted(name, 40) for name in names[:5]) + (", ..." if len(names) > 5 else "")
    what = "is a folder without .ann files, and neither a saved data set nor a corpus"
    what += f": it holds {some}" if names else ": it is empty"
    raise DataError(Problem(path=str(path), what=what, remedy=_KNOWN))
