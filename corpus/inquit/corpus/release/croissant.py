"""Croissant 1.0 metadata: files with their checksums, and the fields of their records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa

from .layout import Plan, ReleasedFile
from .licences import licences, spdx_url
from .schema import MEANINGS, SCHEMAS

# The context of the Croissant 1.0 specification, which every file has to repeat.
_CONTEXT: Final = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(plan: Plan, tables: list[ReleasedFile]) -> str:
    """Return ``croissant.json``: one record set a table, named ``CONFIG/SPLIT``."""
    info = plan.corpus.info
    metadata = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": info.name,
        "description": info.description or "News articles with quotes, claims and sources labelled",
        "version": info.version,
        "citeAs": f"{info.name}, version {info.version}",
        "license": [spdx_url(licence) for licence in licences(plan)],
        "inLanguage": sorted({d.language for d in plan.corpus.documents.values()}),
        "distribution": [_file(table) for table in tables],
        "recordSet": [_records(table) for table in tables],
    }
    return json.dumps(metadata, indent=1, ensure_ascii=False) + "\n"


def _file(table: ReleasedFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": table.path,
        "name": table.path,
        "contentUrl": table.path,
        "contentSize": f"{table.bytes} B",
        "encodingFormat": "application/x-parquet",
        "sha256": table.sha256,
    }


def _records(table: ReleasedFile) -> dict[str, Any]:
    name = f"{table.config}/{table.split}"
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"{table.rows} rows of configuration {table.config}, split {table.split}",
        "field": [_field(name, table.path, field) for field in SCHEMAS[table.config]],
    }


def _field(records: str, path: str, field: pa.Field) -> dict[str, Any]:
    """Describe a column; of a list of structs, each field by its place in the struct."""
    described: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{records}/{field.name}",
        "name": field.name,
        "description": MEANINGS[field.name],
    }
    if not pa.types.is_list(field.type):
        return described | _source(path, field.name, field.type)
    described["repeated"] = True
    if not pa.types.is_struct(field.type.value_type):
        return described | _source(path, field.name, field.type)
    described["subField"] = [
        {
            "@type": "cr:Field",
            "@id": f"{records}/{field.name}/{inner}",
            "name": inner,
            **({"repeated": True} if pa.types.is_list(kind) else {}),
            **_source(path, field.name, kind, inner),
        }
        for inner, kind in _leaves(field.type.value_type)
    ]
    return described


def _leaves(struct: pa.StructType, prefix: str = "") -> Iterator[tuple[str, pa.DataType]]:
    for field in struct:
        if pa.types.is_struct(field.type):
            yield from _leaves(field.type, f"{prefix}{field.name}.")
        else:
            yield prefix + field.name, field.type


def _source(path: str, column: str, kind: pa.DataType, inner: str = "") -> dict[str, Any]:
    while pa.types.is_list(kind):
        kind = kind.value_type
    source: dict[str, Any] = {"fileObject": {"@id": path}, "extract": {"column": column}}
    if inner:
        source["transform"] = {"jsonPath": inner}
    return {"dataType": "sc:Integer" if pa.types.is_integer(kind) else "sc:Text", "source": source}
