"""Noun phrases beside a cue: who says something, and to whom."""

from __future__ import annotations

from . import english
from .english import words
from .sentence import PAUSES, Range, Sentence

_ASIDE = words("who whose which")
_ENDS = PAUSES | english.AFTER_SOURCE | english.CLAUSE_WORDS - {"that"}
_LONGEST = 40
_NEAR = 12


def before(s: Sentence, end: int) -> Range | None:
    """Return the noun phrase that ends before token ``end``, with its apposition."""
    if end <= 0:
        return None
    if s.tokens[end - 1].word != ",":
        return _phrase(s, end)
    comma = _comma_before(s, end - 1)
    if comma is None:
        return None
    first = comma + 1
    word = s.tokens[first].word
    if word in english.CLAUSE_WORDS - english.RELATIVES - {"once"} or word in {
        "and",
        "but",
        "or",
    }:
        return None
    if s.quotation(comma - 1):
        return None
    if first + 1 == end - 1 and (word in english.LEADERS or s.adverb(first)):
        return before(s, comma)
    head = _phrase(s, _first_comma(s, comma, end))
    if head is None or _adverbial(s, first):
        return head
    return head[0], end - 1


def _comma_before(s: Sentence, end: int) -> int | None:
    for k in range(end - 1, max(0, end - _LONGEST), -1):
        if s.tokens[k].word == ",":
            return k
        if s.quotation(k) and s.tokens[k].end - s.tokens[k].start > _LONGEST:
            return None
    return None


def _first_comma(s: Sentence, comma: int, end: int) -> int:
    """Go back over ages, relative clauses and adverbials between commas."""
    while True:
        k = comma
        while k > 0 and s.tokens[k - 1].word not in PAUSES and end - k < _LONGEST:
            if s.quotation(k - 1):
                break
            k -= 1
        aside = s.tokens[k].kind == "number" or s.tokens[k].word in _ASIDE
        if not (aside or _adverbial(s, k)):
            return comma
        if k < 2 or s.tokens[k - 1].word != "," or s.quotation(k - 2):
            return comma
        comma = k - 1


def _adverbial(s: Sentence, k: int) -> bool:
    token = s.tokens[k]
    ing = token.kind == "word" and token.word.endswith("ing")
    return ing or token.word in english.PREPOSITIONS


def _phrase(s: Sentence, end: int) -> Range | None:
    begin = _walk_back(s, end)
    if begin < end and s.tokens[begin].word in {"who", "which"}:
        return begin, end
    while begin < end and _leads(s, begin, end):
        begin += 1
    if begin >= end:
        return None
    if s.tokens[begin].word in english.PREPOSITIONS or s.tokens[begin].word == "to":
        begin = _last_phrase(s, begin, end)
    last = s.tokens[end - 1].word
    if end - begin > 1 and last in english.TIMES:
        if s.tokens[begin].word not in english.DETERMINERS:
            end -= 1
    elif last in english.DETERMINERS - english.SUBJECTS - {"this", "that"}:
        return None
    return (begin, end) if any(t.kind != "mark" for t in s.tokens[begin:end]) else None


def _leads(s: Sentence, k: int, end: int) -> bool:
    if k == end - 1 and s.tokens[k].word in english.SUBJECTS:
        return False
    return s.tokens[k].word in english.LEADERS or s.adverb(k)


def _walk_back(s: Sentence, end: int) -> int:
    """Return where the run of words that may be one noun phrase begins."""
    begin = end
    while begin > 0 and end - begin < _LONGEST:
        k = begin - 1
        token = s.tokens[k]
        if token.word == ")":
            opening = _opening_bracket(s, k)
            if opening is None:
                break
            begin = opening
            continue
        if token.word in {"who", "which", "whom"}:
            if begin == end:
                return k
            if k == 0 or s.tokens[k - 1].word == ",":
                break
        elif s.other_verb(k):
            relative = _relative(s, k)
            if relative is None:
                break
            begin = relative
            continue
        elif _breaks_phrase(s, k, end):
            break
        begin = k
    return begin


def _breaks_phrase(s: Sentence, k: int, end: int) -> bool:
    token = s.tokens[k]
    if token.kind == "quotation":
        return k == 0 or k == end - 1 or not _in_passing(s, k)
    if token.kind == "mark":
        return token.word not in english.SIGNS
    if token.word in {"and", "or"}:
        if k == end - 1 or k == 0 or s.tokens[k - 1].word == ",":
            return True
        return any(s.other_verb(x) for x in range(max(0, k - 5), k))
    return token.word in english.CLAUSE_WORDS


def _in_passing(s: Sentence, k: int) -> bool:
    """Tell whether a quotation is a few words within a phrase, not a speech."""
    token = s.tokens[k]
    return token.end - token.start <= 30 and not s.ends_speech(k)


def _opening_bracket(s: Sentence, k: int) -> int | None:
    return next((x for x in range(k - 1, max(0, k - _NEAR), -1) if s.word(x) == "("), None)


