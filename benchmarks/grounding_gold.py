"""How many gold labels are found again when they are written as strings, without offsets.

    python benchmarks/grounding_gold.py build/demo/corpus

Each span of a layer becomes its words, fragments joined by an ellipsis, and is looked for as
`inquit eval ground` does it. One counts as found if nine tenths of its characters are (IoU): what
fails is a word that the text repeats and the rules for sources and order place elsewhere.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path

from inquit.corpus import Corpus, Span
from inquit.eval.grounding import StringAnnotation, StringSpan, ground_annotation


def same(one: Span, other: Span | None) -> bool:
    a = {i for start, end in one.fragments for i in range(start, end)}
    b = {i for start, end in other.fragments for i in range(start, end)} if other else set()
    return len(a & b) >= 0.9 * len(a | b)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--layer", default="gold")
    parser.add_argument("--hints", action="store_true", help="give each string its offset as hint")
    options = parser.parse_args()
    corpus = Corpus.read(options.corpus)
    spans, found, tiers = Counter(), Counter(), Counter()
    spent = 0.0
    for labels in corpus.layer(options.layer).annotations:
        document = corpus.documents[labels.doc_id]
        strings = StringAnnotation(
            doc_id=labels.doc_id,
            spans=tuple(
                StringSpan(
                    span.id,
                    span.label,
                    " … ".join(document.slice(span)),
                    hint=span.start if options.hints else None,
                )
                for span in labels.spans
            ),
            attributions=labels.attributions,
        )
        began = time.process_time()
        grounded = ground_annotation(document, strings)
        spent += time.process_time() - began
        got = grounded.annotation.by_id()
        for span in labels.spans:
            spans[span.label] += 1
            found[span.label] += same(span, got.get(span.id))
            tiers[grounded.found[span.id].tier or "ungrounded"] += 1
    for label, number in spans.most_common():
        print(f"{label:12}{number:7,}{found[label] / number:8.3f}")
    print(", ".join(f"{number:,} {tier}" for tier, number in tiers.most_common()))
    print(f"{spent / sum(spans.values()) * 1e6:.0f} microseconds of CPU a string")


if __name__ == "__main__":
    main()
