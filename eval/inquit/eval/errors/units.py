"""What errors are looked for in: attributions, and claims and quotes that none of them names."""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import numpy as np

from inquit.corpus.vocabulary import ATTRIBUTES, LABELS

from ..counting.charsets import BoolArray, CharSets, IntArray
from ..counting.columns import NOWHERE, Columns
from ..counting.items import CLAIM, Items, Side, select, without_ignored

#: The bit of `Units.labels` that says "quote".
QUOTE = 1 << LABELS.index("quote")
#: What lone spans are compared within: a label, or claims of whole sentences by `check_worthy`.
CLASSES = len(LABELS) + 3

_CONTENTS = tuple(LABELS.index(label) for label in ("quote", "claim"))
_FORMS = cast("tuple[str, ...]", ATTRIBUTES["quote"]["form"])


class Units:
    """Attributions, or spans, of one layer, numbered from 0.

    Attributes
    ----------
    doc : int array
        Document of each.
    content : CharSets
    source : CharSets or None
        None for spans.
    ignored, ungrounded, nowhere : bool arrays
        Which lie in a region that nobody is scored on; which have a content or a source that is
        in no text; which have such a content.
    labels, forms : int arrays
        A bit for each label, and each form, that a (content) span has.
    block : int array
        Only units of one block are compared.
    free : bool array
        Which have no partner yet.
    """

    def __init__(
        self, columns: Columns, items: Items, regions: CharSets, labels: IntArray, forms: IntArray
    ) -> None:
        self.doc = items.doc
        self.content = items.sets[0]
        self.source = items.sets[1] if len(items.sets) > 1 else None
        self.labels, self.forms = labels, forms
        self.ignored = np.ones(len(items.doc), np.bool_)
        scored = without_ignored(items, regions).row
        self.ignored[np.searchsorted(items.row, scored)] = False
        self.block: IntArray = items.doc * 2 + self.ignored
        self.free = np.ones(len(items.doc), np.bool_)
        self.nowhere = _nowhere(self.content)
        lost = self.nowhere if self.source is None else _nowhere(self.source)
        self.ungrounded: BoolArray = self.nowhere | lost
        self._columns, self._row = columns, items.row

    def names(self, index: IntArray) -> list[str]:
        """Return the ids of some units."""
        joint = self.source is not None
        name = self._columns.attribution_id if joint else self._columns.span_id
        return [name(row) for row in self._row[index].tolist()]

    def starts(self, index: IntArray) -> list[int | None]:
        """Return where the contents of some units start; None if nowhere."""
        first = self.content.start[self.content.bounds[index]]
        return [None if start >= NOWHERE else start for start in first.tolist()]

    def edges(self, index: IntArray) -> list[list[int]]:
        """Return start, end, start, end, ... of the fragments of some units' contents."""
        taken = self.content.take(index)
        flat = np.stack((taken.start, taken.end), axis=1).ravel().tolist()
        return [flat[start:end] for start, end in pairwise((2 * taken.bounds).tolist())]


class LayerUnits:
    """The units of one layer: ``attributions``, and ``lone``, the spans that none of them names."""

    def __init__(self, side: Side, regions: CharSets) -> None:
        self._side, self._regions = side, regions
        columns = side.columns
        self._forms = np.zeros(len(columns.label), np.int64)
        for bit, form in enumerate(_FORMS):
            self._forms |= columns.has("form", form).astype(np.int64) << bit
        self._class = _classes(columns)
        given = columns.attributions.roles["content"]
        self._bounds, self._content = given.bounds, given.index
        items = select(side, "attribution", ())
        bits = (
            np.bitwise_or.reduceat(of[self._content], self._bounds[:-1])
            if len(items.doc)
            else of[:0]
            for of in (1 << columns.label, self._forms)
        )
        self.attributions = Units(columns, items, regions, *bits)
        lone = np.isin(columns.label, _CONTENTS)
        lone[self._content] = False
        self.lone = self._spans(lone)

    def contents_of_free(self) -> Units:
        """Return the spans that attributions name, and no attribution with a partner.

        What such a one names was joined with it: no label is joined twice.
        """
        taken = np.repeat(~self.attributions.free, np.diff(self._bounds))
        mask = np.zeros(len(self._forms), np.bool_)
        mask[self._content] = True
        mask[self._content[taken]] = False
        return self._spans(mask)

    def _spans(self, mask: BoolArray) -> Units:
        columns, row = self._side.columns, np.flatnonzero(mask)
        label = columns.label[row]
        doc = self._side.documents_of_spans()[row]
        items = Items(doc, label, (columns.fragments.take(row),), row)
        units = Units(columns, items, self._regions, 1 << label, self._forms[row])
        units.block = units.block * CLASSES + self._class[row]
        return units


def _nowhere(sets: CharSets) -> BoolArray:
    """Return which sets have characters that are in no text."""
    found = np.zeros(len(sets), np.bool_)
    found[sets.owner[sets.start >= NOWHERE]] = True
    return found


def _classes(columns: Columns) -> IntArray:
    """Return what each span is compared within; see `CLASSES`."""
    sentence = (columns.label == CLAIM) & columns.has("granularity", "sentence")
    worth = columns.has("check_worthy", "yes") + 2 * columns.has("check_worthy", "no")
    found: IntArray = np.where(sentence, len(LABELS) + worth, columns.label)
    return found
