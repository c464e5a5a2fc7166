"""Whether an extractor keeps the rules that everything else relies on: `check_extractor`.

For extractors what `sklearn.utils.estimator_checks.check_estimator` is for estimators over numbers,
which it cannot be here: it feeds arrays of floats.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from numbers import Real
from typing import Any

from inquit.corpus import Annotation, Attribution, Document, Span
from inquit.corpus.errors import InquitError
from inquit.corpus.terminal import counted

from .base import check_annotations
from .registry import ExtractorError

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
_LONG = 200_000
#: Stands before a text. Short, so that wrong offsets behind another line stay inside the text.
_PLAIN = "****"
#: One code point; two units in UTF-16, four bytes in UTF-8.
_ASTRAL = "\U0001f600"
#: As many code points as `_PLAIN`, fewer once blanks, line breaks or accents are tidied.
_UNTIDY = ("*  *", "***\r", "*e\u0301*")


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
        An instance; it is cloned, never fitted itself. A parameter ``random_state`` is set to 0.
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
    ExtractorError
        If it is no instance of an estimator.
    DataError
        If the annotations do not fit the documents.

    >>> from inquit.eval.extractors.trivial import Nothing
    >>> {c.outcome for c in check_extractor(Nothing())} <= {"passed", "skipped"}
    True
    """
    _refuse_what_is_no_instance(extractor)
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
        raise ExtractorCheckError(
            "\n".join([f"{name} fails {counted(len(failed), 'check')}", *lines])
        )
    return found


def _refuse_what_is_no_instance(extractor: Any) -> None:
    if isinstance(extractor, type):
        name = extractor.__name__
        raise ExtractorError(f"{name} is a class; give an instance: check_extractor({name}())")
    methods = ("fit", "predict", "get_params", "set_params")
    if missing := [name for name in methods if not callable(getattr(extractor, name, None))]:
        raise ExtractorError(
            f"{type(extractor).__name__} has no {missing[0]}(); give an instance of an extractor, "
            "such as inquit.eval.extractors.registry.load('rules')"
        )


def _checked(
    name: str, check: Callable[[Any, _Sample], None], extractor: Any, sample: _Sample
) -> Checked:
    try:
        check(extractor, sample)
    except _BrokenError as broken:
        return Checked(name, FAILED, str(broken))
    except _SkippedError as skipped:
        return Checked(name, SKIPPED, str(skipped))
    except (Exception, SystemExit) as error:
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


def _learned_names(extractor: Any, sample: _Sample) -> None:
    """Check that ``fit`` keeps what it learns where every tool of scikit-learn looks for it."""
    made = _new(extractor)
    last = made.steps[-1][1] if hasattr(made, "steps") else made
    before = dict(getattr(last, "__dict__", {}))
    made.fit(list(sample.documents), list(sample.annotations))
    last = made.steps[-1][1] if hasattr(made, "steps") else made
    parameters = last.get_params(deep=False)
    named = [
        name
        for name, value in getattr(last, "__dict__", {}).items()
        if name not in parameters and (name not in before or before[name] is not value)
        if not name.startswith("_") and not name.endswith("_")
    ]
    if named:
        raise _BrokenError(
            f"fit sets {', '.join(named)}; end the names of what is learned with '_'"
        )


def _input_unchanged(extractor: Any, sample: _Sample) -> None:
    """Check that ``fit`` and ``predict`` leave documents, labels and their lists as they are."""
    documents, annotations = deepcopy((list(sample.documents), list(sample.annotations)))
    given, labels = list(documents), list(annotations)
    fitted = _new(extractor).fit(given, labels)
    kept = (list(sample.documents), list(sample.annotations))
    if (given, labels) != kept or (documents, annotations) != kept:
        raise _BrokenError("fit changes the documents or labels it is given, or their list")
    fitted.predict(given)
    if given != kept[0] or documents != kept[0]:
        raise _BrokenError("predict changes the documents it is given, or their list")


def _score(extractor: Any, sample: _Sample) -> None:
    """Check that ``score`` returns a number."""
    fitted = _fitted(extractor, sample)
    if not callable(getattr(fitted, "score", None)):
        raise _SkippedError("it has no score")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = fitted.score(list(sample.documents), list(sample.annotations))
    if isinstance(found, bool) or not isinstance(found, Real):
        raise _BrokenError(f"score returns {type(found).__name__}, not a float")


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
    """Check that offsets count code points, neither units of UTF-16 nor bytes of UTF-8.

    Those would end behind a text that begins with many characters of several units; and behind few
    such characters they would stand elsewhere than behind as many of one.
    """
    fitted = _fitted(extractor, sample)
    many = [
        _document(n, _ASTRAL * 2 * len(d.text) + " " + d.text)
        for n, d in enumerate(sample.documents)
    ]
    joined = "e\u0301 \U0001f469\u200d\U0001f680 \u202e\u05e9\u05dc\u202c\r\n“\U0001d518\U0001d51f”"
    _predicted(fitted, [*many, _document(99, joined)])
    if _move(fitted, sample, _ASTRAL * len(_PLAIN)):
        raise _BrokenError(
            f"labels move where the line before them is {_ASTRAL * len(_PLAIN)} instead of "
            f"{_PLAIN}; offsets count code points, as len() does"
        )


def _as_it_stands(extractor: Any, sample: _Sample) -> None:
    """Check that offsets are those of the text itself, not of one whose characters were tidied."""
    fitted = _fitted(extractor, sample)
    for line in _UNTIDY:
        if _move(fitted, sample, line):
            raise _BrokenError(
                f"labels move where the line before them is {line!r} instead of {_PLAIN!r}; "
                "offsets are those of the text as it stands, not of a normalised one"
            )


def _move(fitted: Any, sample: _Sample, line: str) -> bool:
    """Return whether labels move when this line stands before the texts, not one as long."""
    plain, other = (
        [_spans_behind(a) for a in _predicted(fitted, _behind(before, sample.documents))]
        for before in (_PLAIN, line)
    )
    pairs = [(p, o) for p, o in zip(plain, other, strict=True) if p or o]
    # A model may take a hint from the line before; offsets of another kind are wrong everywhere.
    return 2 * sum(p != o for p, o in pairs) > len(pairs)


def _behind(line: str, documents: Sequence[Document]) -> list[Document]:
    return [_document(n, f"{line}\n{d.text}") for n, d in enumerate(documents)]


def _spans_behind(annotation: Annotation) -> list[tuple[str, object]]:
    """Return what is labelled behind the line, wherever it starts in that itself."""
    spans = annotation.spans
    return [(span.label, span.fragments) for span in spans if span.start > len(_PLAIN)]


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
    "learned names": _learned_names,
    "input unchanged": _input_unchanged,
    "clone": _clone,
    "not fitted": _not_fitted,
    "in order": _in_order,
    "score": _score,
    "refit": _refit,
    "determinism": _determinism,
    "empty document": _empty_document,
    "empty corpus": _empty_corpus,
    "long document": _long_document,
    "astral characters": _astral,
    "text as it stands": _as_it_stands,
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
