"""How much faster scoring is than other scorers, and what resampling and memory cost.

    pip install nervaluate==1.2.1 seqeval
    python benchmarks/peers.py

The peers are no dependency of the project: install them in an environment of their own, beside
inquit; one that is missing says so in its row. Same work for all: exact matching that heeds labels,
ten gold spans a document, spans that neither touch nor overlap (seqeval knows no others), 40 % of
the predictions wrong in place or label. Each scorer gets its own input form, ready made, so what is
timed is scoring alone; every scorer must find the same true positives, else the script stops. Runs
are interleaved and each ratio is the median of the rounds' ratios, of wall clock and of CPU time.
The memory of each size is the peak of a process of its own, the making of the labels included.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from score import LABELS, PER_DOCUMENT, as_objects, as_table

from inquit.eval import score
from inquit.eval.scores import statistic
from inquit.eval.uncertainty import compare, interval

NAME = "span.f1@exact"
#: Tokens from one span to the next, and so a tenth of a document's.
STEP = 30
Labels = tuple[np.ndarray, np.ndarray, np.ndarray]
#: Seconds of wall clock and of CPU.
Time = tuple[float, float]


def gold_spans(documents: int) -> Labels:
    """Return label, start and length in tokens of each span."""
    rng = np.random.default_rng(0)
    shape = (documents, PER_DOCUMENT)
    start = np.arange(PER_DOCUMENT) * STEP + rng.integers(2, 8, shape)
    return rng.integers(0, len(LABELS), shape), start, rng.integers(1, 20, shape)


def predicted_spans(gold: Labels, seed: int = 1) -> Labels:
    rng = np.random.default_rng(seed)
    label, start, length = gold
    moved = start + rng.integers(1, 3, start.shape) * (rng.random(start.shape) < 0.3)
    other = (label + (rng.random(label.shape) < 0.15)) % len(LABELS)
    return other, moved, length


def table(labels: Labels):
    return as_table(LABELS[labels[0]], *labels[1:])


def objects(labels: Labels):
    return as_objects(LABELS[labels[0]], *labels[1:])


def dicts(labels: Labels) -> list[list[dict[str, str | int]]]:
    """Return what nervaluate reads; its ends are inclusive."""
    names, start, length = LABELS[labels[0]].tolist(), labels[1].tolist(), labels[2].tolist()
    return [
        [{"label": n, "start": s, "end": s + k - 1} for n, s, k in zip(*row, strict=True)]
        for row in zip(names, start, length, strict=True)
    ]


def tags(labels: Labels) -> list[list[str]]:
    """Return what seqeval reads: one IOB2 tag a token."""
    names, start, length = LABELS[labels[0]].tolist(), labels[1].tolist(), labels[2].tolist()
    found = []
    for row in zip(names, start, length, strict=True):
        tokens = ["O"] * (STEP * PER_DOCUMENT)
        for name, s, k in zip(*row, strict=True):
            tokens[s : s + k] = [f"B-{name}", *[f"I-{name}"] * (k - 1)]
        found.append(tokens)
    return found


def timed(run: Callable[[], object]) -> Time:
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - wall, time.process_time() - cpu


def middle(times: list[Time]) -> Time:
    wall, cpu = zip(*times, strict=True)
    return statistics.median(wall), statistics.median(cpu)


def peer_runs(gold: Labels, predicted: Labels) -> dict[str, Callable[[], float] | str]:
    """Return for each peer what returns its micro F1, or why it cannot run."""
    runs: dict[str, Callable[[], float] | str] = {}
    names = LABELS.tolist()
    try:
        from nervaluate.evaluator import Evaluator
    except ImportError:
        runs["nervaluate"] = "not installed: pip install nervaluate==1.2.1"
    else:
        left, right = dicts(gold), dicts(predicted)

        def nervaluate(*schemes: str) -> float:
            evaluator = Evaluator(left, right, tags=names, loader="dict")
            evaluator.strategies = {s: evaluator.strategies[s] for s in schemes}
            return float(evaluator.evaluate()["overall"]["strict"].f1)

        runs["nervaluate, strict only"] = lambda: nervaluate("strict")
        runs["nervaluate, as it comes (4 schemes)"] = lambda: nervaluate(
            "strict", "partial", "ent_type", "exact"
        )
    try:
        from seqeval.metrics import f1_score
        from seqeval.scheme import IOB2
    except ImportError:
        runs["seqeval"] = "not installed: pip install seqeval"
    else:
        a, b = tags(gold), tags(predicted)
        runs["seqeval, f1_score"] = lambda: float(f1_score(a, b))
        runs["seqeval, f1_score strict IOB2"] = lambda: float(
            f1_score(a, b, mode="strict", scheme=IOB2)
        )
    return runs


def against_peers(documents: int, rounds: int, ours_a_round: int = 5) -> None:
    gold = gold_spans(documents)
    predicted = predicted_spans(gold)
    forms = {"objects": objects, "Arrow": table}
    ours = {}
    for name, form in forms.items():
        a, b = form(gold), form(predicted)
        ours[name] = lambda a=a, b=b: score(a, b, [NAME], resamples=0)
    peers = peer_runs(gold, predicted)
    value = ours["Arrow"]()[NAME].value
    times: dict[str, list[Time]] = {}
    for _ in range(rounds):
        for peer, run in peers.items():
            if isinstance(run, str):
                continue
            results: list[float] = []
            here: dict[str, list[Time]] = {name: [] for name in ours}
            for half in range(2):
                for _ in range(ours_a_round):
                    for name, own in ours.items():
                        here[name].append(timed(own))
                if not half:
                    theirs = timed(lambda run=run, results=results: results.append(run()))
            if abs(results[0] - value) > 1e-9:
                sys.exit(f"{peer} finds F1 {results[0]}, inquit {value}: not the same work")
            times.setdefault(peer, []).append(theirs)
            for name, found in here.items():
                times.setdefault(name, []).append(middle(found))
                ratio = tuple(t / o for t, o in zip(theirs, middle(found), strict=True))
                times.setdefault(f"{peer}/{name}", []).append(ratio)
    n = documents * PER_DOCUMENT
    print(
        f"{n:,} gold spans, {PER_DOCUMENT} and {STEP * PER_DOCUMENT} tokens a document, F1 {value}"
    )
    for name in ours:
        if name in times:
            print(f"inquit, {name:38} {shown(times[name])}")
    for peer, run in peers.items():
        if isinstance(run, str):
            print(f"{peer:46} {run}")
            continue
        print(f"{peer:46} {shown(times[peer])}")
        for name in ours:
            wall, cpu = middle(times[f"{peer}/{name}"])
            print(f"    x inquit from {name:28} {wall:9.1f} wall  {cpu:9.1f} CPU")


def against_sorting(documents: int, rounds: int) -> None:
    """Compare scoring from Arrow with sorting both sides and looking one up in the other."""
    gold = gold_spans(documents)
    predicted = predicted_spans(gold)
    a, b = table(gold), table(predicted)
    n = documents * PER_DOCUMENT
    left, right = (np.random.default_rng(i).permutation(n) for i in (1, 2))
    times: dict[str, list[Time]] = {"ours": [], "floor": [], "ratio": []}
    for _ in range(rounds):
        ours = timed(lambda: score(a, b, [NAME], resamples=0))
        floor = timed(lambda: np.searchsorted(np.sort(left), np.sort(right)))
        times["ours"].append(ours)
        times["floor"].append(floor)
        times["ratio"].append((ours[0] / floor[0], ours[1] / floor[1]))
    wall, cpu = middle(times["ratio"])
    print(f"{n:,} gold spans from Arrow                 {shown(times['ours'])}")
    print(f"sort both sides + searchsorted               {shown(times['floor'])}")
    print(f"    ratio                                  {wall:9.2f} wall  {cpu:9.2f} CPU")


def resampling(documents: int, rounds: int) -> None:
    gold = gold_spans(documents)
    a, b = predicted_spans(gold), predicted_spans(gold, seed=2)
    tables = [table(labels) for labels in (gold, a, b)]
    first, second = (score(tables[0], t, [NAME], resamples=0)[NAME].counts for t in tables[1:])

    def f1(sums: np.ndarray) -> np.ndarray:
        return statistic("f1", sums)

    times: dict[str, list[Time]] = {}
    for _ in range(rounds):
        for name, run in (
            ("scoring once", lambda: score(tables[0], tables[1], [NAME], resamples=0)),
            ("1,000 bootstrap resamples", lambda: interval(first, f1, resamples=1000)),
            (
                "10,000 randomisations + interval of difference",
                lambda: compare(first, second, f1, resamples=10_000),
            ),
        ):
            times.setdefault(name, []).append(timed(run))
    print(f"resampling at {documents:,} documents, {documents * PER_DOCUMENT:,} gold spans")
    for name, found in times.items():
        print(f"{name:46} {shown(found)}")
    once, boot, test = times.values()
    ratio = [
        tuple((y + z) / x for x, y, z in zip(*row, strict=True))
        for row in zip(once, boot, test, strict=True)
    ]
    wall, cpu = middle(ratio)
    print(f"    both x scoring once                    {wall:9.2f} wall  {cpu:9.2f} CPU")


def peak() -> float:
    """Return the peak of this process's memory so far, GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def memory(spans: int) -> None:
    documents = spans // PER_DOCUMENT
    gold = gold_spans(documents)
    a, b = table(gold), table(predicted_spans(gold))
    del gold
    before = peak()
    wall, cpu = timed(lambda: score(a, b, [NAME], resamples=0))
    print(
        f"{spans:>12,} gold spans: peak {peak():5.2f} GiB ({before:.2f} after making the labels), "
        f"scored in {wall:.1f} s wall, {cpu:.1f} s CPU",
        flush=True,
    )


def shown(times: list[Time]) -> str:
    wall, cpu = middle(times)
    return f"{wall * 1000:9.1f} ms wall {cpu * 1000:9.1f} ms CPU"


def main() -> None:
    parts = ("peers", "sorting", "resampling", "memory")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=parts, action="append", help="one part; may repeat")
    parser.add_argument("--documents", type=int, default=10_000, help="for the peers")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", type=int, nargs="+", default=[1_000_000, 3_000_000, 10_000_000])
    parser.add_argument("--memory-of", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory_of:
        memory(options.memory_of)
        return
    print(f"{os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d}, Python {sys.version.split()[0]}")
    wanted = options.only or parts
    if "peers" in wanted:
        against_peers(options.documents, options.rounds)
    if "sorting" in wanted:
        against_sorting(100_000, options.rounds)
    if "resampling" in wanted:
        resampling(100_000, options.rounds)
    if "memory" in wanted:
        for spans in options.memory:
            own = [sys.executable, str(Path(__file__)), "--memory-of", str(spans)]
            subprocess.run(own, check=True)


if __name__ == "__main__":
    main()
