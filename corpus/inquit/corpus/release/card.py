"""The dataset card: ``README.md`` with the front matter that ``datasets`` and the Hub read."""

from __future__ import annotations

from importlib import resources
from typing import Any, Final

import pyarrow as pa
from jinja2 import Environment, StrictUndefined

from ..model import Layer
from ..vocabulary import ATTRIBUTES, LABELS
from . import counts
from .escape import Markdown, markdown, paragraphs, table, yaml
from .layout import CONFIGS, Plan, ReleasedFile
from .licences import hub_licence, licences, spdx_url
from .schema import MEANINGS, SCHEMAS, columns

_KINDS: Final = {
    "human": "a person",
    "model": "a model",
    "rule": "rules of a program",
    "adjudicated": "a person who decided between annotators",
}
_LABEL_MEANINGS: Final = {
    "quote": "what a source is reported to say, write, think or want",
    "claim": "a proposition put forward as fact that could be checked",
    "source": "the words that name who it is attributed to",
    "cue": "the words that mark the attribution",
    "addressee": "the words that name who it was said to",
    "ignore": "a region that nobody is scored on",
}
_ROWS: Final = {
    "default": "a document with the labels of one layer",
    "annotations": "the labels of one annotator over one document, without the text",
    "remaining": "a document that this layer does not label, without labels",
}
_SIZES: Final = {10**3: "n<1K", 10**4: "1K<n<10K", 10**5: "10K<n<100K", 10**6: "100K<n<1M"}


