"""brat stand-off: a folder of ``NAME.txt`` with ``NAME.ann`` beside each.

Source: the format of the annotation tool brat, https://brat.nlplab.org/standoff.html (Stenetorp
and others, "brat: a Web-based Tool for NLP-Assisted Text Annotation", EACL 2012). The corpora in
it have licences of their own.

Format: the text is UTF-8; a line of the .ann file is a record. ``T1<TAB>Label 0 5;9 12<TAB>text``
is a span (code points, half-open, fragments divided by ``;``), ``E1<TAB>Type:T4 Content:T1
Source:T2 Source2:T3`` an event with its trigger, ``R1<TAB>Type Arg1:T1 Arg2:T2`` a relation,
``A1<TAB>name T1 value`` an attribute, ``#1<TAB>Type T1<TAB>text`` a note.

Mapping: spans labelled quote (quotation, content), claim, source (speaker), cue, addressee or
ignore, in capitals or not, become those, under their ids. An event becomes an attribution by its
arguments of these names, numbered or not; if its trigger has such a label it fills its role too,
else it is no span. A relation between a quote or claim and a source, cue or addressee joins them;
all those of one content make one attribution. Attributes become those that the label has.

What is lost is reported, record by record: other labels, arguments, relations, attributes, notes,
and the place of a trigger that is no copy of its cue. Fragments out of order are sorted, touching
ones joined, and reported.

The text field of a span is held against the text: fragments joined by blanks, line breaks as
blanks or raw, is what it must be. A name without .ann file is a document that nobody labelled; an
empty .ann file says that nothing was found. ``corpus.toml`` with one table ``[layers.NAME]`` may
say what the layer is; without it, it is named "brat" and of kind human, for that is what the tool
is for. What ``inquit corpus export brat`` writes beside is read back.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, TypeVar

import msgspec

from .. import terminal
from ..directory import INFO, CorpusInfo, LayerInfo, read_info
from ..errors import DataError, InquitError, Problem, quoted
from ..jsonl import open_for_reading, problems_of
from ..model import Annotation, Attribution, Document, Fragment, Layer, Span
from ..vocabulary import ATTRIBUTES, LABELS, ROLES
from .intake import EXPORT_REPORT, Imported, Intake, Options, decoded

T = TypeVar("T")

TEXT, LABELLED = ".txt", ".ann"
#: Beside the texts: a line a document, with everything but its text.
METADATA: Final = "metadata.jsonl"
#: Notes by which the exporter keeps what brat has no place for.
NOTE_ID, NOTE_ENTITY = "inquit-id", "inquit-entity"
CONFIGURATION: Final = ("annotation.conf", "visual.conf", "tools.conf", "kb_shortcuts.conf")

LABEL_OF: Final = {
    **{label: label for label in LABELS},
    "quotation": "quote",
    "content": "quote",
    "speaker": "source",
}
ROLE_OF_LABEL: Final = {label: role for role, labels in ROLES.items() for label in labels}

_SPAN = re.compile(r"([^\t\n]*)\t(\S+) ([0-9]{1,10} [0-9]{1,10}(?:;[0-9]{1,10} [0-9]{1,10})*)\t")
_ID = re.compile(r"([TERAMN])[0-9]+[A-Za-z0-9_.-]{0,60}|[#*]\S*")
_ARGUMENT = re.compile(r"([^\s:]+):([TE][0-9][A-Za-z0-9_.-]*)")
_NAMED_SPAN = re.compile(r":(T[0-9][A-Za-z0-9_.-]*)")
#: What stands in the text field of a span for line breaks and tabs.
SPACES: Final = str.maketrans(dict.fromkeys("\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", " "))
_SHAPES = {
    "T": "T1<TAB>Label 0 5<TAB>text",
    "E": "E1<TAB>Type:T4 Role:T1",
    "R": "R1<TAB>Type Arg1:T1 Arg2:T2",
    "A": "A1<TAB>name T1 value",
    "M": "M1<TAB>name T1",
    "N": "N1<TAB>Type T1 base:id<TAB>text",
    "#": "#1<TAB>Type T1<TAB>text",
    "*": "*<TAB>Type T1 T2",
}

Note = Callable[[Literal["unread", "dropped", "changed"], str, int], None]


class Stretch(NamedTuple):
    """A T record; ``fragments`` in the order of the file."""

    id: str
    label: str
    fragments: tuple[Fragment, ...]
    line: int


class Join(NamedTuple):
    """An E or R record: its type, the trigger of an event, arguments as (role, id)."""

    id: str
    type: str
    trigger: str
    arguments: tuple[tuple[str, str], ...]
    line: int

    @property
    def names(self) -> tuple[str, ...]:
        """The records that it rests on."""
        return (*((self.trigger,) if self.trigger else ()), *(i for _, i in self.arguments))


class Remark(NamedTuple):
    """An A, M, N, # or * record: what is said of which record."""

    id: str
    type: str
    target: str
    value: str
    line: int


