"""The tokens of a sentence and the verbs of attribution among them.

There is no tagger: whether a word is a verb is told by the words beside it. Ranges of tokens are
half-open everywhere in this package.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from ..segment import Segment
from . import english
from .english import Verb
from .tokens import Token

Range = tuple[int, int]

STOPS = frozenset(".?!…")
DASHES = frozenset({"--", "---", "—", "–", "―"})
_ENDS_SPEECH = frozenset(".,!?…;:—–-")
PAUSES = frozenset(",;:") | DASHES


class Group(NamedTuple):
    """A verb of attribution with its auxiliaries: tokens [start, end)."""

    start: int
    end: int
    verb: Verb
    cue: tuple[Segment, ...]
    passive: bool


class Sentence:
    """The tokens of one sentence, and which of them an attribution has taken already.

    Parameters
    ----------
    text : str
        The whole document.
    tokens : list of Token
    verbs : dict of str to Verb
        By form; see `english.verbs`.
    """

    def __init__(self, text: str, tokens: list[Token], verbs: dict[str, Verb]) -> None:
        self.text = text
        self.tokens = tokens
        self.verbs = verbs
        self.taken = [False] * len(tokens)
        self.end = len(tokens)
        while self.end and tokens[self.end - 1].word in STOPS:
            self.end -= 1
        kinds = [t.kind for t in tokens if t.kind in ("word", "name") and len(t.word) > 3]
        self.headline = len(kinds) > 2 and kinds.count("name") > 0.7 * len(kinds)

    # What stands where

    def word(self, i: int) -> str:
        """Return a word in lower case, "" for a quotation or outside the sentence."""
        return self.tokens[i].word if 0 <= i < self.end else ""

    def quotation(self, i: int) -> bool:
        """Tell whether a token is a quotation."""
        return 0 <= i < self.end and self.tokens[i].kind == "quotation"

    def ends_speech(self, i: int) -> bool:
        """Tell whether a quotation ends with a punctuation mark, as a speech does."""
        inside = self.text[self.tokens[i].start : self.tokens[i].end].rstrip("\"'”’»«“‘")
        return inside[-1:] in _ENDS_SPEECH

    def name(self, i: int) -> bool:
        """Tell whether a token begins with a capital letter."""
        return 0 <= i < self.end and self.tokens[i].kind == "name"

    def segment(self, begin: int, end: int) -> Segment:
        """Return the offsets of tokens [begin, end)."""
        return self.tokens[begin].start, self.tokens[end - 1].end

    def take(self, begin: int, end: int) -> None:
        """Mark tokens [begin, end) as read."""
        for k in range(begin, end):
            self.taken[k] = True

    def find(self, i: int, wanted: Collection[str]) -> int:
        """Return the first token from ``i`` that is one of these words, or the end."""
        while i < self.end and self.tokens[i].word not in wanted:
            i += 1
        return i

    def adverb(self, i: int) -> bool:
        """Tell whether a token is an adverb that may stand inside a verb group."""
        token = self.tokens[i]
        return token.word in english.ADVERBS or (
            token.kind == "word"
            and token.word.endswith("ly")
            and token.word not in english.NOT_ADVERBS
        )

    def time(self, i: int) -> bool:
        """Tell whether a token says when: "Monday", "last" before "week"."""
        if self.word(i) in {"this", "last", "next"}:
            return self.word(i + 1) in english.TIMES
        return self.word(i) in english.TIMES and self.word(i) != "may"

    def only_quotations(self, begin: int, end: int) -> bool:
        """Tell whether tokens [begin, end) are quotations and commas only."""
        return all(t.kind == "quotation" or t.word == "," for t in self.tokens[begin:end])

    # Verbs

    def verb(self, i: int) -> Verb | None:
        """Return the verb of attribution at a token, None where the word is none or a noun."""
        token = self.tokens[i]
        if token.kind != "word" and not (token.kind == "name" and (self.headline or i == 0)):
            return None
        verb = self.verbs.get(token.word)
        if verb is None or (verb.form == "base" and self.word(i - 1) == "to"):
            return None
        k = i - 1
        while k >= 0 and self.adverb(k):
            k -= 1
        if k < 0:
            return verb if verb.form == "ing" else None
        if self.tokens[k].word in english.AUXILIARIES | english.NEGATIONS:
            return verb
        return verb if self._finite(verb, i, k) else None

    def _finite(self, verb: Verb, i: int, k: int) -> bool:
        """Tell whether a form without auxiliary is a verb here; ``k`` is the token before it."""
        before = self.tokens[k].word
        if before.endswith(("'s", "’s", "s'", "s’")):
            return False
        if verb.form == "ing":
            return before not in english.DETERMINERS and (
                before not in english.PREPOSITIONS or before in {"by", "before", "after", "in"}
            )
        if verb.form == "part" or before in english.PREPOSITIONS:
            return False
        if before in english.DETERMINERS - english.SUBJECTS - {"that", "this"}:
            return False
        if verb.form == "base" and not self._plural(k):
            return False
        if verb.form == "s" and before in {"they", "we", "you", "i"}:
            return False
        nominal = verb.form in ("base", "s") and verb.lemma in english.NOUNS
        return not nominal or self._object(i + 1)

    def _plural(self, k: int) -> bool:
        token = self.tokens[k]
        if token.word in {"he", "she", "it"}:
            return False
        if token.word in english.SUBJECTS or token.word in english.PLURALS:
            return True
        return (
            token.kind in ("word", "name") and token.word.endswith("s") and token.word[-2:] != "ss"
        )

    def _object(self, k: int) -> bool:
        return self.quotation(k) or self.name(k) or self.word(k) in english.OBJECT_WORDS

    def other_verb(self, i: int) -> bool:
        """Tell whether a token is a finite verb, as far as we know verbs."""
        token = self.tokens[i]
        if token.kind != "word":
            return False
        if token.word in english.AUXILIARIES or token.word in english.OTHER_VERBS:
            return True
        verb = self.verbs.get(token.word)
        return verb is not None and verb.form == "past" and self.verb(i) is not None

    def group(self, i: int) -> Group | None:
        """Return the verb group whose main verb stands at a token."""
        verb = self.verb(i)
        if verb is None:
            return None
        end = i + 1
        if joined := english.with_particle(verb, self.word(end)):
            verb, end = joined, end + 1
        cue = list(range(i, end))
        passive = False
        k = i - 1
        while k >= 0:
            word = self.tokens[k].word
            if word in english.AUXILIARIES or word in english.NEGATIONS:
                passive = passive or (word in english.BE and cue[0] == i)
                cue.insert(0, k)
            elif not self.adverb(k):
                break
            k -= 1
        passive = passive and verb.form in ("past", "part")
        return Group(k + 1, end, verb, tuple(self._segments(cue)), passive)

    def _segments(self, indices: list[int]) -> list[Segment]:
        found: list[Segment] = []
        for previous, k in zip([-2, *indices], indices, strict=False):
            if k == previous + 1:
                found[-1] = (found[-1][0], self.tokens[k].end)
            else:
                found.append((self.tokens[k].start, self.tokens[k].end))
        return found
