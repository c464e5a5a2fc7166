"""Texts and strings for `grounding.py`: generated, so that every offset is known.

Articles of about 5 kB are built from a seed. A string is one of their sentences, quotations or
names, and then it is changed as language models change what they copy. Changes that are told apart
from errors only by their meaning are rows of their own: a negation that is lost or added, a
number that is changed and a name for another name make another statement: nothing may be found.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

CHARACTERS = 5000


def listed(text: str) -> list[str]:
    return text.replace("\n", "").split("|")


WORD = re.compile(r"[^\W_]+(?:[’'.,-][^\W_]+)*")
NEGATIONS = frozenset(listed("not|no|never|nobody|nothing|neither|without|none"))

NAMES = listed("""
Mara Quill|Jonas Feld|Ines Okoro|Tomas Brandt|Aiko Mori|Ruth Calloway|Peter Lindqvist|
Sana Malik|Diego Arroyo|Helen O’Dowd|Marek Novak|Leila Haddad|Owen Pryce|Greta Stahl|Noah Adeyemi|
Clara Benitez|Ivan Petrov|Nadia Farouk|Samuel Boateng|Yvonne Leclerc""")
ROLES = listed("""
harbour master|union leader|deputy mayor|chief engineer|school inspector|court clerk|
water minister|port authority spokeswoman|hospital director|retired pilot|shop owner|farm adviser|
fire chief|rail planner|tenants’ lawyer|fisheries scientist""")
PLACES = listed("""
Port Varrow|Lindmouth|East Calder|Brackwater|Hollin Bay|Saltmarsh|Upper Teal|Grenholm|
Kestrel Point|Ashford Lock|Wexley|Northgate""")
NOUNS = listed("""
harbour|ferry|bridge|tunnel|reservoir|school|clinic|budget|contract|council|warehouse|
terminal|pipeline|railway|market|tower|archive|garden|library|stadium|road|airport|quarry|forest|
farm|factory|mill|hospital|prison|court|tax|subsidy|permit|licence|survey|report|inquiry|strike|
petition|vote|merger|lease|loan|fund|grant|plan|repair|closure|expansion|inspection|evacuation|
blackout|flood|storm|drought|fire|leak|delay|shortage|surplus|dispute|appeal|verdict|ceremony|
festival|museum|orchestra|crew|passengers|residents|workers|teachers|nurses|drivers|farmers|
tenants|traders|engineers|students|pensioners|visitors|voters|officials|investors|pilots|fishermen|
owners|suppliers|neighbours|families""")
ADJECTIVES = listed("""
old|new|northern|southern|damaged|empty|crowded|private|public|regional|national|
temporary|permanent|costly|cheap|urgent|late|early|unsafe|modern|rusty|broad|narrow|hidden|planned|
disputed|popular|remote|central|rural|historic|flooded|abandoned|independent|foreign|local|annual|
weekly|secret|open|formal|unpaid|seasonal|minor|major|partial|complete""")
VERBS = listed("""
close|reopen|inspect|repair|sell|buy|move|delay|approve|reject|examine|replace|fund|
review|extend|cancel|announce|suspend|cover|protect|rebuild|clean|widen|flood|visit|support|oppose|
question|describe|measure|count|damage|drain|paint|rent|defend|abandon|restore|promise|publish|
monitor|record|settle|store|transport|warn|check|discuss|finish|start""")
ADVERBS = listed("""
quickly|quietly|again|openly|slowly|early|together|fully|largely|finally|soon|
eventually|carefully|publicly|gradually|partly""")
TIMES = listed("""
on Monday|next spring|last week|before the winter|after the storm|this month|
by the end of the year|during the summer|since the election|until further notice|
at the weekend""")
SAYS = listed("said|told reporters|added|explained|insisted|warned|claimed|replied")
MODALS = listed("will|would|should|could|must|may|can|might")


@dataclass
class Article:
    """A text, and what stands in it where."""

    text: str = ""
    sentences: list[tuple[int, int]] = field(default_factory=list)
    names: list[tuple[int, int]] = field(default_factory=list)
    #: Strings that stand in the text several times, with all their places.
    repeats: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


class Writer:
    """Writes articles, or single sentences that are in none of them."""

    def __init__(self, seed: int | str) -> None:
        self.rng = random.Random(seed)

    def article(self) -> Article:
        article = Article()
        people = self.rng.sample(NAMES, 4)
        again = [self.clause() for _ in range(2)]
        parts: list[str] = []
        length = 0

        def put(text: str) -> tuple[int, int]:
            nonlocal length
            parts.append(text)
            length += len(text)
            return length - len(text), length

        while length < CHARACTERS:
            for _ in range(self.rng.randint(2, 4)):
                clause = self.rng.choice(again) if self.rng.random() < 0.12 else self.clause()
                sentence = clause[0].upper() + clause[1:]
                kind = self.rng.random()
                if kind < 0.45:
                    where = put(sentence + ".")
                    article.sentences.append((where[0], where[1] - 1))
                else:
                    put("“")
                    article.sentences.append(put(sentence))
                    put(",” ")
                    name = self.rng.choice(people)
                    who = self.rng.choice(["he", "she", name, f"the {self.rng.choice(ROLES)}"])
                    cue = self.rng.choice(SAYS)
                    if who == name:
                        article.names.append(put(name))
                        put(" " + cue)
                    else:
                        put(f"{who} {cue}")
                    put(self.rng.choice([".", f" {self.rng.choice(TIMES)}.", " — once more."]))
                put(" ")
            put("\n\n")
        article.text = "".join(parts)
        for clause in again:
            sentence = clause[0].upper() + clause[1:]
            there = [m.span() for m in re.finditer(re.escape(sentence), article.text)]
            if len(there) > 1:
                article.repeats[sentence] = there
        return article

    def clause(self) -> str:
        rng = self.rng
        clause = self._simple()
        if rng.random() < 0.55:
            joint = rng.choice([" because ", ", although ", " while ", ", and ", " after ", " — "])
            clause += joint + self._simple()
        return clause

    def _simple(self) -> str:
        rng = self.rng
        subject = rng.choice([self._phrase(), self._phrase(), "we", "they", rng.choice(PLACES)])
        verb, thing = rng.choice(VERBS), self._phrase()
        modal = rng.choice(MODALS)
        if rng.random() < 0.13:
            modal += rng.choice([" not", " never"])
        elif rng.random() < 0.3:
            modal += " " + rng.choice(ADVERBS)
        tail = ""
        if rng.random() < 0.35:
            tail = f" {rng.choice(['near', 'in', 'outside', 'beyond'])} {rng.choice(PLACES)}"
        if rng.random() < 0.4:
            tail += " " + rng.choice(TIMES)
        if rng.random() < 0.15:
            thousands = f"{rng.randint(1, 9)},{rng.randint(100, 999)}"
            tenths = f"{rng.randint(2, 60)}.{rng.randint(1, 9)}"
            amount = rng.choice([str(rng.randint(2, 95)), thousands, tenths])
            tail += f" for {amount} {rng.choice(['days', 'euros', 'people', 'tonnes'])}"
        return f"{subject} {modal} {verb} {thing}{tail}"

    def _phrase(self) -> str:
        rng = self.rng
        noun = rng.choice(NOUNS)
        article = rng.choice(["the", "the", "a", "its", "this"])
        adjective = f"{rng.choice(ADJECTIVES)} " if rng.random() < 0.5 else ""
        end = f" of the {rng.choice(NOUNS)}" if rng.random() < 0.25 else ""
        number = f"{rng.randint(2, 40)} " if rng.random() < 0.06 else ""
        return f"{'the' if number else article} {number}{adjective}{noun}{end}"


def guarded(word: str) -> bool:
    """Tell whether a word is a number or a negation, which no corruption touches."""
    return word.lower() in NEGATIONS or any(c.isdigit() for c in word)


def _free_words(text: str) -> list[re.Match[str]]:
    return [m for m in WORD.finditer(text) if not guarded(m[0])]


def substituted(text: str, rng: random.Random) -> str:
    word = rng.choice(_free_words(text))
    return text[: word.start()] + rng.choice(NOUNS + ADJECTIVES + VERBS) + text[word.end() :]


def inserted(text: str, rng: random.Random) -> str:
    word = rng.choice(list(WORD.finditer(text)))
    at = word.start()
    return f"{text[:at]}{rng.choice(ADVERBS + ADJECTIVES)} {text[at:]}"


def dropped(text: str, rng: random.Random) -> str:
    words = _free_words(text)
    number = max(1, round(0.2 * len(list(WORD.finditer(text)))))
    for word in sorted(rng.sample(words, number), key=lambda m: -m.start()):
        text = text[: word.start()] + text[word.end() :].removeprefix(" ")
    return text.strip()


def mistyped(text: str, rng: random.Random) -> str:
    word = rng.choice([m for m in _free_words(text) if len(m[0]) > 3])
    at = rng.randrange(word.start() + 1, word.end() - 1)
    change = rng.choice(["drop", "double", "swap", "other"])
    new = {
        "drop": "", "double": text[at] * 2, "other": rng.choice("abdefgiklmnoprstu"),
        "swap": text[at + 1 : at + 2] + text[at],
    }[change]  # fmt: skip
    return text[:at] + new + text[at + (2 if change == "swap" else 1) :]


def typeset(text: str, rng: random.Random) -> str:
    """Straight marks for curly ones, other dashes and spaces, as a keyboard has them."""
    table = {"“": '"', "”": '"', "’": "'", "—": rng.choice(["-", "--", "–"])}
    text = "".join(table.get(c, c) for c in text)
    spaces = [i for i, c in enumerate(text) if c == " "]
    for i in rng.sample(spaces, min(2, len(spaces))):
        text = text[:i] + "\u00a0" + text[i + 1 :]
    return text


def spaced(text: str, rng: random.Random) -> str:
    return "".join(rng.choice(["  ", "\n", "\t", " "]) if c == " " else c for c in text)


def recased(text: str, rng: random.Random) -> str:
    return rng.choice([str.upper, str.lower, str.title])(text)


#: What is done to a string, by the name of the row.
CORRUPTIONS: dict[str, Callable[[str, random.Random], str]] = {
    "as it is": lambda text, _: text,
    "other type": typeset,
    "other white space": spaced,
    "other case": recased,
    "one letter wrong": mistyped,
    "one word substituted": substituted,
    "one word inserted": inserted,
    "20 % of the words dropped": dropped,
}


def elided(text: str, rng: random.Random) -> tuple[str, list[tuple[int, int]]] | None:
    """Return a string with an ellipsis and the fragments that it leaves; None if it cannot be.

    At least two words stay on either side, and what is left out holds no negation.
    """
    words = list(WORD.finditer(text))
    cuts = [
        (i, j)
        for i in range(2, len(words) - 3)
        for j in range(i + 1, len(words) - 1)
        if not any(w[0].lower() in NEGATIONS for w in words[i:j])
    ]
    if not cuts:
        return None
    i, j = rng.choice(cuts)
    end, start = words[i - 1].end(), words[j].start()
    dots = rng.choice([" ... ", " … ", " [...] ", "… ", " (...) "])
    return text[:end] + dots + text[start:], [(0, end), (start, len(text))]


def turned(text: str, rng: random.Random) -> str:
    """Return the string with a negation lost, or with one more."""
    words = list(WORD.finditer(text))
    for word in words:
        if word[0].lower() in NEGATIONS:
            return text[: word.start()] + text[word.end() :].removeprefix(" ")
    modal = next((w for w in words if w[0].lower() in MODALS), words[-1])
    return f"{text[: modal.end()]} {rng.choice(['not', 'never'])}{text[modal.end() :]}"


def renumbered(text: str, rng: random.Random) -> str | None:
    """Return the string with another number; None if it has none."""
    numbers = [m for m in WORD.finditer(text) if m[0][0].isdigit()]
    if not numbers:
        return None
    number = rng.choice(numbers)
    digits = [i for i in range(*number.span()) if text[i].isdigit()]
    at = rng.choice(digits)
    return text[:at] + str((int(text[at]) + rng.randint(1, 8)) % 10) + text[at + 1 :]


def renamed(text: str, whole: str, rng: random.Random) -> str | None:
    """Return the string with a place for another place of the text; None if it names none."""
    there = [place for place in PLACES if place in text[1:]]
    others = [place for place in PLACES if place in whole and place not in text]
    if not there or not others:
        return None
    changed = text[0] + text[1:].replace(rng.choice(there), rng.choice(others), 1)
    return None if changed in whole else changed
