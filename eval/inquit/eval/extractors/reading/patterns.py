"""The ways in which a sentence attributes content: one method a way."""

from __future__ import annotations

from dataclasses import dataclass

from ..segment import Segment
from . import clauses, english, phrases
from .english import Verb, words
from .sentence import DASHES, Group, Range, Sentence

_QUESTION = words("if whether how why what who where when about by")
_CONTENT = words("that whether if how why what where when who")
_SUBJECTS = words("he she it they we i there")
_BREAKS = frozenset(",;:")
_NAMED = 10
_SPEECH = 4


@dataclass
class Found:
    """An attribution as it is put together, in offsets of the text."""

    content: list[Segment]
    source: Segment | None = None
    cue: tuple[Segment, ...] = ()
    medium: str = "speech"
    addressee: Segment | None = None

    def moved(self, by: int) -> Found:
        """Return the attribution with its offsets moved."""

        def move(segment: Segment) -> Segment:
            return segment[0] + by, segment[1] + by

        return Found(
            [move(segment) for segment in self.content],
            None if self.source is None else move(self.source),
            tuple(move(segment) for segment in self.cue),
            self.medium,
            None if self.addressee is None else move(self.addressee),
        )


class SentenceReader:
    """Reads the attributions of one sentence.

    Parameters
    ----------
    sentence : Sentence
    waiting : list of Segment
        Quotations that stand before the sentence on their own; its cue may be theirs.
    indirect : bool
        Whether content without quotation marks is read.
    uncued_words : int
        From how many words on a quotation without a cue is taken for one.
    """

    def __init__(
        self, sentence: Sentence, waiting: list[Segment], *, indirect: bool, uncued_words: int
    ) -> None:
        self.s = sentence
        self.waiting = waiting
        self.indirect = indirect
        self.uncued_words = uncued_words
        self.found: list[Found] = []
        self.subject: Segment | None = None

    def read(self) -> list[Found]:
        """Return what was found, in text order."""
        s = self.s
        self.according_to()
        for i in range(s.end):
            self.asked(i)
        for i in range(s.end):
            self.cue_behind(i)
        for i in range(s.end):
            self.said_to(i)
        i = 0
        while i < s.end:
            i = self.cue_before(i)
        self.colon()
        self.dash()
        if self.indirect:
            self.hearsay()
        self.uncued()
        self.found.sort(key=lambda found: min(start for start, _ in (*found.cue, *found.content)))
        return self.found

    def add(self, begin: int, end: int, found: Found) -> None:
        """Keep an attribution that reads tokens [begin, end)."""
        if found.content and (self.indirect or self._quotes(found.content)):
            self.found.append(found)
            self.s.take(begin, end)

    def _quotes(self, content: list[Segment]) -> bool:
        quoted = [(t.start, t.end) for t in self.s.tokens if t.kind == "quotation"]
        return any(
            s < end and start < e for start, end in content for s, e in quoted + self.waiting
        )

    def according_to(self) -> None:
        """Read "according to X, …" and "…, according to X"."""
        s = self.s
        for i in range(s.end - 2):
            if s.word(i) != "according" or s.word(i + 1) != "to" or s.taken[i]:
                continue
            stop = s.find(i + 2, {*",;:(", *DASHES})
            if stop == i + 2:
                continue
            cue = (s.segment(i, i + 2),)
            if i <= phrases.beginning(s):
                stop = phrases.behind_apposition(s, stop)
                end = clauses.end(s, min(stop + 1, s.end))
                content = clauses.text(s, min(stop + 1, s.end), end)
                self.add(i, end, Found(content, s.segment(i + 2, stop), cue))
                continue
            begin, end = clauses.start(s, i), stop
            content = clauses.text(s, begin, i)
            if s.word(stop) == "," and s.word(i - 1) == "," and clauses.goes_on(s, stop + 1):
                end = clauses.end(s, stop + 1)
                content += clauses.text(s, stop + 1, end)
            self.add(begin, end, Found(content, s.segment(i + 2, stop), cue))

    def asked(self, i: int) -> None:
        """Read "Asked whether …, he …": a question whose source is hidden."""
        s = self.s
        if s.word(i) != "asked" or s.taken[i] or not (i == 0 or s.word(i - 1) in {"when", "if"}):
            return
        begin = i + 1
        source = None
        if s.word(begin) == "by":
            phrase = phrases.after(s, begin + 1)
            if phrase is None:
                return
            source, begin = s.segment(*phrase), phrase[1]
        if s.word(begin) in _QUESTION:
            end = s.find(begin, ",")
            self.add(i, end, Found(clauses.text(s, begin, end), source, (s.segment(i, i + 1),)))

    def cue_behind(self, i: int) -> None:
        """Read "…, she said", "…, said she" and "…, she said, …"."""
        s = self.s
        group = None if s.taken[i] else s.group(i)
        if group is None or group.passive or group.verb.form == "ing":
            return
        if not set("cq") & set(group.verb.frames):
            return
        left, source, right = self._source_beside(group, i)
        if source is None:
            return
        as_said = s.word(left - 1) == "as"
        left -= as_said
        if left == 0 and not self.waiting:
            if as_said:
                self._as_said(group, source, right)
            return
        if left > 0 and not (s.quotation(left - 1) or s.word(left - 1) in DASHES | {","}):
            return
        begin = clauses.start(s, left)
        direct = s.only_quotations(begin, left)
        addressee = None
        if "a" in group.verb.frames and (to := phrases.addressee(s, right)) is not None:
            addressee, right = s.segment(*to), to[1]
            if s.word(right) == "about":
                return
        end = clauses.behind_adverbials(s, right, direct=direct)
        if end < s.end and s.word(end) not in DASHES | _BREAKS:
            return
        content = clauses.text(s, begin, left) if left else list(self.waiting)
        if content and s.word(end) in DASHES | {",", ":"} and self._resumes(end + 1, direct):
            resumed = end + 1
            end = clauses.end(s, resumed)
            content += clauses.text(s, resumed, end)
        found = Found(content, s.segment(*source), group.cue, group.verb.medium, addressee)
        self.add(begin, end, found)

    def _resumes(self, k: int, direct: bool) -> bool:
        return self.s.quotation(k) if direct else clauses.goes_on(self.s, k)

    def _source_beside(self, group: Group, i: int) -> tuple[int, Range | None, int]:
        """Return (where the cue and its source begin, the source, where both end)."""
        s = self.s
        bare = group.start == i and (s.word(i - 1) == "," or s.quotation(i - 1))
        may_invert = "q" in group.verb.frames and (
            "a" not in group.verb.frames or group.verb.lemma == "ask"
        )
        if bare and may_invert:
            source = phrases.after(s, group.end)
            if source is not None:
                return group.start, source, source[1]
        source = phrases.before(s, group.start)
        return (group.start if source is None else source[0]), source, group.end

    def _as_said(self, group: Group, source: Range, right: int) -> None:
        """Read "As she said, …"."""
        s = self.s
        comma = clauses.behind_adverbials(s, right, direct=False)
        if s.word(comma) == ",":
            end = clauses.end(s, comma + 1)
            content = clauses.text(s, comma + 1, end)
            self.add(0, end, Found(content, s.segment(*source), group.cue, group.verb.medium))

    def cue_before(self, i: int) -> int:
        """Read "she said that …"; return where to go on."""
        s = self.s
        group = None if s.taken[i] else s.group(i)
        if group is None:
            return i + 1
        if group.passive:
            return self._passive(group, i)
        source, relative = self._subject(group, i)
        begin, addressee = self._right(group.end, group.verb) if source else (None, None)
        if source is None or begin is None:
            return i + 1
        end = clauses.end(s, begin, group.verb, relative=relative)
        content = clauses.text(s, begin, end)
        if not content:
            return i + 1
        found = Found(content, source, group.cue, group.verb.medium, addressee)
        self.add(group.start, end, found)
        return max(end, i + 1)

    def _subject(self, group: Group, i: int) -> tuple[Segment | None, bool]:
        """Return the source before a cue, and whether it is a relative pronoun."""
        s = self.s
        participle = group.verb.form == "ing" and group.start == i
        beside = participle and s.word(i - 1) not in english.BEFORE_PARTICIPLE
        phrase = phrases.before(s, group.start) if beside or not participle else None
        if phrase is not None:
            self.subject = s.segment(*phrase)
            return self.subject, s.word(phrase[0]) in {"who", "which"}
        if participle or s.word(group.start - 1) in {"and", "or", "but", "then", ","}:
            near = [f.source for f in self.found if f.source and f.source[0] < s.tokens[i].start]
            first = phrases.first(s)
            return self.subject or (
                near[-1] if near else s.segment(*first) if first is not None else None
            ), False
        return None, False

    def said_to(self, i: int) -> None:
        """Read "is said to …": content whose source is hidden."""
        s = self.s
        group = None if s.taken[i] else s.group(i)
        if group is None or not group.passive or s.word(group.end) != "to":
            return
        phrase = phrases.before(s, group.start)
        if phrase is None or "h" not in group.verb.frames or s.taken[phrase[0]]:
            return
        end = clauses.end(s, group.end)
        content = [s.segment(*phrase), *clauses.text(s, group.end, end)]
        self.add(phrase[0], end, Found(content, None, group.cue, group.verb.medium))

    def _passive(self, group: Group, i: int) -> int:
        """Read "was told that …" and "… was praised by X"."""
        s = self.s
        frames = set(group.verb.frames)
        begin = group.end
        following = s.word(begin)
        phrase = phrases.before(s, group.start)
        medium = group.verb.medium
        if following in {"that", "whether"} and set("ha") & frames:
            end = clauses.end(s, begin)
            addressee = s.segment(*phrase) if phrase is not None and "a" in frames else None
            self.add(
                group.start,
                end,
                Found(clauses.text(s, begin, end), None, group.cue, medium, addressee),
            )
            return end
        source = phrases.after(s, begin + 1) if following == "by" and set("nc") & frames else None
        if source is not None and phrase is not None:
            found = Found([s.segment(*phrase)], s.segment(*source), group.cue, medium)
            self.add(phrase[0], source[1], found)
            return source[1]
        return i + 1

    def _right(self, i: int, verb: Verb) -> tuple[int | None, Segment | None]:
        """Return where the content behind a cue begins, and whom it is addressed to."""
        s = self.s
        addressee = None
        if "a" in verb.frames and s.word(i) not in {"that", ":", ","} and not s.quotation(i):
            if "i" in verb.frames and s.word(i) == "to":
                return i, None
            to = phrases.addressee(s, i)
            if to is not None and to[1] < s.end:
                if "i" in verb.frames and (k := self._ahead(to[1], {"to"}, 10)) is not None:
                    return k, s.segment(*to)
                if set("cq") & set(verb.frames):
                    addressee, i = s.segment(*to), to[1]
            elif to is not None and "n" not in verb.frames:
                return None, None
        return self._content(i, verb, told=addressee is not None), addressee

    def _content(self, i: int, verb: Verb, *, told: bool) -> int | None:
        s = self.s
        clausal = bool(set("cq") & set(verb.frames))
        while i < s.end:
            word = s.word(i)
            if s.quotation(i):
                return i
            if word in _CONTENT:
                plain = verb.lemma in {"say", "add"} and word in {"when", "where"}
                return None if plain else i
            if word == ":":
                return i + 1 if i + 1 < s.end else None
            if word == ",":
                if s.quotation(i + 1):
                    return i + 1
                return self._ahead(i + 1, {"that"}, 8) if "c" in verb.frames else None
            if word == "to" and ("i" in verb.frames or not clausal):
                return i if "i" in verb.frames else None
            if clausal and word in english.PREPOSITIONS:
                return self._behind_adverbial(i, verb)
            if s.time(i) or s.adverb(i):
                i += 1
                continue
            sign = s.tokens[i].kind != "mark" or word in english.SIGNS | {"["}
            noun = sign and word not in english.PREPOSITIONS and verb.lemma not in english.SENSES
            return i if noun and (told or set("cn") & set(verb.frames)) else None
        return None

    def _behind_adverbial(self, i: int, verb: Verb) -> int | None:
        """Find the content of "said in a statement that …"."""
        s = self.s
        k = self._ahead(i, {"that"}, 14, quotation=True)
        if k is not None or "c" not in verb.frames:
            return k
        for k in range(i + 2, min(i + 12, s.end)):
            if s.word(k) in _SUBJECTS:
                return k
            if s.word(k) in _BREAKS:
                break
        return None

    def _ahead(self, i: int, wanted: set[str], near: int, *, quotation: bool = False) -> int | None:
        s = self.s
        for k in range(i, min(i + near, s.end)):
            if s.word(k) in wanted:
                return k
            if quotation and s.word(k) in {":", ","} and s.quotation(k + 1):
                return k + 1
            if s.word(k) in _BREAKS or s.quotation(k) or s.other_verb(k):
                return None
        return None

    def colon(self) -> None:
        """Read "X: “…”", where nothing but the colon is a cue."""
        s = self.s
        for i in range(1, s.end - 1):
            if s.word(i) == ":" and s.quotation(i + 1) and not s.taken[i + 1]:
                named = i <= 6 and all(s.name(k) for k in range(i))
                start, end = s.segment(i + 1, i + 2)
                if not named and not speech(s.text[start:end], _SPEECH):
                    continue
                phrase = (0, i) if named else phrases.first(s)
                source = s.segment(*phrase) if phrase is not None else None
                content = [(start, end)]
                self.add(i, i + 2, Found(content, source, (s.segment(i, i + 1),)))

    def dash(self) -> None:
        """Read "“…” — X"."""
        s = self.s
        for i in range(s.end - 1):
            if s.word(i) not in DASHES or not s.name(i + 1) or s.end - i > _NAMED:
                continue
            before = list(self.waiting) if i == 0 else []
            if s.quotation(i - 1) and not s.taken[i - 1]:
                before = [s.segment(i - 1, i)]
            if before and not any(s.other_verb(k) or s.verb(k) for k in range(i + 1, s.end)):
                found = Found(before, s.segment(i + 1, s.end), (s.segment(i, i + 1),))
                self.add(max(i - 1, 0), s.end, found)

    def hearsay(self) -> None:
        """Read "has reportedly …": content whose source is hidden."""
        s = self.s
        for i in range(s.end):
            if s.word(i) not in english.HEARSAY_ADVERBS or s.taken[i]:
                continue
            begin = i
            while begin > 0 and not s.taken[begin - 1] and s.word(begin - 1) not in _BREAKS:
                if s.word(begin - 1) in english.CLAUSE_WORDS:
                    break
                begin -= 1
            end = clauses.end(s, i + 1)
            content = clauses.text(s, begin, i) + clauses.text(s, i + 1, end)
            self.add(begin, end, Found(content, None, (s.segment(i, i + 1),)))

    def uncued(self) -> None:
        """Read long quotations that nothing announces."""
        s = self.s
        for i in range(s.end):
            start, end = s.tokens[i].start, s.tokens[i].end
            if s.quotation(i) and not s.taken[i] and speech(s.text[start:end], self.uncued_words):
                self.add(i, i + 1, Found([(start, end)]))


def speech(quotation: str, enough: int) -> bool:
    """Tell whether a quotation that nothing announces has words enough to be a quote."""
    return len(quotation.split(None, enough)) >= enough
