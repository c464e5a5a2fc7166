"""Direct quotes by their marks, reported speech by its cue words: no training, English cues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from inquit.corpus import Annotation, Attribution, Document, Span

from . import english
from .base import Extractor
from .english import Verb
from .quotation_marks import quotations
from .segment import Segment
from .tokens import Token, tokenised

_STOPS = frozenset(".?!…")
_DASHES = frozenset({"--", "---", "—", "–", "―"})
_APPOSITION = 40
_NEAR = 14


@dataclass
class Found:
    """An attribution as it is put together: offsets only."""

    content: list[Segment]
    source: Segment | None
    cue: list[Segment]
    medium: str = "speech"
    addressee: Segment | None = None


class RuleExtractor(Extractor):
    def __init__(
        self, *, cues: tuple[str, ...] = (), indirect: bool = True, uncued_words: int = 8
    ) -> None:
        self.cues = cues
        self.indirect = indirect
        self.uncued_words = uncued_words

    def extract(self, document: Document) -> Annotation:
        """Return the quotes of a document with their sources, cues and addressees."""
        reader = Reader(document.text, english.verbs(tuple(self.cues)), self.uncued_words)
        found = reader.read()
        return annotation(document, found, reader.quoted)


class Reader:
    def __init__(self, text: str, verbs: dict[str, Verb], uncued_words: int) -> None:
        self.text = text
        self.verbs = verbs
        self.uncued_words = uncued_words
        regions = [q.fragments for q in quotations(text) if q.depth == 0]
        self.quoted = sorted(f for fragments in regions for f in fragments)
        self.rest = {fragments[0]: fragments[1:] for fragments in regions}
        self.later = {f for fragments in regions for f in fragments[1:]}
        self.found: list[Found] = []

    def read(self) -> list[Found]:
        last: Found | None = None
        paragraphs = list(tokenised(self.text, self.quoted))
        for paragraph, following in zip(paragraphs, [*paragraphs[1:], []], strict=True):
            waiting: list[Token] = []
            if paragraph and following and paragraph[-1][-1].word == ":" and self.only_quotations(following[0]):
                paragraph[-1] += following.pop(0)
            for sentence in paragraph:
                if self.only_quotations(sentence):
                    waiting += [t for t in sentence if self.begins(t)]
                    continue
                here = SentenceReader(self, sentence, waiting).read()
                if waiting and not (here and (waiting[0].start, waiting[0].end) in here[0].content):
                    self.join(waiting, last)
                waiting = []
                self.found += here
                last = here[-1] if here else None
            last = self.join(waiting, last)
        for f in self.found:
            f.content = self.whole(f.content)
        return self.found

    def join(self, waiting: list[Token], last: Found | None) -> Found | None:
        segments = [(t.start, t.end) for t in waiting]
        if last is not None:
            last.content += segments
            return last
        for s, e in segments:
            if len(self.text[s:e].split()) >= self.uncued_words:
                last = Found([(s, e)], None, [])
                self.found.append(last)
        return last

    def begins(self, t: Token) -> bool:
        return t.kind == "quotation" and (t.start, t.end) not in self.later

    def only_quotations(self, sentence: list[Token]) -> bool:
        return all(t.kind == "quotation" or t.word in _STOPS or t.word == "," for t in sentence)

    def whole(self, content: list[Segment]) -> list[Segment]:
        return content + [x for f in content for x in self.rest.get(f, ())]


class SentenceReader:
    def __init__(self, reader: Reader, tokens: list[Token], pending: list[Token]) -> None:
        self.reader = reader
        self.verbs = reader.verbs
        self.pending = pending
        self.t = tokens
        self.end = len(tokens)
        while self.end and tokens[self.end - 1].word in _STOPS:
            self.end -= 1
        self.found: list[Found] = []
        self.taken = [False] * len(tokens)
        self.subject: Segment | None = None
        words = [t for t in tokens if t.kind in ("word", "name") and len(t.word) > 3]
        names = sum(t.kind == "name" for t in words)
        self.title = len(words) > 2 and names > 0.7 * len(words)

    def read(self) -> list[Found]:
        self.according()
        for i in range(self.end):
            self.parenthetical(i)
        i = 0
        while i < self.end:
            i = self.forward(i)
        self.colon()
        self.hearsay()
        self.leftover()
        self.found.sort(key=lambda f: min(x[0] for x in [*f.cue, *f.content]))
        return self.found

    # -- patterns

    def according(self) -> None:
        t = self.t
        for i in range(self.end - 2):
            if t[i].word != "according" or t[i + 1].word != "to" or self.taken[i]:
                continue
            j = i + 2
            stop = self.until(j, {",", ";", ":", "(", *_DASHES})
            source = self.segment(j, stop)
            cue = [self.segment(i, i + 2)]
            first = self.first_word()
            if i <= first:
                stop = self.after_apposition(j, stop)
                source = self.segment(j, stop)
                begin = stop + 1 if stop < self.end else stop
                content = self.clause(begin, self.clause_end(begin))
                used = (i, self.clause_end(begin))
            else:
                content = self.clause(self.left_start(i), i)
                used = (self.left_start(i), stop)
                if stop < self.end and t[stop].word == "," and not self.breaks(stop + 1) and i and t[i-1].word == ",":
                    more = self.clause_end(stop + 1)
                    content += self.clause(stop + 1, more)
                    used = (used[0], more)
            if content:
                self.add(Found(content, source, cue), *used)

    def parenthetical(self, i: int) -> None:
        """Read "…, she said" and "…, she said, …": the cue behind the content."""
        t = self.t
        verb = self.verb_at(i)
        if verb is None or self.taken[i] or not set("cq") & set(verb.frames):
            return
        verb, h = self.with_particle(verb, i)
        if not set("cq") & set(verb.frames) or verb.form == "ing":
            return
        g, cue, passive = self.group(i, h)
        if passive:
            return
        left = i
        source: tuple[int, int] | None = None
        if g > 0 and (t[g - 1].word == "," or t[g - 1].kind == "quotation") and "q" in verb.frames and g == i and (verb.lemma == "ask" or "a" not in verb.frames):
            source = self.np_after(h)
            if source is not None:
                left, h = g, source[1]
                if h < self.end and t[h].word == ",":
                    pass
        if source is None:
            source = self.np_before(g, 0)
            if source is None:
                return
            left = source[0]
        as_ = left > 0 and t[left - 1].word == "as"
        if as_:
            left -= 1
        before = t[left - 1] if left else None
        whole_before = bool(self.pending) and left == 0
        if before is None and not whole_before and not as_:
            return
        if before is not None and not (before.kind == "quotation" or before.word == "," or before.word in _DASHES):
            return
        s0 = 0 if whole_before else self.left_start(left)
        direct = whole_before or all(x.kind == "quotation" or x.word == "," for x in t[s0:left])
        addressee = None
        if "a" in verb.frames and h < self.end:
            addressee, h = self.addressee(h)
        r = self.adverbials(h, direct)
        at_end = r >= self.end or t[r].word in {",", ";", ":"} or t[r].word in _DASHES
        if not at_end:
            return
        if before is None and not whole_before:
            # As X said, CONTENT
            if r < self.end and t[r].word == ",":
                z = self.clause_end(r + 1)
                content = self.clause(r + 1, z)
                if content:
                    self.add(Found(content, self.segment(*source), cue, verb.medium, addressee), 0, z)
            return
        if whole_before:
            content = [(x.start, x.end) for x in self.pending]
            z = r
        else:
            content = self.clause(s0, left)
            if not content:
                return
            z = r
        if r < self.end and t[r].word in {",", ":", *_DASHES}:
            q = r + 1
            if q < self.end and t[q].kind == "quotation" and direct:
                z = self.clause_end(q)
                content = content + self.clause(q, z)
            elif not direct and not self.breaks(q):
                z = self.clause_end(q)
                content = content + self.clause(q, z)
        self.add(Found(content, self.segment(*source), cue, verb.medium, addressee), s0, z)

    def forward(self, i: int) -> int:
        """Read "she said that …": the cue before the content; return where to go on."""
        t = self.t
        if self.taken[i]:
            return i + 1
        verb = self.verb_at(i)
        if verb is None:
            return i + 1
        verb, h = self.with_particle(verb, i)
        g, cue, passive = self.group(i, h)
        source: tuple[int, int] | None = None
        subject: Segment | None = None
        if passive:
            return self.passive(i, g, h, verb, cue)
        if verb.lemma == "ask" and verb.form == "past" and g == i and (i == 0 or t[i - 1].word in {"when", "if"}):
            if h < self.end and (t[h].word in {"if", "whether", "how", "why", "what", "who", "where", "when", "about", "by"} or h == i + 2):
                z = self.until(h, {","})
                self.add(Found(self.clause(h, z), None, cue), g, z)
                return z
        lone = verb.form == "ing" and g == i
        coordinated = g > 0 and t[g - 1].word in {"and", "or", "but", "then"} or (g > 1 and t[g - 1].word == "," )
        if not lone:
            source = self.np_before(g, 0)
        if source is not None:
            subject = self.segment(*source)
        elif lone or coordinated:
            near = [f.source for f in self.found if f.source is not None and f.source[0] < t[i].start]
            subject = self.subject or (near[-1] if near else None) or self.first_np()
        if subject is None:
            return i + 1
        result = self.right(h, verb)
        if result is None:
            if source is not None:
                self.subject = subject
            return i + 1
        begin, addressee = result
        z = self.clause_end(begin, relative=source is not None and t[source[0]].word in {"who", "which"} , verb=verb)
        content = self.clause(begin, z)
        if not content:
            return i + 1
        self.subject = subject
        self.add(Found(content, subject, cue, verb.medium, addressee), g, z)
        return z

    def passive(self, i: int, g: int, h: int, verb: Verb, cue: list[Segment]) -> int:
        t = self.t
        if h < self.end and t[h].word == "to" and "h" in verb.frames:
            subject = self.np_before(g, 0)
            z = self.clause_end(h)
            content = self.clause(h, z)
            if subject is not None:
                content = [self.segment(*subject), *content]
                self.add(Found(content, None, cue, verb.medium), subject[0], z)
                return z
        if h < self.end and t[h].word in {"that", "whether"} and set("ha") & set(verb.frames):
            z = self.clause_end(h)
            self.add(Found(self.clause(h, z), None, cue, verb.medium), g, z)
            return z
        if h < self.end and t[h].word == "by" and set("nc") & set(verb.frames):
            subject = self.np_before(g, 0)
            source = self.np_after(h + 1)
            if subject is not None and source is not None:
                self.add(Found([self.segment(*subject)], self.segment(*source), cue, verb.medium), subject[0], source[1])
                return source[1]
        return i + 1

    def colon(self) -> None:
        """Read "…: “…”" where no cue word was found."""
        t = self.t
        for i in range(1, self.end - 1):
            if t[i].word == ":" and t[i + 1].kind == "quotation" and not self.taken[i + 1]:
                short = i <= 6 and all(x.kind == "name" for x in t[:i])
                source = self.segment(0, i) if short else self.first_np()
                self.add(Found([(t[i + 1].start, t[i + 1].end)], source, [self.segment(i, i + 1)]), i, i + 2)

    def dash(self) -> None:
        t = self.t
        for i in range(1, self.end - 1):
            if t[i].word in _DASHES and t[i - 1].kind == "quotation" and not self.taken[i] and self.end - i <= 8 and all(x.kind == "name" or x.word in {",", "of", "the"} for x in t[i + 1:self.end]):
                self.add(Found([(t[i - 1].start, t[i - 1].end)], self.segment(i + 1, self.end), [self.segment(i, i + 1)]), i - 1, self.end)

    def hearsay(self) -> None:
        self.dash()
        t = self.t
        for i in range(self.end):
            if t[i].word in english.HEARSAY_ADVERBS and not self.taken[i]:
                b = i
                while b > 0 and not self.taken[b - 1] and t[b - 1].word not in {",", ";", ":"} and t[b - 1].word not in english.CLAUSE_WORDS:
                    b -= 1
                z = self.clause_end(i + 1)
                content = self.clause(b, i) + self.clause(i + 1, z)
                if content:
                    self.add(Found(content, None, [self.segment(i, i + 1)]), b, z)

    def leftover(self) -> None:
        for i, token in enumerate(self.t):
            if token.kind == "quotation" and not self.taken[i] and (token.start, token.end) not in self.reader.later:
                if len(self.reader.text[token.start : token.end].split()) >= self.reader.uncued_words:
                    self.add(Found([(token.start, token.end)], None, []), i, i + 1)

    # -- parts

    def add(self, found: Found, begin: int, end: int) -> None:
        self.found.append(found)
        for k in range(begin, end):
            self.taken[k] = True

    def segment(self, begin: int, end: int) -> Segment:
        return self.t[begin].start, self.t[end - 1].end

    def clause(self, begin: int, end: int) -> list[Segment]:
        t = self.t
        while end > begin and (t[end - 1].word in {",", ";", ":"} or t[end - 1].word in _DASHES):
            end -= 1
        while begin < end and (t[begin].word in {",", ";", ":"} or t[begin].word in _DASHES):
            begin += 1
        return [self.segment(begin, end)] if begin < end else []

    def verb_at(self, i: int) -> Verb | None:
        t = self.t
        token = t[i]
        if token.kind != "word" and not (token.kind == "name" and (self.title or i == 0)):
            return None
        verb = self.verbs.get(token.word)
        if verb is None:
            return None
        before = t[i - 1].word if i else ""
        if i and before in {"to"} and verb.form == "base":
            return None
        k = i - 1
        while k >= 0 and self.adverb(k):
            k -= 1
        prev = t[k] if k >= 0 else None
        aux = prev is not None and (prev.word in english.AUXILIARIES or prev.word in english.NEGATIONS)
        if aux:
            return verb
        if prev is None:
            return verb if verb.form == "ing" else None
        w = prev.word
        if w in english.PREPOSITIONS and verb.form != "ing":
            return None
        if verb.form == "ing" and (w in english.DETERMINERS or (w in english.PREPOSITIONS and w not in {"by", "before", "after", "in"})):
            return None
        if verb.form == "part":
            return None
        if w.endswith(("'s", "’s", "s'", "s’")):
            return None
        if w in english.DETERMINERS and w not in english.SUBJECTS and w not in {"that", "this"}:
            return None
        if verb.form == "base" and not self.plural(k):
            return None
        if verb.form in ("base", "s") and verb.lemma in english.NOUNS and not self.object_follows(i + 1):
            return None
        if verb.form == "s" and w in {"they", "we", "you", "i"}:
            return None
        return verb

    def object_follows(self, k: int) -> bool:
        if k >= self.end:
            return False
        t = self.t[k]
        return t.kind in ("quotation", "name") or t.word in english.DETERMINERS | english.PRONOUNS | {"that", "to", "whether", "how", "why", "what", ":", ",", "for", "out", "on", "about"}

    def plural(self, k: int) -> bool:
        token = self.t[k]
        w = token.word
        if w in {"he", "she", "it"}:
            return False
        if w in english.SUBJECTS or w in {",", ")", "and", "people", "police", "men", "women", "democrats"}:
            return True
        return token.kind in ("word", "name") and w.endswith("s") and not w.endswith("ss")

    def adverb(self, k: int) -> bool:
        token = self.t[k]
        return token.word in english.ADVERBS or (token.kind == "word" and token.word.endswith("ly") and token.word not in {"family", "ally", "rally", "reply"})

    def with_particle(self, verb: Verb, i: int) -> tuple[Verb, int]:
        if i + 1 < self.end:
            joined = english.with_particle(verb, self.t[i + 1].word)
            if joined is not None:
                return joined, i + 2
        return verb, i + 1

    def group(self, i: int, h: int) -> tuple[int, list[Segment], bool]:
        """Return (first token of the verb group, cue fragments, whether it is passive)."""
        t = self.t
        cue = list(range(i, h))
        g = i
        k = i - 1
        be = False
        while k >= 0:
            w = t[k].word
            if w in english.AUXILIARIES or w in english.NEGATIONS:
                if not be and g == i or w in english.NEGATIONS:
                    be = be or w in english.BE
                cue.insert(0, k)
                g = k
            elif not self.adverb(k):
                break
            k -= 1
        while g > 0 and self.adverb(g - 1):
            g -= 1
        verb = self.verbs[t[i].word]
        passive = be and verb.form in ("past", "part")
        fragments: list[Segment] = []
        for k in cue:
            if fragments and k - 1 in cue:
                fragments[-1] = (fragments[-1][0], t[k].end)
            else:
                fragments.append((t[k].start, t[k].end))
        return g, fragments, passive

    def until(self, j: int, marks: set[str]) -> int:
        while j < self.end and self.t[j].word not in marks:
            j += 1
        return j

    def first_word(self) -> int:
        i = 0
        while i < self.end and (self.t[i].word in english.LEADERS or self.t[i].word == ","):
            i += 1
        return i

    def left_start(self, end: int) -> int:
        """Return where content begins that ends before token ``end``."""
        t = self.t
        s = end
        while s > 0 and not self.taken[s - 1] and t[s - 1].word != ";":
            s -= 1
        k = end - 1
        while k >= s and (t[k].word == "," or t[k].kind == "quotation"):
            k -= 1
        if k >= s and t[k].word == ":" and k + 1 < end:
            return k + 1
        while s < end and t[s].word in {"but", "and", ","}:
            s += 1
        return s

    def breaks(self, k: int) -> bool:
        return k >= self.end or self.t[k].word in {"who", "which", "but", "and", "while", "though", "although", "as", "after", "when", "adding", "saying", "noting", "referring", "citing"} or (
            self.t[k].kind == "word" and self.t[k].word.endswith("ing"))

    def after_apposition(self, j: int, stop: int) -> int:
        t = self.t
        if stop >= self.end or t[stop].word != ",":
            return stop
        nxt = stop + 1
        if nxt < self.end and t[nxt].word in {"a", "an", "the", "who", "which", "whose"}:
            close = self.until(nxt, {",", ";"})
            if close < self.end and t[close].word == "," and close - nxt <= 12 and not any(
                t[k].word in english.AUXILIARIES or t[k].word in english.OTHER_VERBS for k in range(nxt, close)
                if t[nxt].word not in {"who", "which", "whose"}
            ):
                return close
        return stop

    def verbish(self, k: int) -> bool:
        t = self.t[k]
        if t.kind != "word":
            return False
        if t.word in english.AUXILIARIES or t.word in english.OTHER_VERBS:
            return True
        verb = self.verbs.get(t.word)
        return verb is not None and verb.form == "past" and self.verb_at(k) is not None

    def np_before(self, e: int, lo: int) -> tuple[int, int] | None:
        t = self.t
        if e <= lo:
            return None
        if t[e - 1].word == ",":
            c = e - 2
            while c > lo and t[c].word != "," and e - c < _APPOSITION:
                if t[c].kind == "quotation" and t[c].end - t[c].start > 40:
                    return None
                c -= 1
            if c <= lo or t[c].word != ",":
                return None
            nxt = t[c + 1]
            if nxt.word in english.CLAUSE_WORDS - english.RELATIVES - {"once"} or nxt.word in {"and", "but", "or"} or t[c - 1].kind == "quotation":
                return None
            if c + 2 == e - 1 and (nxt.word in english.LEADERS or self.adverb(c + 1)):
                return self.np_before(c, lo)
            while True:
                s = c
                while s > lo and t[s - 1].word not in {",", ";", ":"} and t[s - 1].kind != "quotation" and e - s < _APPOSITION:
                    s -= 1
                side = t[s].kind == "number" or t[s].word in english.PREPOSITIONS | {"who", "whose", "which"} or (t[s].kind == "word" and t[s].word.endswith("ing"))
                if side and s > lo + 1 and t[s - 1].word == "," and t[s - 2].kind != "quotation":
                    c = s - 1
                else:
                    break
            head = self.np_simple(c, lo)
            if head is None:
                return None
            if nxt.word in english.PREPOSITIONS or (nxt.kind == "word" and nxt.word.endswith("ing")):
                return head
            return head[0], e - 1
        return self.np_simple(e, lo)

    def np_simple(self, k: int, lo: int) -> tuple[int, int] | None:
        t = self.t
        b = k
        while b > lo:
            token = t[b - 1]
            w = token.word
            if token.kind == "quotation":
                if token.end - token.start > 30 or b == k or b - 1 == lo or self.ends_speech(token):
                    break
            elif token.kind == "mark":
                if w == ")":
                    c = b - 1
                    while c > lo and t[c - 1].word != "(" and b - c < 12:
                        c -= 1
                    if c > lo and t[c - 1].word == "(":
                        b = c - 1
                        continue
                    break
                if w not in {"$", "%", "&", "€", "£", "@", "#"}:
                    break
            elif w in {"who", "which", "whom"}:
                if b == k:
                    b -= 1
                    return b, k
                if b - 1 == lo or t[b - 2].word in {","}:
                    break
            elif w in english.CLAUSE_WORDS:
                break
            elif w in {"and", "or"}:
                if b == k or any(self.verbish(x) for x in range(max(lo, b - 6), b - 1)) or b - 2 < lo or t[b - 2].word == ",":
                    break
            elif self.verbish(b - 1):
                relative = [x for x in range(max(lo, b - 10), b - 1) if t[x].word in {"who", "which", "that"}]
                if not relative or relative[-1] == lo or t[relative[-1]-1].kind not in ("word", "name") or t[relative[-1]-1].word in self.verbs:
                    break
                b = relative[-1] + 1
            b -= 1
        while b < k and (t[b].word in english.LEADERS or (self.adverb(b)) or t[b].word in {"and"}) and not (b == k - 1 and t[b].word in english.SUBJECTS):
            b += 1
        if b >= k:
            return None
        if t[b].word in english.PREPOSITIONS or t[b].word == "to":
            b = self.last_np(b, k)
        if k - b > 1 and t[k - 1].word in english.TIMES and t[b].word not in english.DETERMINERS:
            k -= 1
        if all(x.kind == "mark" for x in t[b:k]):
            return None
        if t[k - 1].word in english.DETERMINERS and t[k - 1].word not in english.SUBJECTS | {"this", "that"}:
            return None
        return b, k

    def ends_speech(self, token: Token) -> bool:
        return self.reader.text[token.start : token.end].rstrip("\"'”’»«“‘")[-1:] in ".,!?…;:—–-"

    def last_np(self, b: int, k: int) -> int:
        t = self.t
        if t[k - 1].word in english.SUBJECTS:
            return k - 1
        s = k - 1
        while s > b and t[s].kind in ("name", "number") and t[s - 1].kind in ("name", "number"):
            s -= 1
        if s > b and t[s].kind == "word":
            while s > b and t[s].word not in english.DETERMINERS:
                s -= 1
        elif s > b and t[s - 1].word in english.DETERMINERS:
            s -= 1
        return s if s > b else b + 1

    def first_np(self) -> Segment | None:
        b = self.first_word()
        e = b
        while e < self.end and not self.verbish(e) and self.t[e].word not in {",", ":", ";"} and self.t[e].kind != "quotation" and self.verb_at(e) is None and e - b < 12:
            e += 1
        if e >= self.end or e == b or self.t[b].word in english.PREPOSITIONS | english.CLAUSE_WORDS:
            return None
        while e > b and self.adverb(e - 1):
            e -= 1
        return self.segment(b, e) if e > b else None

    def np_after(self, h: int) -> tuple[int, int] | None:
        """Return the noun phrase that begins at token ``h``, with its apposition."""
        t = self.t
        if h >= self.end:
            return None
        first = t[h]
        if first.word in english.SUBJECTS:
            return h, h + 1
        if not (first.kind == "name" or first.word in english.DETERMINERS or (first.kind == "word" and first.word not in english.PREPOSITIONS | english.CLAUSE_WORDS | english.ADVERBS | {"to"})):
            return None
        if first.word in english.TIMES or (first.word == "that"):
            return None
        e = h + 1
        while e < self.end:
            w = t[e].word
            if w == "(":
                close = self.until(e, {")"})
                if close < self.end and close - e < 12:
                    e = close + 1
                    continue
                break
            if t[e].kind == "quotation" or w in {",", ";", ":"} or w in _DASHES:
                break
            if self.verbish(e) or self.verb_at(e) is not None:
                return None
            if w in {"who", "which", "whose"}:
                e = self.until(e, {",", ";"})
                break
            if w in {"in", "on", "at", "during", "after", "when", "as", "while", "before", "by", "about", "to", "if", "because", "until", "since", "following"} or w in english.TIMES and w not in {"may", "march"}:
                break
            e += 1
        if e < self.end and t[e].word == ",":
            nxt = e + 1
            if nxt < self.end and t[nxt].kind != "quotation" and (t[nxt].word in {"a", "an", "the", "who", "whose", "which"} or t[nxt].kind in ("number", "name")or (t[nxt].kind == "word" and not t[nxt].word.endswith("ing") and t[nxt].word not in english.CLAUSE_WORDS | english.PREPOSITIONS | english.LEADERS | english.SUBJECTS)):
                close = nxt
                while close < self.end and not (t[close].word == "," and close + 1 < self.end and (t[close + 1].kind == "quotation" or (t[close+1].kind == "word" and t[close + 1].word.endswith("ing")))):
                    close += 1
                return h, close
        return h, e

    def addressee(self, h: int) -> tuple[Segment | None, int]:
        """Read to whom something is said; return it and the token behind it."""
        t = self.t
        e = h
        if t[h].word in english.PRONOUNS or t[h].word in {"reporters", "journalists", "lawmakers", "supporters", "voters", "investors"}:
            return self.segment(h, h + 1), h + 1
        if t[h].kind in ("quotation", "mark") or t[h].word in {"that", "to", "whether", "if", "how", "why", "what", "about", "for", "of", "on", "when", "where", "who"}:
            return None, h
        while e < self.end and e - h < 10:
            w = t[e].word
            if t[e].kind == "quotation" or w in {",", ":", ";", "that", "to", "whether", "if", "how", "why", "what", "about", "in", "on", "at", "during", "after", "when", "as", "it", "he", "she", "they", "we", "i", "there", "for"} or w in _DASHES:
                break
            if e > h and (w in english.TIMES or (w in english.DETERMINERS and t[e - 1].word not in english.PREPOSITIONS | english.DETERMINERS | {"and"})):
                break
            if self.verbish(e):
                return None, h
            e += 1
        return (self.segment(h, e), e) if e > h else (None, h)

    def time(self, k: int) -> bool:
        w = self.t[k].word
        if w in {"this", "last", "next"}:
            return k + 1 < self.end and self.t[k + 1].word in english.TIMES
        return w in english.TIMES and w != "may"

    def adverbials(self, h: int, direct: bool) -> int:
        """Skip what may stand behind a cue that nothing else follows: when, where, to whom."""
        t = self.t
        r = h
        while r < self.end:
            w = t[r].word
            title = t[r].kind == "quotation" and direct and r > h and t[r - 1].kind != "mark" and t[r].end - t[r].start < 60
            if (t[r].kind == "quotation" and not title) or w in {",", ";", ":"} or w in _DASHES:
                return r
            if r == h and not direct and not (w in english.PREPOSITIONS or self.time(r) or self.adverb(r) or w in {"when", "as", "while"}):
                return r
            if not direct and (w == "that"):
                return h
            r += 1
        return r

    def right(self, h: int, verb: Verb) -> tuple[int, Segment | None] | None:
        """Return (first token of the content behind a cue, addressee), or None."""
        t = self.t
        frames = set(verb.frames)
        addressee: Segment | None = None
        r = h
        if r >= self.end:
            return None
        if "a" in frames and t[r].kind != "quotation" and t[r].word not in {"that", ":", ","}:
            to = "i" in frames
            if to and t[r].word == "to":
                return r, None
            found, e = self.addressee(r)
            if found is not None and e < self.end:
                if to:
                    for k in range(e, min(e + 10, self.end)):
                        if t[k].word == "to":
                            return k, found
                        if t[k].word in {",", ";", ":"} or t[k].kind == "quotation":
                            break
                if "c" in frames or "q" in frames:
                    addressee, r = found, e
            elif found is not None and "n" not in frames:
                return None
        steps = 0
        while r < self.end and steps < 20:
            steps += 1
            token = t[r]
            w = token.word
            if token.kind == "quotation":
                return r, addressee
            if w in {"that", "whether", "if", "how", "why", "what", "where", "when", "who"}:
                if w == "when" and not frames & {"n"} :
                    pass
                if w != "that" and verb.lemma in {"say", "add"} and w in {"when", "where", "if"} and w != "if":
                    return None
                return r, addressee
            if w == ":":
                return (r + 1, addressee) if r + 1 < self.end else None
            if w == ",":
                if r + 1 < self.end and t[r + 1].kind == "quotation":
                    return r + 1, addressee
                k = self.ahead(r + 1, {"that"}, 8)
                return (k, addressee) if k is not None and frames & set("c") else None
            if w == "to":
                if "i" in frames:
                    return r, addressee
                if not frames & set("cq"):
                    return None
            if frames & set("cq") and (w in english.PREPOSITIONS or w == "to"):
                k = self.ahead(r, {"that"}, _NEAR, quote=True)
                if k is not None:
                    return k, addressee
                if "c" not in frames:
                    return None
                for k in range(r + 2, min(r + 12, self.end)):
                    if t[k].word in {"he", "she", "it", "they", "we", "i", "there"}:
                        return k, addressee
                    if t[k].word in {",", ";", ":"}:
                        break
                return None
            if self.time(r) or self.adverb(r):
                r += 1
                continue
            if w in english.PREPOSITIONS or token.kind == "mark" and w not in {"$", "[", "#", "@", "€", "£"}:
                return None
            if frames & set("cn") or ("a" in frames and addressee is not None):
                return r, addressee
            return None
        return None

    def ahead(self, r: int, words: set[str], limit: int, quote: bool = False) -> int | None:
        for k in range(r, min(r + limit, self.end)):
            w = self.t[k].word
            if w in words:
                return k
            if quote and (w == ":" or w == ",") and k + 1 < self.end and self.t[k + 1].kind == "quotation":
                return k + 1
            if w in {",", ";", ":"} or self.verbish(k):
                return None
        return None

    def clause_end(self, r: int, relative: bool = False, verb: Verb | None = None) -> int:
        t = self.t
        k = r
        while k < self.end:
            w = t[k].word
            if k > r and self.taken[k]:
                break
            if w == ";" or (w in _DASHES and k > r and self.cue_follows(k, 8)):
                break
            if w == "," and k > r:
                if relative:
                    break
                nominal = verb is not None and not self.clausal(r, verb)
                if nominal and k + 1 < self.end and t[k + 1].word in {"who", "which", "but", "whose", "though", "although", "while", "where"}:
                    break
                nxt = t[k + 1].word if k + 1 < self.end else ""
                if nxt == "according":
                    break
                if k + 1 < self.end and self.is_cue_ing(k + 1):
                    break
                if self.cue_follows(k + 1, 6):
                    break
                if nxt in {"but", "while", "though", "although", "whereas", "and", "as", "yet"} and self.cue_follows(k + 2):
                    break
            if k > r and w in {"during", "after", "before", "when", "while"} and verb is not None and not self.clausal(r, verb) and t[r].word != "to":
                break
            if w in {"and", "but"} and k > r and self.coordinate(k + 1, verb, verb is not None and not self.clausal(r, verb)):
                break
            k += 1
        return k

    def clausal(self, r: int, verb: Verb) -> bool:
        """Tell whether a clause, not a noun phrase, is what stands behind a cue."""
        return self.t[r].word in {"that", "whether", "if", "how", "why", "what"} or self.t[r].kind == "quotation" or not set("ni") & set(verb.frames)

    def is_cue_ing(self, k: int) -> bool:
        while k < self.end and (self.adverb(k) or self.t[k].word == "and"):
            k += 1
        verb = self.verbs.get(self.t[k].word) if k < self.end else None
        return verb is not None and verb.form == "ing"

    def cue_follows(self, k: int, near: int = 8) -> bool:
        for x in range(k + 1, min(k + near, self.end)):
            w = self.t[x].word
            if w in {",", ";"}:
                return False
            verb = self.verb_at(x)
            if verb is not None and verb.form in ("past", "s") and set(verb.frames) & set("cq"):
                return True
        return False

    def coordinate(self, k: int, main: Verb | None, nominal: bool) -> bool:
        while k < self.end and (self.adverb(k) or self.t[k].word in english.AUXILIARIES or self.t[k].word in english.NEGATIONS):
            k += 1
        if k + 1 >= self.end:
            return False
        verb = self.verbs.get(self.t[k].word)
        if verb is None or verb.form not in ("past", "s"):
            return False
        if main is not None and main.form == verb.form and nominal:
            return True
        nxt = self.t[k + 1]
        return nxt.word in {"that", "to", "it", "he", "she", "they", ":", ",", "the"} or nxt.kind == "quotation"


def annotation(document: Document, found: Iterable[Found], quoted: list[Segment]) -> Annotation:
    spans: list[Span] = []
    attributions: list[Attribution] = []
    sources: dict[Segment, str] = {}
    taken = set(quoted)
    for number, item in enumerate(found, 1):
        fragments = merged(item.content)
        direct = all(f in taken for f in fragments)
        quoted_inside = direct or any(s < f[1] and f[0] < e for s, e in quoted for f in fragments)
        form = "direct" if direct else "mixed" if quoted_inside else "indirect"
        spans.append(Span(f"q{number}", "quote", tuple(fragments), {"form": form, "medium": item.medium}))
        roles: dict[str, tuple[str, ...]] = {"content": (f"q{number}",)}
        if item.source is not None:
            if item.source not in sources:
                sources[item.source] = f"s{number}"
                spans.append(Span(f"s{number}", "source", (item.source,)))
            roles["source"] = (sources[item.source],)
        if item.cue:
            spans.append(Span(f"c{number}", "cue", tuple(merged(item.cue))))
            roles["cue"] = (f"c{number}",)
        if item.addressee is not None:
            spans.append(Span(f"ad{number}", "addressee", (item.addressee,)))
            roles["addressee"] = (f"ad{number}",)
        attributions.append(Attribution(id=f"a{number}", **roles))
    return Annotation(doc_id=document.doc_id, sha256=document.sha256, spans=tuple(spans), attributions=tuple(attributions))


def merged(fragments: Iterable[Segment]) -> list[Segment]:
    result: list[Segment] = []
    for start, end in sorted(fragments):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result
