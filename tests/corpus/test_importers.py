from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from generators import labelled_documents, texts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inquit.corpus import Annotation, Corpus, DataError, Document, InquitError
from inquit.corpus.importers import FORMATS, read
from inquit.corpus.importers.intake import Change, Options
from inquit.corpus.inline import dumps
from inquit.corpus.vocabulary import GOLD

DESCRIPTION = (
    'name = "small"\n[layers.gold]\nkind = "human"\nannotator = "p1"\nderived = ["form"]\n'
)


def problems(make: Callable[[], object], source: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        make()
    return [str(p).removeprefix(str(source)).lstrip("/") for p in caught.value.problems]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_module_that_says_what_it_maps(name: str) -> None:
    module = import_module(f"inquit.corpus.importers.{name.replace('-', '_')}")
    assert module.__doc__ is not None
    assert all(word in module.__doc__ for word in ("Format:", "lost"))
    assert callable(module.read)


def test_an_unknown_format_is_guessed(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="'inlnie'; did you mean 'inline'"):
        read("inlnie", tmp_path)
    with pytest.raises(DataError, match="; formats: text, inline"):
        read("...", tmp_path)


def test_texts_are_taken_byte_for_byte(tmp_path: Path) -> None:
    text = "“Rain,”\r\nsaid\u00a0Ana \U0001f600 e\u0301.\r \n\n"
    (tmp_path / "b.x.txt").write_bytes(text.encode())
    (tmp_path / "a.TXT").write_bytes(b"a")
    imported = read("text", tmp_path)
    assert list(imported.corpus.documents) == ["a", "b.x"]
    assert imported.corpus.documents["b.x"].text == text
    assert {(d.licence, d.language) for d in imported.corpus.documents.values()} == {
        ("restricted", "und")
    }
    assert imported.corpus.info.name == tmp_path.name
    assert imported.corpus.info.languages == ()
    imported.write(tmp_path / "corpus")
    assert Corpus.read(tmp_path / "corpus").documents == imported.corpus.documents


def test_one_file_can_be_imported_with_what_is_known_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    options = Options(licence="CC-BY-4.0", language="pt-BR")
    corpus = read("text", tmp_path / "a.txt", options).corpus
    (document,) = corpus.documents.values()
    assert (document.doc_id, document.licence, document.language) == ("a", "CC-BY-4.0", "pt-BR")
    assert (corpus.info.name, corpus.info.licence, corpus.info.languages) == (
        "a",
        "CC-BY-4.0",
        ("pt-BR",),
    )


def test_what_is_not_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "notes.md").write_text("x")
    (tmp_path / ".txt").write_text("x")
    (tmp_path / "more").mkdir()
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.txt").mkdir()
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).write_text("x")
    report = read("text", tmp_path).report
    assert report.changes == [
        Change(action="unread", path=".txt", reason="not a .txt file"),
        Change(action="unread", path="caf\\udce9.md", reason="not a .txt file"),
        Change(action="unread", path="folder.txt", reason="a folder"),
        Change(action="unread", path="gone.txt", reason="a broken link"),
        Change(action="unread", path="more", reason="a folder"),
        Change(action="unread", path="notes.md", reason="not a .txt file"),
    ]
    assert (report.records, report.documents, report.source) == (1, 1, tmp_path.name)


def test_every_bad_text_is_told_at_once(tmp_path: Path) -> None:
    bad = {
        "bom": b"\xef\xbb\xbfx",
        "empty": b"",
        "latin": b"caf\xe9 au lait",
        "nul": b"ab\0",
        "space": " \r\n\u00a0\t".encode(),
        "surrogate": b"x\xed\xa0\xbd",
        "utf16": "x".encode("utf-16"),
    }
    for name, content in bad.items():
        (tmp_path / f"{name}.txt").write_bytes(content)
    (tmp_path / "good.txt").write_text("x")
    found = problems(lambda: read("text", tmp_path), tmp_path)
    assert found == [
        "bom.txt: begins with a byte order mark at byte 0; save it as UTF-8 without one",
        "empty.txt: is empty; remove the file, or give it its text",
        "latin.txt: is not UTF-8 at byte 3 (0xE9: invalid continuation byte); save it as UTF-8",
        "nul.txt: document 'nul': NUL at code point 2; remove it from the source",
        "space.txt: holds white space only; remove the file, or give it its text",
        "surrogate.txt: is not UTF-8 at byte 1 (0xED: invalid continuation byte); save it as UTF-8",
        "utf16.txt: begins with a byte order mark of UTF-16 at byte 0; "
        "save it as UTF-8 without one",
    ]


