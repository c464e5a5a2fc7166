from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest
from commands import inquit
from hypothesis import given, settings
from hypothesis import strategies as st

from inquit.corpus import Annotation, Corpus, CorpusInfo, DataError, Document, Layer, Span
from inquit.corpus.check import check
from inquit.corpus.duplicates import SIMILARITY, clusters, jaccard, shingles
from inquit.corpus.split import SplitResult, parse_ratios, split
from inquit.corpus.vocabulary import SPLITS

Capsys = pytest.CaptureFixture[str]
POLNEAR = Path(__file__).parents[3] / "shared" / "data" / "polnear"
USUAL = parse_ratios("0.8,0.1,0.1")


def article(seed: int, words: int = 40, edits: int = 0) -> str:
    rng = random.Random(seed)
    made = [f"{rng.choice('bcdfgh')}{rng.randrange(5000)}" for _ in range(words)]
    for number in range(edits):
        made[-1 - number] = f"x{number}"
    return " ".join(made)


def numbered(count: int, **fields: Any) -> list[Document]:
    return [Document(doc_id=f"d{n}", text=article(n), **fields) for n in range(count)]


@st.composite
def document_lists(draw: st.DrawFn, name: str = "d", max_size: int = 40) -> list[Document]:
    """Documents of few stories and few texts, some edited, so that clusters are many and mixed."""
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, 60),  # the text
                st.integers(0, 3),  # edits
                st.sampled_from([None, None, None, "storm", "vote", "match"]),
                st.sampled_from([None, "Courier", "Herald", "Post"]),
                st.integers(30, 60),
            ),
            max_size=max_size,
        )
    )
    return [
        Document(
            doc_id=f"{name}{number}",
            text=article(seed, words, edits),
            group=group,
            publisher=publisher,
        )
        for number, (seed, edits, group, publisher, words) in enumerate(rows)
    ]


ratios = st.sampled_from(["0.8,0.1,0.1", "0.6,0.2,0.2", "0.34,0.33,0.33", "0.9,0,0.1", "0,0,1"])


def by_id(result: SplitResult) -> dict[str, str | None]:
    return {document.doc_id: document.split for document in result.documents}


def true_clusters(documents: list[Document]) -> list[set[str]]:
    """Compare all with all."""
    sets = [frozenset(shingles(document.text)) for document in documents]
    links = [
        (i, j)
        for j, other in enumerate(documents)
        for i, one in enumerate(documents[:j])
        if jaccard(sets[i], sets[j]) >= SIMILARITY or (one.group and one.group == other.group)
    ]
    found: dict[int, set[str]] = {}
    for document, root in zip(documents, clusters(len(documents), links), strict=True):
        found.setdefault(root, set()).add(document.doc_id)
    return list(found.values())


@settings(deadline=None)
@given(document_lists(), ratios, st.integers(0, 5))
def test_no_cluster_is_parted_and_the_shares_are_met(
    documents: list[Document], shares: str, seed: int
) -> None:
    wanted = parse_ratios(shares)
    result = split(documents, {}, ratios=wanted, seed=seed)
    assert [d.doc_id for d in result.documents] == [d.doc_id for d in documents]
    splits = by_id(result)
    assert set(splits.values()) <= set(SPLITS), "every document is assigned"
    true = true_clusters(documents)
    assert all(len({splits[i] for i in cluster}) == 1 for cluster in true)
    assert result.clusters == len(true)
    assert result.largest == max(map(len, true), default=0)
    counts = Counter(splits.values())
    for name, share in wanted.items():
        assert abs(counts[name] - share * len(documents)) < max(1, result.largest)
        assert share or not counts[name]
    assert result.assigned == splits


@settings(deadline=None)
@given(document_lists(), st.integers(0, 5), st.randoms(use_true_random=False))
def test_the_order_of_documents_changes_nothing(
    documents: list[Document], seed: int, rng: random.Random
) -> None:
    first = split(documents, {}, ratios=USUAL, seed=seed)
    rng.shuffle(documents)
    second = split(documents, {}, ratios=USUAL, seed=seed)
    assert by_id(first) == by_id(second)
    assert list(first.strata.items()) == list(second.strata.items())


