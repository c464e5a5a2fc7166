"""Words, marks and whole quotations of a text, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from ..segment import Segment, paragraphs, split_sentences

_TOKEN = re.compile(r"\w++(?:[.'’&/-]\w++)*+|--+|\S")
_CONTRACTION = re.compile(
    r"(?:he|she|it|they|we|i|you|who|that|there)(?=['’](?:s|re|ve|d|ll|m)\Z)", re.IGNORECASE
)
_NOT_NEWLINE = re.compile(r"[^\n\r\u2028\u2029]")

Kind = Literal["word", "name", "number", "quotation", "mark"]


class Token(NamedTuple):
    """A word, a mark, or a quotation as a whole; ``word`` is in lower case, "" for quotations."""

    start: int
    end: int
    word: str
    kind: Kind


def tokenised(text: str, quoted: Iterable[Segment]) -> Iterator[list[list[Token]]]:
    """Yield the paragraphs of a text, each a list of sentences, each a list of tokens.

    ``quoted`` are the outermost quotations, in order; each is one token, and no sentence ends
    within one.

    >>> text = "“I came. I saw,” he said. So?"
    >>> [[[t.word for t in s] for s in p] for p in tokenised(text, [(0, 16)])]
    [[['', 'he', 'said', '.'], ['so', '?']]]
    """
    quoted = list(quoted)
    masked = _masked(text, quoted)
    tokens = _tokens(text, quoted)
    waiting = next(tokens, None)
    for start, end in paragraphs(masked):
        paragraph = []
        for _, stop in split_sentences(masked, start, end):
            sentence = []
            while waiting is not None and waiting.start < stop:
                sentence.append(waiting)
                waiting = next(tokens, None)
            if sentence:
                paragraph.append(_joined(sentence))
        yield paragraph


def _masked(text: str, quoted: list[Segment]) -> str:
    """Blot out quotations, but for their marks and what stands before the last one."""
    parts = []
    position = 0
    for start, end in quoted:
        kept = end - (3 if text.endswith("''", start, end) else 2)
        if kept > start + 1:
            parts += [text[position : start + 1], _blot(text[start + 1 : kept])]
            position = kept
    parts.append(text[position:])
    return "".join(parts)


def _blot(text: str) -> str:
    return _NOT_NEWLINE.sub("X", text) if len(text.splitlines()) > 1 else "X" * len(text)


def _tokens(text: str, quoted: list[Segment]) -> Iterator[Token]:
    position = 0
    for start, end in quoted:
        yield from _words(text, position, start)
        yield Token(start, end, "", "quotation")
        position = end
    yield from _words(text, position, len(text))


def _words(text: str, start: int, end: int) -> Iterator[Token]:
    for match in _TOKEN.finditer(text, start, end):
        found = match[0]
        cut = _CONTRACTION.match(found)
        if cut:
            yield _token(match.start(), cut[0])
            yield _token(match.start() + cut.end(), found[cut.end() :])
        else:
            yield _token(match.start(), found)


def _token(start: int, found: str) -> Token:
    first = found[0]
    kind: Kind
    if first.isdigit():
        kind = "number"
    elif first.isalpha():
        kind = "name" if first.isupper() else "word"
    else:
        kind = "mark"
    return Token(start, start + len(found), found.lower(), kind)


def _joined(sentence: list[Token]) -> list[Token]:
    """Join full stops that end no sentence to the words before them: Mr., U.S."""
    result: list[Token] = []
    last = len(sentence) - 1
    for i, token in enumerate(sentence):
        if token.word == "." and i < last and result and result[-1].end == token.start:
            before = result[-1]
            if before.kind in ("word", "name"):
                result[-1] = before._replace(end=token.end, word=before.word + ".")
                continue
        result.append(token)
    return result
