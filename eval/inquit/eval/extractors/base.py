"""The base class of extractors: scikit-learn estimators from documents to annotations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError

from inquit.corpus import Annotation, DataError, Document, Problem
from inquit.corpus.errors import InquitError

if TYPE_CHECKING:
    from typing import Self


class ExtractorStopped(InquitError):  # noqa: N818  # it says what happened
    """Raised by an extractor that can label no document at all: it ends a run at once."""


class ParameterError(ExtractorStopped, ValueError):
    """Raised by an extractor whose parameters are wrong, when it is to label documents."""


class Extractor(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no complete types
    """An estimator that labels documents.

    ``X`` is a sequence of `Document` (a list, or a numpy array of objects), ``y`` the sequence of
    their `Annotation`, in the same order. Because both are plain sequences, extractors work in
    ``cross_validate`` (with ``groups`` and `GroupKFold`), ``GridSearchCV`` and ``Pipeline``.

    A subclass writes ``extract``; one that learns also writes ``learn`` and sets
    ``needs_fit = True``. As everywhere in scikit-learn, ``__init__`` only stores its parameters,
    and what is learned goes into attributes whose names end with an underscore (or begin with one,
    if they are nobody else's concern).

    >>> class Shout(Extractor):
    ...     def extract(self, document):
    ...         return Annotation(doc_id=document.doc_id, sha256=document.sha256, spans=())
    >>> Shout().predict([Document(doc_id="d", text="Hi")])[0].spans
    ()
    """

    #: Whether ``predict`` needs ``fit`` before it; `eval run` then trains on the train split.
    needs_fit: bool = False

    def extract(self, document: Document) -> Annotation:
        """Return the labels of one document; written by subclasses."""
        raise NotImplementedError(f"{type(self).__name__} must write extract")

    def learn(self, documents: list[Document], annotations: list[Annotation]) -> None:
        """Learn from labelled documents; written by subclasses that need it."""

    def fit(self, X: Iterable[Document], y: Iterable[Annotation] | None = None) -> Self:
        """Learn from documents and their labels.

        Parameters
        ----------
        X : sequence of Document, length n
        y : sequence of Annotation, length n
            May be left out by extractors that learn nothing.

        Returns
        -------
        self

        Raises
        ------
        DataError
            If ``y`` is missing where it is needed, or does not fit ``X``.
        """
        documents = check_documents(X)
        if y is not None:
            self.learn(documents, check_annotations(y, documents))
        elif self.needs_fit:
            raise DataError(
                Problem(
                    what=f"{type(self).__name__} learns from labels, and y is missing",
                    remedy="call fit(documents, annotations)",
                )
            )
        self.n_documents_seen_ = len(documents)
        return self

    def predict(self, X: Iterable[Document]) -> list[Annotation]:
        """Return one annotation a document, in the order of ``X``.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            If the extractor learns and has not been fitted.
        DataError
            If a label does not fit its document.
        """
        documents = check_documents(X)
        self.check_fitted()
        found = [self.extract(document) for document in documents]
        return check_annotations(found, documents)

    def score(self, X: Iterable[Document], y: Iterable[Annotation]) -> float:
        """Return the headline, attribution.f1@iou50, of the predictions for ``X`` against ``y``.

        It is nan where neither side has any attribution.
        """
        from inquit.eval.metrics import attribution_f1_score

        documents = check_documents(X)
        gold = check_annotations(y, documents)
        return float(attribution_f1_score(gold, self.predict(documents)))

    def check_fitted(self) -> None:
        """Raise NotFittedError if the extractor learns and has not been fitted."""
        if self.needs_fit and not hasattr(self, "n_documents_seen_"):
            raise NotFittedError(
                f"this {type(self).__name__} has not been fitted; "
                "call fit(documents, annotations) before predict"
            )

    def __sklearn_is_fitted__(self) -> bool:
        return not self.needs_fit or hasattr(self, "n_documents_seen_")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.estimator_type = "extractor"
        tags.requires_fit = self.needs_fit
        tags.target_tags.required = self.needs_fit
        tags.target_tags.one_d_labels = False
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        return tags


def check_documents(X: Iterable[Document]) -> list[Document]:
    """Return ``X`` as a list; raise DataError if it holds anything but documents."""
    if isinstance(X, (str, bytes, Document)) or not isinstance(X, Iterable):
        raise _wrong("X is", X, "a sequence of inquit documents")
    documents = list(X)
    for item in documents:
        if not isinstance(item, Document):
            raise _wrong("X holds", item, "inquit documents; see inquit.corpus.Document")
    return documents


def check_annotations(y: Iterable[Annotation], documents: Sequence[Document]) -> list[Annotation]:
    """Return ``y`` as a list; raise DataError unless it labels these documents, in this order."""
    if isinstance(y, (str, bytes, Annotation)) or not isinstance(y, Iterable):
        raise _wrong("y is", y, "a sequence of inquit annotations")
    annotations = list(y)
    if len(annotations) != len(documents):
        raise DataError(
            Problem(
                what=f"{len(annotations)} annotations stand for {len(documents)} documents",
                remedy="give one annotation a document, in the same order",
            )
        )
    problems: list[Problem] = []
    for annotation, document in zip(annotations, documents, strict=True):
        if not isinstance(annotation, Annotation):
            raise _wrong("y holds", annotation, "inquit annotations; see inquit.corpus.Annotation")
        if annotation.doc_id != document.doc_id:
            problems.append(
                Problem(
                    doc_id=document.doc_id,
                    what=f"stands beside labels of document {annotation.doc_id!r}",
                    remedy="give annotations in the order of the documents",
                )
            )
        else:
            problems += annotation.problems_with(document)
    if problems:
        raise DataError(problems)
    return annotations


def _wrong(what: str, value: object, wanted: str) -> DataError:
    name = "None" if value is None else type(value).__name__
    article = "" if value is None else "an " if name[0] in "AEIOUaeiou" else "a "
    return DataError(Problem(what=f"{what} {article}{name}", remedy=f"give {wanted}"))
