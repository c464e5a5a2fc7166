"""Words that carry numbers or polarity: no tier may lose, gain or change one of them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .numbers import number_word
from .opposites import opposites
from .wordlists import words

#: Complete for English and German; of other languages the commonest. A word that negates in one
#: of them is guarded in all, which costs a match now and then and never a meaning.
NEGATIONS = words("""
    no not never none nobody noone nothing nowhere neither nor nay nope nix nil naught nought nowise
    without cannot hardly barely scarcely rarely seldom infrequently unless except excepting
    dont cant wont isnt arent wasnt werent doesnt didnt havent hasnt hadnt wouldnt couldnt shouldnt
    mustnt neednt mightnt shant aint
    nicht nichts nie niemals niemand niemanden niemandem niemandes niemands nirgends nirgend
    nirgendwo nirgendwohin nirgendwoher nirgendwann nimmer nimmermehr weder ohne kaum schwerlich
    selten außer ausgenommen nein nee nö nich nix net nit ned nöd nischt mitnichten nichtmal
    unmöglich keineswegs keinesfalls keinerlei keinmal keins kein keine keiner keinem keinen keines
    ne pas non jamais rien aucun aucune aucunement nullement nul nulle sans ni guère sauf personne
    no ni nunca nada nadie ningún ninguno ninguna ningun jamás tampoco sin salvo
    né nessuno nessuna nulla niente mai senza neppure neanche nemmeno mica
    niet nee nooit geen niemand niets nergens zonder
    não nem nenhum nenhuma ninguém sem
    ikke ingen ingenting intet aldri aldrig inte inga inget uten uden utan ej
    ei emme ette eivät ettei älä nie bez nigdy nic nikt żaden żadna żadne brak nincs nem sem
    není nejsou nebyl nebude nikdo nikdy değil yok hayır không chẳng chưa tidak bukan jangan belum
    не ни нет нету никогда ничего никто никого ничто нельзя без немає ніколи
    δεν μην όχι ποτέ κανείς κανένας καμία τίποτα χωρίς ούτε μη
    لا لم لن ليس ليست ما غير بدون نہیں نہ نہیں مت بغیر نیست نه هرگز بدون
    לא אין אל בלי מעולם नहीं न मत बिना कभी না নেই
    ない ぬ ず 不 没 沒 無 无 未 非 別 别 勿 否 莫 毋 안 못 없 않 말 아
