"""Words behind a number that say of what it is: units of measure, currencies, times of day."""

from __future__ import annotations

from collections.abc import Sequence

#: A line holds the names of one unit; a number may not lose it or change it for another.
_UNITS = """
percent pc prozent pct
percentage prozentpunkte prozentpunkten prozentpunkt pp
promille permille
euro euros eur
dollar dollars usd bucks
pound pounds gbp quid pfund
franc francs chf franken
yen jpy
yuan renminbi cny rmb
rouble roubles ruble rubles rub rubel
rupee rupees inr rupien
crown crowns krone kroner krona kronor kronen
sek
nok
dkk
czk
zloty zlotys pln
lira
peso pesos
zar
brl
aud
cad
hkd
cent cents
pence penny pennies
degree degrees grad
celsius c
fahrenheit f
kelvin k
am
pm
"""
#: Of measures too; but where other words are lost as well, one may be lost.
_MEASURES = """
mm millimetre millimetres millimeter millimeters millimetern
cm centimetre centimetres centimeter centimeters zentimeter zentimetern
m metre metres meter meters metern
km kilometre kilometres kilometer kilometers kilometern
foot feet ft
inch inches zoll
yard yards
mile miles meile meilen
hectare hectares ha hektar
acre acres
mg milligram milligrams milligramm
µg μg microgram micrograms mikrogramm
g gram grams grammes gramm
kg kilogram kilograms kilogrammes kilo kilos kilogramm
tonne tonnes ton tons tonnen
ounce ounces oz
lb lbs
litre litres liter liters litern
ml millilitre millilitres milliliter milliliters
gallon gallons
barrel barrels
mph
kmh
kw kilowatt kilowatts
mw megawatt megawatts
gw gigawatt gigawatts
kwh
"""


def _names(lists: str) -> dict[str, str]:
    lines = [line.split() for line in lists.casefold().strip().splitlines()]
    return {name: line[0] for line in lines for name in line}


MEASURES = _names(_MEASURES)
#: What each name of a unit stands for.
UNITS = _names(_UNITS) | MEASURES


def unit_at(keys: Sequence[str], k: int) -> tuple[str, int]:
    """Return the unit whose name begins at a token, and of how many tokens it is; "" and 0 if none.

    >>> unit_at(["5", "per", "cent"], 1), unit_at(["3", "p", "m"], 1), unit_at(["5", "men"], 1)
    (('percent', 2), ('pm', 2), ('', 0))
    """
    if not 0 <= k < len(keys):
        return "", 0
    key, behind = keys[k], keys[k + 1] if k + 1 < len(keys) else ""
    if key == "per" and behind == "cent":
        return "percent", 2
    if key in ("a", "p") and behind == "m":
        return key + "m", 2
    if key == "percentage" and behind not in ("point", "points"):
        return "", 0
    return (UNITS[key], 1) if key in UNITS else ("", 0)
