"""Strings to offsets: what each tier finds, and what none may."""

from __future__ import annotations

import unicodedata

import pytest
from generators import TRICKY, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from inquit.corpus import Attribution, DataError, Document
from inquit.eval.grounding import (
    TIERS,
    Found,
    StringAnnotation,
    StringSpan,
    Wanted,
    ground,
    ground_annotation,
)
from inquit.eval.grounding.reading import Reading
from inquit.eval.grounding.views import Page

TEXT = (
    "The “port”—as we’ve\nsaid—will not close on 12 May, said Ana’s aide, O’Brien. He can’t pay "
    "$1,200.50 or -5 degrees. It is definitely done. Die Straße heißt so; 10–20 men, .5 m, 3/4 of "
    "it. No more than 7 ferries sailed before the storm reached the outer harbour wall."
)
WORDS = (
    "we", "they", "will", "not", "never", "close", "open", "the", "port", "harbour", "12", "21",
    "-5", "5", "1,200", "twelve", "said", "likely", "unlikely", "can’t", "can", ".", ",", "…", "“",
    "”", "\n", "—", "$", "%", "he", "He", "on", "of", "Ana", "Reyes", "ferries", "sailed", "storm",
)  # fmt: skip


def found(text: str, string: str, **options: str) -> tuple[str | None, list[str]]:
    result = ground(text, [string], **options)[0]
    return result.tier, [text[start:end] for start, end in result.fragments]


def news() -> st.SearchStrategy[str]:
    """Texts of words that matter to the guards, and of characters that break offsets."""
    piece = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), st.sampled_from(TRICKY))
    return st.lists(piece, max_size=40).map(" ".join)


@pytest.mark.parametrize(
    ("string", "tier", "words"),
    [
        ("definitely", "exact", ["definitely"]),
        ("  definitely\n", "exact", ["definitely"]),
        ("can’t", "exact", ["can’t"]),
        ("Ana", "exact", ["Ana"]),
        ("Brien", "exact", ["Brien"]),
        ("20", "exact", ["20"]),
        ("$1,200.50", "exact", ["$1,200.50"]),
        ("1,200.50", "exact", ["1,200.50"]),
        ("-5", "exact", ["-5"]),
        ('The "port" - as', "aligned", ["The “port”—as"]),
        ('The "port"-as we\'ve said', "folded", ["The “port”—as we’ve\nsaid"]),
        ("10-20 men", "folded", ["10–20 men"]),
        ("o'brien", "case", ["O’Brien"]),
        ("DIE STRASSE HEISST", "aligned", ["Die Straße heißt"]),
        ("… said Ana's aide", "ellipsis", ["said Ana’s aide"]),
        ("The port ... will not close", "aligned", ["The “port", "will not close"]),
        ("It is [...] done", "ellipsis", ["It is", "done"]),
        ("It is … definitely done", "ellipsis", ["It is definitely done"]),
        ("He cannot pay $1,200.50", "aligned", ["He can’t pay $1,200.50"]),
        ("No more than 7 ferris sailed", "aligned", ["No more than 7 ferries sailed"]),
        (
            "No more than 7 boats sailed before the storm",
            "aligned",
            ["No more than 7 ferries sailed before the storm"],
        ),
        (
            "ferries sailed before the storm reached outer wall",
            "aligned",
            ["ferries sailed before the storm reached the outer harbour wall"],
        ),
        # An ellipsis and a word that is not the text's.
        (
            "No more than 7 boats sailed ... reached the outer harbour wall",
            "aligned",
            ["No more than 7 ferries sailed", "reached the outer harbour wall"],
        ),
    ],
)  # fmt: skip
def test_each_tier_finds_what_it_may(string: str, tier: str, words: list[str]) -> None:
    assert found(TEXT, string) == (tier, words)


