"""Documents and their labels as one self-contained page that runs our own script and no other."""

from .data import Doc, Facets, annotation_data, document_data, document_facets, items_of
from .page import LABELS_ONLY, System, View, browser_data, page, plain, script_data, visible

__all__ = [
    "LABELS_ONLY",
    "Doc",
    "Facets",
    "System",
    "View",
    "annotation_data",
    "browser_data",
    "document_data",
    "document_facets",
    "items_of",
    "page",
    "plain",
    "script_data",
    "visible",
]
