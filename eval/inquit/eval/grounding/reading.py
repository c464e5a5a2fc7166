"""What is made of a string or of a text, each part when it is first asked for."""

from __future__ import annotations

import re

from .classes import classes_of, odd_characters
from .folding import Irregular, cased, folded_pieces, folded_whole, plain
from .guards import guarded
from .lazy import lazy
from .tokens import Tokens, tokens_of, unspaced_negations

#: Finds, in the classes of a text, a word, a number or a symbol.
WORD = re.compile("[adxXcro]")


class Reading:
    """A string as it is read.

    >>> Reading("“We can’t pay $5”").guards
    ['not', '$', '5']
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @lazy
    def _odd(self) -> list[str]:
        return odd_characters(self.text)

    @lazy
    def classes(self) -> str:
        """Class of each character."""
        return classes_of(self.text, self._odd)

    @lazy
    def wordless(self) -> bool:
        """Whether it holds no word, number or symbol."""
        return WORD.search(self.classes) is None

    @lazy
    def plain(self) -> str:
        """Return the text as the function `plain` does."""
        return plain(self.text, self._odd)

    @lazy
    def _folding(self) -> tuple[str, list[Irregular]]:
        return folded_pieces(self.plain, self.classes, self.text)

    @lazy
    def folded(self) -> str:
        """Return the text with its type folded."""
        whole = folded_whole(self.plain, self.classes)
        return self._folding[0] if whole is None else whole

    @property
    def irregular(self) -> list[Irregular]:
        """Where folding is not one character for one."""
        return self._folding[1]

    @lazy
    def cased(self) -> str:
        """Return the text with its type folded and without case, as long as `folded`."""
        return cased(self.folded)

    @lazy
    def tokens(self) -> Tokens:
        """Tokens of the text."""
        return tokens_of(self.text, self.plain, self.classes)

    @lazy
    def guards(self) -> list[str]:
        """Numbers, negations, currencies and per cent signs, in order."""
        found = [key for key in self.tokens.keys if guarded(key)]
        return found + unspaced_negations(self.text)