class Standoff:
    """The records of an .ann file over its text.

    Parameters
    ----------
    content : str
        Of the .ann file.
    text : str
        That it labels.

    Attributes
    ----------
    stretches : dict of str to Stretch
    events, relations : list of Join
    triggers : set of str
        The spans that events name as such, also those of events that cannot be read.
    remarks : list of Remark
    records : int
    changes : list of (reason, line)
        Records that were not written as the format says, and could be read whole nevertheless.

    Raises
    ------
    StandoffError
        With every record that cannot be read, or that does not fit the text.
    """

    def __init__(self, content: str, text: str) -> None:
        self.stretches: dict[str, Stretch] = {}
        self.events: list[Join] = []
        self.relations: list[Join] = []
        self.triggers: set[str] = set()
        self.remarks: list[Remark] = []
        self.changes: list[tuple[str, int]] = []
        self.records = 0
        self._text = text
        self._problems: list[Problem] = []
        self._ids: dict[str, int] = {}
        position, line = 0, 1
        while position < len(content):
            end = content.find("\n", position)
            end = len(content) if end < 0 else end
            if content[position:end].strip():
                self.records += 1
                end = self._record(content, position, end, line)
            line += content.count("\n", position, end) + 1
            position = end + 1
        self._find_targets()
        if self._problems:
            self._keep_intact()
            raise StandoffError(self._problems, self)

    def _keep_intact(self) -> None:
        """Leave out what rests on records that could not be read."""
        broken = {p.line for p in self._problems}
        while True:
            there = {*self.stretches, *(join.id for join in (*self.events, *self.relations))}
            kept = [
                [join for join in joins if join.line not in broken and there.issuperset(join.names)]
                for joins in (self.events, self.relations)
            ]
            if kept == [self.events, self.relations]:
                break
            self.events, self.relations = kept
        self.remarks = [r for r in self.remarks if r.line not in broken and r.target in there]

    def _record(self, content: str, start: int, end: int, line: int) -> int:
        """Read one record and return where it ends."""
        row = content[start:end].removesuffix("\r")
        name, _, rest = row.partition("\t")
        kind = name[:1]
        if not _ID.fullmatch(name):
            known = kind in _SHAPES
            self.triggers.update(_NAMED_SPAN.findall(row))
            what = f"{quoted(row)} is {'a broken record' if known else 'no record of brat'}"
            self._fault(what, _shape(kind) if known else "mend or remove the line", line)
            return end
        if kind not in "#*" and (first := self._ids.setdefault(name, line)) != line:
            self._fault(f"id {name} stands in line {first} already", "give it once", line)
        if kind == "T":
            return self._stretch(content, start, end, line)
        fields = rest.split(" ")
        if kind == "E":
            self._event(name, fields, line)
        elif kind == "R":
            found = self._arguments(fields[1:], name, line)
            if len(found) != 2:
                self._fault(f"relation {name} has {len(found)} arguments", _shape("R"), line)
            self.relations.append(Join(name, fields[0], "", found, line))
        else:
            self._remark(name, rest, line)
        return end

    def _stretch(self, content: str, start: int, end: int, line: int) -> int:
        head = _SPAN.match(content, start, end)
        if head is None:
            what = f"{quoted(content[start:end])} is cut short or broken"
            self._fault(what, _shape("T"), line)
            return end
        name, label, offsets = head.groups()
        fragments = []
        for pair in offsets.split(";"):
            first, last = map(int, pair.split(" "))
            if not first < last <= len(self._text):
                what = f"{name}: fragment [{first}, {last}) is " + (
                    f"outside the text, which has {len(self._text)} code points"
                    if first < last
                    else "empty or turned round"
                )
                self._fault(what, "give offsets in code points, end behind start", line)
                return end
            fragments.append((first, last))
        self.stretches[name] = Stretch(name, label, tuple(fragments), line)
        said = content[head.end() : end]
        words = " ".join(self._text[first:last] for first, last in fragments)
        if said in (words, words + "\r"):
            return end
        whole = head.end() + len(words)
        ends = content[whole : whole + 1] in ("", "\n") or content.startswith("\r\n", whole)
        if "\n" in words and ends and content.startswith(words, head.end()):
            broken = words.count("\n")
            reason = f"{name}: {broken} raw line break{'s' * (broken > 1)} in the text field"
            self.changes.append((f"{reason}; read whole", line))
            return whole + content.startswith("\r", whole)
        said = said.removesuffix("\r")
        if said.translate(SPACES) != words.translate(SPACES):
            if "".join(said.split()) == "".join(words.split()):
                reason = f"{name}: the text field differs from the text in white space"
                self.changes.append((f"{reason}; the offsets hold", line))
            else:
                what = f"{name} says {quoted(said)}, the text has {quoted(words)} there"
                remedy = "restore the text that was labelled, or the offsets (in code points)"
                self._fault(what, remedy, line)
        return end

    def _event(self, name: str, fields: list[str], line: int) -> None:
        found = self._arguments(fields, name, line)
        if not found:
            self._fault(f"event {name} has no trigger", _shape("E"), line)
            return
        (kind, trigger), *rest = found
        self.triggers.add(trigger)
        self.events.append(Join(name, kind, trigger, tuple(rest), line))

    def _arguments(self, fields: list[str], name: str, line: int) -> tuple[tuple[str, str], ...]:
        found = []
        for field in fields:
            if match := _ARGUMENT.fullmatch(field.strip("\t")):
                found.append((match[1], match[2]))
            elif field.strip():
                self._fault(f"{name}: {quoted(field)} is no argument", _shape(name[0]), line)
        return tuple(found)

    def _remark(self, name: str, rest: str, line: int) -> None:
        kind, _, after = rest.partition(" ")
        if name[0] in "#N":
            target, tab, value = after.partition("\t")
            if name[0] == "N":
                target = target.partition(" ")[0]
        else:
            target, tab, value = after.partition(" ")
        if not kind or not target or (name[0] in "#N" and not tab):
            what = f"{quoted(name + '...')} is cut short or broken"
            self._fault(what, _shape(name[0]), line)
            return
        self.remarks.append(Remark(name, kind, target, value, line))

    def _find_targets(self) -> None:
        for join in (*self.events, *self.relations):
            for target in join.names:
                self._must_exist(target, join.id, join.line)
        for remark in self.remarks:
            if remark.id[0] in "AMN#":
                self._must_exist(remark.target, remark.id, remark.line)

    def _must_exist(self, target: str, name: str, line: int) -> None:
        if target not in self._ids:
            self._fault(
                f"{name} names {quoted(target)}, which the file does not have",
                "add the record, or remove this one",
                line,
            )

    def _fault(self, what: str, remedy: str, line: int) -> None:
        self._problems.append(Problem(line=line, what=what, remedy=remedy))


