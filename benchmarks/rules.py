"""How fast the rule extractor reads, and that its time grows with the length of the text.

Run it on a quiet machine: ``python benchmarks/rules.py``. The second table should show ratios near
the ratios of the sizes; a regular expression that backtracks would show their squares.
"""

from __future__ import annotations

import time

from inquit.corpus import Document
from inquit.eval.extractors.rules import RuleExtractor

PARAGRAPH = (
    "The ferry ran on to the ledge at four, the harbour office said. “We felt a blow,” said Mara "
    "Quill, a nurse from Port Varrow. “Then nothing.” According to the master, the chart was old, "
    "but the company denied that it had known.\n\n"
)
HOSTILE = (
    '"', "‘", "’ ", "“a” ", "''", '"\n', "said ", "he said, ", "who said ", ", ", "(", ". ", "a-",
    "according to ", "was said to ", "reportedly ", "A: “b” ", "told a ", "Mr. ", "—“a” ",
)  # fmt: skip


def seconds(documents: list[Document]) -> float:
    extractor = RuleExtractor()
    started = time.process_time()
    extractor.predict(documents)
    return time.process_time() - started


def hostile(size: int) -> Document:
    part = size // len(HOSTILE)
    pieces = (piece * (part // len(piece)) for piece in HOSTILE)
    return Document(doc_id="d", text="\n\n".join(pieces))


def main() -> None:
    batch = [Document(doc_id=str(i), text=PARAGRAPH * 12) for i in range(100)]
    seconds(batch[:1])
    taken = seconds(batch)
    size = len(batch[0].text) / 1000
    print(f"{len(batch) / taken:.0f} documents of {size:.1f} kB a second of CPU time")
    first = 0.0
    for size in (125_000, 250_000, 500_000, 1_000_000):
        taken = seconds([hostile(size)])
        first = first or taken
        print(f"hostile text of {size:>9,} characters: {taken / first:5.1f} times the first")


if __name__ == "__main__":
    main()