@pytest.mark.parametrize(
    "string",
    [
        "", " ", "\n\t", "...", "…", "—", "“”", "?!", "a" * 10_000, TEXT + TEXT,
        # inside a word or a number
        "he aide", "ort", "efinitely", "can", "5", "200", "1,200", "50", "4", ".50 or", "t pay",
        # a negation that is lost, gained or moved
        "will close on 12 May", "definitely not done", "It is not definitely done",
        "He can pay $1,200.50 or -5 degrees", "more than 7 ferries never sailed before the storm",
        "ferries sailed before the storm not reached the outer harbour wall",
        "will … close on 12 May",
        # a number, sign, currency that is another
        "will not close on 21 May", "will not close on May", "-5.0 degrees", "5 degrees",
        "He can't pay £1,200.50 or -5 degrees", "He can't pay $1.200,50 or -5 degrees",
        "No more than 8 ferries sailed before the storm",
        "No more than seven ferries sailed before the storm",
        "Many ferries sailed before the storm", "more than ferries sailed before the storm",
        # fluent, and nowhere
        "The port of the storm will be done", "the the the of it", "of it and the in",
        "He said that the harbour was safe",
    ],
)  # fmt: skip
def test_what_the_text_does_not_say_is_not_found(string: str) -> None:
    assert ground(TEXT, [string]) == [Found()]


def test_a_word_and_its_opposite_are_not_a_typing_error() -> None:
    text = "Officials said it was unlikely that the harmless plan would ever be legal here."
    assert found(text, "it was likely that the harmless plan would ever be legal") == (None, [])
    assert found(text, "it was unlikely that the harmful plan would ever be legal") == (None, [])
    assert found(text, "it was unlikely that the harmles plan would ever be legal")[0] == "aligned"
    text = text.replace("unlikely", "likely")
    assert found(text, "it was unlikely that the harmless plan would ever be legal") == (None, [])


def test_a_negation_does_not_move() -> None:
    text = "It was not disclosed. The party of the old harbour master won the vote in the end. "
    text += "They will in the end surely ever not close the port to ferries from the islands."
    assert found(text, "The not party of the old harbour master won the vote") == (None, [])
    moved = "They will not in the end surely ever close the port to ferries from the islands"
    assert found(text, moved) == (None, [])
    kept = "They will surely ever not close the port to big ferries from the islands"
    assert found(text, kept)[0] == "aligned"


@pytest.mark.parametrize(
    ("text", "string"),
    [
        (
            "We might not widen the fire. “We might protect the local forest of the reservoir.”",
            "We might not protect the local forest of the reservoir",
        ),
        (
            "We might not protect the bay. We might sell the local forest of the old reservoir.",
            "We might not protect the local forest of the old reservoir",
        ),
        (
            "It will not only close the old harbour of the island but build a new one there.",
            "It will not close the old harbour of the island but build a new one there",
        ),
        (
            "They said no. Ships will leave the old harbour of the island before dawn.",
            "They said no ships will leave the old harbour of the island before dawn today",
        ),
        (
            "We did not, and we will close the old harbour of the island before dawn.",
            "We did not close the old harbour of the island before dawn",
        ),
    ],
)
def test_a_negation_stays_with_its_words(text: str, string: str) -> None:
    assert found(text, string) == (None, [])


def test_no_ellipsis_reaches_across_a_negation_of_its_sentence() -> None:
    text = "We will in this case not close. We know it. They did not ask. The port stays open."
    assert found(text, "We will ... close") == (None, [])
    assert found(text, "We know it … The port stays open") == (
        "ellipsis",
        ["We know it", "The port stays open"],
    )
    assert found(text, "We know it … stays open")[0] == "ellipsis"
    assert found(text, "We will … The port stays open") == (None, [])


def test_tiers_are_asked_up_to_the_last_one_allowed() -> None:
    strings = ["definitely", "10-20 men", "O’BRIEN", "It is … done", "No more than 7 ferris sailed"]
    for k, last in enumerate(TIERS):
        tiers = [result.tier for result in ground(TEXT, strings, max_tier=last)]
        assert tiers == [tier if TIERS.index(tier) <= k else None for tier in TIERS]
    with pytest.raises(ValueError, match="use one of exact, folded"):
        ground(TEXT, ["a"], max_tier="fuzzy")  # type: ignore[arg-type]


def test_similarity_falls_with_what_differs() -> None:
    strings = ["O’BRIEN", "No more than 7 ferris sailed", "No more than 7 boats sailed before"]
    typing_error, word = (result.similarity for result in ground(TEXT, strings)[1:])
    assert ground(TEXT, strings)[0].similarity == 1.0
    assert 1 > typing_error > word > 0.75


