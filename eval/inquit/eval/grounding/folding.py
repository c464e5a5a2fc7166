"""What a text becomes when its type is folded, or its case, and where each part of it stood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from .classes import CLASSES, LIGATURES, Table, classes_of, odd_characters

#: Longer runs of marks are left as they are: composing them takes time that grows with the square.
_LONGEST_CLUSTER = 30
#: Where folding does more than put one character for one: with marks, and without.
_IRREGULAR = re.compile(r"[sSn][sSni]+|yS{0,2}|i+|e|--+|''|[xX]")
_SPACES = {ord("S"): "s", ord("n"): "s"}
_RUN = re.compile("sss*")
_KINDS = {
    k: re.compile(p) for k, p in {"e": "e", "--": "---*", "''": "''", "x": "x", "X": "X"}.items()
}
#: Classes of what is folded in its own way.
_UNLIKE = "miyxX"
_SPACES_ALL, _HYPHENS = re.compile("  +"), re.compile("--+")
_IRREGULAR_MARKED = re.compile(rf"[^m]m+|{_IRREGULAR.pattern}")
#: A word that a line may break, by class; the hyphens and line breaks; and the rest of the word.
_BROKEN = re.compile(r"(?<=a)-S{1,2}s*(?=a)")
_HYPHEN, _LINES, _WORD = "-‐", re.compile(r"[\n\r\u2028]"), re.compile(r"[^\W\d_A-Z]+")
#: Behind a hyphen these are words of their own.
_JOINTS = frozenset(("and", "or", "to", "nor", "und", "oder", "bis", "sowie", "bzw"))

Irregular = tuple[int, int, int, int]


class _Folds(Table):
    def find(self, character: str) -> str:
        kind = CLASSES[ord(character)]
        return {"'": "'", '"': '"', "-": "-", "S": " ", "n": " "}.get(kind, character)


class _Cases(Table):
    def find(self, character: str) -> str:
        folded = character.casefold()
        return folded if len(folded) == 1 else character


_FOLDS = _Folds()
_CASES = _Cases()
#: The ASCII characters that `plain` replaces, and by what.
_MARKS = [(chr(code), _FOLDS[code]) for code in range(128) if _FOLDS[code] != chr(code)]


def plain(text: str, odd: list[str] | None = None) -> str:
    r"""Return text with one character put for one: straight quotation marks, hyphens, spaces.

    Parameters
    ----------
    text : str
    odd : list of str, optional
        Its `odd_characters`, if they are known.

    >>> plain("“He’s — no”")
    '"He\'s - no"'
    """
    for character, new in _MARKS:
        if character in text:
            text = text.replace(character, new)
    for character in odd_characters(text) if odd is None else odd:
        if (new := _FOLDS[ord(character)]) != character:
            text = text.replace(character, new)
    return text


def cased(text: str) -> str:
    """Return text without case, of the same length.

    >>> cased("Große ÄRA")
    'große ära'
    """
    folded = text.casefold()
    return folded if len(folded) == len(text) else text.translate(_CASES)


def folded_whole(straight: str, classes: str) -> str | None:
    r"""Return text with its type folded, without telling where its parts stood.

    None if the text has marks, words that a line breaks, or other characters that only
    `folded_pieces` folds.

    >>> text = "“No … he’s"
    >>> folded_whole(plain(text), classes_of(text))
    '"No ... he\'s'
    """
    if "-S" in classes or any(kind in classes for kind in _UNLIKE):
        return None
    straight = _SPACES_ALL.sub(" ", straight)
    if "--" in straight:
        straight = _HYPHENS.sub("-", straight)
    if "'" in straight:
        straight = straight.replace("''", '"')
    return straight.replace("…", "...")


def folded_pieces(
    straight: str, classes: str, text: str | None = None
) -> tuple[str, list[Irregular]]:
    r"""Return text with its type folded, and where that is not one character for one.

    Parameters
    ----------
    straight, classes : str
        The text as `plain` returns it, and its classes.
    text : str, optional
        The text itself; without it no word that a line breaks is joined.

    Returns
    -------
    folded : str
        Composed (NFC), with straight quotation marks, hyphens for dashes, one space for each run of
        white space, three dots for an ellipsis, without soft hyphens, invisible characters and the
        hyphen with which a line breaks a word.
    irregular : list of (start, end, start in text, end in text)
        Half-open stretches that correspond as a whole, ascending; between them characters
        correspond one to one.

    >>> text = "“No … he’s"
    >>> folded_pieces(plain(text), classes_of(text))
    ('"No ... he\'s', [(4, 7, 4, 5)])
    """
    parts: list[str] = []
    irregular: list[Irregular] = []
    done = length = 0
    spans = _irregular_spans(classes)
    broken = set(_broken_words(text, classes)) if text and "-S" in classes else set()
    if broken:
        within = {at for span in broken for at in range(*span)}
        spans = sorted([*broken, *(span for span in spans if span[0] not in within)])
    for start, end in spans:
        new = "" if (start, end) in broken else _irregular(straight[start:end], classes[start:end])
        parts.append(straight[done:start])
        length += start - done
        irregular.append((length, length + len(new), start, end))
        parts.append(new)
        length += len(new)
        done = end
    parts.append(straight[done:])
    return "".join(parts), irregular


def _irregular_spans(classes: str) -> list[tuple[int, int]]:
    if any(kind in classes for kind in "miy"):
        pattern = _IRREGULAR_MARKED if "m" in classes else _IRREGULAR
        return [match.span() for match in pattern.finditer(classes)]
    # Without marks and invisible characters the kinds cannot meet, and each is found fast.
    spaces = classes.translate(_SPACES)
    found = [match.span() for match in _RUN.finditer(spaces)] if "ss" in spaces else []
    for kind, pattern in _KINDS.items():
        if kind in classes:
            found += [match.span() for match in pattern.finditer(classes)]
    return sorted(found)


def _broken_words(text: str, classes: str) -> Iterator[tuple[int, int]]:
    """Yield the hyphen and line break within a word; not behind the "Haus-" of "Haus- und Hof"."""
    for match in _BROKEN.finditer(classes):
        start, end = match.span()
        if text[start] not in _HYPHEN or not _LINES.search(text, start, end):
            continue
        word = _WORD.match(text, end)
        if text[start - 1].islower() and word and word[0] not in _JOINTS:
            yield start, end


def folded(text: str) -> str:
    r"""Return text with its type folded, stripped of outer white space.

    >>> folded(" He said —\n‘no’ ")
    "He said - 'no'"
    """
    return folded_pieces(plain(text), classes_of(text), text)[0].strip(" ")


def _irregular(piece: str, kinds: str) -> str:
    if "m" in kinds or kinds in "xX":
        if len(piece) > _LONGEST_CLUSTER:
            return piece
        return unicodedata.normalize("NFC", LIGATURES.get(piece[0], piece[0]) + piece[1:])
    return {"e": "...", "-": "-", "'": '"', "i": "", "y": ""}.get(kinds[0], " ")