def test_a_file_name_that_cannot_be_an_id_is_told(tmp_path: Path) -> None:
    (tmp_path / " a.txt").write_text("x")
    (tmp_path / "b\n.txt").write_text("x")
    (tmp_path / "c.TXT").write_text("x")
    (tmp_path / "c.txt").write_text("x")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("x")
    found = problems(lambda: read("text", tmp_path), tmp_path)
    assert len(found) == 5
    assert "doc_id ' a' is empty, too long or has white space" in found[0]
    assert found[1].startswith(f"'{tmp_path}/b\\n.txt': document")
    assert "doc_id 'b\\n' holds a line break" in found[2]
    assert f"document 'c': stands in {tmp_path}/c.TXT already" in found[3]
    assert "doc_id 'caf\\udce9' holds a line break or control character" in found[4]


@pytest.mark.parametrize("name", FORMATS)
def test_a_source_that_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    (message,) = problems(lambda: read(name, tmp_path / "no"), tmp_path)
    assert message == "no: does not exist; check the path"


def test_a_source_without_texts_is_told(tmp_path: Path) -> None:
    assert problems(lambda: read("text", tmp_path), tmp_path) == [
        ": holds no .txt file; name the folder that holds them; subfolders are not searched"
    ]
    (tmp_path / "a.pdf").write_text("x")
    (message,) = problems(lambda: read("text", tmp_path / "a.pdf"), tmp_path)
    assert message == "a.pdf: is not a .txt file; name a .txt file or a folder"


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts(min_size=1).filter(lambda text: text.strip() and not text.startswith("\ufeff")))
def test_any_text_survives_the_import(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_bytes(text.encode())
    imported = read("text", tmp_path / "a.txt")
    imported.write(tmp_path / "corpus", force=True)
    assert Corpus.read(tmp_path / "corpus").documents["a"].text == text


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        labelled_documents(max_spans=5),
        min_size=1,
        max_size=3,
        unique_by=lambda pair: pair[0].doc_id,
    )
)
def test_inline_files_become_a_corpus(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[Document, Annotation]]
) -> None:
    source = tmp_path_factory.mktemp("inline")
    (source / "corpus.toml").write_text(DESCRIPTION)
    for number, (document, annotation) in enumerate(pairs):
        (source / f"{number}.inline").write_bytes(dumps(document, annotation).encode())
    imported = read("inline", source)
    assert list(imported.corpus.documents.values()) == [document for document, _ in pairs]
    assert imported.corpus.layer(GOLD).annotations == tuple(a for _, a in pairs)
    report = imported.report
    assert (report.records, report.documents, report.layers) == (len(pairs), len(pairs), ["gold"])
    assert sum(report.spans.values()) == sum(len(a.spans) for _, a in pairs)
    assert report.attributions == sum(len(a.attributions) for _, a in pairs)
    assert report.derived == ["form"]
    imported.write(source / "c")
    assert Corpus.read(source / "c").layers == imported.corpus.layers


