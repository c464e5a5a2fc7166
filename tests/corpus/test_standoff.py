"""Labels leave their texts without a word of them, and come back to these texts and no others."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from commands import inquit
from corpora import corpora, sample
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inquit.corpus import (
    Annotation,
    Attribution,
    Corpus,
    CorpusInfo,
    DataError,
    Document,
    Layer,
    Span,
)
from inquit.corpus.importers import read as import_from
from inquit.corpus.standoff import Attached, Standoff, attach, detach
from inquit.corpus.standoff.detach import with_names
from inquit.corpus.standoff.find import Candidate, candidates
from inquit.corpus.standoff.letters import fold
from inquit.corpus.standoff.proofs import BLOCK, digest, proof
from inquit.corpus.standoff.records import Text

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT / "corpus" / "articles"
SLOW = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # whole corpora take long to draw


def given_texts(*texts: str) -> list[Candidate]:
    return [
        Candidate(f"text-{n}", hashlib.sha256(text.encode()).hexdigest(), lambda text=text: text)
        for n, text in enumerate(texts)
    ]


@pytest.fixture(scope="module")
def articles() -> Corpus:
    return import_from("inline", ARTICLES).corpus


@pytest.fixture
def labels(articles: Corpus, tmp_path: Path) -> Path:
    place = tmp_path / "labels"
    detach(articles, obtain="ask").write(place)
    return place


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text("utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, "utf-8")


# ------------------------------------------------------------------------------- there and back


def what_travels(corpus: Corpus) -> Corpus:
    """The corpus without what detaching is declared to leave behind."""
    documents = [msgspec.structs.replace(d, title=None, meta={}) for d in corpus.documents.values()]
    numbers: dict[str, dict[str, str]] = {doc_id: {} for doc_id in corpus.documents}
    renamed: dict[str, list[Annotation]] = {}
    for name in sorted(corpus.layers):
        labelled = corpus.layers[name].by_document()
        for doc_id in labelled:
            known, text = numbers[doc_id], corpus.documents[doc_id].text

            def told(name: str, known: dict[str, str] = known, text: str = text) -> str:
                number = known.setdefault(name, f"name-{len(known) + 1}")
                return name if name in text else number

            renamed.setdefault(name, []).append(with_names(labelled[doc_id], told))
    layers = [
        msgspec.structs.replace(layer, annotations=tuple(renamed.get(name, ())))
        for name, layer in corpus.layers.items()
    ]
    return Corpus(msgspec.structs.replace(corpus.info, obtain="ask"), documents, layers)


@SLOW
@given(corpora())
def test_what_is_detached_comes_back(corpus: Corpus) -> None:
    texts = given_texts(*(document.text for document in corpus.documents.values()))
    standoff = detach(corpus, obtain="ask")
    back = attach(standoff, texts)
    expected = what_travels(corpus)
    assert back.corpus.documents == expected.documents
    assert back.corpus.layers == expected.layers
    assert back.corpus.info == expected.info
    again = detach(back.corpus)
    assert (again.texts, again.layers) == (standoff.texts, standoff.layers)


@SLOW
@given(corpora())
def test_a_release_reads_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, corpus: Corpus
) -> None:
    place = tmp_path_factory.mktemp("standoff") / "labels"
    standoff = detach(corpus, obtain="ask")
    standoff.write(place)
    assert Standoff.read(place) == standoff


# ------------------------------------------------------------------------------- what goes out


def words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[^\W\d_]{4,}", text)}


def written(place: Path) -> str:
    return "\n".join(p.read_text("utf-8") for p in sorted(place.rglob("*")) if p.is_file())


def test_not_a_word_of_a_text_goes_out(articles: Corpus, tmp_path: Path) -> None:
    detach(articles, obtain="ask").write(tmp_path / "labels")
    # The words of the format itself: what the release of a text without words holds.
    spans = [
        Span(f"{label}1", label, [(0, 4)], dict.fromkeys(["entity"] * (label == "source"), "zzzz"))
        for label in ("quote", "source", "cue", "claim", "addressee", "ignore")
    ]
    said = Attribution(
        id="a", content=["quote1"], source=["source1"], cue=["cue1"], addressee=["addressee1"]
    )
    bare = Document(doc_id="zzzz", text="zzzz", title="t", meta={"a": 1}, published="2026")
    bare = msgspec.structs.replace(bare, split="dev", group="g", publisher="zzzz")
    gold = Annotation(doc_id="zzzz", sha256=bare.sha256, spans=spans, attributions=[said])
    layer = Layer(name="gold", annotations=(gold,), kind="model", derived=("form",))
    twin = Corpus(CorpusInfo(name="zzzz", description="zzzz"), [bare], [layer])
    detach(twin, obtain="ask").write(tmp_path / "twin")
    values = "form direct indirect mixed reported free indirect medium speech thought writing kind "
    values += "named nominal pronoun anonymous collective document certainty asserted hedged "
    values += "denied questioned check worthy granularity train test"
    info = msgspec.json.encode(articles.info).decode()
    ours = words(written(tmp_path / "twin")) | words(values) | words(info)
    for document in articles.documents.values():
        pointers = (document.doc_id, document.group, document.publisher, document.language)
        ours |= words(" ".join(filter(None, pointers)))
    out = words(re.sub(r'"[0-9a-f]{8,64}"', "", written(tmp_path / "labels"))) - ours
    theirs = set().union(*(words(document.text) for document in articles.documents.values()))
    assert len(theirs) > 1000
    assert out & theirs == set()


def test_names_and_titles_and_metadata_stay_behind() -> None:
    document = Document(
        doc_id="d",
        text="Ana said no. So did the mayor.",
        title="No, says Ana",
        meta={"desk": "Ana"},
    )
    spans = [
        Span("s1", "source", [(0, 3)], {"entity": "Ana"}),
        Span("s2", "source", [(20, 29)], {"entity": "Bex the Mayor"}),
    ]
    gold = Annotation(doc_id="d", spans=spans)
    corpus = Corpus(
        CorpusInfo(name="c"), [document], [Layer(name="gold", annotations=(gold,), kind="human")]
    )
    standoff = detach(corpus, obtain="ask")
    assert [s.attributes for s in standoff.layers["gold"].annotations[0].spans] == [
        {"entity": "name-1"},
        {"entity": "name-2"},
    ]
    assert {n: name.fragment for n, name in standoff.texts["d"].names.items()} == {"name-1": (0, 3)}
    assert standoff.left_behind.titles == standoff.left_behind.meta == 1
    assert standoff.left_behind.names == 1
    back = attach(standoff, given_texts(document.text))
    assert back.report.documents[0].names_left == ["name-2"]
    assert [s.attributes["entity"] for s in back.corpus.layer().annotations[0].spans] == [
        "Ana",
        "name-2",
    ]


def test_an_id_that_is_a_word_of_the_text_is_refused() -> None:
    document = Document(doc_id="d", text="Darcy said no quote was his.")
    spans = [Span("darcy_1", "source", [(0, 5)]), Span("quote1", "quote", [(11, 27)])]
    layer = Layer(name="gold", annotations=(Annotation(doc_id="d", spans=spans),), kind="human")
    with pytest.raises(DataError, match=r"span 'darcy_1': its id has a word of the text, 'darcy'"):
        detach(Corpus(CorpusInfo(name="c"), [document], [layer]), obtain="ask")


def test_a_proof_cannot_be_guessed_from_what_is_published(articles: Corpus) -> None:
    standoff = detach(articles, obtain="ask")
    known = dict.fromkeys(str(i) for i in range(10))
    for doc_id, text in standoff.texts.items():
        content = articles.documents[doc_id].text
        public = ["", doc_id, text.sha256, *text.blocks]
        for annotation in [standoff.layers["gold"].by_document()[doc_id]]:
            for span in annotation.spans:
                anchors = standoff.anchors["gold"][doc_id].spans[span.id]
                for (start, end), anchor in zip(span.fragments, anchors, strict=True):
                    assert anchor is not None
                    said = fold(content[start:end]).text
                    guesses = {proof(key, (start, end), said) for key in public}
                    guesses |= {hashlib.sha256(said.encode()).hexdigest()[:8]}
                    assert anchor.proof not in guesses
                    assert anchor.proof not in known or known[anchor.proof] == (start, end, doc_id)
                    known[anchor.proof] = (start, end, doc_id)


def test_blocks_do_not_slide_over_the_text(articles: Corpus) -> None:
    for doc_id, text in detach(articles, obtain="ask").texts.items():
        letters = fold(articles.documents[doc_id].text).text
        assert len(letters) == text.letters
        whole = [digest(letters[i : i + BLOCK]) for i in range(0, len(letters) - BLOCK + 1, BLOCK)]
        assert list(text.blocks[: len(whole)]) == whole
        assert list(text.blocks[len(whole) :]) == [digest(letters[-BLOCK:])]


def test_who_is_to_obtain_a_text_is_told_how() -> None:
    with pytest.raises(DataError, match="has no url, and nothing is said") as error:
        detach(sample())
    assert len(error.value.problems) == 3
    corpus = sample(obtain="Ask the port.")
    assert detach(corpus).info.obtain == "Ask the port."
    assert detach(corpus, obtain="Ask again.").info.obtain == "Ask again."


# ------------------------------------------------------------------------------- which text


def test_file_names_and_folders_do_not_matter(articles: Corpus, tmp_path: Path) -> None:
    texts = [document.text for document in articles.documents.values()]
    (tmp_path / "t" / "deep").mkdir(parents=True)
    for n, text in enumerate(texts):
        place = tmp_path / "t" / ("deep" if n % 2 else ".") / f"{n}.html"
        place.write_bytes(text.encode())
    (tmp_path / "t" / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    back = attach(detach(articles, obtain="ask"), candidates([tmp_path / "t"]))
    assert {d.how for d in back.report.documents} == {"exact"}
    assert back.report.unused == 1
    assert list(back.corpus.documents) == list(articles.documents)


def test_a_corpus_can_be_where_the_texts_are(articles: Corpus, tmp_path: Path) -> None:
    articles.write(tmp_path / "corpus")
    back = attach(detach(articles, obtain="ask"), candidates([tmp_path / "corpus"]))
    assert back.report.missing == []
    assert "documents.jsonl: document" in back.report.documents[0].path


def one(text: str, **known: str) -> Standoff:
    """Labels of one text: each word of it a cue."""
    document = Document(doc_id="d", text=text, **known)
    spans = [Span(f"c{n}", "cue", [m.span()]) for n, m in enumerate(re.finditer(r"\S+", text))]
    gold = Annotation(doc_id="d", sha256=document.sha256, spans=spans)
    layer = Layer(name="gold", annotations=(gold,), kind="human")
    return detach(Corpus(CorpusInfo(name="c"), [document], [layer]), obtain="Buy the paper.")


def test_a_missing_text_is_named_with_how_to_obtain_it() -> None:
    standoff = one("The quay is shut.", url="https://example.org/quay")
    message = (
        "document 'd': no text has the sha256 '.{9}...'; obtain it: Buy the paper. https://exa"
    )
    with pytest.raises(DataError, match=message):
        attach(standoff, given_texts("The quay is open."), allow_reanchor=True)


def test_a_text_that_is_named_like_the_document_but_is_another_is_named(tmp_path: Path) -> None:
    (tmp_path / "d.txt").write_text("The quay is open.", "utf-8")
    with pytest.raises(DataError, match=r"d.txt: document 'd': is named like this document but"):
        attach(one("The quay is shut."), candidates([tmp_path]))


def test_a_text_set_in_another_way_is_refused_unless_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes("“The quay,\r\nshe said, is shut…”".encode())
    standoff = one('"The quay, she said, is shut..."')
    with pytest.raises(DataError) as error:
        attach(standoff, candidates([tmp_path]))
    (problem,) = error.value.problems
    assert problem.path == str(tmp_path / "x")
    assert "with other white space or typography" in problem.what
    assert "pass --reanchor" in problem.remedy
    back = attach(standoff, candidates([tmp_path]), allow_reanchor=True)
    (joined,) = back.report.documents
    assert (joined.how, joined.spans, joined.aside) == ("reanchored", 6, [])
    assert joined.moved == 4  # the first two words stand where they stood
    document = back.corpus.documents["d"]
    assert [document.slice(s) for s in back.corpus.layer().annotations[0].spans] == [
        (w,) for w in ("“The", "quay,", "she", "said,", "is", "shut…”")
    ]


def test_two_other_settings_are_not_chosen_between() -> None:
    texts = given_texts("The  quay is shut.", "The quay  is shut.")
    with pytest.raises(DataError, match="text-0 and text-1 hold it in other settings"):
        attach(one("The quay is shut."), texts, allow_reanchor=True)


def test_one_text_of_several_may_be_missing_if_that_is_accepted(articles: Corpus) -> None:
    standoff = detach(articles, obtain="ask")
    first, *others = articles.documents.values()
    texts = given_texts(*(document.text for document in others))
    with pytest.raises(DataError) as error:
        attach(standoff, texts)
    assert [problem.doc_id for problem in error.value.problems] == [first.doc_id]
    back = attach(standoff, texts, partial=True)
    assert back.report.missing == [first.doc_id]
    assert first.doc_id not in back.corpus.documents
    assert first.doc_id not in back.corpus.layer().by_document()


# ------------------------------------------------------------------------------- re-anchoring


SAME = [
    ("it's", "it’s"), ('"a"', "“a”"), ("«a»", "'a'"), ("``a''", '"a"'), ("a'''", "a’”"),
    ("a - b", "a—b"), ("a -- b", "a – b"), ("wait...", "wait…"), ("a b", "a\u00a0b"),
    ("a\r\nb", "a\n\nb"),
    ("\ufeffa", "a"), ("a\u00adb", "ab"), ("a\u200bb", "ab"), ("ﬁne oﬃce", "fine office"),
    ("é", "e\u0301"), ("ạ̈", "a\u0308\u0323"), ("5 ‑ 6", "5-6"), ("❤\ufe0f", "❤"),
]  # fmt: skip
OTHER = [("It", "it"), ("m2", "m²"), ("a.", "a"), ("naive", "naïve"), ("a, b", "a b"), ("1", "l")]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_white_space_and_typography_are_no_letters(one: str, two: str) -> None:
    assert fold(one).text == fold(two).text


@pytest.mark.parametrize(("one", "two"), OTHER)
def test_everything_else_is(one: str, two: str) -> None:
    assert fold(one).text != fold(two).text


_VARIANTS = [
    ("“", '"', "«", "''"), ("’", "'", "`"), ("-", "–", "--", "—"), ("…", "..."), ("é", "e\u0301"),
    ("ﬁ", "fi"), *[(word,) for word in ("said", "Ana", "1,204", "шум", "\U0001f600", "ß", "½")],
]  # fmt: skip
_SPACES = ("", " ", "\u00a0", "\n\n", "\r\n", "\u2009", "\u200b ", "\t", "\ufeff")


@st.composite
def two_settings(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """One text in two settings, in pieces; no two signs of type stand side by side."""
    one, two = [], []
    for _ in range(draw(st.integers(1, 12))):
        signs = draw(st.sampled_from(_VARIANTS))
        word = draw(st.text("abcdefgh", min_size=1, max_size=90))
        for variants in (signs, _SPACES, (word,), _SPACES):
            one.append(draw(st.sampled_from(variants)))
            two.append(draw(st.sampled_from(variants)))
    return one, two


@settings(deadline=None)
@given(two_settings(), st.data())
def test_labels_move_to_another_setting_of_their_text(
    pair: tuple[list[str], list[str]], data: st.DataObject
) -> None:
    one, two = pair
    pieces = [i for i in range(len(one)) if i % 2 == 0]
    spans, expected = [], {}
    for n in range(data.draw(st.integers(1, 5))):
        first, last = sorted(data.draw(st.sampled_from(pieces)) for _ in range(2))
        at = [(len("".join(s[:first])), len("".join(s[: last + 1]))) for s in (one, two)]
        spans.append(Span(f"s{n}", "cue", [at[0]]))
        expected[f"s{n}"] = (at[1],)
    document = Document(doc_id="d", text="".join(one))
    layer = Layer(name="gold", annotations=(Annotation(doc_id="d", spans=spans),), kind="human")
    standoff = detach(Corpus(CorpusInfo(name="c"), [document], [layer]), obtain="ask")
    back = attach(standoff, given_texts("".join(two)), allow_reanchor=True)
    (annotation,) = back.corpus.layer().annotations
    assert {span.id: span.fragments for span in annotation.spans} == expected
    assert back.report.documents[0].aside == []


def restyled(text: str) -> str:
    return (
        text.replace("\n", "\r\n")
        .translate(str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "--"}))
        .replace(", ", ",\u00a0")
        .replace("é", "e\u0301")
    )


def joined(articles: Corpus, change: Callable[[str], str]) -> Attached:
    texts = given_texts(*(change(document.text) for document in articles.documents.values()))
    return attach(detach(articles, obtain="ask"), texts, allow_reanchor=True, partial=True)


def test_whole_articles_are_moved_and_keep_every_label(articles: Corpus) -> None:
    back = joined(articles, restyled)
    assert {d.how for d in back.report.documents} == {"reanchored"}
    assert sum(d.moved for d in back.report.documents) > 500
    assert not any(d.aside for d in back.report.documents)
    for doc_id, before in articles.layer().by_document().items():
        after = back.corpus.layer().by_document()[doc_id]
        one, two = articles.documents[doc_id], back.corpus.documents[doc_id]
        assert after.sha256 == two.sha256 != one.sha256
        assert after.by_id().keys() == before.by_id().keys()
        for span in before.spans:
            moved = two.slice(after.by_id()[span.id])
            assert moved == tuple(map(restyled, one.slice(span)))


def test_what_stands_around_the_article_does_not_matter(articles: Corpus) -> None:
    back = joined(articles, lambda text: f"Menu | News | Sport\n{restyled(text)}\nAll rights!")
    assert back.report.missing == []
    assert not any(d.aside for d in back.report.documents)


def test_labels_near_a_changed_word_are_refused_and_no_others(articles: Corpus) -> None:
    document = articles.documents["harvest-dispute"]
    changed = restyled(document.text).replace("Petroc Anand", "Petrok Anand")
    where = document.text.index("Petroc")
    alone = Corpus(articles.info, [document], [
        msgspec.structs.replace(
            articles.layer(), annotations=(articles.layer().by_document()[document.doc_id],)
        )
    ])  # fmt: skip
    standoff = detach(alone, obtain="ask")
    with pytest.raises(DataError, match="cannot be put on this text: its words, or those around"):
        attach(standoff, given_texts(changed), allow_reanchor=True)
    back = attach(standoff, given_texts(changed), allow_reanchor=True, partial=True)
    (result,) = back.report.documents
    aside = {a.span for a in result.aside if a.span}
    before = standoff.layers["gold"].annotations[0]
    near = {s.id for s in before.spans if any(e > where and b < where + 6 for b, e in s.fragments)}
    assert near and near <= aside
    assert all(
        any(abs(b - where) < 2 * BLOCK or abs(e - where) < 2 * BLOCK for b, e in s.fragments)
        for s in before.spans
        if s.id in aside
    )
    (after,) = back.corpus.layer().annotations
    assert after.by_id().keys() == before.by_id().keys() - aside
    # Never an attribution with a part missing: without its source it would say something else.
    lost = {a.attribution for a in result.aside if a.attribution}
    whole = {a.id for a in before.attributions if not aside & {i for _, r in a.roles() for i in r}}
    assert {a.id for a in after.attributions} == whole == {a.id for a in before.attributions} - lost


def test_a_text_that_shares_less_than_half_is_another_text(articles: Corpus) -> None:
    document = next(iter(articles.documents.values()))
    half = document.text[: len(document.text) // 3]
    with pytest.raises(DataError, match="no text has the sha256"):
        attach(detach(articles, obtain="ask"), given_texts(half), allow_reanchor=True)


def test_a_label_that_typography_can_cut_is_refused() -> None:
    text = "He said wait... and left."
    dots = Span("s1", "cue", [(8, 13)])  # ends after the first dot
    space = Span("s2", "cue", [(7, 8)])
    whole = Span("s3", "cue", [(3, 7)])
    gold = Annotation(doc_id="d", spans=[dots, space, whole])
    layer = Layer(name="gold", annotations=(gold,), kind="human")
    corpus = Corpus(CorpusInfo(name="c"), [Document(doc_id="d", text=text)], [layer])
    standoff = detach(corpus, obtain="ask")
    assert attach(standoff, given_texts(text)).corpus.layer() == layer
    back = attach(
        standoff, given_texts("He  said wait… and left."), allow_reanchor=True, partial=True
    )
    reasons = {a.span: a.reason for a in back.report.documents[0].aside}
    assert reasons.keys() == {"s1", "s2"}
    assert "inside a sign of this text" in reasons["s1"]
    assert "has no letters" in reasons["s2"]


def test_three_marks_in_a_row_are_not_told_apart() -> None:
    text = "“He said ‘no.’”"
    gold = Annotation(
        doc_id="d", spans=[Span("q1", "quote", [(0, 15)]), Span("q2", "quote", [(9, 14)])]
    )
    layer = Layer(name="gold", annotations=(gold,), kind="human")
    corpus = Corpus(CorpusInfo(name="c"), [Document(doc_id="d", text=text)], [layer])
    texts = given_texts("``He said `no.'''")
    back = attach(detach(corpus, obtain="ask"), texts, allow_reanchor=True, partial=True)
    assert back.corpus.layer().annotations[0].by_id()["q1"].fragments == ((0, 17),)
    assert [a.span for a in back.report.documents[0].aside] == ["q2"]


def test_text_that_stands_twice_is_placed_only_where_that_is_certain() -> None:
    block = "".join(f"word{n} " for n in range(60))
    text = f"{block}{block}"
    assert attach(one(text), given_texts(text.replace(" ", "\n")), allow_reanchor=True)
    with pytest.raises(DataError, match="no text has the sha256"):
        attach(one(block), given_texts(f"{block}\n{block}"), allow_reanchor=True)


def test_without_a_single_text_nothing_is_attached_even_if_some_may_be_missing() -> None:
    with pytest.raises(DataError, match="no text has the sha256"):
        attach(one("The quay is shut."), given_texts("Another text."), partial=True)


# ------------------------------------------------------------------------------- hostile releases


def test_a_label_that_was_moved_by_hand_is_found(articles: Corpus, labels: Path) -> None:
    texts = given_texts(*(document.text for document in articles.documents.values()))
    attach(Standoff.read(labels), texts)
    first = re.compile(r'("fragments":\[\[)(\d+),(\d+)\]')
    rewrite(labels / "layers" / "gold.jsonl", lambda s: first.sub(
        lambda m: f"{m[1]}{int(m[2]) + 1},{int(m[3]) + 1}]", s, count=1))  # fmt: skip
    with pytest.raises(DataError, match="its proof fails in layer 'gold'; the release was changed"):
        attach(Standoff.read(labels), texts, partial=True)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("standoff.toml", "format = 1", "format = 2", "is of format '2'; this inquit reads 1"),
        ("standoff.toml", "[corpus]", "[corpus", "standoff.toml"),
        ("standoff.toml", 'name = "', 'nome = "', "standoff.toml"),
        ("texts.jsonl", '"letters":', '"letters":9', r"8 blocks for \d+ letters"),
        ("texts.jsonl", '"fragment":[', '"fragment":[99999', "lies outside the text"),
        ("texts.jsonl", '"blocks":["', '"blocks":["x', "texts.jsonl:1: "),
        ("texts.jsonl", "{", "", "texts.jsonl:1: "),
        ("anchors/gold.jsonl", '"q1":[[', '"q9999":[[', "'q1': has no anchors"),
        ("anchors/gold.jsonl", '"spans":{"q1":[', '"spans":{"q1":[null,', "2 fragments and 3 anc"),
        ("anchors/gold.jsonl", '"doc_id":"b', '"doc_id":"x', "has labels without anchors"),
        ("layers/gold.jsonl", '"label":"quote"', '"label":"quota"', "unknown label 'quota'"),
        ("layers/gold.jsonl", '"sha256":"', '"sha256":"0', "made over a text with another sha256"),
    ],
)
def test_a_changed_release_is_refused(
    labels: Path, file: str, old: str, new: str, message: str
) -> None:
    rewrite(labels / file, lambda content: content.replace(old, new, 1))
    with pytest.raises(DataError, match=message):
        Standoff.read(labels)


@pytest.mark.parametrize("file", ["texts.jsonl", "anchors/gold.jsonl", "layers/gold.jsonl"])
def test_a_lost_file_is_named(labels: Path, file: str) -> None:
    (labels / file).unlink()
    with pytest.raises(DataError, match=file):
        Standoff.read(labels)


def test_a_layer_cannot_name_a_file_elsewhere(labels: Path) -> None:
    rewrite(labels / "standoff.toml", lambda s: s.replace("layers.gold", 'layers."../../gold"'))
    with pytest.raises(DataError, match="cannot name a layer"):
        Standoff.read(labels)


def test_a_changed_record_of_a_text_is_found_when_it_is_joined() -> None:
    standoff = one("The quay is shut.")
    text = msgspec.structs.replace(standoff.texts["d"], letters=13)
    standoff.texts["d"] = text
    with pytest.raises(DataError, match="its record does not fit its text"):
        attach(standoff, given_texts("The quay is shut."))


def test_records_are_strict() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `text`"):
        msgspec.json.decode(b'{"text": "The quay is shut."}', type=Text)


# ------------------------------------------------------------------------------- the commands


def test_the_commands_go_there_and_back(
    capsys: pytest.CaptureFixture[str], articles: Corpus, tmp_path: Path
) -> None:
    articles.write(tmp_path / "corpus")
    (tmp_path / "texts").mkdir()
    for number, document in enumerate(articles.documents.values()):
        (tmp_path / "texts" / str(number)).write_bytes(document.text.encode())
    there = ("corpus", "detach", tmp_path / "corpus", tmp_path / "labels")
    refused = inquit(capsys, *there)
    assert refused.code == 1 and "pass --obtain" in refused.err
    assert not (tmp_path / "labels").exists()
    ran = inquit(capsys, *there, "--obtain", "Ask the port.", "--keep-ids", "--json")
    assert ran.code == 0
    assert ran.json["spans"]["gold"] == sum(len(a.spans) for a in articles.layer().annotations)
    assert ran.json["short_texts"] == 0
    assert ran.json["replaced_ids"] == 0
    assert ran.json["telling_pointers"] > 0  # "harvest-dispute"
    assert "Ask the port." in (tmp_path / "labels" / "README.md").read_text("utf-8")
    assert inquit(capsys, *there, "--obtain", "Ask.").code == 1  # never over what is there
    assert inquit(capsys, *there, "--obtain", "Ask.", "--keep-ids", "--force").code == 0
    back = ("corpus", "attach", tmp_path / "labels", "--texts", tmp_path / "texts")
    ran = inquit(capsys, *back, tmp_path / "back")
    assert ran.code == 0 and "exactly those" in ran.out
    assert Corpus.read(tmp_path / "back").layers == what_travels(articles).layers
    report = json.loads((tmp_path / "back" / "attach-report.json").read_text("utf-8"))
    assert len(report["documents"]) == len(articles.documents)
    assert inquit(capsys, "corpus", "check", tmp_path / "back").code == 0
    assert inquit(capsys, *back).code == 0  # beside the release, never in it
    assert (tmp_path / "labels-with-texts" / "documents.jsonl").is_file()
    assert not (tmp_path / "labels" / "documents.jsonl").exists()


def test_ids_that_tell_are_replaced_and_stories_stay_together(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    documents = [
        Document(doc_id="mayor-resigns", text="The mayor resigns today.", group="The mayor"),
        Document(doc_id="b", text="Rain all week, she said.", group="The mayor", title="Rain"),
        Document(doc_id="rain-2", text="Dry again.", title="After the rain"),
    ]
    annotations = [
        Annotation(doc_id=d.doc_id, sha256=d.sha256, spans=[Span("c", "claim", [(0, 4)])])
        for d in documents
    ]
    gold = Layer(name="gold", kind="human", annotations=annotations)
    corpus = Corpus(CorpusInfo(name="c"), documents, [gold])
    corpus.write(tmp_path / "c")
    there = ("corpus", "detach", tmp_path / "c", tmp_path / "labels", "--obtain", "Ask.", "--json")
    assert inquit(capsys, *there).json["replaced_ids"] == 3
    shipped = "".join(
        path.read_text("utf-8").casefold() for path in (tmp_path / "labels").rglob("*.jsonl")
    )
    assert "mayor" not in shipped and "rain" not in shipped
    texts = ("--texts", tmp_path / "c")
    back = tmp_path / "back"
    assert inquit(capsys, "corpus", "attach", tmp_path / "labels", back, *texts).code == 0
    one, two, three = Corpus.read(back).documents.values()
    assert (one.text, two.text, three.text) == tuple(d.text for d in documents)
    assert one.doc_id == f"text-{one.sha256[:12]}" and two.doc_id == "b"
    assert one.group == two.group != documents[0].group
    assert three.doc_id.startswith("text-") and three.group is None


def test_the_command_moves_labels_only_when_asked(
    capsys: pytest.CaptureFixture[str], articles: Corpus, labels: Path, tmp_path: Path
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for number, document in enumerate(articles.documents.values()):
        (texts / str(number)).write_bytes(restyled(document.text).encode())
    back = ("corpus", "attach", labels, tmp_path / "back", "--texts", texts)
    refused = inquit(capsys, *back)
    assert refused.code == 1 and "--reanchor" in refused.err
    assert not (tmp_path / "back").exists()
    ran = inquit(capsys, *back, "--reanchor")
    assert ran.code == 0 and "Set in another way" in ran.out
    ran = inquit(capsys, *back, "--reanchor", "--force", "--json")
    assert ran.json["documents"][0]["how"] == "reanchored"


def test_what_is_not_there_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ran = inquit(capsys, "corpus", "attach", tmp_path, "--texts", tmp_path, tmp_path / "out")
    assert ran.code == 1 and "is not a stand-off release" in ran.err


def test_texts_that_are_not_there_are_named(
    capsys: pytest.CaptureFixture[str], labels: Path, tmp_path: Path
) -> None:
    back = ("corpus", "attach", labels, tmp_path / "out", "--texts", tmp_path / "no")
    ran = inquit(capsys, *back)
    assert ran.code == 1 and "does not exist; check the path" in ran.err


# ------------------------------------------------------------------------------- the seed article


SEED = ROOT / "corpus" / "standoff" / "seed-article"
ARTICLE = ROOT.parent / "shared" / "data" / "seed-article" / "article.txt"
needs_article = pytest.mark.skipif(
    not ARTICLE.is_file(), reason="the seed article may not be shipped, and is not in ../shared"
)


@needs_article
def test_the_labels_of_the_seed_article_attach_and_score(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    back = tmp_path / "seed"
    ran = inquit(capsys, "corpus", "attach", SEED, "--texts", ARTICLE, back, "--json")
    assert ran.code == 0, ran.err
    assert ran.json["documents"][0]["aside"] == []
    checked = inquit(capsys, "corpus", "check", back, "--json")
    assert (checked.json["errors"], checked.json["warnings"]) == (0, 0)
    predicted = tmp_path / "predicted.jsonl"
    run = ("eval", "run", "rules", "--on", back, "--predictions", predicted, "--json")
    ran = inquit(capsys, *run)
    assert ran.code == 0, ran.err
    measure = ("--measure", "quote.f1@overlap", "--json")
    scored = inquit(capsys, "eval", "score", back, predicted, *measure)
    assert scored.json["measures"]["quote.f1@overlap"]["value"] > 0.5
    itself = inquit(capsys, "eval", "score", back, back / "layers" / "gold.jsonl", *measure)
    assert itself.json["measures"]["quote.f1@overlap"]["value"] == 1


@needs_article
def test_the_labels_of_the_seed_article_move_to_another_setting(tmp_path: Path) -> None:
    text = restyled(ARTICLE.read_bytes().decode()).replace("[email\u00a0protected]", "us")
    found = given_texts(text)
    back = attach(Standoff.read(SEED), found, allow_reanchor=True, partial=True)
    (result,) = back.report.documents
    assert {aside.span for aside in result.aside} == {"ig1"}  # the address is in what is ignored


@needs_article
def test_no_four_words_of_the_seed_article_are_shipped() -> None:
    def running(text: str) -> list[tuple[str, ...]]:
        found = re.findall(r"[^\W_]+", text.casefold())
        return [tuple(found[i : i + 4]) for i in range(len(found) - 3)]

    theirs = set(running(ARTICLE.read_text("utf-8")))
    assert len(theirs) > 600
    files = [path for path in (ROOT / "corpus" / "standoff").rglob("*") if path.is_file()]
    assert len(files) >= 5
    for path in files:
        assert not theirs & set(running(path.read_text("utf-8"))), path


def test_the_labels_of_the_seed_article_are_whole() -> None:
    standoff = Standoff.read(SEED)
    assert standoff.info.layers["gold"].kind == "model"
    assert standoff.texts["seed-article"].licence == "restricted"