def card(plan: Plan, tables: list[ReleasedFile]) -> str:
    """Return the card, its numbers counted from what is released."""
    # What stands in the template is ours; what is put in is escaped as Markdown by `finalize`.
    environment = Environment(  # noqa: S701  # the output is Markdown, HTML escapes would show
        finalize=markdown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    source = resources.files(__package__).joinpath("card.md.jinja").read_text(encoding="utf-8")
    return environment.from_string(source).render(
        front_matter=Markdown(yaml(front_matter(plan, tables))), **_context(plan, tables)
    )


def front_matter(plan: Plan, tables: list[ReleasedFile]) -> dict[str, Any]:
    """Return the metadata that ``datasets`` loads by and the Hub searches by."""
    rows = sum(t.rows or 0 for t in tables if t.config == "default")
    tags = sorted({d.language for d in plan.corpus.documents.values()} - {"und"})
    fields: dict[str, Any] = {"pretty_name": plan.corpus.info.name or "unnamed"}
    if tags:
        fields["language"] = sorted({tag.split("-")[0].lower() for tag in tags})
        if any("-" in tag for tag in tags):
            fields["language_bcp47"] = tags
    fields |= hub_licence(licences(plan))
    if plan.layer.kind in ("model", "rule"):
        fields["annotations_creators"] = ["machine-generated"]
    fields |= {
        "task_categories": ["token-classification"],
        "tags": ["attribution", "claim-detection", "inquit", "news", "quotation-extraction"],
        "size_categories": [next((s for most, s in _SIZES.items() if rows < most), "n>1M")],
        "configs": [
            {"config_name": config, "data_files": [{"split": t.split, "path": t.path} for t in of]}
            for config, of in _by_config(tables).items()
        ],
        "dataset_info": [
            {
                "config_name": config,
                "features": features(pa.struct(list(SCHEMAS[config]))),
                "splits": [
                    {"name": t.split, "num_bytes": t.memory, "num_examples": t.rows} for t in of
                ],
                "download_size": sum(t.bytes for t in of),
                "dataset_size": sum(t.memory for t in of),
            }
            for config, of in _by_config(tables).items()
        ],
    }
    return fields


def features(struct: pa.StructType) -> list[dict[str, Any]]:
    """Return the fields of a struct as ``datasets`` writes its features into a card."""
    return [{"name": field.name, **_feature(field.type)} for field in struct]


def _feature(kind: pa.DataType) -> dict[str, Any]:
    if pa.types.is_struct(kind):
        return {"struct": features(kind)}
    if pa.types.is_list(kind):
        if pa.types.is_struct(kind.value_type):
            return {"list": features(kind.value_type)}
        inner = _feature(kind.value_type)
        return {"list": inner.get("dtype", inner)}
    return {"dtype": str(kind)}


def _by_config(tables: list[ReleasedFile]) -> dict[str, list[ReleasedFile]]:
    by_config = {config: [t for t in tables if t.config == config] for config in CONFIGS}
    return {config: found for config, found in by_config.items() if found}


def _context(plan: Plan, tables: list[ReleasedFile]) -> dict[str, Any]:
    documents = plan.corpus.documents.values()
    by_config = _by_config(tables)
    people, pairs = counts.annotated_by_people(plan)
    return {
        "info": plan.corpus.info,
        "description": paragraphs(plan.corpus.info.description),
        "layer": plan.layer,
        "layer_name": _code(plan.layer.name),
        "restricted": plan.restricted,
        "by_people": plan.layer.kind in ("human", "adjudicated"),
        "made": _KINDS[plan.layer.kind],
        "people": people,
        "pairs": pairs,
        "rows": sum(t.rows or 0 for t in by_config["default"]),
        "documents": len(documents),
        "is_split": plan.is_split,
        "grouped": sum(d.group is not None for d in documents),
        "first_split": Markdown(by_config["default"][0].split),
        "splits": list(plan.splits),
        "configs": _configs(by_config),
        "remaining": "remaining" in by_config,
        "layers": _layers(plan),
        "columns": _columns(by_config),
        "labels": _labels(),
        "label_counts": _count_table(plan, ["what"], counts.label_counts(plan)),
        "attribute_counts": _count_table(
            plan, ["label", "attribute", "value"], counts.attribute_counts(plan)
        ),
        "languages": ", ".join(sorted({d.language for d in documents})),
        "licences": _licences(plan),
    }


def _code(text: str) -> Markdown:
    """Return a name of ours, which holds no backtick, as code."""
    return Markdown(f"`{text}`")


def _configs(by_config: dict[str, list[ReleasedFile]]) -> Markdown:
    rows = [
        [_code(config), _ROWS[config], Markdown(", ".join(f"`{t.split}` {t.rows}" for t in found))]
        for config, found in by_config.items()
    ]
    return table(["configuration", "a row is", "rows"], rows)


def _layers(plan: Plan) -> Markdown:
    return table(
        [
            "layer",
            "made by",
            "kind",
            "in words",
            "guidelines",
            "computed",
            "documents",
            "spans",
            "attributions",
        ],
        [_layer_row(layer) for layer in plan.corpus.layers.values()],
        numbers=3,
    )


def _layer_row(layer: Layer) -> list[Any]:
    return [
        _code(layer.name),
        layer.annotator,
        layer.kind,
        layer.made_by or "not stated",
        layer.guidelines or "not stated",
        ", ".join(layer.derived) or "nothing",
        len(layer.annotations),
        sum(len(a.spans) for a in layer.annotations),
        sum(len(a.attributions) for a in layer.annotations),
    ]


def _columns(by_config: dict[str, list[ReleasedFile]]) -> Markdown:
    kinds = {name: kind for config in by_config for name, kind in columns(config)}
    having = {
        name: [config for config in by_config if name in dict(columns(config))] for name in kinds
    }
    order = [name for name in MEANINGS if name in kinds]
    rows = [[_code(n), _kind(kinds[n]), ", ".join(having[n]), MEANINGS[n]] for n in order]
    return table(["column", "type", "configurations", "meaning"], rows)


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"list of {_kind(kind.value_type)}"
    if pa.types.is_struct(kind):
        return "struct"
    return str(kind)


def _labels() -> Markdown:
    rows = []
    for label in LABELS:
        attributes = [
            f"`{name}`: {', '.join(values or ['free text'])}"
            for name, values in ATTRIBUTES[label].items()
        ]
        rows.append([_code(label), _LABEL_MEANINGS[label], Markdown("; ".join(attributes))])
    return table(["label", "marks", "attributes"], rows)


def _count_table(plan: Plan, head: list[str], found: counts.Counts) -> Markdown:
    if not found:
        return Markdown("")
    several = ["all"] if len(plan.splits) > 1 else []
    rows = [[*names, *numbers, *([sum(numbers)] if several else [])] for names, numbers in found]
    return table([*head, *plan.splits, *several], rows, numbers=len(plan.splits) + len(several))


def _licences(plan: Plan) -> Markdown:
    texts = [d.licence for d in plan.corpus.documents.values()]
    rows = [["labels, all layers", _licence(plan.corpus.info.licence)]]
    rows += [[f"{texts.count(name)} texts", _licence(name)] for name in sorted(set(texts))]
    return table(["what", "licence"], rows)


def _licence(name: str) -> str:
    url = spdx_url(name)
    return name if url == name else Markdown(f"[{markdown(name)}]({url})")