class StandoffError(DataError):
    """Faults of an .ann file; ``left`` is what could be read of it."""

    def __init__(self, problems: Iterable[Problem], left: Standoff) -> None:
        super().__init__(problems)
        self.left = left


def annotation(
    standoff: Standoff,
    document: Document,
    note: Note,
    label_of: Mapping[str, str] = LABEL_OF,
) -> Annotation:
    """Return the labels of a stand-off file, and note what they do not take over.

    Parameters
    ----------
    standoff : Standoff
    document : Document
    note : callable
        Gets action, reason and line.
    label_of : dict of str to str
        Our labels by those of the corpus, in lower case. The names of roles follow from them.
    """
    return _Mapping(standoff, note, label_of).annotation(document)


class _Mapping:
    """What the records of one file become."""

    def __init__(self, standoff: Standoff, note: Note, label_of: Mapping[str, str]) -> None:
        self.standoff = standoff
        self.note = note
        self._problems: list[Problem] = []
        self.role_of = {name: ROLE_OF_LABEL.get(label) for name, label in label_of.items()}
        self.role_of |= {role: role for role in ROLES}
        self.ids: dict[str, str] = {}
        self.entities: dict[str, str] = {}
        self.attributes: dict[str, dict[str, str]] = {}
        self.label = {
            stretch.id: label
            for stretch in standoff.stretches.values()
            if (label := label_of.get(stretch.label.casefold()))
        }
        self.fragments = {name: self._ordered(s) for name, s in standoff.stretches.items()}

    def annotation(self, document: Document) -> Annotation:
        for reason, line in self.standoff.changes:
            self.note("changed", reason, line)
        for stretch in self.standoff.stretches.values():
            if stretch.id not in self.label and stretch.id not in self.standoff.triggers:
                reason = f"{stretch.id}: label {quoted(stretch.label)} has no counterpart"
                self.note("dropped", reason, stretch.line)
        for remark in self.standoff.remarks:
            self._remark(remark)
        spans = [
            self._made(
                partial(
                    Span,
                    self.ids.get(name, name),
                    label,
                    self.fragments[name],
                    self.attributes.get(name, {}),
                )
            )
            for name, label in self.label.items()
        ]
        attributions = [self._of_event(event) for event in self.standoff.events]
        attributions += self._of_relations()
        if self._problems:
            raise DataError(self._problems)
        return Annotation(
            doc_id=document.doc_id,
            sha256=document.sha256,
            spans=tuple(span for span in spans if span is not None),
            attributions=tuple(a for a in attributions if a is not None),
        )

    def _made(self, make: Callable[[], T]) -> T | None:
        """Make a part of the labels, or keep what is wrong with it."""
        try:
            return make()
        except DataError as error:
            self._problems += error.problems
            return None

    def _ordered(self, stretch: Stretch) -> tuple[Fragment, ...]:
        """Return the fragments as the model has them: ascending, with gaps between them."""
        given = stretch.fragments
        if len(given) == 1:
            return given
        ascending = sorted(given)
        if list(given) != ascending:
            reason = f"{stretch.id}: fragments out of order; sorted"
            self.note("changed", reason, stretch.line)
        joined = ascending[:1]
        for start, end in ascending[1:]:
            before, behind = joined[-1]
            if start > behind:
                joined.append((start, end))
            else:
                joined[-1] = (before, max(behind, end))
        if len(joined) < len(ascending):
            reason = f"{stretch.id}: fragments touch or overlap; joined"
            self.note("changed", reason, stretch.line)
        return tuple(joined)

    def _remark(self, remark: Remark) -> None:
        """Take over an attribute, or a note of ours; drop everything else."""
        target, value = remark.target, remark.value
        kind = remark.type.casefold()
        label = self.label.get(target)
        is_event = target[0] == "E"
        if remark.id[0] == "#" and kind == NOTE_ID and (label or is_event):
            self.ids[target] = value
            return
        if remark.id[0] == "#" and kind == NOTE_ENTITY and (label == "source" or is_event):
            if is_event:
                self.entities[target] = value
            else:
                self.attributes.setdefault(target, {})["entity"] = value
            return
        if remark.id[0] in "AM" and label:
            given = self.attributes.setdefault(target, {})
            known = ATTRIBUTES[label]
            if kind not in known:
                reason = f"a {label} has no such attribute"
            elif kind in given:
                reason = f"{target} has one already"
            elif value not in (known[kind] or (value,)) or not value.strip():
                reason = f"{quoted(value)} is none of its values"
            else:
                given[kind] = value
                return
            reason = f"{remark.id}: attribute {quoted(remark.type)} of {target}: {reason}"
        elif remark.id[0] in "AM":
            reason = f"{remark.id}: attribute {quoted(remark.type)} of {target}, which is no span"
        elif remark.id[0] == "#":
            reason = f"{remark.id}: note ({quoted(remark.type)}) on {target}: {quoted(value, 200)}"
        elif remark.id[0] == "N":
            reason = f"{remark.id}: link of {target} to a knowledge base"
        else:
            reason = f"relation {quoted(remark.type)} of {target} has no counterpart"
        self.note("dropped", reason, remark.line)

    def _of_event(self, event: Join) -> Attribution | None:
        roles: dict[str, list[str]] = {role: [] for role in ROLES}
        own_label = self.label.get(event.trigger)
        own_role = ROLE_OF_LABEL.get(own_label or "")
        arguments = [(own_role, event.trigger)] if own_role else []
        for name, target in (*arguments, *event.arguments):
            role = self.role_of.get(re.sub("[0-9]+$", "", name).casefold())
            if role is None:
                what = f"argument {quoted(name)} has no counterpart"
            elif target in roles[role]:
                if (own_role, target) != (role, event.trigger):
                    self.note("changed", f"{event.id}: {target} is {role} twice", event.line)
                continue
            elif self.label.get(target) in ROLES[role]:
                roles[role].append(target)
                continue
            elif target in self.standoff.stretches:
                label = quoted(self.standoff.stretches[target].label)
                what = f"{name} names {target}, whose label {label} cannot fill it"
            else:
                what = f"{name} names event {target}; attributions hold spans only"
            self.note("dropped", f"{event.id}: {what}; left out", event.line)
        if not roles["content"]:
            reason = f"{event.id}: {quoted(event.type)} without content"
            self.note("dropped", reason, event.line)
            return None
        if own_role is None:
            self._say_where(event, roles["cue"] or roles["content"], bool(roles["cue"]))
        entity = self.entities.get(event.id, "")
        return self._attribution(event.id, roles, entity)

    def _say_where(self, event: Join, instead: list[str], has_cue: bool) -> None:
        """Note an event whose trigger is not the cue, so that its place is lost."""
        place = self.fragments.get(event.trigger, ())
        if place not in [self.fragments[target] for target in instead]:
            where = ";".join(f"[{start}, {end})" for start, end in place)
            than = "its cue stands elsewhere" if has_cue else "it has no cue"
            reason = f"{event.id}: the trigger {event.trigger} at {where} is not kept; {than}"
            self.note("changed", reason, event.line)

    def _of_relations(self) -> Iterator[Attribution | None]:
        """Yield an attribution for each quote or claim that relations join with its roles."""
        found: dict[str, tuple[str, dict[str, list[str]]]] = {}
        for relation in self.standoff.relations:
            role_of = {target: self._role(target) for _, target in relation.arguments}
            content = [target for target, role in role_of.items() if role == "content"]
            others = [target for target, role in role_of.items() if role not in ("content", None)]
            if len(content) != 1 or len(others) != 1:
                what = f"relation {quoted(relation.type)} joins no quote or claim with a role of it"
                self.note("dropped", f"{relation.id}: {what}", relation.line)
                continue
            empty: dict[str, list[str]] = {role: [] for role in ROLES}
            _, roles = found.setdefault(content[0], (relation.id, empty))
            roles["content"] = content
            filled = roles[role_of[others[0]] or ""]
            if others[0] not in filled:
                filled.append(others[0])
            else:
                self.note("changed", f"{relation.id}: says what stands above", relation.line)
        for name, roles in found.values():
            yield self._attribution(name, roles, "")

    def _role(self, target: str) -> str | None:
        return ROLE_OF_LABEL.get(self.label.get(target, ""))

    def _attribution(
        self, name: str, roles: dict[str, list[str]], entity: str
    ) -> Attribution | None:
        named = {
            role: tuple(self.ids.get(target, target) for target in targets)
            for role, targets in roles.items()
        }
        return self._made(partial(Attribution, id=self.ids.get(name, name), entity=entity, **named))


