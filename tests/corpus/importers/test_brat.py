from __future__ import annotations

from pathlib import Path

import pytest
from commands import inquit
from generators import texts
from hypothesis import given
from hypothesis import strategies as st

from inquit.corpus import Annotation, Attribution, DataError, InquitError, Span
from inquit.corpus.importers import read
from inquit.corpus.importers.forms import form_of, quotation_marks
from inquit.corpus.importers.intake import Imported, Options

# Astral, NBSP, CRLF, a combining mark: each counts as its code points.
TEXT = (
    "\U0001f600 “Salt prices\nwill fall,”\u00a0said Mara Ko\u0308ll, “and soon.”\r\n"
    "She told the crew.\n"
)


def at(words: str) -> str:
    start = TEXT.index(words)
    return f"{start} {start + len(words)}"


def span(name: str, label: str, *words: str, said: str | None = None) -> str:
    """A T record; brat writes line breaks as blanks."""
    told = " ".join(words).replace("\n", " ") if said is None else said
    return f"{name}\t{label} {';'.join(map(at, words))}\t{told}\n"


def cut(start: int, end: int) -> str:
    return TEXT[start:end].replace("\n", " ").replace("\r", " ")


FIRST, LAST = "“Salt prices\nwill fall,”", "“and soon.”"
QUOTE = span("T1", "Quote", FIRST, LAST)
CUE = span("T2", "Cue", "said")
SOURCE = span("T3", "Source", "Mara Ko\u0308ll")
TRIGGER = span("T4", "Attribution", "said")
EVENT = "E1\tAttribution:T4 Content:T1 Source:T3 Cue:T2\n"
WHOLE = QUOTE + CUE + SOURCE + TRIGGER + EVENT


def folder(path: Path, labels: str | bytes | None, text: str = TEXT, name: str = "a") -> Path:
    (path / f"{name}.txt").write_bytes(text.encode())
    if labels is not None:
        content = labels if isinstance(labels, bytes) else labels.encode()
        (path / f"{name}.ann").write_bytes(content)
    return path


def labels(imported: Imported) -> Annotation:
    (layer,) = imported.corpus.layers.values()
    (annotation,) = layer.annotations
    return annotation


def words(imported: Imported) -> dict[str, tuple[str, ...]]:
    (document,) = imported.corpus.documents.values()
    return {s.id: document.slice(s) for s in labels(imported).spans}


def changes(imported: Imported) -> list[tuple[str, int | None, str]]:
    return [(c.action, c.line, c.reason) for c in imported.report.changes]


