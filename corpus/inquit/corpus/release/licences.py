"""Licences as the Hub and Croissant name them."""

from __future__ import annotations

import re
from typing import Any, Final

from .layout import Plan

#: SPDX identifiers, lower case, that the Hub knows under the same name.
_SAME: Final = frozenset(
    f"cc-{terms}-{version}"
    for terms, versions in {
        "by": "2.0 2.5 3.0 4.0",
        "by-sa": "3.0 4.0",
        "by-nc": "2.0 3.0 4.0",
        "by-nd": "4.0",
        "by-nc-nd": "3.0 4.0",
        "by-nc-sa": "2.0 3.0 4.0",
    }.items()
    for version in versions.split()
) | {"apache-2.0", "cc0-1.0", "mit", "unlicense"}
#: Those it knows under another.
_OTHER: Final = {"odc-by-1.0": "odc-by", "odbl-1.0": "odbl", "pddl-1.0": "pddl"}

_SIMPLE = re.compile(r"[A-Za-z0-9.-]+")


def licences(plan: Plan) -> list[str]:
    """Return every licence of a release: of its labels and of its texts."""
    texts = {document.licence for document in plan.corpus.documents.values()}
    return sorted({plan.corpus.info.licence, *texts})


def hub_licence(found: list[str]) -> dict[str, Any]:
    """Return the licence fields of the card's front matter.

    >>> hub_licence(["CC-BY-4.0"])
    {'license': 'cc-by-4.0'}
    >>> hub_licence(["CC-BY-4.0", "LicenseRef-ours"])
    {'license': ['cc-by-4.0', 'other'], 'license_name': 'LicenseRef-ours'}
    """
    names = {licence: _hub_name(licence) for licence in found}
    known = sorted({name for name in names.values() if name})
    unknown = [licence for licence, name in names.items() if not name]
    every = [*known, *(["other"] if unknown else [])]
    fields: dict[str, Any] = {"license": every[0] if len(every) == 1 else every}
    if unknown:
        fields["license_name"] = ", ".join(unknown)
    return fields


def spdx_url(licence: str) -> str:
    """Return the address of an SPDX licence; an expression or a name of one's own as it is.

    >>> spdx_url("CC-BY-4.0"), spdx_url("MIT OR Apache-2.0")
    ('https://spdx.org/licenses/CC-BY-4.0.html', 'MIT OR Apache-2.0')
    """
    if _SIMPLE.fullmatch(licence) and not licence.startswith("LicenseRef-"):
        return f"https://spdx.org/licenses/{licence}.html"
    return licence


def _hub_name(licence: str) -> str | None:
    name = licence.lower()
    return name if name in _SAME else _OTHER.get(name)
