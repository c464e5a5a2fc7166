"""How `inquit corpus check`, with its search for near-duplicates, grows with the corpus.

    python benchmarks/near_duplicates.py --documents 10000 30000 100000

Generated articles of 3 kB; three in ten end in one of twenty standing paragraphs, one in twenty is
an edited copy of an earlier one. Each size is checked by a process of its own, so that the peak
memory is that of the whole command. Below, the search alone beside comparing all pairs of texts,
which says what is found and what it would cost.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import subprocess
import sys
import tempfile
import time
from itertools import accumulate
from pathlib import Path

from inquit.corpus import Corpus, CorpusInfo, Document
from inquit.corpus.duplicates import SIMILARITY, jaccard, near_duplicates, shingles

CHARACTERS = 3000
CHECK = """
import json, resource, sys, time
from pathlib import Path
from inquit.corpus.check import check
began = time.perf_counter()
result = check(Path(sys.argv[1]))
seconds, processor = time.perf_counter() - began, time.process_time()
found = {rule: len(problems) for rule, problems in result.problems.items()}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
row = {"seconds": seconds, "processor": processor, "peak": peak, "found": found}
print(json.dumps(row))
"""


def articles(count: int) -> list[str]:
    rng = random.Random(0)
    syllables = [c + v for c in "bcdfghklmnprstvw" for v in "aeiou"]
    words = ["".join(rng.choices(syllables, k=rng.randint(1, 4))) for _ in range(30_000)]
    often = list(accumulate(1 / (rank + 2) for rank in range(len(words))))
    standing = [" ".join(rng.choices(words, often, k=60)) for _ in range(20)]
    made: list[str] = []
    for number in range(count):
        if number and rng.random() < 0.05:
            body = made[rng.randrange(number)].split()
            for _ in range(rng.randint(1, 40)):
                body[rng.randrange(len(body))] = rng.choice(words)
            made.append(" ".join(body))
            continue
        body = rng.choices(words, cum_weights=often, k=700)
        end = ". " + rng.choice(standing) if rng.random() < 0.3 else ""
        made.append(" ".join(body)[: CHARACTERS - len(end)] + end)
    return made


def grow(sizes: list[int], texts: list[str]) -> None:
    print("documents       s   CPU s  x size   x CPU  peak MiB  near-duplicates")
    first = 0.0
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "c"
            documents = (Document(doc_id=f"d{n}", text=texts[n]) for n in range(size))
            Corpus(CorpusInfo(name="generated"), documents).write(path)
            run = [sys.executable, "-c", CHECK, str(path)]
            done = subprocess.run(run, stdout=subprocess.PIPE, check=True)
        row = json.loads(done.stdout)
        first = first or row["processor"]
        print(
            f"{size:9,} {row['seconds']:7.1f} {row['processor']:7.1f} {size / sizes[0]:7.1f} "
            f"{row['processor'] / first:7.1f} {row['peak']:9,.0f}  "
            f"{row['found']['near-duplicate']:,}",
            flush=True,
        )


def beside_all_pairs(texts: list[str]) -> None:
    began = time.process_time()
    pairs = {(p.first, p.second) for p in near_duplicates(texts).pairs}
    searched = time.process_time() - began
    began = time.process_time()
    sets = [frozenset(shingles(text)) for text in texts]
    all_pairs = itertools.combinations(range(len(texts)), 2)
    true = {(i, j) for i, j in all_pairs if jaccard(sets[i], sets[j]) >= SIMILARITY}
    compared = time.process_time() - began
    print(
        f"{len(texts):,} documents: {len(pairs & true):,} of {len(true):,} pairs found, "
        f"{len(pairs - true)} in error; search {searched:.2f} s of CPU, all pairs {compared:.2f} s "
        f"({compared / searched:.1f} x)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    parser.add_argument("--all-pairs", type=int, nargs="*", default=[500, 1000, 2000])
    options = parser.parse_args()
    texts = articles(max([*options.documents, *options.all_pairs]))
    print(f"texts of {sum(map(len, texts)) / len(texts):,.0f} characters")
    grow(options.documents, texts)
    for size in options.all_pairs:
        beside_all_pairs(texts[:size])


if __name__ == "__main__":
    main()
