"""Where content begins and ends."""

from __future__ import annotations

from ..segment import Segment
from . import english
from .english import Verb, words
from .sentence import DASHES, PAUSES, Sentence

_WH = words("whether if how why what")


def text(s: Sentence, begin: int, end: int) -> list[Segment]:
    """Return the offsets of tokens [begin, end), without the marks around them."""
    while end > begin and s.tokens[end - 1].word in PAUSES:
        end -= 1
    while begin < end and s.tokens[begin].word in PAUSES:
        begin += 1
    return [s.segment(begin, end)] if begin < end else []


def start(s: Sentence, end: int) -> int:
    """Return where content begins that ends before token ``end``."""
    begin = end
    while begin > 0 and not s.taken[begin - 1] and s.tokens[begin - 1].word != ";":
        begin -= 1
    k = end - 1
    while k >= begin and (s.tokens[k].word == "," or s.quotation(k)):
        k -= 1
    if begin <= k < end - 1 and s.tokens[k].word == ":":
        return k + 1
    while begin < end and s.tokens[begin].word in {"but", "and", ","}:
        begin += 1
    return begin


def end(s: Sentence, begin: int, verb: Verb | None = None, *, relative: bool = False) -> int:
    """Return where content ends that begins at a token.

    Parameters
    ----------
    begin : int
    verb : Verb, optional
        The cue before the content.
    relative : bool
        Whether the cue stands in a relative clause, which a comma ends.
    """
    if s.quotation(begin) and (
        s.ends_speech(begin) or s.word(begin + 1) in english.BEHIND_QUOTATION
    ):
        return begin + 1
    nominal = verb is not None and not _clausal(s, begin, verb)
    for k in range(begin, s.end):
        if k == begin:
            continue
        word = s.tokens[k].word
        if s.taken[k] or word == ";":
            return k
        if word in DASHES and cue_follows(s, k + 1, 7):
            return k
        if word == "," and (relative or _ends_at_comma(s, k, nominal)):
            return k
        if nominal and word in english.CIRCUMSTANCES and s.word(begin) != "to":
            return k
        if word == "but" and s.word(k + 1) in {"this", "that"}:
            return k
        if word in {"and", "but"} and _second_verb(s, k + 1, verb if nominal else None):
            return k
    return s.end


def _clausal(s: Sentence, begin: int, verb: Verb) -> bool:
    """Tell whether a clause, not a noun phrase, stands behind a cue."""
    if s.word(begin) in _WH | {"that"} or s.quotation(begin):
        return True
    return not set("ni") & set(verb.frames)


def _ends_at_comma(s: Sentence, k: int, nominal: bool) -> bool:
    following = s.word(k + 1)
    if following == "according" or _cue_participle(s, k + 1) or cue_follows(s, k + 2, 5):
        return True
    if nominal and following in english.ASIDES:
        return True
    return following in english.TURNS and cue_follows(s, k + 3, 7)


def _cue_participle(s: Sentence, k: int) -> bool:
    while k < s.end and (s.adverb(k) or s.word(k) == "and"):
        k += 1
    verb = s.verbs.get(s.word(k))
    return verb is not None and verb.form == "ing"


def cue_follows(s: Sentence, begin: int, near: int) -> bool:
    """Tell whether someone says something within the next tokens."""
    for k in range(begin, min(begin + near, s.end)):
        if s.tokens[k].word in {",", ";"}:
            return False
        verb = s.verb(k)
        if verb is not None and verb.form in ("past", "s") and set("cq") & set(verb.frames):
            return True
    return False


def _second_verb(s: Sentence, k: int, first: Verb | None) -> bool:
    """Tell whether a conjunction joins a second cue, with a content of its own."""
    auxiliary = english.AUXILIARIES | english.NEGATIONS
    while k < s.end and (s.adverb(k) or s.word(k) in auxiliary):
        k += 1
    verb = s.verbs.get(s.word(k))
    if k + 1 >= s.end or verb is None or verb.form not in ("past", "s"):
        return False
    if first is not None and first.form == verb.form:
        return True
    return s.quotation(k + 1) or s.word(k + 1) in english.CONTENT_WORDS


def goes_on(s: Sentence, k: int) -> bool:
    """Tell whether content goes on behind ", he said,"."""
    if k >= s.end or s.word(k) in english.TURNS | english.ASIDES | english.PARTICIPLES:
        return False
    return not (s.tokens[k].kind == "word" and s.word(k).endswith("ing"))


def behind_adverbials(s: Sentence, i: int, *, direct: bool) -> int:
    """Skip what may stand behind a cue that has its content before it: when, where, to whom.

    ``direct`` tells that the content is a quotation, so that no other can follow.
    """
    k = i
    while k < s.end:
        if s.word(k) in PAUSES or (s.quotation(k) and not (direct and _title(s, i, k))):
            return k
        if not direct and (s.word(k) == "that" or (k == i and not _adjoins(s, k))):
            return i
        k += 1
    return k


def _title(s: Sentence, i: int, k: int) -> bool:
    """Tell whether a quotation is a name: said on the "Morning Show"."""
    token = s.tokens[k]
    return k > i and s.tokens[k - 1].kind != "mark" and token.end - token.start < 60


def _adjoins(s: Sentence, k: int) -> bool:
    adjoining = english.PREPOSITIONS | {"when", "as", "while"}
    return s.word(k) in adjoining or s.time(k) or s.adverb(k)