@settings(deadline=None)
@given(document_lists(max_size=20), document_lists("new", max_size=20), st.integers(0, 5))
def test_documents_stay_where_they_are_when_others_come(
    old: list[Document], new: list[Document], seed: int
) -> None:
    before = split(old, {}, ratios=USUAL, seed=seed)
    together = [*new[::2], *before.documents, *new[1::2]]
    try:
        after = split(together, {}, ratios=USUAL, seed=seed)
    except DataError as error:
        # Only if a new document ties two that stand apart.
        assert "belongs, by group or near-duplicates, with" in str(error)
        after = split(together, {}, ratios=USUAL, seed=seed, existing="repair")
    else:
        assert by_id(before).items() <= by_id(after).items()
        assert after.assigned.keys() == {document.doc_id for document in new}
    splits = by_id(after)
    assert all(len({splits[i] for i in cluster}) == 1 for cluster in true_clusters(together))
    assert split(after.documents, {}, ratios=USUAL, seed=seed + 1).assigned == {}


def test_a_corpus_that_grows_keeps_its_shares() -> None:
    documents: list[Document] = []
    for step in range(1, 11):
        documents = [*documents, *numbered(step * 30)[len(documents) :]]
        result = split(documents, {}, ratios=USUAL, seed=step)
        documents = result.documents
        counts = Counter(document.split for document in documents)
        assert all(abs(counts[s] - share * len(documents)) < 1 for s, share in USUAL.items())


def test_seeds_give_different_splits() -> None:
    found = {tuple(by_id(split(numbered(40), {}, ratios=USUAL, seed=s)).items()) for s in range(8)}
    assert len(found) == 8


def test_the_parts_are_alike() -> None:
    rng = random.Random(3)
    documents, annotations = [], {}
    for n in range(600):
        publisher = rng.choices(["Courier", "Herald", "Post", "Times"], [8, 4, 2, 1])[0]
        text = article(n, rng.choice([20, 60, 200]))
        documents.append(Document(doc_id=f"d{n}", text=text, publisher=publisher))
        forms = rng.choices(["direct", "indirect", "mixed"], k=rng.randrange(5))
        spans = [Span(f"q{i}", "quote", [(i, i + 1)], {"form": f}) for i, f in enumerate(forms)]
        annotations[f"d{n}"] = Annotation(doc_id=f"d{n}", spans=spans)
    result = split(documents, annotations, ratios=parse_ratios("0.6,0.2,0.2"))
    assert set(result.strata) == {"documents", "publisher", "length", "quotes"}
    assert set(result.strata["quotes"]) == {
        "none", "seldom direct", "often direct", "mostly direct"
    }  # fmt: skip
    for values in result.strata.values():
        for counts in values.values():
            total = sum(counts.values())
            for name, share in {"train": 0.6, "dev": 0.2, "test": 0.2}.items():
                assert abs(counts[name] - share * total) < 2


def test_what_all_documents_share_is_no_stratum() -> None:
    result = split(numbered(30, publisher="Courier"), {}, ratios=USUAL)
    assert set(result.strata) == {"documents", "length"}
    assert split([], {}, ratios=USUAL).strata == {}


def test_quotes_of_unknown_form_and_documents_without_labels_are_kinds() -> None:
    documents = numbered(15)
    quote = Span("q", "quote", [(0, 2)])
    annotations = {
        f"d{n}": Annotation(doc_id=f"d{n}", spans=[quote] if n < 5 else []) for n in range(10)
    }
    strata = split(documents, annotations, ratios=USUAL).strata
    assert set(strata["quotes"]) == {"of no known form", "none", "not labelled"}


def test_a_new_document_joins_its_cluster() -> None:
    documents = [
        Document(doc_id="old", text=article(0), split="test"),
        Document(doc_id="near", text=article(0, edits=3)),
        Document(doc_id="of the story", text=article(1), group="storm", split="dev"),
        Document(doc_id="same story", text=article(2), group="storm"),
        Document(doc_id="near both", text=article(2, edits=2)),
    ]
    assert by_id(split(documents, {}, ratios=parse_ratios("1,0,0"))) == {
        "old": "test", "near": "test",
        "of the story": "dev", "same story": "dev", "near both": "dev",
    }  # fmt: skip


def leaking() -> list[Document]:
    rows = [
        ("a", article(0), "train", None), ("b", article(0), "test", None),
        ("c", article(1), "dev", None), ("d", article(1, edits=2), "train", None),
        ("e", article(2), "train", "storm"), ("f", article(3), "dev", "storm"),
        ("g", article(4), "train", None),
    ]  # fmt: skip
    return [Document(doc_id=i, text=t, split=s, group=g) for i, t, s, g in rows]  # type: ignore[arg-type]


