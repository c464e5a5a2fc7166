"""Train, dev and test: no cluster is parted, the parts are alike, documents stay where they are.

A cluster is what hangs together by groups and near-duplicates. Clusters are placed one by one, the
largest first, then those of the rarest kind, then in an order drawn by the seed. Each goes where
there is room for it and where it brings the kinds of documents nearest to the wanted shares.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final, Literal

import msgspec

from .duplicates import SIMILARITY, clusters, near_duplicates
from .errors import DataError, Problem, quoted
from .model import Annotation, Document
from .vocabulary import SPLITS

Split = Literal["train", "dev", "test"]
Ratios = Mapping[Split, Fraction]
#: A dimension, and a value of it: ("length", "short").
Code = tuple[str, str]

#: What every document is.
ALL: Final[Code] = ("documents", "all")

#: Stands for the values of a dimension that are too rare to be spread.
RARE: Final = "rarer ones"

_HALF = Fraction(1, 2)


class SplitResult(msgspec.Struct, frozen=True, kw_only=True):
    """Documents in their order, each with its split.

    Parameters
    ----------
    documents : list of Document
    assigned : dict of str to str
        The split of each document that had none, or another one.
    clusters, largest : int
        Number of clusters, and of documents in the largest.
    crowded : int
        See `duplicates.NearDuplicates`.
    strata : dict
        Number of documents by dimension, value and split.
    """

    documents: list[Document]
    assigned: dict[str, str]
    clusters: int
    largest: int
    crowded: int
    strata: dict[str, dict[str, dict[str, int]]]


def parse_ratios(text: str) -> Ratios:
    """Read three shares that make 1; raise ValueError that says what is wrong.

    >>> parse_ratios("0.8,0.1,0.1")["dev"]
    Fraction(1, 10)
    """
    parts = text.split(",")
    if len(parts) != len(SPLITS):
        raise ValueError(f"give three shares, for {', '.join(SPLITS)}")
    try:
        shares = [Fraction(part.strip()) for part in parts]
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError("give numbers like 0.8,0.1,0.1") from error
    if min(shares) < 0 or sum(shares) != 1:
        raise ValueError(f"the shares make {float(sum(shares)):g}, not 1, or one is below 0")
    return dict(zip(SPLITS, shares, strict=True))


def split(
    documents: Sequence[Document],
    annotations: Mapping[str, Annotation],
    *,
    ratios: Ratios,
    seed: int = 0,
    similarity: float = SIMILARITY,
    existing: Literal["keep", "repair", "replace"] = "keep",
) -> SplitResult:
    """Give every document a split.

    The order of the documents changes nothing. If none has a split yet, or splits are replaced,
    the number of documents in each is off its share by less than the size of the largest cluster.

    Parameters
    ----------
    documents : sequence of Document
    annotations : mapping of str to Annotation
        By document id; from their quotes the share of direct ones is taken.
    ratios : mapping of str to Fraction
        The shares of train, dev and test, which make 1; see `parse_ratios`.
    seed : int
    similarity : float
        From which texts are near-duplicates; see `duplicates`.
    existing : {"keep", "repair", "replace"}
        What becomes of the splits that documents have. "keep": they stay, and what belongs to one
        cluster with them joins them. "repair": of a cluster that stands in several splits all goes
        to test, or if it has none there, to dev; other splits stay. "replace": none stays.

    Raises
    ------
    DataError
        If splits are to be kept, and a cluster stands in two.
    """
    near = near_duplicates([document.text for document in documents], similarity=similarity)
    links = [(pair.first, pair.second) for pair in near.pairs]
    roots = clusters(len(documents), [*links, *_group_links(documents)])
    members: dict[int, list[int]] = defaultdict(list)
    for place, root in enumerate(roots):
        members[root].append(place)
    found = list(members.values())
    placed = _existing(documents, found, existing)
    codes = _codes(documents, annotations, _HALF / min(share for share in ratios.values() if share))
    balance = _Balance(ratios, (code for of_document in codes for code in of_document))
    waiting = []
    for number, places in enumerate(found):
        content = Counter(code for place in places for code in codes[place])
        if number in placed:
            balance.add(placed[number], content)
        else:
            name = min(documents[place].doc_id for place in places)
            draw = hashlib.sha256(f"{seed}\0{name}".encode()).digest()
            waiting.append((-len(places), balance.rarest(content), draw, number, content))
    for _, _, _, number, content in sorted(waiting, key=lambda item: item[:3]):
        placed[number] = balance.choose(content)
        balance.add(placed[number], content)
    chosen = {place: placed[number] for number, places in enumerate(found) for place in places}
    return SplitResult(
        documents=[
            document
            if document.split == chosen[place]
            else msgspec.structs.replace(document, split=chosen[place])
            for place, document in enumerate(documents)
        ],
        assigned={
            document.doc_id: chosen[place]
            for place, document in enumerate(documents)
            if document.split != chosen[place]
        },
        clusters=len(found),
        largest=max(map(len, found), default=0),
        crowded=near.crowded,
        strata=balance.strata(),
    )


def _group_links(documents: Sequence[Document]) -> Iterator[tuple[int, int]]:
    first: dict[str, int] = {}
    for place, document in enumerate(documents):
        if document.group is not None:
            yield first.setdefault(document.group, place), place


def _existing(
    documents: Sequence[Document],
    found: Iterable[list[int]],
    existing: Literal["keep", "repair", "replace"],
) -> dict[int, Split]:
    """Return the split of each cluster, by its number, that has one."""
    if existing == "replace":
        return {}
    placed: dict[int, Split] = {}
    problems: list[Problem] = []
    for number, places in enumerate(found):
        first: dict[Split, str] = {}
        for place in places:
            document = documents[place]
            if document.split is not None:
                first.setdefault(document.split, document.doc_id)
        if len(first) > 1 and existing == "keep":
            (one, name), (other, doc_id), *_ = first.items()
            what = (
                f"belongs, by group or near-duplicates, with document {quoted(name)}, "
                f"which stands in {one}, this one in {other}"
            )
            remedy = "pass --repair to bring such clusters together, or --force to split anew"
            problems.append(Problem(doc_id=doc_id, what=what, remedy=remedy))
        if first:
            placed[number] = max(first, key=SPLITS.index)
    if problems:
        raise DataError(problems)
    return placed


def _codes(
    documents: Sequence[Document], annotations: Mapping[str, Annotation], least: Fraction
) -> list[tuple[Code, ...]]:
    """Return what each document is like.

    Values with fewer documents than the least, of which the smallest split is due less than half a
    one, count as one value. Dimensions in which all documents are alike are left out.
    """
    lengths = sorted(len(document.text) for document in documents)
    thirds = [lengths[len(lengths) * part // 3] for part in (1, 2)] if lengths else []
    plain = [
        (
            ALL,
            ("publisher", document.publisher or "unknown"),
            ("length", ("short", "middle", "long")[sum(len(document.text) >= b for b in thirds)]),
            ("quotes", _quotes(annotations.get(document.doc_id))),
        )
        for document in documents
    ]
    counts = Counter(code for found in plain for code in found)
    pooled = {code: code if n >= least else (code[0], RARE) for code, n in counts.items()}
    values = Counter(dimension for dimension, _ in set(pooled.values()))
    return [
        (ALL, *(pooled[code] for code in found if code != ALL and values[code[0]] > 1))
        for found in plain
    ]


def _quotes(annotation: Annotation | None) -> str:
    if annotation is None:
        return "not labelled"
    quotes = [span for span in annotation.spans if span.label == "quote"]
    forms = [span.attributes["form"] for span in quotes if "form" in span.attributes]
    if not forms:
        return "of no known form" if quotes else "none"
    share = (forms.count("direct") + _HALF * forms.count("mixed")) / len(forms)
    return ("seldom direct", "often direct", "mostly direct")[min(2, int(3 * share))]


class _Balance:
    """How many documents of each kind stand in each split, and how many should."""

    def __init__(self, ratios: Ratios, codes: Iterable[Code]) -> None:
        self._ratios: dict[Split, Fraction] = {s: r for s, r in ratios.items() if r}
        self._totals = Counter(codes)
        self._held: dict[Split, Counter[Code]] = {name: Counter() for name in SPLITS}

    def rarest(self, content: Iterable[Code]) -> int:
        """Return how many documents there are of the rarest kind among these."""
        return min(self._totals[code] for code in content)

    def add(self, name: Split, content: Counter[Code]) -> None:
        """Count a cluster as placed."""
        self._held[name].update(content)

    def choose(self, content: Counter[Code]) -> Split:
        """Return where a cluster fits best; if nowhere, where it is least too large."""
        room = {
            name: ratio * self._totals[ALL] - self._held[name][ALL]
            for name, ratio in self._ratios.items()
        }
        fitting = [name for name in room if room[name] >= content[ALL]]
        if not fitting:
            return max(room, key=room.__getitem__)
        return min(fitting, key=lambda name: self._strain(name, content))

    def _strain(self, name: Split, content: Counter[Code]) -> Fraction:
        """Return by how much the chi-square of the counts would grow."""
        strain = Fraction(0)
        for code, count in content.items():
            due = self._ratios[name] * self._totals[code]
            strain += count * (2 * (self._held[name][code] - due) + count) / due
        return strain

    def strata(self) -> dict[str, dict[str, dict[str, int]]]:
        """Return the counts by dimension, value and split; the commonest values first."""
        strata: dict[str, dict[str, dict[str, int]]] = {}
        order = sorted((code != ALL, code[0], -n, code) for code, n in self._totals.items())
        for *_, code in order:
            counts = {name: self._held[name][code] for name in SPLITS}
            strata.setdefault(code[0], {})[code[1]] = counts
        return strata
