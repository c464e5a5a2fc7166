"""Benchmark definitions: what a public corpus is, where it is had, and what of it is scored.

A definition is a file ``benchmarks/NAME.toml`` beside this module. It holds no text and no labels:
whoever wants to run the benchmark obtains the corpus from its makers. To add one, add a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from typing import Literal

import msgspec

from inquit.corpus.decoding import made
from inquit.corpus.errors import DataError, Problem, did_you_mean, quoted
from inquit.corpus.importers import FORMATS
from inquit.corpus.model import check_layer_name
from inquit.corpus.toml import parsed
from inquit.corpus.vocabulary import GOLD

from .measures import MeasureError, parse_all

_FOLDER = "benchmarks"
_SUFFIX = ".toml"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Definition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One benchmark.

    Parameters
    ----------
    name : str
        Also the name of its file.
    version : str
        As its makers number it; "unversioned" if they do not.
    title, citation : str
    licence : str
        SPDX name; "restricted" where none is stated that allows to pass the corpus on.
    languages : tuple of str
    page : str
        Public address; "" for what comes with this project.
    obtain : str
        What to download, and which folder to name.
    importer : str
        A key of `inquit.corpus.importers.FORMATS`.
    places : tuple of str
        Folders below the one that is named, "." for itself; the first that holds the corpus is
        read.
    holds : tuple of str
        Patterns of paths below a place; one match tells that the corpus is there.
    layer : str
        The layer that is scored against.
    split : {"train", "dev", "test", "all"}
        What is scored unless something else is asked for.
    measures : tuple of str
    about : str
        What a reader of a score should know: how it was split, what is not in the public files.
    seen : str
        What the digests were computed from.
    files : dict of str to str
        SHA-256 by the end of a path, in which ``*`` may stand. A path that ends in ``/`` is a
        folder, its digest that of ``LC_ALL=C; sha256sum * | sha256sum``.
    """

    name: str
    version: str
    title: str
    citation: str
    licence: str
    languages: tuple[str, ...]
    obtain: str
    importer: str
    places: tuple[str, ...]
    holds: tuple[str, ...]
    split: Literal["train", "dev", "test", "all"]
    measures: tuple[str, ...]
    page: str = ""
    layer: str = GOLD
    about: str = ""
    seen: str = ""
    files: dict[str, str] = {}

    def __post_init__(self) -> None:
        if problems := list(_problems(self)):
            raise DataError(problems)

    def how_to_obtain(self) -> str:
        """Return what a person must do to have the corpus, with its licence."""
        lines = [self.title, self.obtain.strip()]
        if self.page:
            lines.append(f"Page: {self.page}")
        restricted = "restricted: inquit knows of none that allows to pass it on"
        licence = restricted if self.licence == "restricted" else self.licence
        lines += [
            f"Licence: {licence}",
            f"Then: inquit eval run EXTRACTOR --on {self.name} --data DIR",
        ]
        return "\n".join(lines)


def names() -> tuple[str, ...]:
    """Return the names of all benchmarks, in alphabetical order."""
    entries = (resources.files(__package__) / _FOLDER).iterdir()
    return tuple(sorted(e.name.removesuffix(_SUFFIX) for e in entries if e.name.endswith(_SUFFIX)))


def read_definition(name: str) -> Definition:
    """Return a benchmark by its name.

    Raises
    ------
    DataError
        If there is none of this name.

    >>> read_definition("polnear").importer
    'polnear'
    >>> read_definition("polnaer")
    Traceback (most recent call last):
    inquit.corpus.errors.DataError: there is no benchmark 'polnaer'; did you mean 'polnear'?
    """
    known = names()
    if name not in known:
        remedy = did_you_mean(name, known) or f"benchmarks: {', '.join(known)}"
        raise DataError(Problem(what=f"there is no benchmark {quoted(name)}", remedy=remedy))
    file = name + _SUFFIX
    return parse((resources.files(__package__) / _FOLDER / file).read_text("utf-8"), file)


def parse(content: str, path: str = "") -> Definition:
    """Return the definition that a file holds.

    Raises
    ------
    DataError
        With everything that is wrong with it.
    """
    try:
        found = made(parsed(content), Definition)
    except DataError as error:
        raise error.at(path=path) from error
    if path and path != found.name + _SUFFIX:
        what = f"defines {quoted(found.name)}"
        raise DataError(Problem(path=path, what=what, remedy=f"name it {found.name}{_SUFFIX}"))
    return found


def _problems(definition: Definition) -> Iterator[Problem]:
    if not _NAME.fullmatch(definition.name):
        yield _of(definition.name, "is no name", "use lower-case letters, digits and '-'")
    for field in ("version", "title", "citation", "licence", "obtain"):
        if not getattr(definition, field).strip():
            yield _of(field, "is empty", "say it")
    for field in ("languages", "places", "holds"):
        if not getattr(definition, field):
            yield _of(field, "is empty", "name at least one")
    if definition.importer not in FORMATS:
        remedy = did_you_mean(definition.importer, FORMATS) or f"use {', '.join(FORMATS)}"
        yield _of(definition.importer, "is no importer", remedy)
    if definition.page and not definition.page.startswith("https://"):
        yield _of(definition.page, "is no address", "begin it with https://")
    for path in (*definition.places, *definition.holds, *definition.files):
        if path.startswith("/") or ".." in path.split("/"):
            yield _of(path, "leads out of the corpus", "give a path below it")
    for path, sha256 in definition.files.items():
        if not _SHA256.fullmatch(sha256):
            yield _of(path, "has no SHA-256", "give 64 hexadecimal digits in lower case")
    if definition.files and not definition.seen.strip():
        yield _of("seen", "is empty", "say what the digests were computed from")
    try:
        check_layer_name(definition.layer)
        parse_all(definition.measures)
    except (DataError, MeasureError) as error:
        yield Problem(what=str(error))


def _of(what: str, fault: str, remedy: str) -> Problem:
    return Problem(what=f"{quoted(what)} {fault}", remedy=remedy)
