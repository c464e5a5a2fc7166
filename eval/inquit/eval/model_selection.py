"""Cross-validation over documents: folds that keep groups whole and are alike in their labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.model_selection import BaseCrossValidator, StratifiedGroupKFold
from sklearn.utils import check_random_state

from inquit.corpus import Annotation, DataError, Document, Problem

from .counting.charsets import IntArray

_LEVELS = 4


class GroupedStratifiedKFold(BaseCrossValidator):  # type: ignore[misc]  # sklearn has no types
    """Folds in which no group is torn, and that are alike in how much is labelled.

    scikit-learn's `StratifiedGroupKFold` wants one class a row, a document has any number of
    labels. So each document gets a code: how many items it has compared with the others (none,
    then up to four levels of about as many documents each). `StratifiedGroupKFold` balances the
    codes over the folds and keeps groups whole.

    Groups are, in this order: ``groups`` as passed to `split`, the documents' ``group``, each
    document for itself.

    Parameters
    ----------
    n_splits : int
        At least 2.
    shuffle : bool
    random_state : int or None
        With ``shuffle`` only.

    Raises
    ------
    DataError
        If an argument is of another kind, or there is a ``random_state`` without ``shuffle``.

    >>> documents = [Document(doc_id=f"d{i}", text="x", group=f"g{i // 2}") for i in range(8)]
    >>> y = [Annotation(doc_id=d.doc_id, spans=()) for d in documents]
    >>> for _, test in GroupedStratifiedKFold(2).split(documents, y):
    ...     print([documents[i].group for i in test])
    ['g0', 'g0', 'g2', 'g2']
    ['g1', 'g1', 'g3', 'g3']
    """

    def __init__(
        self, n_splits: int = 5, *, shuffle: bool = False, random_state: int | None = None
    ) -> None:
        if problems := list(_misfits(n_splits, shuffle, random_state)):
            raise DataError(problems)
        self.n_splits = n_splits
        self.shuffle = shuffle
        self.random_state = random_state

    def split(
        self,
        X: Sequence[Document],
        y: Iterable[Annotation] | None = None,
        groups: Sequence[Hashable] | None = None,
    ) -> Iterator[tuple[IntArray, IntArray]]:
        """Yield the row numbers of the training and the test documents of each fold.

        Parameters
        ----------
        X : sequence of Document, length n
        y : sequence of Annotation, length n
        groups : sequence of length n, optional
            The documents' own groups if left out.

        Raises
        ------
        DataError
            If ``y`` is missing or of another length, or there are fewer groups than folds.
        """
        documents = list(X)
        if y is None:
            raise DataError(
                Problem(what="y is missing", remedy="folds are made alike by labels: pass y")
            )
        code = strata(y)
        given = list(_groups(documents) if groups is None else groups)
        for what, values in (("annotations", code), ("groups", given)):
            if len(values) != len(documents):
                raise DataError(
                    Problem(
                        what=f"{len(values)} {what} stand for {len(documents)} documents",
                        remedy="give one a document, in the same order",
                    )
                )
        numbers: dict[Hashable, int] = {}
        rows = np.array([numbers.setdefault(group, len(numbers)) for group in given], np.int64)
        if not 2 <= self.n_splits <= len(numbers):
            raise DataError(
                Problem(
                    what=f"{self.n_splits} folds cannot be made of {len(numbers)} groups",
                    remedy="give n_splits from 2 up to the number of groups",
                )
            )
        # A level rarer than the folds is no fault of the user; it joins the level below.
        code = _joined(code, self.n_splits)
        state = check_random_state(self.random_state) if self.shuffle else None
        folds = StratifiedGroupKFold(self.n_splits, shuffle=bool(self.shuffle), random_state=state)
        yield from folds.split(np.zeros(len(documents)), code, rows)

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:  # noqa: ARG002  # scikit-learn's signature
        """Return the number of folds."""
        return self.n_splits


def _misfits(n_splits: Any, shuffle: Any, random_state: Any) -> Iterator[Problem]:
    whole = isinstance(n_splits, Integral) and not isinstance(n_splits, bool)
    if not whole or n_splits < 2:
        remedy = "give the number of folds, 2 or more"
        yield Problem(what=f"n_splits is {n_splits!r}", remedy=remedy)
    if not isinstance(shuffle, bool | np.bool_):
        yield Problem(what=f"shuffle is {shuffle!r}", remedy="give True or False")
    elif random_state is not None and not shuffle:
        what = f"random_state is {random_state!r}, and nothing is shuffled"
        yield Problem(what=what, remedy="give shuffle=True, or leave random_state out")
    try:
        check_random_state(random_state)
    except ValueError:
        what = f"random_state is {random_state!r}"
        yield Problem(what=what, remedy="give a whole number from 0, or None")


def strata(y: Iterable[Annotation]) -> IntArray:
    """Return a code for each document: 0 without labels, then levels of the number of items.

    Items are spans that are scored, and attributions.

    >>> from inquit.corpus import Span
    >>> spans = [Span(f"q{i}", "quote", [(i, i + 1)]) for i in range(4)]
    >>> strata([Annotation(doc_id="d", spans=spans[:n]) for n in (0, 1, 2, 3, 4)])
    array([0, 1, 2, 3, 4])
    """
    sizes = np.array([_size(annotation) for annotation in y], np.int64)
    labelled = sizes[sizes > 0]
    if not len(labelled):
        return np.zeros_like(sizes)
    edges = np.quantile(labelled, np.arange(1, _LEVELS) / _LEVELS)
    levels: IntArray = np.searchsorted(np.unique(edges), sizes, side="left") + 1
    return np.where(sizes > 0, levels, 0)


def _size(annotation: Annotation) -> int:
    if not isinstance(annotation, Annotation):
        what = f"y holds {type(annotation).__name__}"
        raise DataError(Problem(what=what, remedy="give inquit annotations"))
    return sum(s.label != "ignore" for s in annotation.spans) + len(annotation.attributions)


def _groups(documents: Sequence[Document]) -> Iterator[Hashable]:
    for number, document in enumerate(documents):
        group = getattr(document, "group", None)
        yield ("group", group) if group else ("document", number)


def _joined(code: IntArray, least: int) -> IntArray:
    """Join levels that fewer documents than folds have with the level below, or above the first."""
    counts = sorted(Counter(code.tolist()).items())
    place: dict[int, int] = {}
    kept: list[int] = []
    held = 0
    for level, count in counts:
        if not kept or held >= least:
            kept.append(level)
            held = 0
        place[level] = kept[-1]
        held += count
    if len(kept) > 1 and held < least:
        place = {level: kept[-2] if to == kept[-1] else to for level, to in place.items()}
    return np.array([place[level] for level in code.tolist()], np.int64)
