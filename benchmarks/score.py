"""How long scoring takes, beside the least that any scorer has to do: sort both sides and look up.

    python benchmarks/score.py --documents 10000

Ten gold spans a document, three labels, 40 % of the predictions moved by up to two characters.
The runs are interleaved, medians are printed, and every row counts the same pairs.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time

import numpy as np
import pyarrow as pa

from inquit.corpus import Annotation, Span
from inquit.eval import score

LABELS = np.array(["quote", "source", "cue"])
PER_DOCUMENT = 10
MEASURES = ("span.f1@exact", "span.f1@iou50", "span.f1@overlap", "span.f1@char")


def spans(documents: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    shape = (documents, PER_DOCUMENT)
    start = np.sort(rng.integers(2, 4000, shape), axis=1)
    length = rng.integers(1, 80, shape)
    moved = start + rng.integers(-2, 3, shape) * (rng.random(shape) < 0.4)
    return LABELS[rng.integers(0, 3, shape)], start, moved, length


def as_table(label: np.ndarray, start: np.ndarray, length: np.ndarray) -> pa.Table:
    n = start.size
    pairs = pa.array(np.stack((start, start + length), axis=-1).ravel().astype(np.int32))
    fragments = pa.ListArray.from_arrays(np.arange(0, 2 * n + 1, 2, dtype=np.int32), pairs)
    fragments = pa.ListArray.from_arrays(np.arange(n + 1, dtype=np.int32), fragments)
    ids = pa.array([f"T{i}" for i in range(PER_DOCUMENT)] * len(start))
    names = pa.array(label.ravel())
    if isinstance(names, pa.ChunkedArray):  # beyond a few million
        names = names.combine_chunks()
    rows = pa.StructArray.from_arrays([ids, names, fragments], ["id", "label", "fragments"])
    bounds = np.arange(0, n + 1, PER_DOCUMENT, dtype=np.int32)
    doc_ids = [f"d{i}" for i in range(len(start))]
    return pa.table({"doc_id": doc_ids, "spans": pa.ListArray.from_arrays(bounds, rows)})


def as_objects(label: np.ndarray, start: np.ndarray, length: np.ndarray) -> list[Annotation]:
    return [
        Annotation(
            doc_id=f"d{i}",
            spans=tuple(
                Span(f"T{j}", name, ((s, s + n),))
                for j, (name, s, n) in enumerate(zip(*row, strict=True))
            ),
        )
        for i, row in enumerate(zip(label.tolist(), start.tolist(), length.tolist(), strict=True))
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--objects", action="store_true", help="from Python objects, too")
    options = parser.parse_args()
    label, start, moved, length = spans(options.documents)
    gold, predicted = as_table(label, start, length), as_table(label, moved, length)
    left, right = (np.random.default_rng(i).permutation(start.size) for i in (1, 2))
    runs = {
        "floor: sort, sort, searchsorted": lambda: np.searchsorted(np.sort(left), np.sort(right))
    }
    for name in MEASURES:
        runs[f"Arrow, {name}"] = lambda n=name: score(gold, predicted, [n], resamples=0)
    runs["Arrow, span.f1@exact, 2000 resamples"] = lambda: score(gold, predicted, ["span.f1@exact"])
    if options.objects:
        a, b = as_objects(label, start, length), as_objects(label, moved, length)
        for name in MEASURES:
            runs[f"objects, {name}"] = lambda n=name: score(a, b, [n], resamples=0)
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(options.rounds):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - began)
    floor = statistics.median(times["floor: sort, sort, searchsorted"])
    print(f"{start.size:,} gold spans in {options.documents:,} documents")
    for name, found in times.items():
        median = statistics.median(found)
        print(f"{name:40} {median * 1000:9.1f} ms {median / floor:7.1f} x floor")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10:,.0f} MiB")


if __name__ == "__main__":
    main()