def _relative(s: Sentence, verb: int) -> int | None:
    """Return the noun before the relative clause that a verb belongs to."""
    for k in range(verb - 1, max(0, verb - 9), -1):
        if s.tokens[k].word in {"who", "which", "that"}:
            noun = s.tokens[k - 1]
            known = noun.word in s.verbs
            return k - 1 if noun.kind in ("word", "name") and not known else None
    return None


def _last_phrase(s: Sentence, begin: int, end: int) -> int:
    """Return where the last noun phrase of "on Monday the board" begins."""
    if s.tokens[end - 1].word in english.SUBJECTS:
        return end - 1
    k = end - 1
    while k > begin and {s.tokens[k].kind, s.tokens[k - 1].kind} <= {"name", "number"}:
        k -= 1
    if k > begin and s.tokens[k].kind == "word":
        while k > begin and s.tokens[k].word not in english.DETERMINERS:
            k -= 1
    elif k > begin and s.tokens[k - 1].word in english.DETERMINERS:
        k -= 1
    return k if k > begin else begin + 1


def first(s: Sentence) -> Range | None:
    """Return the noun phrase that the sentence begins with."""
    begin = beginning(s)
    end = begin
    while end < s.end and end - begin < _NEAR:
        if s.word(end) in PAUSES or s.quotation(end) or s.other_verb(end):
            break
        if s.verb(end) is not None:
            break
        end += 1
    if end >= s.end or s.word(begin) in english.PREPOSITIONS | english.CLAUSE_WORDS:
        return None
    while end > begin and s.adverb(end - 1):
        end -= 1
    return (begin, end) if end > begin else None


def beginning(s: Sentence) -> int:
    """Return the first token behind "but", "meanwhile" and their like."""
    i = 0
    while i < s.end and (s.tokens[i].word in english.LEADERS or s.tokens[i].word == ","):
        i += 1
    return i


def after(s: Sentence, begin: int) -> Range | None:
    """Return the noun phrase that begins at a token, with its apposition; None for a clause."""
    if begin >= s.end or not _begins_phrase(s, begin):
        return None
    if s.tokens[begin].word in english.SUBJECTS:
        return begin, begin + 1
    end = begin + 1
    while end < s.end:
        word = s.word(end)
        if word == "(":
            close = s.find(end, ")")
            if close == s.end or close - end >= _NEAR:
                break
            end = close + 1
            continue
        if word in _ASIDE:
            end = s.find(end, ",;")
            break
        if s.quotation(end) or s.time(end) or word in _ENDS:
            break
        if s.other_verb(end) or s.verb(end) is not None:
            return None
        end += 1
    return begin, _with_apposition(s, end)


def _begins_phrase(s: Sentence, i: int) -> bool:
    token = s.tokens[i]
    if token.word in english.TIMES or token.word in {"that", "to"}:
        return False
    if token.kind == "name" or token.word in english.SUBJECTS | english.DETERMINERS:
        return True
    closed = english.PREPOSITIONS | english.CLAUSE_WORDS | english.ADVERBS
    return token.kind == "word" and token.word not in closed


def _with_apposition(s: Sentence, end: int) -> int:
    first = end + 1
    if s.word(end) != "," or first >= s.end or s.quotation(first):
        return end
    if s.word(first) not in english.DETERMINERS | _ASIDE and s.tokens[first].kind == "word":
        closed = english.CLAUSE_WORDS | english.PREPOSITIONS | english.LEADERS | english.SUBJECTS
        if s.word(first).endswith("ing") or s.word(first) in closed:
            return end
    close = first
    while close < s.end:
        if s.word(close) == ",":
            following = s.tokens[close + 1] if close + 1 < s.end else None
            if following is None or following.kind == "quotation":
                break
            if following.kind == "word" and following.word.endswith("ing"):
                break
        close += 1
    return close


def behind_apposition(s: Sentence, comma: int) -> int:
    """Return the comma that ends the apposition of "according to Ana Reyes, the chief, …"."""
    first = comma + 1
    if s.word(comma) != "," or s.word(first) not in _ASIDE | {"a", "an", "the"}:
        return comma
    close = s.find(first, ",;")
    if s.word(close) != "," or close - first > _NEAR:
        return comma
    if s.word(first) in _ASIDE:
        return close
    known = english.AUXILIARIES | english.OTHER_VERBS
    return comma if any(s.word(k) in known for k in range(first, close)) else close


def addressee(s: Sentence, i: int) -> Range | None:
    """Return to whom something is said, if that stands at a token."""
    if i >= s.end or s.quotation(i) or s.tokens[i].kind == "mark":
        return None
    if s.word(i) in english.PRONOUNS or s.word(i) in english.AUDIENCES:
        return i, i + 1
    if s.word(i) in english.NOT_ADDRESSED:
        return None
    end = i
    while end < s.end and end - i < 10:
        word = s.word(end)
        if s.quotation(end) or word in PAUSES or word in english.BEHIND_ADDRESSEE:
            break
        if end > i and (word in english.TIMES or _second_phrase(s, end)):
            break
        if s.other_verb(end):
            return None
        end += 1
    return (i, end) if end > i else None


def _second_phrase(s: Sentence, i: int) -> bool:
    joins = english.PREPOSITIONS | english.DETERMINERS | {"and"}
    return s.word(i) in english.DETERMINERS and s.word(i - 1) not in joins
