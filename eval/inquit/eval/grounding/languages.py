"""Whether a text is in a language whose negations and numbers are known.

Only there may words differ. A text shows its language by its function words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .wordlists import words

#: Function words of each known language that few other languages have.
FUNCTION_WORDS = {
    "English": words("""
        a the of to and that was for with it from be are were has have had will would they them his
        her their its this these those but or which who whom whose said we you she our your my not
        been being about than when while where because although can could may might must should
        shall an into by after before since until there what how if as at he is on
        so no do does did done me us all any some only also very just near next last over under
        through between against without within during again more most such other each every both
        may much many out up down
        """),
    "German": words("""
        der die das und den dem des ein eine einen einem einer eines ist war sind waren sei hat
        haben hatte hatten wird werden wurde wurden nicht mit von vom zu zum zur auf für im am um
        als auch sich dass es sie wir ich ihr ihre seine seiner bei nach aus wie oder aber noch
        über unter durch kann können soll sollen will wollen muss müssen diese dieser dieses
        wenn weil habe hätte wäre würde er in an so man
        """),
}
#: Function words that only other languages have.
_FOREIGN = words("""
    og ikke jeg som det til av på har hun de och att är inte den för med ett om
    het een van en niet dat zijn voor ook naar nie vir wat sy
    ja ei että oli ovat mutta kuin hän
    le la les et un une du que qui est dans pour pas sur il elle au aux ce
    el los las y del se por con para una su lo como más al
    che di e non per sono della è nel gli i o os um uma não do da em no na ao dos
    w nie na się z że jest do po a v se že je na s u i da od za su
    nem az és hogy egy yang dan tidak untuk ini itu dengan di ke dari ve bir bu için de da ile
    si în cu nu care mai pe este kwa ya wa ni na katika không và của là được trong ang ng sa mga
""")
_KNOWN = frozenset().union(*FUNCTION_WORDS.values())
_OTHER = _FOREIGN - _KNOWN
_TOLD = _FOREIGN | _KNOWN
#: Least share of the tokens of a text, and of a string, that are function words.
_TEXT, _STRING = 0.15, 0.1


def languages_of(counts: Mapping[str, int]) -> frozenset[str]:
    """Return the known languages that a text shows, given how often it has each token."""
    has, told = counts.__getitem__, _TOLD.intersection(counts)
    found = {name: sum(map(has, told & known)) for name, known in FUNCTION_WORDS.items()}
    return _shown(found, sum(map(has, told & _OTHER)), sum(counts.values()) * _TEXT)


def shows(keys: Iterable[str], languages: frozenset[str]) -> bool:
    """Tell whether the keys of a string show one of some languages.

    >>> shows("they did not close the port".split(), frozenset(["English"]))
    True
    >>> shows("he eivät sulje satamaa vielä tänään".split(), frozenset(["German"]))
    False
    """
    given = list(keys)
    counts = {name: sum(map(FUNCTION_WORDS[name].__contains__, given)) for name in languages}
    return bool(_shown(counts, sum(map(_OTHER.__contains__, given)), len(given) * _STRING))


def _shown(counts: dict[str, int], foreign: int, least: float) -> frozenset[str]:
    return frozenset(n for n, count in counts.items() if count > foreign and count >= least)
