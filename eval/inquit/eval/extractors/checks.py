"""Whether an extractor keeps the rules that everything else relies on: `check_extractor`.

For extractors what `sklearn.utils.estimator_checks.check_estimator` is for estimators over numbers,
which it cannot be here: it feeds arrays of floats.
"""

from __future__ import annotations

import math
import random
import warnings
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from numbers import Real
from typing import Any

from inquit.corpus import Annotation, Document
from inquit.corpus.errors import InquitError, named
from inquit.corpus.terminal import counted

from .base import check_annotations
from .check_sample import (
    BrokenError,
    Sample,
    SkippedError,
    example,
    fitted_on,
    needs_fit,
    new,
    predicted,
)
from .check_texts import as_it_stands, astral, empty_corpus, empty_document, long_document
from .registry import ExtractorError

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
        pairs = [example(number) for number in range(6)]
        documents, annotations = [d for d, _ in pairs], [a for _, a in pairs]
    labelled = check_annotations(annotations, documents)
    sample = Sample(tuple(documents), tuple(labelled), long)
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
    name: str, check: Callable[[Any, Sample], None], extractor: Any, sample: Sample
) -> Checked:
    try:
        check(extractor, sample)
    except BrokenError as broken:
        return Checked(name, FAILED, str(broken))
    except SkippedError as skipped:
        return Checked(name, SKIPPED, str(skipped))
    except (Exception, SystemExit) as error:
        return Checked(name, FAILED, named(error))
    return Checked(name, PASSED)


def _parameters(extractor: Any, sample: Sample) -> None:
    """Check that ``set_params`` undoes ``get_params``, and that nothing else changes one."""
    made = new(extractor)
    before = made.get_params(deep=False)
    if made.set_params(**before) is not made:
        raise BrokenError("set_params does not return self")
    after = made.get_params(deep=False)
    if list(after) != list(before) or any(after[key] is not before[key] for key in before):
        raise BrokenError("set_params(**get_params()) changes parameters; only store them")
    shown = repr(before)
    if made.fit(list(sample.documents), list(sample.annotations)) is not made:
        raise BrokenError("fit does not return self")
    if hasattr(made, "steps"):
        return

    def changed() -> bool:
        now = made.get_params(deep=False)
        return repr(now) != shown or any(now[key] is not before[key] for key in before)

    if changed():
        raise BrokenError("fit changes parameters; learn into attributes that end with '_'")
    made.predict(deepcopy(list(sample.documents)))
    if changed():
        raise BrokenError("predict changes parameters, or what they hold; only read them")


def _learned_names(extractor: Any, sample: Sample) -> None:
    """Check that ``fit`` keeps what it learns where every tool of scikit-learn looks for it."""
    made = new(extractor)
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
        raise BrokenError(f"fit sets {', '.join(named)}; end the names of what is learned with '_'")


def _input_unchanged(extractor: Any, sample: Sample) -> None:
    """Check that ``fit`` and ``predict`` leave documents, labels and their lists as they are."""
    documents, annotations = deepcopy((list(sample.documents), list(sample.annotations)))
    given, labels = list(documents), list(annotations)
    fitted = new(extractor).fit(given, labels)
    kept = (list(sample.documents), list(sample.annotations))
    if (given, labels) != kept or (documents, annotations) != kept:
        raise BrokenError("fit changes the documents or labels it is given, or their list")
    fitted.predict(given)
    if given != kept[0] or documents != kept[0]:
        raise BrokenError("predict changes the documents it is given, or their list")


def _score(extractor: Any, sample: Sample) -> None:
    """Check that ``score`` returns a finite number, if the sample has what it counts."""
    fitted = fitted_on(extractor, sample)
    if not callable(getattr(fitted, "score", None)):
        raise SkippedError("it has no score")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = fitted.score(list(sample.documents), list(sample.annotations))
    if isinstance(found, bool) or not isinstance(found, Real):
        raise BrokenError(f"score returns {type(found).__name__}, not a float")
    if found in (math.inf, -math.inf):
        raise BrokenError(
            f"score returns {found}; a score that others can be held against is finite"
        )
    if found != found:
        # Right for a measure that nothing in the sample is counted by.
        raise SkippedError("score is nan here; give documents with labels that it counts")


def _clone(extractor: Any, sample: Sample) -> None:
    """Check that a clone has the same parameters and nothing that was learned."""
    from sklearn.base import clone

    fitted = fitted_on(extractor, sample)
    copy = clone(fitted)
    if copy is fitted or repr(copy.get_params()) != repr(fitted.get_params()):
        raise BrokenError("clone has other parameters")
    learned = [name for name in vars(copy) if name.endswith("_") and not name.startswith("_")]
    if learned:
        raise BrokenError(f"__init__ sets {', '.join(learned)}, names of what is learned")


