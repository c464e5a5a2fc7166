"""Whether an extractor keeps the rules that everything else relies on: `check_extractor`.

For extractors what `sklearn.utils.estimator_checks.check_estimator` is for estimators over numbers,
which it cannot be here: it feeds arrays of floats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from inquit.corpus import Annotation, Attribution, Document, Span
from inquit.corpus.errors import InquitError

from .base import check_annotations

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
_LONG = 200_000


class ExtractorCheckError(InquitError):
    """An extractor breaks rules; the message lists each with its check."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One check of one extractor; ``message`` says why it failed or was skipped."""

    name: str
    outcome: str
    message: str = ""


class _BrokenError(Exception):
    """A check has failed."""


class _SkippedError(Exception):
    """A check cannot be made."""


@dataclass(frozen=True)
class _Sample:
    documents: tuple[Document, ...]
    annotations: tuple[Annotation, ...]
    long: int


def check_extractor(
    extractor: Any,
    documents: Sequence[Document] | None = None,
    annotations: Sequence[Annotation] | None = None,
    *,
    long: int = _LONG,
    raises: bool = True,
) -> list[Checked]:
    """Check an extractor, or a pipeline that ends with one.

    Parameters
    ----------
    extractor : estimator
        It is cloned, never fitted itself. A parameter ``random_state`` is set to 0.
    documents, annotations : sequences of equal length, optional
        What to fit and predict on, four or more; English articles of two lines if left out.
    long : int
        Characters of the very long document.
    raises : bool
        Whether to raise if a check fails; else the outcomes are only returned.

    Returns
    -------
    list of Checked

    Raises
    ------
    ExtractorCheckError
        If a check fails, with all that did.
    DataError
        If the annotations do not fit the documents.

    >>> from inquit.eval.extractors.trivial import Nothing
    >>> {c.outcome for c in check_extractor(Nothing())} <= {"passed", "skipped"}
    True
    """
    if documents is None or annotations is None:
        pairs = [_example(number) for number in range(6)]
        documents, annotations = [d for d, _ in pairs], [a for _, a in pairs]
    labelled = check_annotations(annotations, documents)
    sample = _Sample(tuple(documents), tuple(labelled), long)
    found = [_checked(name, check, extractor, sample) for name, check in CHECKS.items()]
    failed = [c for c in found if c.outcome == FAILED]
    if failed and raises:
        lines = [f"{c.name}: {c.message}" for c in failed]
        name = type(extractor).__name__
        raise ExtractorCheckError("\n".join([f"{name} fails {len(failed)} checks", *lines]))
    return found


def _checked(
    name: str, check: Callable[[Any, _Sample], None], extractor: Any, sample: _Sample
) -> Checked:
    try:
        check(extractor, sample)
    except _BrokenError as broken:
        return Checked(name, FAILED, str(broken))
    except _SkippedError as skipped:
        return Checked(name, SKIPPED, str(skipped))
    except Exception as error:
        return Checked(name, FAILED, f"{type(error).__name__}: {error}")
    return Checked(name, PASSED)


def _parameters(extractor: Any, sample: _Sample) -> None:
    """Check that ``set_params`` undoes ``get_params``, and that ``fit`` changes no parameter."""
    made = _new(extractor)
    before = made.get_params(deep=False)
    if made.set_params(**before) is not made:
        raise _BrokenError("set_params does not return self")
    after = made.get_params(deep=False)
    if list(after) != list(before) or any(after[key] is not before[key] for key in before):
        raise _BrokenError("set_params(**get_params()) changes parameters; only store them")
    shown = repr(before)
    if made.fit(list(sample.documents), list(sample.annotations)) is not made:
        raise _BrokenError("fit does not return self")
    fitted = made.get_params(deep=False)
    steps = hasattr(made, "steps")
    if not steps and (repr(fitted) != shown or any(fitted[k] is not before[k] for k in before)):
        raise _BrokenError("fit changes parameters; learn into attributes that end with '_'")


def _clone(extractor: Any, sample: _Sample) -> None:
    """Check that a clone has the same parameters and nothing that was learned."""
    from sklearn.base import clone

    fitted = _fitted(extractor, sample)
    copy = clone(fitted)
    if copy is fitted or repr(copy.get_params()) != repr(fitted.get_params()):
        raise _BrokenError("clone has other parameters")
    learned = [name for name in vars(copy) if name.endswith("_") and not name.startswith("_")]
    if learned:
        raise _BrokenError(f"__init__ sets {', '.join(learned)}, names of what is learned")


def _not_fitted(extractor: Any, sample: _Sample) -> None:
    """Check that what must be fitted says so, and that the rest predicts at once."""
    from sklearn.exceptions import NotFittedError

    if not _needs_fit(extractor):
        _predicted(_new(extractor), sample.documents)
        return
    try:
        _new(extractor).predict(list(sample.documents))
    except NotFittedError:
        return
    raise _BrokenError("predict before fit does not raise sklearn.exceptions.NotFittedError")


def _in_order(extractor: Any, sample: _Sample) -> None:
    """Check for one valid annotation a document, whatever the order and company of documents."""
    import numpy as np

    fitted = _fitted(extractor, sample)
    found = _predicted(fitted, sample.documents)
    if _predicted(fitted, sample.documents[::-1]) != found[::-1]:
        raise _BrokenError("predictions depend on the order of documents")
    if [_predicted(fitted, [d])[0] for d in sample.documents] != found:
        raise _BrokenError("a document alone has other predictions than among others")
    array = np.empty(len(sample.documents), dtype=object)
    array[:] = sample.documents
    if check_annotations(fitted.predict(array), sample.documents) != found:
        raise _BrokenError("a numpy array of documents has other predictions than a list")