@pytest.mark.parametrize(
    ("text", "string", "words"),
    [
        ("我们不会关闭港口。他说，明年再看。", "不会关闭港口", ["不会关闭港口"]),
        ("我们不会关闭港口。他说，明年再看。", "我们会关闭港口", []),
        ("我们不会关闭港口。他说，明年再看。", "他说明年再看", ["他说，明年再看"]),
        ("เขาบอกว่าท่าเรือจะไม่ปิด", "ท่าเรือจะไม่ปิด", ["ท่าเรือจะไม่ปิด"]),
        ("港は閉まらないと彼は言った。", "彼は言った", ["彼は言った"]),
        ("김씨는 항구가 닫힌다고 말했다", "김씨", ["김씨"]),
        ("הוא אמר: הנמל ייסגר מחר.", "הנמל ייסגר", ["הנמל ייסגר"]),
        ("قال إن الميناء سيغلق غدا", "الميناء سيغلق", ["الميناء سيغلق"]),
        ("caf\u0301e cafe\u0301 open", "café open", ["cafe\u0301 open"]),
        ("cafe\u0301", "cafe", []),
        ("He 👩\u200d👧 said 👍🏽 ok", "👩\u200d👧", ["👩\u200d👧"]),
        ("He 👩\u200d👧 said 👍🏽 ok", "👩", []),
        ("He 👩\u200d👧 said 👍🏽 ok", "👍", []),
        ("flags 🇩🇪🇫🇷 up", "🇩🇪", ["🇩🇪"]),
        ("the \ufb01rst ex\u00adam\u00adple", "first example", ["\ufb01rst ex\u00adam\u00adple"]),
        ("1\u00a0200 men left the town", "200 men", []),
        ("1\u00a0200 men left the town", "1 200 men", ["1\u00a0200 men"]),
        ("𝔘𝔫𝔦 said 𝔘𝔫𝔦", "said 𝔘𝔫𝔦", ["said 𝔘𝔫𝔦"]),
    ],
)  # fmt: skip
def test_scripts_marks_and_astral_characters(text: str, string: str, words: list[str]) -> None:
    assert found(text, string)[1] == words


def test_repeated_strings_are_shared_out_in_order() -> None:
    text = "No, he said. No, she said. No, they said."
    places = [((0, 2),), ((13, 15),), ((27, 29),)]
    assert [f.fragments for f in ground(text, ["No", "No", "No"])] == places
    # More often than it is there: the last place again. Nothing is invented, nothing is merged.
    assert [f.fragments for f in ground(text, ["No"] * 5)] == [*places, places[2], places[2]]
    # The strings around it in the list say which is meant.
    assert [f.fragments for f in ground(text, ["she said", "No"])][1] == places[2]
    assert [f.fragments for f in ground(text, ["he said", "No", "they said"])][1] == places[1]
    # ... but never against the order of its own occurrences.
    assert [f.fragments for f in ground(text, ["they said", "No", "No", "No"])][1:] == places
    # What is there in another case fills up.
    results = ground("he said. He said.", ["he said", "he said"])
    assert [(f.fragments, f.tier) for f in results] == [
        (((0, 7),), "exact"),
        (((9, 16),), "case"),
    ]


def test_hint_and_context_decide() -> None:
    text = "No, he said. No, she said. No, they said."
    wants = [
        Wanted("No", hint=30),
        Wanted("No", context="said. No, she"),
        Wanted("No", hint=29),
        Wanted("No", context="I never said no"),
    ]
    starts = [f.fragments[0][0] for f in ground(text, wants)]
    assert starts[:2] == [27, 13]
    assert sorted(starts) == [0, 13, 27, 27] or sorted(starts) == [0, 0, 13, 27]
    assert ground(text, [Wanted("No", context="No, they said")])[0].fragments == ((27, 29),)
    assert ground(text, [Wanted("No", hint=10**9)])[0].fragments == ((27, 29),)


@settings(max_examples=150, deadline=None)
@given(news(), st.data())
def test_words_of_the_text_are_found_as_they_are(text: str, data: st.DataObject) -> None:
    text += " wall"
    tokens = Reading(text).tokens
    spans = zip(tokens.starts, tokens.ends, strict=True)
    starts = [i for i, j in spans if tokens.border(i) and not Reading(text[i:j]).wordless]
    start = data.draw(st.sampled_from(starts))
    end = data.draw(st.sampled_from([i for i in tokens.ends if i > start and tokens.border(i)]))
    string = text[start:end]
    result = ground(text, [Wanted(string, hint=start)])[0]
    assert result.tier == "exact"
    assert result.similarity == 1
    ((first, last),) = result.fragments
    assert text[first:last] == string
    # Overlapping occurrences ("a b a b a") are one place.
    assert (first, last) == (start, end) or abs(first - start) < len(string)