def read(source: Path, options: Options) -> Imported:
    """Read a folder of brat files; licence and language are those given, if it does not say."""
    intake = Intake("brat", source)
    if not source.is_dir():
        what, remedy = "is not a folder", "name the folder that holds the .txt and .ann files"
        raise DataError(Problem(path=str(source), what=what, remedy=remedy))
    info = _info(intake, options)
    described = metadata_of(intake)
    if described and (options.licence is not None or options.language is not None):
        raise InquitError(f"{METADATA} says licence and language; leave out the options")
    labelled = {
        path.stem: path
        for path in sorted(source.iterdir())
        if path.suffix.lower() == LABELLED and path.is_file()
    }
    beside = [
        *(path.name for path in labelled.values()),
        *CONFIGURATION,
        INFO,
        METADATA,
        EXPORT_REPORT,
    ]
    place = {name: number for number, name in enumerate(described)}
    texts = sorted(
        intake.files(TEXT, beside=beside), key=lambda path: place.get(path.stem, len(place))
    )
    intake.records = 0
    annotations: list[Annotation] = []
    for path in terminal.track(texts, "reading", len(texts)):
        fields = described.pop(path.stem, None)
        if fields is None:
            fields = {"doc_id": path.stem, "licence": options.licence or info.licence}
            fields["language"] = options.language or "und"
        document = _document(intake, path, fields)
        labels = labelled.pop(path.stem, None)
        if document is not None and labels is not None:
            found = labels_of(intake, labels, document)
            annotations += [] if found is None else [found]
    for path in labelled.values():
        what, remedy = "has no text beside it", f"put {path.stem}{TEXT} there, or move it away"
        intake.problems.append(Problem(path=str(path), what=what, remedy=remedy))
    for name in described:
        what, remedy = f"describes {quoted(name)}, which is not there", "restore its text"
        intake.problems.append(Problem(path=str(source / METADATA), what=what, remedy=remedy))
    layers = list(_layers(info, annotations, has_info=(source / INFO).is_file()))
    return intake.finish(info, layers, derived=[name for x in layers for name in x.derived])


