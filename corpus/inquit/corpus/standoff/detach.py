"""Taking the labels of a corpus off their texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from .. import terminal
from ..directory import Corpus
from ..errors import DataError, Problem, quoted
from ..model import Annotation, Document, Fragment
from ..vocabulary import LABELS
from .anchors import Anchorer
from .folder import Standoff
from .records import Anchored, LeftBehind, Text

_WORD = re.compile(r"[^\W\d_]{4,}")
_OUR_WORDS = {*LABELS, "span", "attribution"}


def detach(corpus: Corpus, *, obtain: str = "") -> Standoff:
    """Return the labels of a corpus, with proofs, and without a word of its texts.

    Titles and ``meta`` are left behind. A name (``entity``) is replaced by a number and, where it
    stands in the text, by the place of it; so `attach` restores it. Identifiers, publisher and
    address go out as they are.

    Parameters
    ----------
    corpus : Corpus
    obtain : str
        How to obtain the texts; what the corpus says about that when left out.

    Raises
    ------
    DataError
        If nobody is told how to obtain a text, or an id of a span or attribution is a word of it.
    """
    obtain = obtain or corpus.info.obtain
    by_layer = {name: layer.by_document() for name, layer in corpus.layers.items()}
    problems: list[Problem] = []
    texts: dict[str, Text] = {}
    labels: dict[str, list[Annotation]] = {name: [] for name in by_layer}
    anchors: dict[str, dict[str, Anchored]] = {name: {} for name in by_layer}
    lost = 0
    documents = corpus.documents.values()
    for document in terminal.track(documents, "detaching", len(documents)):
        doc_id = document.doc_id
        if not obtain and not document.url:
            what = "has no url, and nothing is said about how to obtain its text"
            problems.append(Problem(doc_id=doc_id, what=what, remedy="pass --obtain 'how'"))
        found = {name: known[doc_id] for name, known in by_layer.items() if doc_id in known}
        problems += _telling_ids(document, found.values())
        numbers = _numbers(document, [found[name] for name in sorted(found)])
        places = {n: at for name, n in numbers.items() if (at := _place(name, document.text))}
        lost += len(numbers) - len(places)
        anchorer = Anchorer(document)
        texts[doc_id] = anchorer.text(places)
        for name, annotation in found.items():
            labels[name].append(with_names(annotation, numbers.__getitem__))
            anchors[name][doc_id] = anchorer.labels(annotation)
    if problems:
        raise DataError(problems)
    layers = {
        name: msgspec.structs.replace(corpus.layers[name], annotations=tuple(annotations))
        for name, annotations in labels.items()
    }
    left = LeftBehind(
        titles=sum(d.title is not None for d in documents),
        meta=sum(bool(d.meta) for d in documents),
        names=lost,
    )
    info = msgspec.structs.replace(corpus.info, obtain=obtain)
    return Standoff(info, texts, layers, anchors, left)


def telling(document: Document) -> set[str]:
    """Return the words that a text has in common with its own identifiers, publisher or address.

    >>> sorted(telling(Document(doc_id="no-crane-today", text="The crane fell.")))
    ['crane']
    """
    pointers = (document.doc_id, document.group, document.publisher, document.url)
    return _words(" ".join(filter(None, pointers))) & _words(document.text)


def with_names(annotation: Annotation, renamed: Callable[[str], str]) -> Annotation:
    """Return the same labels with each name of an entity replaced."""
    spans = [
        msgspec.structs.replace(
            span, attributes={**span.attributes, "entity": renamed(span.attributes["entity"])}
        )
        if "entity" in span.attributes
        else span
        for span in annotation.spans
    ]
    attributions = [
        msgspec.structs.replace(a, entity=renamed(a.entity)) if a.entity else a
        for a in annotation.attributions
    ]
    return msgspec.structs.replace(annotation, spans=tuple(spans), attributions=tuple(attributions))


def _numbers(document: Document, annotations: Iterable[Annotation]) -> dict[str, str]:
    """Give each name a number, one that the text does not hold as words."""
    numbers: dict[str, str] = {}
    count = 0

    def number(name: str) -> str:
        nonlocal count
        while name not in numbers:
            count += 1
            if f"name-{count}" not in document.text:
                numbers[name] = f"name-{count}"
        return numbers[name]

    for annotation in annotations:
        with_names(annotation, number)
    return numbers


def _place(name: str, text: str) -> Fragment | None:
    start = text.find(name)
    return None if start < 0 else (start, start + len(name))


def _telling_ids(document: Document, annotations: Iterable[Annotation]) -> Iterator[Problem]:
    words: set[str] = set()
    for annotation in annotations:
        for place, labels in (("span", annotation.spans), ("attribution", annotation.attributions)):
            for label in labels:
                told = _words(label.id) - _OUR_WORDS
                if told and not words:
                    words = _words(document.text)
                if shown := sorted(told & words):
                    what = f"its id has a word of the text, {quoted(shown[0])}"
                    remedy = "rename it: ids go out as they are"
                    problem = Problem(doc_id=document.doc_id, what=what, remedy=remedy)
                    yield problem.at(**{place: label.id})


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}