def problems(source: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        read("brat", source)
    return [str(p).removeprefix(f"{source}/") for p in caught.value.problems]


def test_spans_and_events_become_labels_and_attributions(tmp_path: Path) -> None:
    imported = read("brat", folder(tmp_path, WHOLE), Options(licence="CC0-1.0", language="en"))
    assert words(imported) == {
        "T1": (FIRST, LAST),
        "T2": ("said",),
        "T3": ("Mara Ko\u0308ll",),
    }
    assert {s.id: s.label for s in labels(imported).spans} == {
        "T1": "quote",
        "T2": "cue",
        "T3": "source",
    }
    said = Attribution(id="E1", content=["T1"], source=["T3"], cue=["T2"])
    assert labels(imported).attributions == (said,)
    (document,) = imported.corpus.documents.values()
    assert (document.text, document.doc_id) == (TEXT, "a")
    assert (document.licence, document.language) == ("CC0-1.0", "en")
    assert labels(imported).sha256 == document.sha256
    report = imported.report
    assert (report.records, report.documents, report.attributions) == (5, 1, 1)
    assert report.layers == ["brat"]
    assert report.changes == []
    assert imported.corpus.layers["brat"].kind == "human"


def test_case_of_labels_and_roles_does_not_count_and_other_words_are_known(tmp_path: Path) -> None:
    source = (
        span("T1", "QUOTATION", FIRST)
        + span("T2", "speaker", "Mara Ko\u0308ll")
        + span("T3", "claim", "Salt prices\nwill fall")
        + span("T4", "Addressee", "the crew")
        + span("T5", "IGNORE", "She")
        + span("T6", "content", LAST)
        + span("T7", "say", "told")
        + "E1\tsay:T7 quote:T1 CLAIM:T3 Content3:T6 Speaker:T2 addressee:T4\n"
    )
    imported = read("brat", folder(tmp_path, source))
    assert [(s.id, s.label) for s in labels(imported).spans] == [
        ("T1", "quote"),
        ("T3", "claim"),
        ("T2", "source"),
        ("T6", "quote"),
        ("T5", "ignore"),
        ("T4", "addressee"),
    ]
    assert labels(imported).attributions == (
        Attribution(id="E1", content=["T1", "T3", "T6"], source=["T2"], addressee=["T4"]),
    )
    place = at("told").replace(" ", ", ")
    lost = f"E1: the trigger T7 at [{place}) is not kept; it has no cue"
    assert changes(imported) == [("changed", 8, lost)]


def test_a_trigger_that_is_a_cue_fills_its_role(tmp_path: Path) -> None:
    imported = read("brat", folder(tmp_path, QUOTE + CUE + "E1\tCue:T2 Content:T1\n"))
    (attribution,) = labels(imported).attributions
    assert (attribution.cue, attribution.content) == (("T2",), ("T1",))
    imported = read("brat", folder(tmp_path, QUOTE + CUE + "E1\tCue:T2 Content:T1 Cue:T2\n"))
    assert labels(imported).attributions[0].cue == ("T2",)
    assert changes(imported) == []


def test_triggers_elsewhere_than_the_cue_are_reported(tmp_path: Path) -> None:
    source = WHOLE.replace(TRIGGER, span("T4", "Attribution", "said Mara"))
    imported = read("brat", folder(tmp_path, source))
    place = at("said Mara").replace(" ", ", ")
    lost = f"E1: the trigger T4 at [{place}) is not kept; its cue stands elsewhere"
    assert changes(imported) == [("changed", 5, lost)]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_raw_line_breaks_in_a_text_field_are_read_whole_and_named(
    tmp_path: Path, ending: str
) -> None:
    text = "“One.\n\nE7\tTwo\nT9\n“Three.” She said."
    quote = text[: text.index(" She")]
    content = f"T1\tContent 0 {len(quote)}\t{quote}\nT2\tCue 30 34\tsaid\n"
    content = content.replace("\nT2", f"{ending}T2").replace("said\n", f"said{ending}")
    imported = read("brat", folder(tmp_path, content, text))
    assert words(imported) == {"T1": (quote,), "T2": ("said",)}
    assert changes(imported) == [
        ("changed", 1, "T1: 4 raw line breaks in the text field; read whole")
    ]
    assert imported.report.records == 2


def test_lines_behind_a_raw_line_break_keep_their_numbers(tmp_path: Path) -> None:
    content = span("T1", "Content", FIRST, said=FIRST) + CUE + "E1\tAttribution:T9 Content:T1\n"
    assert problems(folder(tmp_path, content)) == [
        "a.ann:4: E1 names 'T9', which the file does not have; add the record, or remove this one"
    ]


def test_a_file_with_crlf_is_read(tmp_path: Path) -> None:
    imported = read("brat", folder(tmp_path, (WHOLE + "\n").replace("\n", "\r\n")))
    assert len(words(imported)) == 3
    assert changes(imported) == []


def test_fragments_are_sorted_and_joined_and_that_is_reported(tmp_path: Path) -> None:
    source = (
        span("T1", "Content", LAST, FIRST)
        + f"T2\tSource 27 31;31 35\t{cut(27, 31)} {cut(31, 35)}\n"
        + f"T3\tCue 10 14;20 24;12 18\t{cut(10, 14)} {cut(20, 24)} {cut(12, 18)}\n"
    )
    imported = read("brat", folder(tmp_path, source))
    by_id = labels(imported).by_id()
    assert words(imported)["T1"] == (FIRST, LAST)
    assert by_id["T2"].fragments == ((27, 35),)
    assert by_id["T3"].fragments == ((10, 18), (20, 24))
    assert changes(imported) == [
        ("changed", 1, "T1: fragments out of order; sorted"),
        ("changed", 2, "T2: fragments touch or overlap; joined"),
        ("changed", 3, "T3: fragments out of order; sorted"),
        ("changed", 3, "T3: fragments touch or overlap; joined"),
    ]


def test_text_fields_that_differ_in_white_space_are_read_and_named(tmp_path: Path) -> None:
    source = span("T1", "Quote", FIRST, LAST, said="“Salt prices will  fall,”“and soon.”")
    imported = read("brat", folder(tmp_path, source))
    assert words(imported)["T1"] == (FIRST, LAST)
    reason = "T1: the text field differs from the text in white space; the offsets hold"
    assert changes(imported) == [("changed", 1, reason)]


def test_relations_of_a_content_make_one_attribution(tmp_path: Path) -> None:
    source = (
        QUOTE
        + CUE
        + SOURCE
        + span("T5", "Source", "She")
        + span("T6", "Claim", "Salt prices\nwill fall")
        + "R1\tsaidBy Arg1:T1 Arg2:T3\t\n"
        + "R2\tsaidBy Arg1:T5 Arg2:T1\n"
        + "R3\tby Arg1:T1 Arg2:T2\n"
        + "R4\tsaidBy Arg1:T6 Arg2:T3\n"
        + "R5\tcoref Arg1:T3 Arg2:T5\n"
        + "R6\tsame Arg1:T1 Arg2:T6\n"
        + "R7\tagain Arg1:T1 Arg2:T2\n"
    )
    imported = read("brat", folder(tmp_path, source))
    assert set(labels(imported).attributions) == {
        Attribution(id="R1", content=["T1"], source=["T3", "T5"], cue=["T2"]),
        Attribution(id="R4", content=["T6"], source=["T3"]),
    }
    joins = "joins no quote or claim with a role of it"
    assert changes(imported) == [
        ("dropped", 10, f"R5: relation 'coref' {joins}"),
        ("dropped", 11, f"R6: relation 'same' {joins}"),
        ("changed", 12, "R7: says what stands above"),
    ]


def test_attributes_of_the_label_are_kept_and_others_named(tmp_path: Path) -> None:
    source = (
        WHOLE
        + "A1\tForm T1 direct\n"
        + "A2\tform T1 mixed\n"
        + "A3\tmedium T1 shouting\n"
        + "M4\tnegated T1\n"
        + "A5\tkind T3 named\n"
        + "A6\tentity T3 Ko\u0308ll\n"
        + "A7\tcertain E1\n"
        + "N1\tReference T3 Wiki:12\tMara Ko\u0308ll\n"
        + "*\tEquiv T1 T2\n"
        + "#1\tAnnotatorNotes T1\tis this mixed?\n"
        + "#2\tAnnotatorNotes E1\tunsure\n"
        + "#2\tNote R9\tno such record\n"
        + "T9\tPerson "
        + at("Mara Ko\u0308ll")
        + "\tMara Ko\u0308ll\n"
    )
    assert problems(folder(tmp_path, source)) == [
        "a.ann:17: #2 names 'R9', which the file does not have; add the record, or remove this one"
    ]
    imported = read("brat", folder(tmp_path, source.replace("#2\tNote R9\tno such record\n", "")))
    by_id = labels(imported).by_id()
    assert by_id["T1"].attributes == {"form": "direct"}
    assert by_id["T3"].attributes == {"kind": "named", "entity": "Ko\u0308ll"}
    assert sorted(changes(imported), key=lambda change: change[1] or 0) == [
        ("dropped", 7, "A2: attribute 'form' of T1: T1 has one already"),
        ("dropped", 8, "A3: attribute 'medium' of T1: 'shouting' is none of its values"),
        ("dropped", 9, "M4: attribute 'negated' of T1: a quote has no such attribute"),
        ("dropped", 12, "A7: attribute 'certain' of E1, which is no span"),
        ("dropped", 13, "N1: link of T3 to a knowledge base"),
        ("dropped", 14, "relation 'Equiv' of T1 has no counterpart"),
        ("dropped", 15, "#1: note ('AnnotatorNotes') on T1: 'is this mixed?'"),
        ("dropped", 16, "#2: note ('AnnotatorNotes') on E1: 'unsure'"),
        ("dropped", 17, "T9: label 'Person' has no counterpart"),
    ]


def test_arguments_that_cannot_be_held_are_named(tmp_path: Path) -> None:
    source = (
        WHOLE
        + "E2\tAttribution:T4 Content:T3 Cue:T2\n"
        + "E3\tAttribution:T4 Content:T1 Content2:T1 Source:T2 Content3:E1 Place:T3\n"
        + "E4\tAttribution:T4 \n"
        + "E5\tAttribution:T4 Content:T9 Cue:T2\n"
        + "T9\tThing 0 1\t\U0001f600\n"
    )
    imported = read("brat", folder(tmp_path, source))
    assert [a.id for a in labels(imported).attributions] == ["E1", "E3"]
    assert labels(imported).attributions[1] == Attribution(id="E3", content=["T1"])
    place = at("said").replace(" ", ", ")
    assert changes(imported) == [
        ("dropped", 10, "T9: label 'Thing' has no counterpart"),
        ("dropped", 6, "E2: Content names T3, whose label 'Source' cannot fill it; left out"),
        ("dropped", 6, "E2: 'Attribution' without content"),
        ("changed", 7, "E3: T1 is content twice"),
        ("dropped", 7, "E3: Source names T2, whose label 'Cue' cannot fill it; left out"),
        ("dropped", 7, "E3: Content3 names event E1; attributions hold spans only; left out"),
        ("dropped", 7, "E3: argument 'Place' has no counterpart; left out"),
        ("changed", 7, f"E3: the trigger T4 at [{place}) is not kept; it has no cue"),
        ("dropped", 8, "E4: 'Attribution' without content"),
        ("dropped", 9, "E5: Content names T9, whose label 'Thing' cannot fill it; left out"),
        ("dropped", 9, "E5: 'Attribution' without content"),
    ]


def test_unlabelled_is_not_labelled_with_nothing(tmp_path: Path) -> None:
    folder(tmp_path, None, name="none")
    folder(tmp_path, "", name="empty")
    folder(tmp_path, WHOLE, name="Bericht: „Möwe“ 7.ä")
    (tmp_path / "annotation.conf").write_text("[entities]\n")
    (tmp_path / "readme.md").write_text("x")
    imported = read("brat", tmp_path)
    assert sorted(imported.corpus.documents) == ["Bericht: „Möwe“ 7.ä", "empty", "none"]
    by_document = imported.corpus.layers["brat"].by_document()
    assert sorted(by_document) == ["Bericht: „Möwe“ 7.ä", "empty"]
    assert by_document["empty"].spans == ()
    assert [(c.action, c.path) for c in imported.report.changes] == [("unread", "readme.md")]


def test_texts_alone_have_no_layer(tmp_path: Path) -> None:
    assert read("brat", folder(tmp_path, None)).corpus.layers == {}


def test_the_layer_is_what_corpus_toml_says(tmp_path: Path) -> None:
    folder(tmp_path, WHOLE)
    info = 'name = "x"\nlicence = "CC0-1.0"\n[layers.gold]\nkind = "model"\nderived = ["form"]\n'
    (tmp_path / "corpus.toml").write_text(info)
    imported = read("brat", tmp_path)
    assert imported.corpus.layer("gold").kind == "model"
    assert imported.report.derived == ["form"]
    assert imported.corpus.documents["a"].licence == "CC0-1.0"
    (tmp_path / "corpus.toml").write_text(info + '[layers.b]\nkind = "human"\n')
    what = "corpus.toml: describes 2 layers; describe one: the .ann files become it"
    assert problems(tmp_path) == [what]


BROKEN = {
    "T1\tQuote 3": "'T1\\tQuote 3' is cut short or broken; write it as T1<TAB>Label 0 5<TAB>text",
    "T1\tQuote 3 8": (
        "'T1\\tQuote 3 8' is cut short or broken; write it as T1<TAB>Label 0 5<TAB>text"
    ),
    "T1\tQuote 3 8;": (
        "'T1\\tQuote 3 8;' is cut short or broken; write it as T1<TAB>Label 0 5<TAB>text"
    ),
    "T1\tQuote 3 ٨\tx": (
        "'T1\\tQuote 3 ٨\\tx' is cut short or broken; write it as T1<TAB>Label 0 5<TAB>text"
    ),
    "T1\tQuote 0 900\tx": (
        f"T1: fragment [0, 900) is outside the text, which has {len(TEXT)} code points; "
        "give offsets in code points, end behind start"
    ),
    "T1\tQuote 5 5\t": (
        "T1: fragment [5, 5) is empty or turned round; "
        "give offsets in code points, end behind start"
    ),
    "T1\tQuote 9 5\tx": (
        "T1: fragment [9, 5) is empty or turned round; "
        "give offsets in code points, end behind start"
    ),
    "T1\tQuote 2 7\t“Salz": (
        "T1 says '“Salz', the text has '“Salt' there; "
        "restore the text that was labelled, or the offsets (in code points)"
    ),
    "Tx\tQuote 2 7\t“Salt": (
        "'Tx\\tQuote 2 7\\t“Salt' is a broken record; write it as T1<TAB>Label 0 5<TAB>text"
    ),
    "E1": "event E1 has no trigger; write it as E1<TAB>Type:T4 Role:T1",
    "E1\tSaid": "E1: 'Said' is no argument; write it as E1<TAB>Type:T4 Role:T1",
    "R1\tBy Arg1:T1": ("relation R1 has 1 arguments; write it as R1<TAB>Type Arg1:T1 Arg2:T2"),
    "A1\tform": "'A1...' is cut short or broken; write it as A1<TAB>name T1 value",
    "#1\tNote T1": "'#1...' is cut short or broken; write it as #1<TAB>Type T1<TAB>text",
    "Salt prices": "'Salt prices' is no record of brat; mend or remove the line",
    "\x1b[2J": "'\\x1b[2J' is no record of brat; mend or remove the line",
}


@pytest.mark.parametrize("line", BROKEN)
def test_a_broken_line_is_refused_with_its_number(tmp_path: Path, line: str) -> None:
    found = problems(folder(tmp_path, f"\n{line}\n"))
    assert f"a.ann:2: {BROKEN[line]}" in found


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder(tmp_path, WHOLE + CUE + "E2\tAttribution:T8 Content:T1 Cue:E9\n", name="a")
    folder(tmp_path, b"T1\tQuote 0 1\t\xff\n", name="b")
    folder(tmp_path, "", text="", name="c")
    (tmp_path / "d.ann").write_text("")
    (tmp_path / "e.txt").write_bytes(b"caf\xe9")
    gone = "which the file does not have; add the record, or remove this one"
    assert problems(tmp_path) == [
        "a.ann:6: id T2 stands in line 2 already; give it once",
        f"a.ann:7: E2 names 'T8', {gone}",
        f"a.ann:7: E2 names 'E9', {gone}",
        "b.ann: is not UTF-8 at byte 13 (0xFF: invalid start byte); save it as UTF-8",
        "c.txt: is empty; remove the file, or give it its text",
        "e.txt: is not UTF-8 at byte 3 (0xE9: unexpected end of data); save it as UTF-8",
        "d.ann: has no text beside it; put d.txt there, or move it away",
    ]


def test_no_text_no_folder_no_corpus(tmp_path: Path) -> None:
    (what,) = problems(tmp_path)
    assert "holds no .txt file" in what
    file = tmp_path / "a.txt"
    file.write_text("x")
    with pytest.raises(DataError, match="is not a folder"):
        read("brat", file)
    with pytest.raises(DataError, match="does not exist"):
        read("brat", tmp_path / "gone")


def test_what_the_exporter_wrote_is_not_overruled(tmp_path: Path) -> None:
    folder(tmp_path, "")
    line = '{"file": "a", "doc_id": "A"}\n'
    (tmp_path / "metadata.jsonl").write_text(line)
    assert list(read("brat", tmp_path).corpus.documents) == ["A"]
    with pytest.raises(InquitError, match="leave out the options"):
        read("brat", tmp_path, Options(language="en"))
    bad = '{"file": "../a", "doc_id": "A"}\n{"doc_id": "A"}\n[]\n{"file": "a", "dok": 1}\n'
    (tmp_path / "metadata.jsonl").write_text(bad + line)
    found = problems(tmp_path)
    shape = "is not an object with a 'file' of its own and no 'text'; restore the file"
    assert found[:3] == [f"metadata.jsonl:{n}: {shape}" for n in (2, 3, 5)]
    assert "dok" in found[3]
    assert found[-1] == "metadata.jsonl: describes '../a', which is not there; restore its text"


def test_nothing_is_written_when_something_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    folder(source, WHOLE + "T9\tCue 3")
    ran = inquit(capsys, "corpus", "import", "brat", source, tmp_path / "out")
    assert (ran.code, ran.out) == (1, "")
    assert "a.ann:6: 'T9\\tCue 3' is cut short or broken" in ran.err
    assert not (tmp_path / "out").exists()
    folder(source, WHOLE + "#1\tNote T1\twhy?\n")
    ran = inquit(capsys, "corpus", "import", "brat", source, tmp_path / "out", "--strict")
    assert ran.code == 1
    assert "a.ann:6: dropped: #1: note ('Note') on T1: 'why?'" in ran.err
    assert not (tmp_path / "out").exists()
    ran = inquit(capsys, "corpus", "import", "brat", source, tmp_path / "out", "--json")
    assert (ran.code, len(ran.json["changes"])) == (0, 1)


@given(st.data())
def test_any_text_is_labelled_where_the_offsets_say(data: st.DataObject) -> None:
    from inquit.corpus import Document
    from inquit.corpus.importers.brat import Standoff, annotation

    text = data.draw(texts(min_size=1).filter(bool))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    said = data.draw(st.sampled_from([text[start:end], text[start:end].replace("\n", " ")]))
    standoff = Standoff(f"T1\tcue {start} {end}\t{said}\nT2\tcue 0 1\t{text[:1]}\n", text)
    document = Document(doc_id="d", text=text)
    found = annotation(standoff, document, lambda *_: None).by_id()
    assert found == {"T1": Span("T1", "cue", [(start, end)]), "T2": Span("T2", "cue", [(0, 1)])}


FORMS = {
    "[“We sail,”] she said": "direct",
    '["We sail,"] she said. ["Now."]': "direct",
    "she said [that “we” sail]": "mixed",
    "she said [that we sail]": "indirect",
    "“First.\n\n[“Second.”] She left.": "direct",
    "“First.\n\n[Second.”] She left.": "direct",
    "“First.\n\n[Second.] She left.": "indirect",
    "''Here, [not there],'' she said": "direct",
    "[‘It’s the boats’ fault’], she said": "mixed",
    "[‘It’s late’], she said": "direct",
    "[the dogs' bone] and the cats' milk": "indirect",
    "[the '90s] and ’80s": "indirect",
    "[“Unclosed, she said]\n\nNext “one” here": "direct",
    "[»Wir segeln«], sagte sie": "direct",
    "[„Wir segeln“], sagte sie": "direct",
    "[«Nous partons»], dit-elle": "direct",
    "[...]": None,
    "she [said] “so”": "indirect",
}


@pytest.mark.parametrize("marked", FORMS)
def test_forms_follow_quotation_marks(marked: str) -> None:
    text, fragments = "", []
    for character in marked:
        if character == "[":
            start = len(text)
        elif character == "]":
            fragments.append((start, len(text)))
        else:
            text += character
    assert form_of(text, fragments, quotation_marks(text)) == FORMS[marked]


@given(texts())
def test_stretches_in_quotation_marks_stand_in_order(text: str) -> None:
    found = quotation_marks(text)
    ends = [0, *(end for _, end in found)]
    assert all(end <= start < stop for end, (start, stop) in zip(ends, found, strict=False))
