"""What the labels of a Label Studio project mean: of ours, or of one that somebody else made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from ..decoding import made
from ..errors import DataError, Problem, quoted
from ..model import Span
from ..toml import read_toml
from ..vocabulary import ATTRIBUTES, LABELS
from .labels import CONTROLS, REGIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanings:
    """What a project says with its labels.

    Parameters
    ----------
    regions : mapping of str to (label, attributes)
        By the label in Label Studio.
    controls : mapping of str to str
        What can be said about a region: the control's name is the attribute's, the value the label
        it is said of.
    relations : frozenset of str
        Labels of relations that mean what their ends mean.
    text : str
        The field of a task that is labelled; empty if that is to be found.
    """

    regions: Mapping[str, tuple[str, dict[str, str]]]
    controls: Mapping[str, str]
    relations: frozenset[str] = frozenset()
    text: str = ""

    def name(self, label: str) -> str:
        """Return the name under which a label stands in ``regions``, capitals aside if need be."""
        return label if label in self.regions or label.lower() not in LABELS else label.lower()


#: Of the projects that ``inquit annotate push`` makes.
OURS: Final = Meanings(regions=REGIONS, controls=CONTROLS)

#: Of any project: the names of the vocabulary mean themselves.
ANY: Final = Meanings(
    regions={**{label: (label, {}) for label in LABELS}, **REGIONS},
    controls={name: label for label, names in ATTRIBUTES.items() for name in names},
)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    text: str = ""
    relations: list[str] = []
    labels: dict[str, str | dict[str, str]] = {}


def read_meanings(path: Path | None) -> Meanings:
    """Read what labels mean from a TOML file; what it does not name means what it does in `ANY`.

    ``[labels]`` has a label of the vocabulary for each name, or a table with ``label`` and
    attributes; ``relations`` lists labels of relations that mean what their ends mean; ``text`` is
    the field that is labelled.

    Raises
    ------
    DataError
        With every fault of the file.
    """
    if path is None:
        return ANY
    try:
        found = made(read_toml(path), _File)
    except DataError as error:
        raise error.at(path=str(path)) from error
    regions = dict(ANY.regions)
    problems: list[Problem] = []
    for name, said in found.labels.items():
        attributes = {"label": said} if isinstance(said, str) else dict(said)
        label = attributes.pop("label", "")
        try:
            Span("x", label, ((0, 1),), attributes)
        except DataError as error:
            problems += [
                Problem(path=str(path), what=f"{quoted(name)}: {p.what}", remedy=p.remedy)
                for p in error.problems
            ]
        regions[name] = (label, attributes)
    if problems:
        raise DataError(problems)
    return Meanings(
        regions=regions,
        controls=ANY.controls,
        relations=frozenset(found.relations),
        text=found.text,
    )
