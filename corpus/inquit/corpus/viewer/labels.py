"""The page of ``inquit corpus show --html``: documents with the labels of one layer."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ..html import labelled, legend
from ..model import Annotation, Document, Layer
from .data import Facets, document_facets, items_of
from .page import System, browser_data, page, plain, visible


def labels_page(
    documents: Sequence[Document], layer: Layer | None = None, *, corpus: str = ""
) -> str:
    """Return a page of its own with documents and their labels.

    Parameters
    ----------
    documents : sequence of Document
        At least one. A page with one document shows its text also where scripts are off.
    layer : Layer, optional
        Whose labels are shown; without it the texts alone.
    corpus : str
        Name of the corpus, for the heading of a page with several documents.
    """
    labels = layer.by_document() if layer is not None else {}
    found = [labels.get(document.doc_id) for document in documents]
    items = [[] if annotation is None else items_of(annotation) for annotation in found]
    facets = Facets()
    docs = document_facets(documents, facets)
    name = "" if layer is None else layer.name
    one = documents[0] if len(documents) == 1 else None
    title = (one.title or one.doc_id) if one else corpus or "corpus"
    return page(
        title=title,
        heading=_heading(title, layer),
        data=browser_data(docs, found, [System(name, items)], facets, layer=name or "no layer"),
        without_scripts=Markup("") if one is None else _without_scripts(one, found[0]),
    )


def _heading(title: str, layer: Layer | None) -> Markup:
    facts = []
    if layer is not None:
        facts = [
            ("layer", layer.name),
            ("kind", layer.kind),
            ("by", layer.annotator),
            ("guidelines", layer.guidelines),
            ("made by", layer.made_by),
        ]
    shown = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, visible(value))
        for name, value in facts
        if value
    )
    return Markup('<h1 title="{}">{}</h1><dl class="vw-facts">{}</dl>').format(
        plain(title), visible(title), shown
    )


def _without_scripts(document: Document, annotation: Annotation | None) -> Markup:
    return legend() + labelled(document, annotation)
