"""What stands before and behind a place in its clause: a negation there may belong to it.

A clause ends here at punctuation, a quotation mark, a bracket or a dash between spaces.
"""

from __future__ import annotations

import re
from collections.abc import Container

from .guards import NEGATIONS, denies, numeric
from .reading import Reading
from .tokens import Tokens
from .units import unit_at
from .wordlists import words

#: Classes of punctuation that ends a sentence or a quotation.
_CLOSING = ".p'\""
#: How far a clause is read, in code points, and how many words may stand behind its negation.
_CLAUSE, _PASSED = 400, 4
#: How near a word that denies stands to what it denies.
_NEAR = 3
#: So many words are rather the name of someone than a sentence.
FEW = 2
_PAUSES = re.compile(r"[^\w\s'’‘ʼ$€£%-]|\s--?\s|\n\s*\n")
#: What may stand between a negation that opens a sentence and the subject.
_TURNED = words("""
    had has have having did do does will would can could is are was were be should may might must
    shall circumstances circumstance case way account time means event longer again more sooner
    moment stage point condition account
    hat habe haben hatte hatten hätte hätten ist sind sei war waren wäre wären wird werde werden
    wurde wurden würde würden kann können könne konnte konnten könnte darf dürfen dürfe durfte
    muss müssen müsse musste soll sollen solle sollte will wollen wolle wollte mehr
    umständen umstände fall weise
""")
#: What may stand between "nobody" and a noun with which a string begins.
_OF = words("in of at on from im in am an auf aus von vom unter")
#: Words that a sentence that begins behind them says without their condition or limit.
_LIMITING = words("""
    only few fewer little almost nearly if whether
    nur lediglich wenig wenige weniger fast beinah beinahe wenn falls sofern ob
""")
#: Words of a condition, a doubt or an alternative, that bear on what follows them in a clause.
#: "Reportedly" and its like are not among them: they are cues, which a content leaves out.
_DOUBTING = words("""
    if whether unless instead perhaps maybe possibly probably presumably
    wenn falls ob sofern statt anstatt vielleicht möglicherweise womöglich
""")
#: Words that, right before a number, say that it is not just this.
_BOUNDS = words("""
    least most than almost nearly about around roughly exactly precisely approximately to over under
    virtually practically only
    mindestens höchstens als fast beinah beinahe nahezu rund etwa genau ungefähr knapp über unter
    circa ca zu nur lediglich
""")
#: Words with which another clause begins without a comma; those that join one like it.
_JOINTS = words("and but or und aber oder sondern")
_CLAUSES = _JOINTS | words("""
    because although though while whereas since that who whom whose which when where as so after
    before
    weil obwohl während dass
""")
#: Words behind a sentence on which it depends.
_DEPENDS = words("if unless wenn falls sofern")


def negates(tokens: Tokens, k: int) -> bool:
    """Tell whether a token is a negation, which "noch" is behind "weder".

    >>> tokens = Reading("Weder der Hafen noch die Stadt").tokens
    >>> [negates(tokens, k) for k in (0, 1, 3)]
    [True, False, True]
    """
    key = tokens.keys[k]
    return key in NEGATIONS or (key == "noch" and "weder" in tokens.keys[max(0, k - 30) : k])


def limits(tokens: Tokens, following: Reading, near: int = 0) -> bool:
    """Tell whether words put what follows them in doubt, on a condition, or its number otherwise.

    With ``near``, only so many of the last words count.

    >>> limits(Reading("it was perhaps").tokens, Reading("sold"))
    True
    >>> limits(Reading("at least").tokens, Reading("19 days"))
    True
    """
    keys = tokens.keys
    if not _DOUBTING.isdisjoint(keys[-near:] if near else keys):
        return True
    return bool(keys) and keys[-1] in _BOUNDS and numeric(next(iter(following.tokens.keys), ""))


def begins(string: Reading, text: str, start: int) -> bool:
    """Tell whether a string says that a sentence begins with it, which the text does not.

    By a capital, or by a quotation mark, that the text has not there; two words are no sentence.
    """
    if len(string.tokens.keys) <= FEW:
        return False
    first = string.tokens.starts[0]
    if string.text[first].isupper() and not text[start].isupper():
        return True
    marks = [k for k in string.classes[:first] if k in "'\""]
    return bool(marks) and not (start and text[start - 1] in "'\"‘“„‚«»‹›「『”’`")