def labels_of(
    intake: Intake, path: Path, document: Document, label_of: Mapping[str, str] = LABEL_OF
) -> Annotation | None:
    """Return the labels of an .ann file, or None if it has faults, which the intake keeps."""
    content = intake.text(path)
    if content is None:
        return None

    def note(action: Literal["unread", "dropped", "changed"], reason: str, line: int) -> None:
        intake.changed(action, path, reason, line)

    with intake.collecting(path):
        try:
            standoff = Standoff(content, document.text)
        except StandoffError as error:
            with intake.collecting(path):
                annotation(error.left, document, note, label_of)
            raise
        intake.records += standoff.records
        return annotation(standoff, document, note, label_of)
    return None


def _info(intake: Intake, options: Options) -> CorpusInfo:
    """Return what corpus.toml says, or what can be said without one."""
    known = CorpusInfo(
        name=intake.source.resolve().name or "corpus",
        licence=options.licence or "restricted",
        languages=(options.language,) if options.language else (),
    )
    path = intake.source / INFO
    if not path.is_file():
        return known
    with intake.collecting(path):
        info = read_info(intake.source)
        if len(info.layers) > 1:
            what = f"describes {len(info.layers)} layers"
            raise DataError(Problem(what=what, remedy="describe one: the .ann files become it"))
        return info
    return known


