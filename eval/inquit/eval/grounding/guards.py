"""Words that carry numbers or polarity: no tier may lose, gain or change one of them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Of the languages of the corpora and some others; a word that negates in one of them is guarded
#: in all, which costs a match now and then and never a meaning.
NEGATIONS = _words("""
    not no never none nobody nothing nowhere neither nor without cannot hardly barely scarcely
    rarely seldom unless except
    dont cant wont isnt arent wasnt werent doesnt didnt havent hasnt hadnt wouldnt couldnt shouldnt
    aint
    nicht nichts nie niemals niemand niemanden niemandem niemandes nirgends nirgendwo kein keine
    keiner keinem keinen keines keinerlei weder ohne kaum selten außer nein nimmer
    ne pas non jamais rien aucun aucune nul nulle sans ni guère
    nunca nada nadie ningún ninguno ninguna ningun jamás tampoco sin
    né nessuno nessuna nulla niente mai senza neppure neanche nemmeno mica
    niet nee nooit geen niemand niets nergens zonder
    não nem nenhum nenhuma ninguém sem
    ikke ingen ingenting intet aldri aldrig inte inga inget uten uden utan ej
    nie bez nigdy nic nikt żaden żadna żadne brak
    не ни нет нету никогда ничего никто никого ничто нельзя без
    لا لم لن ليس ليست ما غير بدون
    לא אין אל בלי מעולם
    ない ぬ ず 不 没 沒 無 无 未 非 別 别 勿 否 莫 안 못 없 말
""")
_NUMBER_WORDS = _words("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred hundreds thousand thousands million millions billion billions trillion trillions
    dozen dozens half halves third thirds quarter quarters fifth tenth once twice thrice double
    triple first second fourth sixth seventh eighth ninth both bn mn
    null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn
    sechzehn siebzehn achtzehn neunzehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig
    neunzig hundert tausend million millionen milliarde milliarden billion billionen dutzend halb
    halbe halben hälfte drittel viertel einmal zweimal dreimal doppelt erste ersten erster erstes
    zweite zweiten dritte dritten vierte fünfte beide beiden mio mrd
    deux trois quatre cinq sept huit neuf dix onze douze vingt trente quarante cinquante soixante
    cent mille milliard milliards moitié
    dos tres cuatro cinco seis siete ocho nueve diez veinte treinta cien ciento mil millón millones
    tre quattro cinque otto nove dieci venti cento milione milioni miliardo miliardi
    twee drie vijf zes zeven negen tien twintig honderd duizend miljoen miljard
""")
_PER_CENT = "%‰‱٪﹪％"
#: Negations of more than one character in scripts without spaces, whose tokens are characters.
UNSPACED_NEGATIONS = re.compile("ない|なかっ|なく|ません|ไม่|มิ|ບໍ່|မ")
#: Prefixes and endings that turn a word into its opposite.
_TURNING = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "a", "de", "anti", "miss", "ent")
_WITHOUT = ("less", "los", "lose", "losen", "loser", "loses", "frei")


@lru_cache(maxsize=50_000)
def guarded(key: str) -> bool:
    """Tell whether the key of a token is a number, a currency, a per cent sign or a negation.

    >>> [guarded(key) for key in ("12", "f16", "twelve", "not", "$", "harbour")]
    [True, True, True, True, True, False]
    """
    if key in NEGATIONS or key in _NUMBER_WORDS or key == "-":
        return True
    return any(c.isnumeric() or unicodedata.category(c) == "Sc" or c in _PER_CENT for c in key)


def opposed(one: str, other: str) -> bool:
    """Tell whether two words differ by nothing but what makes one of them the opposite.

    >>> opposed("likely", "unlikely"), opposed("harmless", "harm"), opposed("ports", "port")
    (True, True, False)
    """
    for short, long in ((one, other), (other, one)):
        if len(short) >= 3 and long.endswith(short) and long[: -len(short)] in _TURNING:
            return True
        if long.startswith(short) and long[len(short) :] in _WITHOUT:
            return True
        if short.endswith("ful") and long.endswith("less") and short[:-3] == long[:-4]:
            return True
    return False