def negated_before(
    tokens: Tokens, first: int, passed: Container[str] = (), *, begun: bool = False
) -> bool:
    """Tell whether a negation stands before a token, with nothing but space between.

    Words that stand there where a sentence is turned about ("Never had the mayor ...") may stand
    between, and other words that were `passed` over.

    >>> tokens = Reading("Never had the mayor sold it").tokens
    >>> negated_before(tokens, 2), negated_before(tokens, 3)
    (True, False)
    """
    for k in range(first - 1, max(-1, first - 1 - _PASSED), -1):
        gap = tokens.classes[tokens.ends[k] : tokens.starts[k + 1]]
        if gap.strip("sSn") or not (gap or tokens.ends[k] in tokens.glued):
            return False
        key = tokens.keys[k]
        if negates(tokens, k) or (begun and key in _LIMITING):
            return True
        if key not in _TURNED and key not in passed and not (begun and key in _OF):
            return False
    return False


def opens_behind_negation(text: str, start: int) -> bool:
    """Tell whether a negation stands before a word with which a string says a sentence begins.

    >>> opens_behind_negation("Not everyone came", 4), opens_behind_negation("So everyone came", 3)
    (True, False)
    """
    tokens = Reading(clause_before(text, start) + text[start]).tokens
    return negated_before(tokens, len(tokens.keys) - 1, begun=True)


def denied_behind(string: Reading, text: str, end: int) -> bool:
    """Tell whether a string ends its sentence before a negation of the text's.

    Only if it says by its last mark that the sentence or quotation ends, and the text does not;
    then a number is not left out there either.

    >>> denied_behind(Reading("We will sell it."), "We will sell it never", 15)
    True
    >>> denied_behind(Reading("We will sell it"), "We will sell it never", 15)
    False
    """
    tail = string.classes[string.tokens.ends[-1] :]
    if not any(kind in _CLOSING for kind in tail):
        return False
    clause = clause_behind(text, end)
    if not clause.strip():
        return False
    tokens = Reading(clause).tokens
    if not tokens.keys:
        return False
    if _continues(string.tokens.keys[-1], tokens.keys):
        return True
    return negated_within(tokens)


def clause_behind(text: str, end: int) -> str:
    """Return the rest of a clause.

    >>> clause_behind("We sail not, she said", 7)
    ' not'
    """
    rest = text[end : end + _CLAUSE]
    pause = _PAUSES.search(rest)
    return rest[: pause.start()] if pause else rest


def clause_before(text: str, start: int) -> str:
    """Return the beginning of a clause.

    >>> clause_before("So, nobody should sail", 11)
    ' nobody '
    """
    rest = text[max(0, start - _CLAUSE) : start]
    pauses = list(_PAUSES.finditer(rest))
    return rest[pauses[-1].end() :] if pauses else rest


def negated_within(tokens: Tokens) -> bool:
    """Tell whether a negation, or a condition, stands among words before another clause begins.

    >>> [negated_within(Reading(t).tokens) for t in ("of it never", "because we never", "if it")]
    [True, False, True]
    """
    for k, key in enumerate(tokens.keys):
        if key in _CLAUSES:
            return False
        if negates(tokens, k) or key in _DEPENDS:
            return True
    return False


def denied_within(tokens: Tokens) -> bool:
    """Tell whether words negate what follows them, those behind any "and" or "but".

    A negation anywhere among them, another word that denies as one of the last few.

    >>> [denied_within(Reading(t).tokens) for t in ("denied that", "did not come but said that")]
    [True, False]
    """
    for k in range(len(tokens.keys) - 1, -1, -1):
        if tokens.keys[k] in _JOINTS:
            return False
        if negates(tokens, k) or (denies(tokens.keys[k]) and k >= len(tokens.keys) - _NEAR):
            return True
    return False


def _continues(last: str, keys: list[str]) -> bool:
    """Tell whether the first of some words is a number, or the unit of the one before."""
    return numeric(keys[0]) or (numeric(last) and bool(unit_at(keys, 0)[0]))
