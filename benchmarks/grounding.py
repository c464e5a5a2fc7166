"""How well and how fast strings are found in a text, beside rapidfuzz and langextract.

    pip install rapidfuzz langextract
    python benchmarks/grounding.py --documents 120

The peers are no dependency of the project: install them in an environment of their own, beside
inquit; one that is missing has no column. Every system gets the same strings of the same generated
articles (`grounding_cases.py`), all strings of one row and article in one call where it takes
several. The table shows the mean character IoU with what was changed into the string; not found is
0. For strings that say what the text does not it shows the share that was found all the same. The
last tables show CPU time a string (median over calls, interleaved): what a system makes of a text
first is shared by the ten strings of a call; in the next table a call has one string of a text that
was not seen before, and in the last the same call is made again.

rapidfuzz is `partial_ratio_alignment` with a cut-off of 80; langextract's resolver aligns as it
comes ("default"), without partial exact matches ("strict"), and without its fuzzy step too
("exact").
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from grounding_cases import CORRUPTIONS, Article, Writer, elided, renamed, renumbered, turned

from inquit.eval.grounding import ground
from inquit.eval.grounding.views import recent

Fragments = Sequence[tuple[int, int]]
System = Callable[[str, list[str]], list[Fragments]]
#: A string, and where it stands; nowhere if it is made up.
Case = tuple[str, Fragments]
#: Strings a row and article.
STRINGS = 10
FEWEST_WORDS = 6
#: What a call holds when it is timed, in the order of the calls.
TOGETHER = "ten strings a call"
COSTS = ("one string a call", "one string, the same call again", TOGETHER)


def ours(text: str, strings: list[str]) -> list[Fragments]:
    return [found.fragments for found in ground(text, strings)]


def systems() -> dict[str, System]:
    found: dict[str, System] = {"inquit": ours}
    try:
        from rapidfuzz.fuzz import partial_ratio_alignment
    except ImportError:
        print("rapidfuzz is not installed")
    else:

        def rapidfuzz(text: str, strings: list[str]) -> list[Fragments]:
            results = (partial_ratio_alignment(s, text, score_cutoff=80) for s in strings)
            return [[(r.dest_start, r.dest_end)] if r else [] for r in results]

        found["rapidfuzz"] = rapidfuzz
    try:
        from langextract.core.data import Extraction
        from langextract.resolver import Resolver
    except ImportError:
        print("langextract is not installed")
        return found

    def langextract(**options: bool) -> System:
        def align(text: str, strings: list[str]) -> list[Fragments]:
            wanted = [Extraction(extraction_class="quote", extraction_text=s) for s in strings]
            list(Resolver().align(wanted, text, 0, **options))
            places = (w.char_interval for w in wanted)
            return [[(p.start_pos, p.end_pos)] if p else [] for p in places]

        return align

    found["lx default"] = langextract()
    found["lx strict"] = langextract(accept_match_lesser=False)
    found["lx exact"] = langextract(accept_match_lesser=False, enable_fuzzy_alignment=False)
    return found


def cases(article: Article, seed: int) -> dict[str, list[Case]]:
    """Return the strings of each row."""
    rng = random.Random(seed)
    text = article.text
    once = [s for s in article.sentences if text.count(text[slice(*s)]) == 1]
    long = [s for s in once if len(text[slice(*s)].split()) >= FEWEST_WORDS]
    rows: dict[str, list[Case]] = {}
    for name, change in CORRUPTIONS.items():
        chosen = sorted(rng.sample(long, STRINGS))
        rows[name] = [(change(text[slice(*s)], rng), [s]) for s in chosen]
    shortened = []
    for start, end in sorted(rng.sample(long, 2 * STRINGS)):
        if cut := elided(text[start:end], rng):
            shortened.append((cut[0], [(start + a, start + b) for a, b in cut[1]]))
    rows["ellipsis"] = shortened[:STRINGS]
    rows["repeated, in order"] = [
        (string, [place]) for string, there in article.repeats.items() for place in there
    ]
    stranger = Writer(f"stranger {seed}")
    rows["made up: fluent"] = [(_sentence(stranger), []) for _ in range(STRINGS)]
    chosen = rng.sample(long, STRINGS)
    rows["made up: negation turned"] = [(turned(text[slice(*s)], rng), []) for s in chosen]
    numbered = [renumbered(text[slice(*s)], rng) for s in long]
    rows["made up: number changed"] = [(s, []) for s in numbered if s and s not in text][:STRINGS]
    named = [renamed(text[slice(*s)], text, rng) for s in long]
    rows["made up: name swapped"] = [(s, []) for s in named if s][:STRINGS]
    return rows


def _sentence(writer: Writer) -> str:
    while True:
        clause = writer.clause()
        if len(clause.split()) >= FEWEST_WORDS:
            return clause[0].upper() + clause[1:]


def iou(found: Fragments, wanted: Fragments) -> float:
    a = {i for start, end in found for i in range(start, end)}
    b = {i for start, end in wanted for i in range(start, end)}
    return len(a & b) / len(a | b) if a | b else 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=120)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--misses", action="store_true", help="print what inquit got wrong")
    options = parser.parse_args()
    tried = systems()
    scores: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    costs: dict[str, dict[str, dict[str, list[float]]]] = {
        title: defaultdict(lambda: defaultdict(list)) for title in COSTS
    }
    sizes = []
    for number in range(options.documents):
        article = Writer(f"{options.seed} {number}").article()
        sizes.append(len(article.text))
        for row, wanted in cases(article, options.seed * 10_000 + number).items():
            if not wanted:
                continue
            strings = [string for string, _ in wanted]
            for name in list(tried) if number % 2 else reversed(tried):
                recent.cache_clear()  # inquit reads the text anew, as the others do
                for title, given in zip(COSTS, (strings[:1], strings[:1], strings), strict=True):
                    if title == TOGETHER:
                        recent.cache_clear()
                    began = time.process_time()
                    found = tried[name](article.text, given)
                    spent = time.process_time() - began
                    costs[title][row][name].append(spent / len(given) * 1e6)
                for (string, there), got in zip(wanted, found, strict=True):
                    score = iou(got, there) if there else float(bool(got))
                    scores[row][name].append(score)
                    if options.misses and name == "inquit" and score != bool(there):
                        print(f"{row}: {score:.2f} {string!r}")
                        print("    found:", [article.text[a:b] for a, b in got])
                        print("    right:", [article.text[a:b] for a, b in there])
    print(f"{len(sizes)} articles of {statistics.mean(sizes):,.0f} characters\n")
    print(f"{'mean IoU':28}{'strings':>9}", *(f"{name:>11}" for name in tried))
    for row, by_system in scores.items():
        if row.startswith("made up"):
            continue
        values = [statistics.mean(by_system[name]) for name in tried]
        print(f"{row:28}{len(by_system['inquit']):9,}", *(f"{value:11.3f}" for value in values))
    print(f"\n{'share found':28}{'strings':>9}", *(f"{name:>11}" for name in tried))
    for row, by_system in scores.items():
        if row.startswith("made up"):
            values = [statistics.mean(by_system[name]) for name in tried]
            print(f"{row:28}{len(by_system['inquit']):9,}", *(f"{value:11.3f}" for value in values))
    for title, rows in costs.items():
        print(f"\nCPU microseconds a string, {title}")
        print(f"{'':37}", *(f"{name:>11}" for name in tried))
        for row, by_system in rows.items():
            values = [statistics.median(by_system[name]) for name in tried]
            print(f"{row:37}", *(f"{value:11,.0f}" for value in values))


if __name__ == "__main__":
    main()
