"""The trivial systems as estimators; see `trivial_labels` for what they predict and why."""

from __future__ import annotations

from inquit.corpus import Annotation, Document

from .base import Extractor
from .trivial_labels import predict


class Nothing(Extractor):
    """Predicts no labels."""

    def extract(self, document: Document) -> Annotation:
        """Return no labels."""
        return predict("nothing", document)


class EverySentence(Extractor):
    """Predicts that each sentence is a quote, a claim, a source, a cue and an addressee."""

    def extract(self, document: Document) -> Annotation:
        """Return each sentence, once with each scored label."""
        return predict("every-sentence", document)


class EveryParagraph(Extractor):
    """Predicts that each paragraph is a quote, a claim, a source, a cue and an addressee."""

    def extract(self, document: Document) -> Annotation:
        """Return each paragraph, once with each scored label."""
        return predict("every-paragraph", document)


class WholeDocument(Extractor):
    """Predicts that the whole text is a quote, a claim, a source, a cue and an addressee."""

    def extract(self, document: Document) -> Annotation:
        """Return the whole text, once with each scored label."""
        return predict("whole-document", document)