def _refit(extractor: Any, sample: _Sample) -> None:
    """Check that ``fit`` forgets what was learned before."""
    half = len(sample.documents) // 2
    first, second = (
        _Sample(sample.documents[part], sample.annotations[part], 0)
        for part in (slice(half), slice(half, None))
    )
    fresh = _predicted(_fitted(extractor, second), sample.documents)
    again = _fitted(extractor, first).fit(list(second.documents), list(second.annotations))
    if _predicted(again, sample.documents) != fresh:
        raise _BrokenError("fitted a second time it predicts otherwise than fitted once")


def _determinism(extractor: Any, sample: _Sample) -> None:
    """Check that the same data and parameters give the same predictions."""
    fitted = _fitted(extractor, sample)
    found = _predicted(fitted, sample.documents)
    if _predicted(fitted, sample.documents) != found:
        raise _BrokenError("predicting twice gives different labels")
    if _predicted(_fitted(extractor, sample), sample.documents) != found:
        raise _BrokenError("fitting twice gives different labels; take a parameter random_state")


def _empty_document(extractor: Any, sample: _Sample) -> None:
    """Check that a text without words is no error."""
    texts = ("", " \n\t\n", "\u200b")
    _predicted(_fitted(extractor, sample), [_document(n, t) for n, t in enumerate(texts)])


def _empty_corpus(extractor: Any, sample: _Sample) -> None:
    """Check that no documents give no predictions."""
    found = _fitted(extractor, sample).predict([])
    if len(found):
        raise _BrokenError(f"predict([]) returns {len(found)} annotations")


def _long_document(extractor: Any, sample: _Sample) -> None:
    """Check that a document as long as a book is no error."""
    unit = "\n".join(d.text for d in sample.documents) + "\n"
    text = unit * (sample.long // len(unit) + 1)
    words = "x" * sample.long
    _predicted(_fitted(extractor, sample), [_document(0, text), _document(1, words)])


def _astral(extractor: Any, sample: _Sample) -> None:
    """Check that offsets count code points: those of UTF-8 or UTF-16 would end behind this text."""
    documents = [
        _document(n, "\U0001f600" * 2 * len(d.text) + " " + d.text)
        for n, d in enumerate(sample.documents)
    ]
    joined = "e\u0301 \U0001f469\u200d\U0001f680 \u202e\u05e9\u05dc\u202c\r\n“\U0001d518\U0001d51f”"
    _predicted(_fitted(extractor, sample), [*documents, _document(99, joined)])


def _pipeline(extractor: Any, sample: _Sample) -> None:
    """Check that it works as the last step of a pipeline."""
    from sklearn.pipeline import make_pipeline

    alone = _predicted(_fitted(extractor, sample), sample.documents)
    piped = _fitted(make_pipeline("passthrough", _new(extractor)), sample)
    if _predicted(piped, sample.documents) != alone:
        raise _BrokenError("it predicts otherwise in a pipeline")


def _saved(extractor: Any, sample: _Sample) -> None:
    """Check that written and read by skops, without pickle, it predicts the same."""
    try:
        from skops import io
    except ImportError:
        raise _SkippedError("skops is not installed: pip install 'inquit[skops]'") from None
    fitted = _fitted(extractor, sample)
    content = io.dumps(fitted)
    # What we wrote a moment ago may be trusted; a file from elsewhere may not.
    read = io.loads(content, trusted=io.get_untrusted_types(data=content))
    if _predicted(read, sample.documents) != _predicted(fitted, sample.documents):
        raise _BrokenError("saved and loaded it predicts otherwise")


#: The checks by name, in the order they are made.
CHECKS: dict[str, Callable[[Any, _Sample], None]] = {
    "parameters": _parameters,
    "clone": _clone,
    "not fitted": _not_fitted,
    "in order": _in_order,
    "refit": _refit,
    "determinism": _determinism,
    "empty document": _empty_document,
    "empty corpus": _empty_corpus,
    "long document": _long_document,
    "astral characters": _astral,
    "pipeline": _pipeline,
    "saved": _saved,
}


def _new(extractor: Any) -> Any:
    from sklearn.base import clone

    made = clone(extractor)
    seeds = {k: 0 for k in made.get_params() if k.rpartition("__")[2] == "random_state"}
    return made.set_params(**seeds)


def _fitted(extractor: Any, sample: _Sample) -> Any:
    return _new(extractor).fit(list(sample.documents), list(sample.annotations))


def _predicted(fitted: Any, documents: Sequence[Document]) -> list[Annotation]:
    return check_annotations(fitted.predict(list(documents)), documents)


def _needs_fit(extractor: Any) -> bool:
    from sklearn.utils import get_tags

    return bool(get_tags(extractor).requires_fit)


def _document(number: int, text: str) -> Document:
    return Document(doc_id=f"check-{number}", text=text)


def _example(number: int) -> tuple[Document, Annotation]:
    quote, source, cue = f"“Crane {number} has failed,”", "Mara Quill", "said"
    text = f"{quote} {source} {cue}.\nThe port was closed at {number}."
    document = _document(number, text)
    spans = tuple(_spans(text, quote=quote, source=source, cue=cue))
    said = Attribution(id="a", content=("quote",), source=("source",), cue=("cue",))
    return document, Annotation(
        doc_id=document.doc_id, sha256=document.sha256, spans=spans, attributions=(said,)
    )


def _spans(text: str, **words: str) -> Iterator[Span]:
    for label, word in words.items():
        start = text.index(word)
        yield Span(label, label, ((start, start + len(word)),))