def test_leaks_are_refused_repaired_or_split_anew() -> None:
    with pytest.raises(DataError) as refused:
        split(leaking(), {}, ratios=USUAL)
    assert [problem.doc_id for problem in refused.value.problems] == ["b", "d", "f"]
    assert "with document 'c', which stands in dev, this one in train" in str(refused.value)
    assert "pass --repair to bring such clusters together" in str(refused.value)
    repaired = split(leaking(), {}, ratios=USUAL, existing="repair")
    assert by_id(repaired) == {
        "a": "test", "b": "test", "c": "dev", "d": "dev", "e": "dev", "f": "dev", "g": "train"
    }  # fmt: skip
    assert set(repaired.assigned) == {"a", "d", "e"}
    anew = by_id(split(leaking(), {}, ratios=parse_ratios("0,1,0"), existing="replace"))
    assert set(anew.values()) == {"dev"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0.8,0.2", "three shares, for train, dev, test"),
        ("0.8,0.1,x", "numbers like 0.8,0.1,0.1"),
        ("1/0,0,1", "numbers like 0.8,0.1,0.1"),
        ("nan,0,1", "numbers like"),
        ("0.8,0.1,0.2", "make 1.1, not 1"),
        ("1.2,-0.2,0", "below 0"),
    ],
)
def test_shares_that_are_none(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_ratios(text)
    assert parse_ratios(" 1/3, 1/3,1/3 ")["test"] == Fraction(1, 3)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    documents = [
        *numbered(38, licence="CC-BY-4.0", meta={"desk": "local"}),
        Document(doc_id="leak", text=article(5, edits=2)),
        Document(doc_id="copy", text=article(6)),
    ]
    layer = Layer(
        name="gold",
        kind="human",
        annotations=[
            Annotation(doc_id=d.doc_id, spans=[Span("q", "quote", [(0, 2)], {"form": form})])
            for d, form in zip(documents, ["direct", "indirect"] * 20, strict=True)
        ],
    )
    Corpus(CorpusInfo(name="c"), documents, [layer]).write(tmp_path / "c")
    return tmp_path / "c"


def test_the_command_writes_splits_and_nothing_else(corpus: Path, capsys: Capsys) -> None:
    before = {p: p.read_bytes() for p in corpus.rglob("*") if p.is_file()}
    old = Corpus.read(corpus)
    dry = inquit(capsys, "corpus", "split", corpus, "--dry-run")
    assert (dry.code, "is as it was" in dry.err) == (0, True)
    assert {p: p.read_bytes() for p in corpus.rglob("*") if p.is_file()} == before
    ran = inquit(capsys, "corpus", "split", corpus)
    assert ran.code == 0
    assert (
        "40 documents in 38 clusters, the largest of 2: 0 stay as they were, 40 assigned" in ran.out
    )
    assert "quotes: mostly direct" in ran.out
    assert f"wrote {corpus}/documents.jsonl" in ran.err
    changed = {p.name for p, content in before.items() if p.read_bytes() != content}
    assert changed == {"documents.jsonl"}
    assert {p for p in corpus.rglob("*") if p.is_file()} == set(before)
    new = Corpus.read(corpus)
    without = [msgspec.structs.replace(d, split=None) for d in new.documents.values()]
    assert without == list(old.documents.values())
    assert Counter(d.split for d in new.documents.values()) == {"train": 32, "dev": 4, "test": 4}
    result = check(corpus).problems
    assert result["duplicate-in-two-splits"] == []
    assert [p.doc_id for p in result["near-duplicate"]] == ["leak"]
    again = inquit(capsys, "corpus", "split", corpus, "--seed", "9", "--json")
    assert again.err == ""
    assert (again.json["assigned"], again.json["written"]) == ({}, False)
    assert again.json["splits"] == {"train": 32, "dev": 4, "test": 4}
    assert (again.json["layer"], again.json["clusters"]) == ("gold", 38)


def test_the_command_replaces_splits_only_if_told(corpus: Path, capsys: Capsys) -> None:
    shutil.copytree(corpus, corpus.parent / "other")
    run = ("corpus", "split", corpus, "--ratios", "0.5,0.25,0.25", "--json")
    assert inquit(capsys, *run).json["splits"] == {"train": 20, "dev": 10, "test": 10}
    content = (corpus / "documents.jsonl").read_bytes()
    assert inquit(capsys, "corpus", "split", corpus, "--json").json["assigned"] == {}
    assert (corpus / "documents.jsonl").read_bytes() == content
    forced = inquit(capsys, "corpus", "split", corpus, "--reassign", "--seed", "3", "--json")
    assert forced.json["splits"] == {"train": 32, "dev": 4, "test": 4}
    assert forced.json["written"]
    other = corpus.parent / "other"
    assert inquit(capsys, "corpus", "split", other, "--seed", "3", "--json").code == 0
    assert (corpus / "documents.jsonl").read_bytes() == (other / "documents.jsonl").read_bytes()


def test_the_command_names_leaks_with_their_lines(tmp_path: Path, capsys: Capsys) -> None:
    Corpus(CorpusInfo(name="c"), leaking()).write(tmp_path / "c")
    content = (tmp_path / "c" / "documents.jsonl").read_bytes()
    refused = inquit(capsys, "corpus", "split", tmp_path / "c")
    assert (refused.code, refused.out) == (1, "")
    assert f"error: {tmp_path}/c/documents.jsonl:2: document 'b': belongs" in refused.err
    assert (tmp_path / "c" / "documents.jsonl").read_bytes() == content
    assert inquit(capsys, "corpus", "check", tmp_path / "c").code == 1
    repaired = inquit(capsys, "corpus", "split", tmp_path / "c", "--repair", "--json")
    assert repaired.json["assigned"] == {"a": "test", "d": "dev", "e": "dev"}
    found = check(tmp_path / "c").problems
    assert [rule for rule, problems in found.items() if problems] == [
        "duplicate-text",
        "near-duplicate",
    ]


def test_the_command_says_what_is_empty(tmp_path: Path, capsys: Capsys) -> None:
    Corpus(CorpusInfo(name="c"), numbered(3)).write(tmp_path / "c")
    few = inquit(capsys, "corpus", "split", tmp_path / "c")
    assert few.code == 0
    assert "is empty: there are too few clusters" in few.out
    Corpus(CorpusInfo(name="e"), []).write(tmp_path / "e")
    assert inquit(capsys, "corpus", "split", tmp_path / "e").code == 0
    assert inquit(capsys, "corpus", "split", tmp_path / "e", "--json").json["documents"] == 0


def test_faults_of_usage_and_of_data(corpus: Path, capsys: Capsys) -> None:
    wrong = inquit(capsys, "corpus", "split", corpus, "--ratios", "0.8,0.1")
    assert (wrong.code, "three shares" in wrong.err) == (2, True)
    missing = inquit(capsys, "corpus", "split", corpus, "--layer", "gokd")
    assert (missing.code, "has no layer 'gokd'" in missing.err) == (1, True)
    with (corpus / "documents.jsonl").open("a") as stream:
        stream.write("{\n")
    content = (corpus / "documents.jsonl").read_bytes()
    broken = inquit(capsys, "corpus", "split", corpus)
    assert (broken.code, "documents.jsonl:41: is not JSON" in broken.err) == (1, True)
    assert (corpus / "documents.jsonl").read_bytes() == content


def test_many_publishers_are_not_all_listed(tmp_path: Path, capsys: Capsys) -> None:
    documents = [
        Document(doc_id=f"d{n}", text=article(n), publisher=f"p{n % 20}") for n in range(100)
    ]
    Corpus(CorpusInfo(name="c"), documents).write(tmp_path / "c")
    ran = inquit(capsys, "corpus", "split", tmp_path / "c", "--dry-run")
    assert "8 more of publisher" in ran.out
    full = inquit(capsys, "corpus", "split", tmp_path / "c", "--dry-run", "--json")
    assert len(full.json["strata"]["publisher"]) == 20
    assert json.loads(full.out)["splits"] == {"train": 80, "dev": 10, "test": 10}


def test_values_too_rare_to_be_spread_do_not_stand_in_the_way_of_others() -> None:
    documents = [
        Document(doc_id=f"d{n}", text=article(n, 30 + n), publisher=f"p{n}") for n in range(40)
    ]
    strata = split(documents, {}, ratios=parse_ratios("0.5,0.25,0.25")).strata
    assert set(strata) == {"documents", "length"}
    assert all(min(counts.values()) >= 2 for counts in strata["length"].values())
    some = [msgspec.structs.replace(d, publisher="Courier") for d in documents[:20]]
    strata = split([*some, *documents[20:]], {}, ratios=USUAL).strata
    assert {value: sum(n.values()) for value, n in strata["publisher"].items()} == {
        "Courier": 20, "rarer ones": 20
    }  # fmt: skip


@pytest.mark.skipif(not POLNEAR.is_dir(), reason="the sample of PolNeAR is not at ../shared/data")
def test_polnear_can_be_split_anew_without_a_leak(tmp_path: Path, capsys: Capsys) -> None:
    path = tmp_path / "c"
    assert inquit(capsys, "corpus", "import", "polnear", POLNEAR, path).code == 0
    ran = inquit(capsys, "corpus", "split", path, "--reassign", "--json")
    assert ran.code == 0
    assert (ran.json["documents"], ran.json["clusters"], ran.json["largest_cluster"]) == (
        924,
        917,
        2,
    )
    assert check(path).problems["duplicate-in-two-splits"] == []
    for counts in ran.json["strata"]["publisher"].values():
        assert abs(counts["train"] - 0.8 * 132) < 2
