"""Proofs that labels belong to a text, of no use to anybody who does not have the text.

A hash of a word gives the word away: there are few words, and a dictionary tries them all. So
every hash here covers, or is keyed with, whole blocks of BLOCK letters in a row (see `letters`);
who cannot produce the block cannot try a guess for the word. Blocks lie side by side from the
first letter of the text; if letters remain, one more block holds the last BLOCK of them. They do
not slide: from overlapping blocks a text could be guessed on, word by word, from a part that is
known. A text with fewer letters is one block.
"""

from __future__ import annotations

import hashlib
import hmac

#: Letters in a block: some thirty words, far beyond guessing.
BLOCK = 200
#: Hexadecimal digits. A block is looked for at every letter of a text, so its digest is longer.
DIGEST, PROOF = 16, 8


def block_starts(letters: int) -> list[int]:
    """Return where the blocks of a text with so many letters begin.

    >>> block_starts(120), block_starts(400), block_starts(450)
    ([0], [0, 200], [0, 200, 250])
    """
    starts = list(range(0, letters - BLOCK + 1, BLOCK)) or [0]
    return starts if letters <= starts[-1] + BLOCK else [*starts, letters - BLOCK]


def block_of(letter: int, letters: int) -> int:
    """Return the number of the block that a letter belongs to; never the overlap of the last."""
    return min(letter // BLOCK, max(letters - 1, 0) // BLOCK)


def digest(block: str) -> str:
    """Return the digest by which a block is found again."""
    return hashlib.sha256(b"inquit block\0" + block.encode()).hexdigest()[:DIGEST]


def proof(blocks: str, fragment: tuple[int, int], words: str) -> str:
    """Return the proof of a fragment: its letters and its place, keyed with the blocks it lies in.

    The place makes the proofs of equal words differ, so they do not show which words are equal.
    """
    key = hashlib.sha256(b"inquit key\0" + blocks.encode()).digest()
    message = f"{fragment[0]}:{fragment[1]}:{words}".encode()
    return hmac.digest(key, message, "sha256").hex()[:PROOF]
