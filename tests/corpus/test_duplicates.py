from __future__ import annotations

import json
import random
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from commands import inquit
from generators import texts
from hypothesis import given, settings
from hypothesis import strategies as st

from inquit.corpus import Corpus, CorpusInfo, Document
from inquit.corpus.check import RULES, check
from inquit.corpus.duplicates import (
    CROWD,
    SIMILARITY,
    clusters,
    jaccard,
    near_duplicates,
    shingles,
)
from inquit.corpus.jsonl import read_documents

POLNEAR = Path(__file__).parents[3] / "shared" / "data" / "polnear"
Capsys = pytest.CaptureFixture[str]


def article(seed: int, words: int = 120) -> str:
    """Return a text that shares nothing to speak of with that of another seed."""
    rng = random.Random(seed)
    return " ".join(f"{rng.choice('bcdfgh')}{rng.randrange(5000)}" for _ in range(words)) + "."


def edited(text: str, *places: int) -> str:
    """Replace the words at some places; each takes up to five runs of words with it."""
    words = text.split()
    for place in places:
        words[place] = "other"
    return " ".join(words)


def all_pairs(texts: list[str], least: float) -> dict[tuple[int, int], float]:
    sets = [frozenset(shingles(text)) for text in texts]
    pairs = {
        (i, j): jaccard(sets[i], sets[j])
        for i, j in combinations(range(len(texts)), 2)
        if sets[i] and sets[j]
    }
    return {pair: value for pair, value in pairs.items() if value >= least}


@given(texts(max_size=30))
def test_any_text_has_shingles_but_blank_ones(text: str) -> None:
    found = shingles(text)
    assert bool(found) == bool(text.strip())
    assert found == shingles(f"\n{text.upper().lower()} ") or not text.isascii()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“It’s over,”\u00a0he said at noon.", '"It\'s  OVER" he said\r\nat noon'),
        ("Zoe\u0301 went to the old cafe\u0301", "Zoé went to the old café"),
        ("the \ufb01rst of \uff11\uff12 to leave", "the first of 12 to leave"),
        ("明日は雪が降る。", "明日は、雪が降る"),
    ],
)
def test_typography_makes_no_difference(one: str, other: str) -> None:
    assert shingles(one) == shingles(other)


def test_scripts_without_spaces_are_taken_by_the_character() -> None:
    assert shingles("明日は雪が降る") == ["明 日 は 雪 が", "日 は 雪 が 降", "は 雪 が 降 る"]
    assert shingles("ab 明日cd") == ["ab 明 日 cd"]
    assert len(shingles("ปากกาอยู่")) > 1


@settings(deadline=None, max_examples=30)
@given(
    st.integers(0, 10**6),
    st.sampled_from([0.2, 0.5, 0.8, 1.0]),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 30), st.integers(1, 80)), max_size=25),
)
def test_the_pairs_are_those_that_comparing_all_finds(
    seed: int, similarity: float, plan: list[tuple[int, int, int]]
) -> None:
    rng = random.Random(seed)
    made = [
        edited(article(seed + base, words), *(rng.randrange(words) for _ in range(edits)))
        for base, edits, words in plan
    ]
    found = {
        (p.first, p.second): p.similarity
        for p in near_duplicates(made, list(map(str, plan)), similarity=similarity).pairs
    }
    true = all_pairs(made, similarity)
    assert found.items() <= true.items(), "a false alarm"
    # At the similarity itself 1 of 10,000 pairs may be missed; above it, none that a test meets.
    assert all_pairs(made, min(1.0, similarity + 0.1)).items() <= found.items()


def test_none_of_many_pairs_of_just_the_similarity_is_missed() -> None:
    texts = []
    for seed in range(400):
        whole = article(seed, 303).split()
        texts += [" ".join(whole[:202]), " ".join(whole[101:])]
    pairs = near_duplicates(texts, similarity=0.32).pairs
    assert len(pairs) == 400
    assert {p.similarity for p in pairs} == {97 / (198 + 198 - 97)}


