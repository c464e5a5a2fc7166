"""The annotated dataset: its model, readers, checks and release."""

from .directory import Corpus, CorpusInfo, LayerInfo
from .errors import DataError, InquitError, Problem
from .model import Annotation, Attribution, Document, Layer, Span, Ungrounded

__all__ = [
    "Annotation",
    "Attribution",
    "Corpus",
    "CorpusInfo",
    "DataError",
    "Document",
    "InquitError",
    "Layer",
    "LayerInfo",
    "Problem",
    "Span",
    "Ungrounded",
]
