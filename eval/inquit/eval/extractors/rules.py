"""Direct quotes by their marks, reported speech by its cue words: no training, English cues."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from numbers import Integral
from typing import Any

import numpy as np

from inquit.corpus import Annotation, Attribution, Document, Span

from .base import Extractor, ParameterError
from .reading import english
from .reading.patterns import Found, SentenceReader, speech
from .reading.quotation_marks import quotations
from .reading.sentence import STOPS, Sentence
from .reading.tokens import Token, tokenised
from .segment import Segment

_LONGEST = 300


class RuleExtractor(Extractor):
    """Finds quotes, sources, cues and addressees by rules; nothing is learned.

    Quotations are found by their marks in any language; who said them, and what is reported
    without marks, by English cue words and the phrases beside them. Short quotations that no cue
    announces are taken for scare quotes. Claims are not predicted.

    Parameters
    ----------
    cues : sequence of str
        Verbs, in their base form, that announce content besides those that are built in; they
        are inflected regularly.
    indirect : bool
        Whether content without quotation marks is predicted.
    nested : bool
        Whether what is attributed inside a quotation is predicted too. Some corpora, PolNeAR
        among them, label the outermost attribution only.
    uncued_words : int
        From how many words on a quotation that nothing announces is a quote.

    Examples
    --------
    >>> document = Document(doc_id="d", text="“We sail,” said Ana Reyes, the chief, “at dawn.”")
    >>> labels = RuleExtractor().predict([document])[0]
    >>> [(span.label, document.slice(span)) for span in labels.spans]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('quote', ('“We sail,”', '“at dawn.”')), ('cue', ('said',)),
     ('source', ('Ana Reyes, the chief',))]
    """

    def __init__(
        self,
        *,
        cues: Iterable[str] = (),
        indirect: bool = True,
        nested: bool = True,
        uncued_words: int = 8,
    ) -> None:
        self.cues = cues
        self.indirect = indirect
        self.nested = nested
        self.uncued_words = uncued_words

    def predict(self, X: Iterable[Document]) -> list[Annotation]:
        """Return one annotation a document, in the order of ``X``.

        Raises
        ------
        ParameterError
            If parameters are wrong; with all that are.
        """
        if problems := list(self._problems()):
            raise ParameterError("\n".join(problems))
        return super().predict(X)

    def _problems(self) -> Iterator[str]:
        cues = self.cues
        if isinstance(cues, (str, Iterator)) or not isinstance(cues, Iterable):
            yield f"cues is {cues!r}; give a list of verbs"
        elif wrong := [cue for cue in cues if not isinstance(cue, str) or not cue.strip()]:
            yield f"cues holds {wrong[0]!r}; give a list of verbs"
        for name in ("indirect", "nested"):
            if not isinstance(value := getattr(self, name), (bool, np.bool_)):
                yield f"{name} is {value!r}; give true or false"
        words = self.uncued_words
        if isinstance(words, bool) or not isinstance(words, Integral) or words < 0:
            yield f"uncued_words is {words!r}; give a whole number from 0 on"

    def extract(self, document: Document) -> Annotation:
        """Return the quotes of a document with their sources, cues and addressees."""
        found, quoted = self._found(document.text)
        if self.nested:
            for start, end in quoted:
                found += self._within(document.text, start, end)
        return annotation(document, found, quoted)

    def _within(self, text: str, start: int, end: int) -> Iterator[Found]:
        """Yield what is attributed inside a quotation."""
        inside = (start + 1, end - 1)
        for item in self._found(text[slice(*inside)])[0]:
            found = item.moved(start + 1)
            if found.cue and found.content != [inside]:
                yield found

    def _found(self, text: str) -> tuple[list[Found], list[Segment]]:
        verbs = english.verbs(tuple(self.cues))
        outer = [q.fragments for q in quotations(text) if q.depth == 0]
        quoted = sorted(fragment for fragments in outer for fragment in fragments)
        later = {fragment for fragments in outer for fragment in fragments[1:]}
        found: list[Found] = []
        announced: dict[Segment, Found] = {}
        last: Found | None = None
        for paragraph in _colons_joined(tokenised(text, quoted)):
            waiting: list[Segment] = []
            for tokens in _bounded(paragraph):
                if _only_quotations(tokens):
                    waiting += [(t.start, t.end) for t in tokens if t.kind == "quotation"]
                    continue
                reader = SentenceReader(
                    Sentence(text, tokens, verbs),
                    waiting,
                    indirect=self.indirect,
                    uncued_words=self.uncued_words,
                )
                here = reader.read()
                announced.update((part, f) for f in here if f.cue for part in f.content)
                if waiting and not (here and waiting[0] in here[0].content):
                    found += self._alone(text, waiting, last)
                waiting = []
                found += here
                last = here[-1] if here else None
            alone = self._alone(text, [part for part in waiting if part not in later], last)
            found += alone
            last = alone[-1] if alone else last
        _share_out(outer, found, announced)
        return [item for item in found if item.content], quoted

    def _alone(self, text: str, waiting: list[Segment], last: Found | None) -> list[Found]:
        """Join quotations to the attribution before them; without one they stand for themselves."""
        if last is not None:
            last.content += waiting
            return []
        return [Found([(s, e)]) for s, e in waiting if speech(text[s:e], self.uncued_words)]


def _share_out(
    quotations: Iterable[tuple[Segment, ...]], found: list[Found], announced: dict[Segment, Found]
) -> None:
    """Give the paragraphs of each quotation to the attribution that announces them.

    The one that announces the first, or else any other, has all; where several paragraphs are
    announced, each attribution has those up to the next.
    """
    for fragments in quotations:
        if len(fragments) == 1:
            continue
        parts = set(fragments)
        holders = [item for item in found if parts & set(item.content)]
        owner = announced.get(fragments[0])
        for fragment in fragments:
            owner = owner or announced.get(fragment)
        owner = owner or (holders[0] if holders else None)
        for item in holders:
            item.content = [part for part in item.content if part not in parts]
        for fragment in fragments:
            owner = announced.get(fragment, owner)
            if owner is not None:
                owner.content.append(fragment)


def _bounded(sentences: Iterable[list[Token]]) -> Iterator[list[Token]]:
    """Cut sentences that are too long to be any, so that reading stays linear."""
    for tokens in sentences:
        for begin in range(0, len(tokens), _LONGEST):
            yield tokens[begin : begin + _LONGEST]


def _colons_joined(paragraphs: Iterable[list[list[Token]]]) -> Iterator[list[list[Token]]]:
    """Join a quotation to the sentence of the paragraph before, if that ends with a colon."""
    waiting: list[list[Token]] = []
    for paragraph in paragraphs:
        if waiting and waiting[-1][-1].word == ":" and paragraph and _only_quotations(paragraph[0]):
            waiting[-1].extend(paragraph.pop(0))
        if waiting:
            yield waiting
        waiting = paragraph
    yield waiting


def _only_quotations(tokens: list[Token]) -> bool:
    return all(t.kind == "quotation" or t.word in STOPS or t.word == "," for t in tokens)


def annotation(document: Document, found: Iterable[Found], quoted: Iterable[Segment]) -> Annotation:
    """Return what was found as an annotation; ``quoted`` are the document's quotations."""
    marks = sorted(quoted)
    spans: list[Span] = []
    attributions: list[Attribution] = []
    sources: dict[Segment, str] = {}
    for number, item in enumerate(found, 1):
        fragments = _merged(item.content)
        attributes = {"form": _form(fragments, marks), "medium": item.medium}
        spans.append(Span(f"q{number}", "quote", fragments, attributes))
        roles: dict[str, Any] = {}
        if item.source is not None:
            if item.source not in sources:
                sources[item.source] = f"s{number}"
                spans.append(Span(f"s{number}", "source", (item.source,)))
            roles["source"] = (sources[item.source],)
        if item.cue:
            spans.append(Span(f"cue{number}", "cue", _merged(item.cue)))
            roles["cue"] = (f"cue{number}",)
        if item.addressee is not None:
            spans.append(Span(f"ad{number}", "addressee", (item.addressee,)))
            roles["addressee"] = (f"ad{number}",)
        attributions.append(Attribution(id=f"a{number}", content=(f"q{number}",), **roles))
    return Annotation(
        doc_id=document.doc_id,
        sha256=document.sha256,
        spans=tuple(spans),
        attributions=tuple(attributions),
    )


def _form(fragments: Iterable[Segment], quoted: list[Segment]) -> str:
    """Tell by the quotations of the text, in order, whether content is quoted, and all of it."""
    found = {_quoted(fragment, quoted) for fragment in fragments}
    return found.pop() if len(found) == 1 else "mixed"


def _quoted(fragment: Segment, quoted: list[Segment]) -> str:
    start, end = fragment
    first = bisect_right(quoted, start, key=lambda q: q[1])
    last = bisect_left(quoted, end, key=lambda q: q[0])
    if first == last:
        return "indirect"
    return "direct" if last - first == 1 and quoted[first] == fragment else "mixed"


def _merged(fragments: Iterable[Segment]) -> tuple[Segment, ...]:
    result: list[Segment] = []
    for start, end in sorted(fragments):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)