def metadata_of(intake: Intake) -> dict[str, dict[str, Any]]:
    """Return what the exporter wrote of each document beside its text, by the name of its file."""
    path = intake.source / METADATA
    found: dict[str, dict[str, Any]] = {}
    if not path.is_file():
        return found
    with open_for_reading(path) as stream:
        for number, line in enumerate(stream, 1):
            try:
                fields = msgspec.json.decode(line, type=dict[str, Any])
                name = fields.pop("file")
                if not isinstance(name, str) or name in found or "text" in fields:
                    raise KeyError
                found[name] = fields
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError):
                what = "is not an object with a 'file' of its own and no 'text'"
                remedy = "restore the file"
                intake.problems.append(
                    Problem(path=str(path), line=number, what=what, remedy=remedy)
                )
    return found


def _document(intake: Intake, path: Path, fields: dict[str, Any]) -> Document | None:
    before = len(intake.documents)
    with intake.collecting(path), open_for_reading(path) as stream:
        text = _text(stream.read(), fields.get("sha256"))

        def make() -> Document:
            record = {**fields, "text": text}
            try:
                return msgspec.convert(record, Document)
            except msgspec.ValidationError:
                raise DataError(problems_of(record, Document)) from None

        intake.add(path, make)
    return intake.documents[-1] if len(intake.documents) > before else None


def _text(content: bytes, sha256: object) -> str:
    """Return a file's text; what is odd in it is refused, unless we are told that it is right."""
    is_known = hashlib.sha256(content).hexdigest() == sha256
    try:
        text = content.decode() if is_known else decoded(content)
    except UnicodeDecodeError:
        return decoded(content)
    if not text.strip() and not is_known:
        what = "holds white space only" if text else "is empty"
        raise DataError(Problem(what=what, remedy="remove the file, or give it its text"))
    return text


def _layers(info: CorpusInfo, annotations: list[Annotation], *, has_info: bool) -> Iterator[Layer]:
    """Yield the layer; there is none where nothing is labelled and none is described."""
    for name, described in info.layers.items():
        yield described.layer(name, annotations)
        return
    if annotations and (not has_info or any(a.spans for a in annotations)):
        made_by = "read from brat stand-off files"
        yield LayerInfo(kind="human", made_by=made_by).layer("brat", annotations)


def _shape(kind: str) -> str:
    return f"write it as {_SHAPES[kind]}"
