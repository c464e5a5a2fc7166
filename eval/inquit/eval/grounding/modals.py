"""Verbs that say whether something is, may, must or would be; none may stand for another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .wordlists import words

#: What one verb is a form of; a line holds what may stand for one another.
_FORMS = """
may
might
can
could
will wollen wollte wollten wolle
would
shall
should ought
must
has have had having is are was were am did does do be been being
darf dürfen durfte durften dürfe
dürfte dürften
kann können konnte konnten könne
könnte könnten
muss müssen musste mussten müsse
müsste müssten
soll sollen sollte sollten solle
mag mögen mochte mochten
möchte möchten
wird werden werde
würde würden
hat haben hatte hatten habe ist sind war waren sei seien wurde wurden worden
hätte hätten wäre wären
"""
_FORM = {
    word: number
    for number, line in enumerate(_FORMS.casefold().strip().splitlines())
    for word in line.split()
}
_PLAIN = {_FORM["has"], _FORM["hat"]}
#: All of them, and those that say that something may, must or would be.
AUXILIARIES = frozenset(_FORM)
MODALS = frozenset(word for word, form in _FORM.items() if form not in _PLAIN)
_HAVE = words("have had be been haben sein")
#: Words that, with "to", say that it is only said.
_HEARSAY = words("""
    said believed thought understood rumoured rumored suspected supposed reported alleged expected
    likely claimed meant planned
""")


def exchanged(lost: Sequence[str], passed: Sequence[str]) -> bool:
    """Tell whether one of the words that a string has stands for another verb of the text's.

    >>> exchanged(["will"], ["may"]), exchanged(["has"], ["had"]), exchanged(["sees"], ["may"])
    (True, False, False)
    """
    ours = {_FORM[key] for key in lost if key in _FORM}
    theirs = {_FORM[key] for key in passed if key in _FORM}
    if not ours or not theirs or ours == theirs:
        return False
    return not (ours | theirs) <= _PLAIN


def only_modal(lost: Sequence[str], passed: Sequence[str]) -> bool:
    """Tell whether what two texts differ in is that one has a modal verb.

    >>> only_modal([], ["may"]), only_modal([], ["would", "have"]), only_modal([], ["may", "old"])
    (True, True, False)
    """
    differing = {*lost, *passed}
    return bool(differing & MODALS) and differing <= AUXILIARIES


def loses_perfect(keys: Sequence[str], lost: Sequence[int]) -> bool:
    """Tell whether a modal verb and the "have" or "be" behind it are both lost, or "said to".

    >>> loses_perfect(["he", "would", "have", "sold"], [1, 2])
    True
    """
    return any(
        other == one + 1
        and (
            (keys[one] in MODALS and keys[other] in _HAVE)
            or (keys[one] in _HEARSAY and keys[other] == "to")
        )
        for one, other in pairwise(lost)
    )
