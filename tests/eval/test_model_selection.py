"""Folds keep groups whole, cover everything once, and are alike in their labels."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_validate

from inquit.corpus import Annotation, Attribution, DataError, Document, Span
from inquit.eval.extractors.rules import RuleExtractor
from inquit.eval.model_selection import GroupedStratifiedKFold, strata


def labelled(number: int, size: int) -> Annotation:
    spans = [Span(f"q{i}", "quote", [(2 * i, 2 * i + 1)]) for i in range(size)]
    return Annotation(doc_id=f"d{number}", spans=spans)


def drawn(groups: list[int], sizes: list[int]) -> tuple[list[Document], list[Annotation]]:
    documents = [
        Document(doc_id=f"d{i}", text="x" * 99, group=f"g{g}" if g else None)
        for i, g in enumerate(groups)
    ]
    return documents, [labelled(i, n) for i, n in enumerate(sizes)]


@settings(max_examples=80, deadline=None)
@given(st.data(), st.integers(2, 5), st.booleans())
def test_folds_cover_all_and_tear_no_group(data, n_splits, shuffle) -> None:
    n = data.draw(st.integers(n_splits, 30))
    groups = data.draw(st.lists(st.integers(0, 12), min_size=n, max_size=n))
    sizes = data.draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))
    documents, y = drawn(groups, sizes)
    folds = GroupedStratifiedKFold(n_splits, shuffle=shuffle, random_state=1 if shuffle else None)
    distinct = len({g for g in groups if g}) + groups.count(0)
    if distinct < n_splits:
        with pytest.raises(DataError, match="folds cannot be made"):
            list(folds.split(documents, y))
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = list(folds.split(documents, y))
    assert len(found) == folds.get_n_splits() == n_splits
    assert sorted(np.concatenate([test for _, test in found]).tolist()) == list(range(n))
    for train, test in found:
        assert sorted([*train, *test]) == list(range(n))
        both = {groups[i] for i in train} & {groups[i] for i in test}
        assert both <= {0}
    again = folds.split(documents, y)
    assert all((a[1] == b[1]).all() for a, b in zip(found, again, strict=True))


def test_folds_are_alike_in_their_labels() -> None:
    sizes = [0] * 20 + [2] * 20 + [30] * 20
    documents, y = drawn([0] * 60, sizes)
    for _, test in GroupedStratifiedKFold(5).split(documents, y):
        assert sorted(sizes[i] for i in test) == [0] * 4 + [2] * 4 + [30] * 4
    assert len(set(strata(y).tolist())) == 3


def test_attributions_count_and_ignored_regions_do_not() -> None:
    spans = [Span("q", "quote", [(0, 2)]), Span("i", "ignore", [(3, 5)])]
    said = [Attribution(id="a", content=["q"])]
    y = [
        Annotation(doc_id="a", spans=spans[1:]),
        Annotation(doc_id="b", spans=spans),
        Annotation(doc_id="c", spans=spans, attributions=said),
    ]
    assert strata(y)[0] == 0 < strata(y)[1] < strata(y)[2]


def test_groups_that_are_passed_go_first() -> None:
    documents, y = drawn([1] * 6, [1] * 6)
    with pytest.raises(DataError, match="2 folds cannot be made of 1 groups"):
        list(GroupedStratifiedKFold(2).split(documents, y))
    [(_, test), _] = GroupedStratifiedKFold(2).split(documents, y, groups=list("aabbbb"))
    assert set(test.tolist()) in ({0, 1}, {2, 3, 4, 5})


def test_what_is_refused() -> None:
    documents, y = drawn([0] * 4, [1] * 4)
    folds = GroupedStratifiedKFold(2)
    for arguments, said in (
        ((documents,), "y is missing"),
        ((documents, y[1:]), "3 annotations stand for 4 documents"),
        ((documents, y, [1]), "1 groups stand for 4 documents"),
        ((documents, list("abcd")), "y holds str"),
    ):
        with pytest.raises(DataError, match=said):
            list(folds.split(*arguments))
    with pytest.raises(DataError, match="5 folds cannot be made of 4 groups"):
        list(GroupedStratifiedKFold(5).split(documents, y))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        *(({"n_splits": n}, "n_splits is") for n in ("3", None, 2.5, 1, 0, -2, True)),
        *(({"shuffle": s}, "shuffle is") for s in (None, 1, "yes")),
        ({"random_state": 0}, "random_state is 0, and nothing is shuffled; give shuffle=True"),
        ({"random_state": "a", "shuffle": True}, "random_state is 'a'; give a whole number"),
        ({"random_state": -1, "shuffle": True}, "random_state is -1; give a whole number"),
    ],
)
def test_what_makes_no_folds_is_refused_at_once(arguments, said) -> None:
    with pytest.raises(DataError, match=said):
        GroupedStratifiedKFold(**arguments)


def test_numbers_of_numpy_are_numbers() -> None:
    folds = GroupedStratifiedKFold(np.int64(3), shuffle=np.bool_(True), random_state=np.int64(1))
    documents, y = drawn([0] * 6, [1] * 6)
    assert len(list(folds.split(documents, y))) == folds.get_n_splits() == 3


@pytest.mark.parametrize("as_array", [False, True])
def test_it_works_in_cross_validation_and_search(as_array) -> None:
    text = "“We sail,” said Ana Reyes. “Crane {} has failed,” Mara Quill said."
    documents = [
        Document(doc_id=f"d{i}", text=text.format(i), group=f"g{i // 2}") for i in range(8)
    ]
    y = RuleExtractor().predict(documents)
    X = np.array(documents, object) if as_array else documents
    folds = GroupedStratifiedKFold(4)
    found = cross_validate(RuleExtractor(), X, y, cv=folds)
    assert found["test_score"].tolist() == [1.0] * 4
    assert cross_validate(
        RuleExtractor(), X, y, cv=GroupKFold(2), groups=[d.group for d in documents]
    )["test_score"].tolist() == [1.0, 1.0]
    search = GridSearchCV(RuleExtractor(), {"indirect": [True, False]}, cv=folds).fit(X, y)
    assert search.best_score_ == 1
    assert clone(RuleExtractor()).get_params()["indirect"] is True
    assert "GroupedStratifiedKFold(n_splits=4" in repr(folds)