@settings(max_examples=200, deadline=None)
@given(st.one_of(news(), texts()))
def test_a_border_is_one_wherever_it_is_seen_from(text: str) -> None:
    tokens = Reading(text).tokens
    for offset in range(len(text) + 1):
        assert Page(text).border(offset) == tokens.border(offset)


def check(text: str, string: str, result: Found) -> None:
    if result.tier is None:
        assert result == Found()
        return
    assert result.tier in TIERS
    assert 0 < result.similarity <= 1
    tokens, behind = Reading(text).tokens, -1
    for start, end in result.fragments:
        assert behind < start < end <= len(text)
        assert tokens.border(start)
        assert tokens.border(end)
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        assert end == len(text) or not unicodedata.combining(text[end])
        behind = end
    words = " … ".join(text[start:end] for start, end in result.fragments)
    assert Reading(words).guards == Reading(string.strip()).guards
    if result.tier == "exact":
        assert words == string.strip()
    if result.tier != "ellipsis" and "…" not in string and "..." not in string:
        assert len(result.fragments) == 1


@settings(max_examples=300, deadline=None)
@given(news(), st.lists(news(), max_size=6), st.sampled_from(TIERS))
def test_anything_found_is_valid_and_keeps_its_guards(
    text: str, strings: list[str], last: str
) -> None:
    results = ground(text, strings, max_tier=last)
    for string, result in zip(strings, results, strict=True):
        check(text, string, result)
        assert result.tier is None or TIERS.index(result.tier) <= TIERS.index(last)
    assert ground(text, strings, max_tier=last) == results


@settings(max_examples=200, deadline=None)
@given(news(), st.data())
def test_changed_strings_keep_their_guards(text: str, data: st.DataObject) -> None:
    words = text.split(" ")
    start = data.draw(st.integers(0, len(words)))
    chosen = words[start : start + data.draw(st.integers(4, 14))]
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(chosen)))
        change = data.draw(st.sampled_from(["drop", "add", "swap"]))
        if change == "add":
            chosen.insert(at, data.draw(st.sampled_from(WORDS)))
        elif at < len(chosen):
            chosen[at : at + 1] = [] if change == "drop" else [data.draw(st.sampled_from(WORDS))]
    string = " ".join(chosen)
    check(text, string, ground(text, [string])[0])


@settings(max_examples=200, deadline=None)
@given(texts(), st.lists(texts(max_size=8), max_size=6))
def test_garbage_raises_nothing(text: str, strings: list[str]) -> None:
    for string, result in zip(strings, ground(text, strings), strict=True):
        check(text, string, result)