def inline_source(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_bytes(content.encode())
    return folder


def article(doc_id: str, body: str = "x") -> str:
    return f'+++\ndoc_id = "{doc_id}"\n+++\n{body}\n'


def test_the_layer_of_inline_files_has_the_provenance_of_their_description(tmp_path: Path) -> None:
    source = inline_source(
        tmp_path, corpus__toml=DESCRIPTION, a__inline=article("z"), README__md="x"
    )
    imported = read("inline", source)
    layer = imported.corpus.layer("gold")
    assert (layer.kind, layer.annotator, layer.derived) == ("human", "p1", ("form",))
    assert layer.annotations[0].spans == ()
    assert [change.path for change in imported.report.changes] == ["README.md"]


def test_a_missing_description_is_told_with_the_lines_to_write(tmp_path: Path) -> None:
    inline_source(tmp_path, a__inline=article("a", "<"))
    found = problems(lambda: read("inline", tmp_path), tmp_path)
    assert found[0].startswith(": has no corpus.toml, which says how the labels came to be")
    assert '\n    [layers.gold]\n    kind = "human"\n' in found[0]
    assert found[1].startswith("a.inline:4: stray '<'")


def test_the_lines_to_write_are_enough(tmp_path: Path) -> None:
    inline_source(tmp_path, a__inline=article("a"))
    (message,) = problems(lambda: read("inline", tmp_path), tmp_path)
    lines = [line.removeprefix("    ") for line in message.splitlines() if line.startswith("    ")]
    inline_source(tmp_path, corpus__toml="\n".join(lines))
    assert read("inline", tmp_path).corpus.layer("gold").annotator == "PSEUDONYM"


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ('name = "a"', "corpus.toml: describes 0 layers; describe exactly one"),
        (DESCRIPTION + '[layers.b]\nkind = "rule"', "corpus.toml: describes 2 layers"),
        ("name = ", "corpus.toml: is not TOML (Invalid value, it breaks off)"),
        (
            'name = "a"\n[layers.g]\nkind = "x"',
            "corpus.toml: `layers.g.kind` is 'x', which is unknown",
        ),
        ('name = "a"\n[layers."../g"]\nkind = "rule"', "corpus.toml: '../g' cannot name a layer"),
    ],
)
def test_a_wrong_description_is_told(tmp_path: Path, description: str, expected: str) -> None:
    inline_source(tmp_path, corpus__toml=description, a__inline=article("a"))
    (message,) = problems(lambda: read("inline", tmp_path), tmp_path)
    assert message.startswith(expected)


def test_every_bad_article_is_told_at_once(tmp_path: Path) -> None:
    inline_source(
        tmp_path,
        corpus__toml=DESCRIPTION,
        a__inline=article("a"),
        b__inline=article("a"),
        c__inline=article("c", "<quote#q>a & b"),
        d__inline="",
    )
    (tmp_path / "e.inline").write_bytes(b"+++\n\xff")
    found = problems(lambda: read("inline", tmp_path), tmp_path)
    assert found == [
        f"b.inline: document 'a': stands in {tmp_path}/a.inline already; "
        "give each document an id of its own",
        "c.inline:4: stray '&'; write &amp;",
        "c.inline:4: span 'q': the quote is not closed; write </q>",
        "d.inline:1: does not start with a line '+++'; start with the header",
        "e.inline: is not UTF-8 at byte 4 (0xFF: invalid start byte); save it as UTF-8",
    ]


def test_the_inline_form_takes_no_options_and_no_single_file(tmp_path: Path) -> None:
    inline_source(tmp_path, corpus__toml=DESCRIPTION, a__inline=article("a"))
    with pytest.raises(InquitError, match="leave out --licence and --language"):
        read("inline", tmp_path, Options(language="en"))
    (message,) = problems(lambda: read("inline", tmp_path / "a.inline"), tmp_path)
    assert message == "a.inline: is not a folder; name the folder that holds the .inline files"


def test_links_that_lead_out_of_the_source_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Nobody's business.")
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.txt").write_text("Rain.")
    (source / "same.txt").symlink_to("a.txt")
    assert len(read("text", source).corpus.documents) == 2
    (source / "b.txt").symlink_to("../secret.txt")
    for form in ("text", "brat"):
        with pytest.raises(DataError, match=r"b\.txt: is a link to a file outside the source"):
            read(form, source)


def test_a_source_without_documents_is_refused(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text('name = "x"\n')
    (tmp_path / "corpus.jsonl").touch()
    with pytest.raises(DataError, match="holds no document"):
        read("jsonl", tmp_path)
