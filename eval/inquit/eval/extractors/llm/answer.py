"""From what a model wrote to strings that can be grounded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import msgspec

from inquit.corpus import Attribution, DataError, Document
from inquit.corpus.errors import quoted
from inquit.corpus.vocabulary import ATTRIBUTES
from inquit.eval.grounding import StringAnnotation, StringSpan

from .errors import RequestError
from .reply import Reply
from .schema import ASKED, Answer, Claimed, Mention, Said

#: An answer with more strings than this for one window is no labelling of a news article.
MOST_STRINGS = 4000
#: A string may be longer than the text by slips, not by more than its length again and this.
_SHORT = 200
#: All strings together, contexts too, by the length of the text and beyond it: finding them takes
#: time that grows with both.
_MOST_TEXTS, _FREE = 30, 20_000
_GAP = " … "
_THOUGHT_OUT, _FENCE = "</think>", "```"
#: Characters of a reader's message, which may hold names that the model made up.
_TOLD = 200


def strings_of(reply: Reply, document: Document) -> StringAnnotation:
    """Return the labels that a reply holds for a text.

    A thought before the object, that ends with ``</think>``, and one code fence around it are taken
    off; anything else beside the object is a fault.

    Raises
    ------
    RequestError
        If the reply is a refusal, is cut off, is no JSON of the form that was asked for, names
        what the vocabulary does not know, or the same member of an object twice.
    """
    answer = _decoded(reply)
    problems = list(_problems(answer, len(document.text)))
    if problems:
        more = f" (and {len(problems) - 1} more faults)" if len(problems) > 1 else ""
        raise RequestError(f"the answer has another form than asked for: {problems[0]}{more}")
    collected = _Collected()
    try:
        for said in answer.attributions:
            collected.add_said(said)
        for claimed in answer.claims:
            collected.add_claim(claimed)
        return StringAnnotation(
            doc_id=document.doc_id,
            sha256=document.sha256,
            spans=tuple(collected.spans),
            attributions=tuple(collected.attributions),
        )
    except DataError as error:
        what = error.problems[0]
        raise RequestError(f"the answer holds labels that are not valid: {what}") from error


def _decoded(reply: Reply) -> Answer:
    if reply.fault:
        raise RequestError(reply.fault)
    if reply.refusal:
        raise RequestError(f"the model refused: {quoted(reply.refusal, 200)}")
    if reply.finish_reason == "length":
        raise RequestError(
            "the answer was cut off at the most tokens allowed; raise max_tokens, or make the "
            "window smaller"
        )
    if reply.finish_reason == "content_filter":
        raise RequestError("the server's content filter stopped the answer")
    if not reply.content.strip():
        raise RequestError("the answer is empty")
    written = _unwrapped(reply.content)
    try:
        answer = msgspec.json.decode(written, type=Answer)
    except msgspec.ValidationError as error:
        told = _short(str(error))
        raise RequestError(f"the answer has another form than asked for: {told}") from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise RequestError(f"the answer is not JSON: {quoted(reply.content, 120)}") from None
    # Of two members with one name all readers take one, and lose the other without a word.
    json.loads(written, object_pairs_hook=_once)
    return answer


def _unwrapped(content: str) -> str:
    """Return what is left without a thought before it and a fence around it.

    In steps that take time as the text is long: models do write white space without end.
    """
    written = content.strip()
    # Some servers begin the thought themselves, so that only its end is in the answer.
    if not written.startswith(("{", _FENCE)):
        _, ended, rest = written.partition(_THOUGHT_OUT)
        written = rest.strip() if ended else written
    if written.startswith(_FENCE) and written.endswith(_FENCE):
        opening, _, rest = written.partition("\n")
        if opening.removeprefix(_FENCE).strip() in ("", "json"):
            return rest.removesuffix(_FENCE)
    return written


def _once(members: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in members:
        if name in found:
            what = f"{quoted(name)} stands twice in one object"
            raise RequestError(f"the answer has another form than asked for: {what}")
        found[name] = value
    return found


def _short(message: str) -> str:
    if len(message) > _TOLD:
        message = f"{message[: _TOLD // 2]} ... {message[-_TOLD // 2 :]}"
    return quoted(message, 2 * _TOLD)[1:-1]


def _problems(answer: Answer, size: int) -> Iterator[str]:
    mentions = sum(
        len(s.content) + len(s.sources) + len(s.cues) + len(s.addressees)
        for s in answer.attributions
    )
    strings = mentions + sum(len(c.content) for c in answer.claims)
    if strings > MOST_STRINGS:
        yield f"it lists {strings:,} strings, more than {MOST_STRINGS:,}"
        return
    lengths = [len(string) for string in _strings(answer)]
    if max(lengths, default=0) > 2 * size + _SHORT:
        yield "it holds a string that is longer than the text"
        return
    if sum(lengths) > _MOST_TEXTS * size + _FREE:
        yield f"its strings are together more than {_MOST_TEXTS} times as long as the text"
        return
    for i, said in enumerate(answer.attributions):
        where = f"attributions[{i}]"
        yield from _content_problems(where, "quote", said, said.content)
        for label, listed in _roles(said):
            for j, mention in enumerate(listed):
                place = f"{where}.{label}s[{j}]"
                if not mention.text.strip():
                    yield f"{place}.text is empty"
                if label != "source" and (mention.kind or mention.entity):
                    yield f"{place} has the attributes of a source"
                elif label == "source":
                    yield from _value_problems(place, label, mention)
    for i, claimed in enumerate(answer.claims):
        yield from _content_problems(f"claims[{i}]", "claim", claimed, claimed.content)


def _strings(answer: Answer) -> Iterator[str]:
    for claimed in answer.claims:
        yield from (*claimed.content, claimed.context)
    for said in answer.attributions:
        yield from (*said.content, said.context)
        for _, listed in _roles(said):
            for mention in listed:
                yield from (mention.text, mention.context, mention.entity)


def _content_problems(
    where: str, label: str, item: Said | Claimed, content: Sequence[str]
) -> Iterator[str]:
    if not content or not all(part.strip() for part in content):
        yield f"{where}.content is empty or holds an empty part"
    yield from _value_problems(where, label, item)


def _value_problems(where: str, label: str, item: Said | Claimed | Mention) -> Iterator[str]:
    for name, value in _attributes(label, item).items():
        values = ATTRIBUTES[label][name]
        if values is not None and value not in values:
            yield f"{where}.{name} is {quoted(value)}, not one of {', '.join(values)}"


def _attributes(label: str, item: Said | Claimed | Mention) -> dict[str, str]:
    return {name: value for name in ASKED[label] if (value := getattr(item, name))}


def _roles(said: Said) -> tuple[tuple[str, list[Mention]], ...]:
    return ("source", said.sources), ("cue", said.cues), ("addressee", said.addressees)


class _Collected:
    """Spans and attributions with ids; a mention given twice with its context is one span."""

    def __init__(self) -> None:
        self.spans: list[StringSpan] = []
        self.attributions: list[Attribution] = []
        self._mentions: dict[tuple[str, str, str], str] = {}

    def add_said(self, said: Said) -> None:
        content = self._span("quote", said.content, said.context, _attributes("quote", said))
        source, cue, addressee = (
            tuple(dict.fromkeys(self._mention(label, mention) for mention in listed))
            for label, listed in _roles(said)
        )
        name = f"a{len(self.attributions) + 1}"
        self.attributions.append(
            Attribution(id=name, content=(content,), source=source, cue=cue, addressee=addressee)
        )

    def add_claim(self, claimed: Claimed) -> None:
        self._span("claim", claimed.content, claimed.context, _attributes("claim", claimed))

    def _mention(self, label: str, mention: Mention) -> str:
        found = label, mention.text, mention.context
        known = self._mentions.get(found) if mention.context else None
        if known is None:
            attributes = _attributes(label, mention)
            known = self._span(label, [mention.text], mention.context, attributes)
            self._mentions[found] = known
        return known

    def _span(
        self, label: str, parts: Sequence[str], context: str, attributes: dict[str, str]
    ) -> str:
        name = f"{label[0]}{len(self.spans) + 1}"
        near = context if len(parts) == 1 and context.strip() else None
        text = _GAP.join(parts)
        self.spans.append(StringSpan(name, label, text, context=near, attributes=attributes))
        return name
