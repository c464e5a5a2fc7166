"""brat stand-off: a ``.txt`` and an ``.ann`` file a document, as `importers.brat` reads them.

A span is a T record, an attribution an E record of type ``attribution`` with numbered roles; what
triggers it is a copy of its first cue, or of its first content if it has no cue. Attributes with a
closed set of values are A records. What brat has no place for are notes: an entity
(``inquit-entity``), an id that is not ``T`` or ``E`` with a number (``inquit-id``). In the text
field of a span line breaks and tabs are written as blanks, as brat does it.

A document that the layer does not cover has no ``.ann`` file; a corpus without layers gets empty
ones, so that brat can open it. ``metadata.jsonl`` holds what is known of each document beside its
text, ``corpus.toml`` what the layer is, ``annotation.conf`` the labels. Nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from .. import terminal
from ..files import atomic_file, write_atomic
from ..importers.brat import LABELLED, METADATA, NOTE_ENTITY, NOTE_ID, SPACES, TEXT
from ..model import Annotation, Attribution, Document, Fragment
from ..vocabulary import ATTRIBUTES, LABELS, ROLES
from .outgo import Outgo

_EVENT = "attribution"


def write(outgo: Outgo) -> None:
    """Write the files, and those that brat and the importer need beside."""
    labels = outgo.annotations()
    documents = outgo.corpus.documents
    names = outgo.file_names("")
    encoder = msgspec.json.Encoder()
    with atomic_file(outgo.place / METADATA) as stream:
        for document in terminal.track(documents.values(), "writing", len(documents)):
            name = names[document.doc_id]
            record = {"file": name, **msgspec.to_builtins(document)}
            del record["text"]
            stream.write(encoder.encode(record) + b"\n")
            write_atomic(outgo.place / (name + TEXT), document.text.encode())
            annotation = labels.get(document.doc_id)
            if annotation is not None:
                write_atomic(outgo.place / (name + LABELLED), dumps(document, annotation))
                outgo.wrote(annotation)
            else:
                outgo.wrote()
                if not outgo.layers:
                    write_atomic(outgo.place / (name + LABELLED), "")
    write_atomic(outgo.place / "annotation.conf", configuration())
    outgo.write_info()


def dumps(document: Document, annotation: Annotation) -> str:
    r"""Return the .ann file of a document.

    >>> from inquit.corpus import Span
    >>> document = Document(doc_id="d", text="“Go,”\nshe said.")
    >>> spans = [Span("T1", "quote", [(0, 5)]), Span("c", "cue", [(10, 14)])]
    >>> said = Attribution(id="E1", content=["T1"], cue=["c"])
    >>> annotation = Annotation(doc_id="d", spans=spans, attributions=[said])
    >>> print(dumps(document, annotation).expandtabs(4))
    T1  quote 0 5   “Go,”
    T2  cue 10 14   said
    T3  attribution 10 14   said
    E1  attribution:T3 content:T1 cue:T2
    #1  inquit-id T2    c
    <BLANKLINE>
    """
    return "".join(f"{line}\n" for line in _lines(document, annotation))


def configuration() -> str:
    """Return the annotation.conf that tells brat the labels, roles and attributes."""
    count = {role: "+" if role == "content" else "*" for role in ROLES}
    roles = ", ".join(f"{role}{count[role]}:{'|'.join(ROLES[role])}" for role in ROLES)
    attributes = [
        f"{name} Arg:{label}, Value:{'|'.join(values)}"
        for label, known in ATTRIBUTES.items()
        for name, values in known.items()
        if values
    ]
    parts = {
        "entities": LABELS,
        "relations": (),
        "events": [f"{_EVENT} {roles}"],
        "attributes": attributes,
    }
    return "\n".join(f"[{name}]\n" + "".join(f"{x}\n" for x in x_s) for name, x_s in parts.items())


def _lines(document: Document, annotation: Annotation) -> Iterator[str]:
    taken, names = _numbered("T", [span.id for span in annotation.spans])
    _, events = _numbered("E", [a.id for a in annotation.attributions])
    marks: list[str] = []
    notes: list[str] = []
    fragments: dict[str, tuple[Fragment, ...]] = {}
    for span in annotation.spans:
        name = names[span.id]
        fragments[span.id] = span.fragments
        yield _stretch(name, span.label, span.fragments, document.text)
        for attribute, value in span.attributes.items():
            if ATTRIBUTES[span.label][attribute]:
                marks.append(f"{attribute} {name} {value}")
            else:
                notes.append(f"{NOTE_ENTITY} {name}\t{value}")
    for number, attribution in enumerate(annotation.attributions, taken):
        trigger = f"T{number}"
        place = fragments[(attribution.cue or attribution.content)[0]]
        yield _stretch(trigger, _EVENT, place, document.text)
        arguments = " ".join(f"{role}:{names[i]}" for role, i in _arguments(attribution))
        yield f"{events[attribution.id]}\t{_EVENT}:{trigger} {arguments}"
        if attribution.entity:
            notes.append(f"{NOTE_ENTITY} {events[attribution.id]}\t{attribution.entity}")
    renamed = [(new, old) for old, new in (*names.items(), *events.items()) if old != new]
    notes += [f"{NOTE_ID} {new}\t{old}" for new, old in renamed]
    yield from (f"A{number}\t{mark}" for number, mark in enumerate(marks, 1))
    yield from (f"#{number}\t{note}" for number, note in enumerate(notes, 1))


def _numbered(kind: str, ids: Iterable[str]) -> tuple[int, dict[str, str]]:
    """Return the next free number, and a name of brat for each id: its own if it is one."""
    ids = list(ids)
    kept = re.compile(kind + "(0|[1-9][0-9]{0,8})")
    following = 1 + max((int(m[1]) for i in ids if (m := kept.fullmatch(i))), default=0)
    names: dict[str, str] = {}
    for name in ids:
        if kept.fullmatch(name):
            names[name] = name
        else:
            names[name] = f"{kind}{following}"
            following += 1
    return following, names


def _stretch(name: str, label: str, fragments: tuple[Fragment, ...], text: str) -> str:
    offsets = ";".join(f"{start} {end}" for start, end in fragments)
    words = " ".join(text[start:end] for start, end in fragments)
    return f"{name}\t{label} {offsets}\t{words.translate(SPACES)}"


def _arguments(attribution: Attribution) -> Iterator[tuple[str, str]]:
    """Yield (numbered role, span id)."""
    for role, ids in attribution.roles():
        for number, span_id in enumerate(ids, 1):
            yield (role if number == 1 else f"{role}{number}"), span_id