def test_the_result_is_the_same_in_every_process() -> None:
    made = [edited(article(n // 3), *range(0, 20 * (n % 3), 7)) for n in range(60)]
    code = (
        "import json, sys; from inquit.corpus.duplicates import near_duplicates; "
        "found = near_duplicates(json.load(sys.stdin), similarity=0.3); "
        "print([(p.first, p.second, p.similarity) for p in found.pairs])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            input=json.dumps(made),
            env={"PYTHONHASHSEED": seed, "RAYON_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, threads in (("0", "1"), ("1", "4"), ("77", "2"))
    }
    here = [(p.first, p.second, p.similarity) for p in near_duplicates(made, similarity=0.3).pairs]
    assert runs == {f"{here}\n"}
    assert len(here) > 20


def test_whether_two_texts_are_found_does_not_depend_on_the_others() -> None:
    alone = [edited(article(n // 2), *range(0, 30 * (n % 2), 4)) for n in range(40)]
    among = [*(article(n) for n in range(100, 150)), *alone, *(article(n) for n in range(200, 220))]
    shifted = [(p.first + 50, p.second + 50, p.similarity) for p in near_duplicates(alone).pairs]
    assert shifted == [(p.first, p.second, p.similarity) for p in near_duplicates(among).pairs]
    assert shifted


def test_a_crowd_stays_one_cluster_and_hides_no_leak() -> None:
    crowd = [edited(article(0), n % 120) for n in range(300)]
    crowd[150] = edited(article(0), 3, 60)
    parts = ["test" if n == 150 else "train" for n in range(300)]
    found = near_duplicates(crowd, parts)
    assert set(clusters(300, [(p.first, p.second) for p in found.pairs])) == {0}
    assert found.crowded > 0
    assert len(found.pairs) < 300 * (CROWD + 2)
    leaks = [p for p in found.pairs if parts[p.first] != parts[p.second]]
    assert any(p.second == 150 for p in leaks)
    assert {p.first for p in leaks} - {150} or {p.second for p in leaks} - {150}


def test_a_text_that_stands_often_is_paired_with_its_first() -> None:
    text, near = article(1), edited(article(1), 5)
    found = near_duplicates([text, near, *[text] * 50, "", " \n", ""])
    assert [(p.first, p.second) for p in found.pairs][:2] == [(0, 1), (0, 2)]
    assert {(p.first, p.similarity) for p in found.pairs[1:]} == {(0, 1.0)}
    assert len(found.pairs) == 51
    in_two = near_duplicates(["?!", "?!", "?!"], ["train", "train", "dev"]).pairs
    assert [(p.first, p.second) for p in in_two] == [(0, 1), (0, 2)]


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=25))
def test_clusters_are_what_links_reach(links: list[tuple[int, int]]) -> None:
    found = clusters(16, links)
    for item in range(16):
        reached = {item}
        for _ in range(16):
            reached |= {b for a, b in links if a in reached} | {a for a, b in links if b in reached}
        assert found[item] == min(reached)


def planted(folder: Path) -> Path:
    """Write a corpus with one of each: leaks whole and near, and pairs that are no leak."""
    one = [article(n) for n in range(5)]
    rows = [
        ("whole", one[0], "train"), ("whole too", one[0], "test"),
        ("near", one[1], "dev"), ("near too", edited(one[1], 9, 70), "train"),
        ("same split", one[2], "dev"), ("same split too", edited(one[2], 50), "dev"),
        ("no split", one[3], None), ("no split too", edited(one[3], 50), "test"),
        ("apart", one[4], "train"), ("apart too", edited(one[4], *range(0, 120, 8)), "test"),
    ]  # fmt: skip
    documents = [Document(doc_id=i, text=t, split=s) for i, t, s in rows]  # type: ignore[arg-type]
    Corpus(CorpusInfo(name="c"), documents).write(folder)
    return folder


def test_check_finds_planted_leaks(tmp_path: Path) -> None:
    path = planted(tmp_path / "c")
    result = check(path)
    found = {rule: list(map(str, p)) for rule, p in result.problems.items() if p}
    file = f"{path}/documents.jsonl"
    assert found["duplicate-in-two-splits"] == [
        f"{file}:2: document 'whole too': has the same text as document 'whole', which stands in "
        "train, this one in test; put both in one split ('inquit corpus split' can), or remove one",
        f"{file}:4: document 'near too': has nearly the same text as document 'near' (similarity "
        "0.84), which stands in dev, this one in train; "
        "put both in one split ('inquit corpus split' can), or remove one",
    ]
    assert [message.split("'")[1] for message in found["near-duplicate"]] == [
        "same split too",
        "no split too",
    ]
    assert list(found) == ["duplicate-text", "duplicate-in-two-splits", "near-duplicate"]
    assert RULES["duplicate-in-two-splits"][0] == "error"
    assert RULES["near-duplicate"][0] == "warning"
    assert result.crowded == 0


def test_a_group_in_two_splits_is_found_with_its_line(tmp_path: Path) -> None:
    documents = [
        Document(doc_id=f"d{n}", text=article(n), group="storm", split=split)
        for n, split in enumerate(("train", "train", "dev"))
    ]
    Corpus(CorpusInfo(name="c"), documents).write(tmp_path / "c")
    (problem,) = check(tmp_path / "c").problems["group-in-two-splits"]
    assert (problem.line, problem.doc_id) == (3, "d2")


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    path = planted(tmp_path / "c") / "documents.jsonl"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(["", lines[0], "{", "\u2028", *lines[1:]]), "utf-8")
    problems = check(tmp_path / "c").problems
    assert problems["duplicate-text"][0].line == 5
    assert [p.line for p in problems["document"]] == [3, 4]


def test_the_similarity_can_be_chosen(tmp_path: Path, capsys: Capsys) -> None:
    path = planted(tmp_path / "c")
    ran = inquit(capsys, "corpus", "check", path, "--json")
    assert ran.code == 1
    rules = {rule["rule"]: rule for rule in ran.json["rules"]}
    assert len(rules["duplicate-in-two-splits"]["problems"]) == 2
    assert (ran.json["errors"], ran.json["warnings"], ran.json["crowded"]) == (3, 2, 0)
    loose = inquit(capsys, "corpus", "check", path, "--similarity", "0.1")
    assert "document 'apart too': has nearly the same text" in loose.out
    strict = inquit(capsys, "corpus", "check", path, "--similarity", "1")
    assert "near-duplicate" not in strict.out
    assert inquit(capsys, "corpus", "check", path, "--similarity", "0").code == 2


def test_near_duplicates_in_one_split_are_no_error(tmp_path: Path, capsys: Capsys) -> None:
    documents = [
        Document(doc_id=str(n), text=edited(article(0), n), split="train") for n in range(40)
    ]
    Corpus(CorpusInfo(name="c"), documents).write(tmp_path / "c")
    ran = inquit(capsys, "corpus", "check", tmp_path / "c")
    assert ran.code == 0
    assert "20 documents with 20 or more near-duplicates: not every pair" in ran.out


@pytest.mark.skipif(not POLNEAR.is_dir(), reason="the sample of PolNeAR is not at ../shared/data")
def test_check_finds_what_comparing_all_of_polnear_finds(tmp_path: Path, capsys: Capsys) -> None:
    from sklearn.feature_extraction.text import CountVectorizer

    assert inquit(capsys, "corpus", "import", "polnear", POLNEAR, tmp_path / "c").code == 0
    documents = list(read_documents(tmp_path / "c" / "documents.jsonl"))
    counter = CountVectorizer(token_pattern=r"\w+", ngram_range=(5, 5), binary=True, dtype=np.int32)
    runs = counter.fit_transform([document.text for document in documents])
    common = (runs @ runs.T).toarray()
    sizes = common.diagonal()
    similar = common / (sizes[:, None] + sizes[None, :] - common)
    true = {
        (documents[i].doc_id, documents[j].doc_id): float(similar[i, j])
        for i, j in zip(*np.nonzero(np.triu(similar >= SIMILARITY, 1)), strict=True)
    }
    found = near_duplicates([d.text for d in documents], [d.split for d in documents]).pairs
    named = {(documents[p.first].doc_id, documents[p.second].doc_id): p for p in found}
    assert named.keys() == true.keys()
    assert all(p.similarity == pytest.approx(true[pair], abs=0.01) for pair, p in named.items())
    assert len(found) == 7
    problems = check(tmp_path / "c").problems
    told = [*problems["duplicate-text"], *problems["near-duplicate"]]
    told += problems["duplicate-in-two-splits"]
    assert {problem.doc_id for problem in told} == {second for _, second in true}
    assert all(problem.line for problem in told)