""")
#: Words that deny what stands with them, though they are no negation by grammar. An ellipsis may
#: not leave one out either.
_DENIALS = re.compile(
    "fail(?:s|ed|ing|ures?)?|refus(?:e[sd]?|ing|als?)|den(?:y|ies|ied|ying|ials?)|"
    "reject(?:s|ed|ing|ions?)?|declin(?:e[sd]?|ing)|false(?:ly|hoods?)?|untrue|untruths?|"
    "wrong(?:ly)?|incorrect(?:ly)?|mistaken(?:ly)?|lie[sd]?|lying|lack(?:s|ed|ing)?|"
    "absen(?:t|ce)|few|fewer|fewest|little|prevent(?:s|ed|ing)?|avoid(?:s|ed|ing)?|"
    "forb(?:id|ids|ade|idden)|prohibit(?:s|ed|ing)?|refut(?:e[sd]?|ing)|myths?|hoax|fake|"
    "doubt(?:s|ed|ing|ful)?|impossible|unable|unlikely|improbable|unclear|"
    "pretend(?:s|ed|ing)?|stop(?:s|ped|ping)?|retract(?:s|ed|ing)?|cease[sd]?|"
    r"bezweif\w*|zweif\w*|unfähig\w*|unwahrscheinlich\w*|unklar|"
    r"\w*weiger\w*|bestr(?:eit|itt)\w*|\w*leugn\w*|dementier\w*|(?:ab)?lehn(?:en|e|t|te|ten|st)|"
    r"abgelehnt\w*|ablehnung\w*|abzulehnen|\w*gescheitert\w*|scheiter\w*|versäum\w*|"
    r"unterl(?:ass|iess|äss)\w*|\w*verhinder\w*|verm(?:eid|ied)\w*|falsch\w*|unwahr\w*|"
    r"gelogen\w*|lüg\w*|log|logen|irrtüm\w*|verb(?:iet|ot)\w*|untersag\w*|widerleg\w*|"
    r"widerspr\w*|fehl(?:t|te|ten|en|ende[mnrs]?)|misslang|misslung\w*|misslingt|"
    r"zurückgewiesen|wies(?:en)?|wenig\w*|gering\w*"
)
#: Words that say how many or how much, on what condition, or that it is not so.
_DEGREES = words("""
    reportedly apparently seemingly purportedly ostensibly potentially conceivably arguably
    hypothetically theoretically virtually practically supposed alleged possibly perhaps maybe
    probably presumably
    wohl vielleicht möglicherweise womöglich vermutlich anscheinend scheinbar mutmaßlich
    mutmaßliche mutmaßlichen mutmaßlicher höchstens mindestens bestenfalls allenfalls zumindest
    against instead far anything almost nearly allegedly supposedly yet ban bans banned
    gegen dagegen entgegen statt anstatt stattdessen davor weit entfernt alles fast beinah beinahe
    nahezu angeblich angebliche angeblichen angeblicher vermeintlich vermeintliche
    less lesser least more most only merely solely all every everyone everybody everything always
    each either some any several many much if whether than too enough
    mehr meist meiste meisten meistens nur lediglich bloß bloss ausschließlich alle allen aller
    allem jede jeder jedes jedem jeden immer stets viel viele vielen vieler entweder
    manche mancher einige einiger einigen
    wenn falls ob sofern genug
    moins tous toutes seulement si más menos todos todas solo sólo
""")


_PER_CENT = "%‰‱٪﹪％"
#: Negations of more than one character in scripts without spaces, whose tokens are characters.
UNSPACED_NEGATIONS = re.compile("ない|なかっ|なく|ません|ไม่|มิ|ບໍ່|မ")
#: Prefixes and endings that turn a word into its opposite.
_TURNING = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "a", "de", "anti", "miss", "ent")
_WITHOUT = ("less", "los", "lose", "losen", "loser", "loses", "frei")


@lru_cache(maxsize=50_000)
def denies(key: str) -> bool:
    """Tell whether the key of a token negates: by grammar, or by what it means.

    >>> [denies(key) for key in ("not", "refused", "weigerte", "harbour")]
    [True, True, True, False]
    """
    return key in NEGATIONS or _DENIALS.fullmatch(key) is not None


@lru_cache(maxsize=50_000)
def guarded(key: str) -> bool:
    """Tell whether the key of a token is a number, a currency, a per cent sign, or turns a meaning.

    >>> [guarded(key) for key in ("12", "f16", "twelve", "not", "$", "harbour")]
    [True, True, True, True, True, False]
    """
    return key in NEGATIONS or key in _DEGREES or key == "-" or denies(key) or numeric(key)


@lru_cache(maxsize=50_000)
def numeric(key: str) -> bool:
    """Tell whether the key of a token is a number, a currency or a per cent sign.

    >>> [numeric(key) for key in ("12", "f16", "twelve", "$", "not")]
    [True, True, True, True, False]
    """
    if number_word(key):
        return True
    return any(c.isnumeric() or unicodedata.category(c) == "Sc" or c in _PER_CENT for c in key)


def opposed(one: str, other: str) -> bool:
    """Tell whether two words are opposites: by their parts, or as `opposites` lists them.

    >>> opposed("likely", "unlikely"), opposed("harmless", "harm"), opposed("ports", "port")
    (True, True, False)
    """
    if opposites(one, other):
        return True
    for short, long in ((one, other), (other, one)):
        if len(short) >= 3 and long.endswith(short) and long[: -len(short)] in _TURNING:
            return True
        if long.startswith(short) and long[len(short) :] in _WITHOUT:
            return True
        if short.endswith("ful") and long.endswith("less") and short[:-3] == long[:-4]:
            return True
    return False
