"""Lists of words, written as text."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Return the words of a text, without case, as the keys of tokens are.

    >>> sorted(words("Groß oder klein"))
    ['gross', 'klein', 'oder']
    """
    return frozenset(text.casefold().split())