@settings(max_examples=100, deadline=None)
@given(news(), st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
def test_one_string_is_shared_out_in_order(text: str, strings: list[str]) -> None:
    results = ground(text, strings)
    for string in set(strings):
        places = [r.fragments for s, r in zip(strings, results, strict=True) if s == string]
        assert places == sorted(places)
        there = ground(text, [string] * 200)
        distinct = len({f.fragments for f in there})
        assert len(set(places)) == min(distinct, len(places))


def test_what_is_found_is_found_again_as_it_is() -> None:
    strings = ['The "port"-as we\'ve said', "No more than 7 ferris sailed before the storm"]
    for result in ground(TEXT, strings):
        ((start, end),) = result.fragments
        again = ground(TEXT, [Wanted(TEXT[start:end], hint=start)])[0]
        assert again == Found(((start, end),), "exact", 1.0)


@pytest.mark.parametrize(
    ("text", "strings"),
    [
        ("a " * 500_000, ["a " * 100 + "b", "a", "a a", "a b a b a b", "b " * 400_000]),
        ("a" * 1_000_000, ["a", "aa", "a" * 999_999, "b a", "a a a a a"]),
        (" " * 1_000_000, ["a", " " * 1_000_000, "…" * 1000]),
        ("not " * 250_000, ["not not never not not not", "not " * 300, "no … not … no"]),
        ("." * 1_000_000, ["." * 999_999, "a" + "." * 1000 + "b", ". . . " * 1000]),
        ("1,1" * 300_000, ["1", "1,1", "1 1 1 1 1", "1,1" * 299_999]),
        ("e" + "\u0301\u0323" * 400_000, ["e", "e\u0301", "e" + "\u0323\u0301" * 1000]),
        ("\u00ad\u200d" * 400_000, ["a", "\u200d\u00ad"]),
        ("-" * 1_000_000, ["-", "-5", "—a"]),
        ("can't " * 150_000, ["can", "can't can", "cannot can not " * 50]),
        ("[" * 500_000 + "(" * 500_000, ["[...](...)" * 1000]),
        ("𝔘" * 500_000, ["𝔘", "𝔘 𝔘 𝔘 𝔘 𝔫"]),
        ("港" * 500_000, ["港" * 100 + "不", "港", "不" * 100]),
        ("a b " * 250_000, ["a … b … " * 300, "b a … a a b"]),
    ],
)  # fmt: skip
def test_hostile_texts_of_a_megabyte(text: str, strings: list[str]) -> None:
    # What grows with the square of a text's length would not come to an end here.
    assert len(ground(text, strings)) == len(strings)


def test_ten_thousand_strings_of_one_text() -> None:
    text = " ".join(f"word{i % 700} of harbour {i} was closed." for i in range(2000))
    strings = [f"word{i % 700} of harbour {i % 2000} was closed" for i in range(10_000)]
    results = ground(text, strings)
    # The others differ in a number.
    assert [bool(result.fragments) for result in results] == [True] * 2000 + [False] * 8000
    assert ground(text, ["of harbour"] * 10_000)[-1].tier == "exact"


def strings_of(*spans: StringSpan, attributions: tuple[Attribution, ...] = ()) -> StringAnnotation:
    return StringAnnotation(doc_id="d", spans=spans, attributions=attributions)


def test_a_source_stands_beside_its_content() -> None:
    text = (
        "First he waited. “No deal,” she told us. “We sail,” he said. “At dawn,” she said.\n\n"
        "Later he left, said nobody."
    )
    spans = [
        StringSpan("q1", "quote", "No deal"),
        StringSpan("q2", "quote", "We sail"),
        StringSpan("q3", "quote", "At dawn"),
        StringSpan("s1", "source", "she"),
        StringSpan("s2", "source", "he"),
        StringSpan("s3", "source", "she"),
        StringSpan("c2", "cue", "said"),
        StringSpan("c3", "cue", "said"),
        StringSpan("t1", "addressee", "us", attributes={}),
    ]
    attributions = (
        Attribution(id="a1", content=["q1"], source=["s1"], addressee=["t1"]),
        Attribution(id="a2", content=["q2"], source=["s2"], cue=["c2"]),
        Attribution(id="a3", content=["q3"], source=["s3"], cue=["c3"]),
    )
    document = Document(doc_id="d", text=text)
    grounded = ground_annotation(document, strings_of(*spans, attributions=attributions))
    starts = {span.id: span.start for span in grounded.annotation.spans}
    assert starts["s1"] == text.index("she told")
    assert starts["s2"] == text.index("he said")
    assert starts["c2"] == text.index("said. “At")
    assert starts["s3"] == text.index("she said")
    assert starts["c3"] == text.index("said.\n")
    assert not list(grounded.annotation.problems_with(document))
    assert grounded.annotation.sha256 == document.sha256
    assert list(grounded.found) == [span.id for span in spans]


def test_a_source_is_out_of_its_content_where_it_can_be() -> None:
    document = Document(doc_id="d", text="He came. “What he wants, he gets,” he said. He left.")
    spans = [StringSpan("q", "quote", "What he wants, he gets"), StringSpan("s", "source", "he")]
    said = Attribution(id="a", content=["q"], source=["s"])
    annotation = ground_annotation(document, strings_of(*spans, attributions=(said,))).annotation
    assert annotation.by_id()["s"].start == document.text.index("he said")
    # A hint overrules the rule.
    spans[1] = StringSpan("s", "source", "he", hint=14)
    annotation = ground_annotation(document, strings_of(*spans, attributions=(said,))).annotation
    assert annotation.by_id()["s"].start == document.text.index("he wants")


def test_labels_do_not_share_places() -> None:
    document = Document(doc_id="d", text="“No,” he said. “No.”")
    spans = [StringSpan("q", "quote", "No"), StringSpan("c", "claim", "No")]
    annotation = ground_annotation(document, strings_of(*spans)).annotation
    assert [span.fragments for span in annotation.spans] == [((1, 3),), ((1, 3),)]


def test_what_is_not_found_stays_a_prediction() -> None:
    document = Document(doc_id="d", text="“No,” he said.")
    spans = [
        StringSpan("q", "quote", "Never in my life", attributes={"form": "direct"}),
        StringSpan("s", "source", "he"),
        StringSpan("t", "source", ""),
    ]
    said = Attribution(id="a", content=["q"], source=["s", "t"])
    grounded = ground_annotation(document, strings_of(*spans, attributions=(said,)))
    assert [(u.id, u.text, u.attributes) for u in grounded.annotation.ungrounded] == [
        ("q", "Never in my life", {"form": "direct"}),
        ("t", "", {}),
    ]
    assert [span.id for span in grounded.annotation.spans] == ["s"]
    assert grounded.annotation.attributions == (said,)
    assert grounded.found["q"] == Found()


def test_strings_of_another_text_are_refused() -> None:
    document = Document(doc_id="d", text="No.")
    with pytest.raises(DataError, match="ground strings in the document they name"):
        ground_annotation(document, StringAnnotation(doc_id="e", spans=()))
    with pytest.raises(DataError, match="only in the text they are from"):
        ground_annotation(document, StringAnnotation(doc_id="d", sha256="0" * 64, spans=()))


@settings(max_examples=100, deadline=None)
@given(news(), st.lists(st.tuples(news(), st.booleans()), min_size=1, max_size=8))
def test_annotations_of_anything_are_valid(text: str, strings: list[tuple[str, bool]]) -> None:
    document = Document(doc_id="d", text=text)
    spans = [
        StringSpan(f"q{i}" if quote else f"s{i}", "quote" if quote else "source", string)
        for i, (string, quote) in enumerate(strings)
    ]
    content = tuple(span.id for span in spans if span.label == "quote")
    source = tuple(span.id for span in spans if span.label == "source")
    said = (Attribution(id="a", content=content, source=source),) if content else ()
    grounded = ground_annotation(document, strings_of(*spans, attributions=said))
    annotation = grounded.annotation
    assert not list(annotation.problems_with(document))
    assert len(annotation.spans) + len(annotation.ungrounded) == len(spans)
    for span in spans:
        check(text, span.text, grounded.found[span.id])


def test_what_says_too_little_is_found_only_beside_a_content_or_hint() -> None:
    text = "Ana Reyes: “We sail”, yes: she gab dies bekannt, at last. " + "Nothing else. " * 30
    assert ground(text, [":", "gab … bekannt"]) == [Found(), Found()]
    wants = [Wanted(":", hint=24), Wanted("gab … bekannt", hint=30), Wanted(":", hint=400)]
    assert [f.fragments for f in ground(text, wants)] == [((25, 26),), ((31, 34), (40, 47)), ()]
    spans = [
        StringSpan("q", "quote", "We sail"),
        StringSpan("c", "cue", ":"),
        StringSpan("d", "cue", "gab … bekannt"),
        StringSpan("e", "cue", "—"),
    ]
    said = Attribution(id="a", content=["q"], cue=["c", "d", "e"])
    document = Document(doc_id="d", text=text)
    grounded = ground_annotation(document, strings_of(*spans, attributions=(said,)))
    assert grounded.found["c"].fragments == ((9, 10),)
    assert grounded.found["d"].fragments == ((31, 34), (40, 47))
    assert grounded.found["e"] == Found()


def test_the_tightest_place_of_an_ellipsis() -> None:
    text = "We said so at the time. Then we all knew that we had to close the port at once."
    assert found(text, "we … close the port") == ("ellipsis", ["we", "close the port"])
    assert ground(text, ["we … close the port"])[0].fragments[0] == (46, 48)


def test_ten_thousand_hinted_strings_share_out_their_places() -> None:
    text = "he said so, " * 3000
    results = ground(text, [Wanted("he said", hint=18_000)] * 2000)
    assert len({result.fragments for result in results}) == 2000


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("A text.", "text"), "str is no sequence of strings; give a list of Wanted or str"),
        (("A text.", None), "NoneType is no sequence of strings"),
        (("A text.", ["text", None]), "NoneType is no string to be found; give Wanted or str"),
        ((None, ["text"]), "NoneType is no text; give a str"),
    ],
)
def test_arguments_of_another_kind_are_refused_by_name(given, said) -> None:
    with pytest.raises(DataError, match=said):
        ground(*given)