def _not_fitted(extractor: Any, sample: Sample) -> None:
    """Check that what must be fitted says so, and that the rest predicts at once."""
    from sklearn.exceptions import NotFittedError

    if not needs_fit(extractor):
        predicted(new(extractor), sample.documents)
        return
    try:
        new(extractor).predict(list(sample.documents))
    except NotFittedError:
        return
    raise BrokenError("predict before fit does not raise sklearn.exceptions.NotFittedError")


def _in_order(extractor: Any, sample: Sample) -> None:
    """Check for one valid annotation a document, whatever the order and company of documents."""
    import numpy as np

    fitted = fitted_on(extractor, sample)
    found = predicted(fitted, sample.documents)
    if predicted(fitted, sample.documents[::-1]) != found[::-1]:
        raise BrokenError("predictions depend on the order of documents")
    if [predicted(fitted, [d])[0] for d in sample.documents] != found:
        raise BrokenError("a document alone has other predictions than among others")
    array = np.empty(len(sample.documents), dtype=object)
    array[:] = sample.documents
    if check_annotations(fitted.predict(array), sample.documents) != found:
        raise BrokenError("a numpy array of documents has other predictions than a list")


def _refit(extractor: Any, sample: Sample) -> None:
    """Check that ``fit`` forgets what was learned before."""
    half = len(sample.documents) // 2
    first, second = (
        Sample(sample.documents[part], sample.annotations[part], 0)
        for part in (slice(half), slice(half, None))
    )
    fresh = predicted(fitted_on(extractor, second), sample.documents)
    again = fitted_on(extractor, first).fit(list(second.documents), list(second.annotations))
    if predicted(again, sample.documents) != fresh:
        raise BrokenError("fitted a second time it predicts otherwise than fitted once")


def _determinism(extractor: Any, sample: Sample) -> None:
    """Check that the same data and parameters give the same predictions."""
    fitted = fitted_on(extractor, sample)
    found = predicted(fitted, sample.documents)
    if predicted(fitted, sample.documents) != found:
        raise BrokenError("predicting twice gives different labels")
    if predicted(fitted_on(extractor, sample), sample.documents) != found:
        raise BrokenError("fitting twice gives different labels; take a parameter random_state")


def _randomness(extractor: Any, sample: Sample) -> None:
    """Check that what others draw from the generators of Python and numpy stays random."""
    import numpy as np

    kept, kept_numpy = random.getstate(), np.random.get_state()
    ends = []
    try:
        for seed in (1, 2):
            random.seed(seed)
            np.random.seed(seed)
            predicted(fitted_on(extractor, sample), sample.documents)
            ends.append((random.getstate(), repr(np.random.get_state())))
    finally:
        random.setstate(kept)
        np.random.set_state(kept_numpy)
    for name, one, other in zip(("random", "numpy.random"), *ends, strict=True):
        if one == other:
            raise BrokenError(
                f"it seeds {name} for the whole program; draw from a generator of its own"
            )


def _pipeline(extractor: Any, sample: Sample) -> None:
    """Check that it works as the last step of a pipeline."""
    from sklearn.pipeline import make_pipeline

    alone = predicted(fitted_on(extractor, sample), sample.documents)
    piped = fitted_on(make_pipeline("passthrough", new(extractor)), sample)
    if predicted(piped, sample.documents) != alone:
        raise BrokenError("it predicts otherwise in a pipeline")


def _saved(extractor: Any, sample: Sample) -> None:
    """Check that written and read by skops, without pickle, it predicts the same."""
    try:
        from skops import io
    except ImportError:
        raise SkippedError("skops is not installed: pip install 'inquit[skops]'") from None
    fitted = fitted_on(extractor, sample)
    content = io.dumps(fitted)
    # What we wrote a moment ago may be trusted; a file from elsewhere may not.
    read = io.loads(content, trusted=io.get_untrusted_types(data=content))
    if predicted(read, sample.documents) != predicted(fitted, sample.documents):
        raise BrokenError("saved and loaded it predicts otherwise")


#: The checks by name, in the order they are made.
CHECKS: dict[str, Callable[[Any, Sample], None]] = {
    "parameters": _parameters,
    "learned names": _learned_names,
    "input unchanged": _input_unchanged,
    "clone": _clone,
    "not fitted": _not_fitted,
    "in order": _in_order,
    "score": _score,
    "refit": _refit,
    "determinism": _determinism,
    "randomness": _randomness,
    "empty document": empty_document,
    "empty corpus": empty_corpus,
    "long document": long_document,
    "astral characters": astral,
    "text as it stands": as_it_stands,
    "pipeline": _pipeline,
    "saved": _saved,
}
