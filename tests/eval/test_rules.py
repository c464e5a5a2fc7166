"""The rule extractor, phenomenon by phenomenon, on texts written for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from generators import documents, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from inquit.corpus import Document
from inquit.eval.extractors.base import ParameterError
from inquit.eval.extractors.reading.quotation_marks import quotations
from inquit.eval.extractors.rules import RuleExtractor

SEED = Path(__file__).parents[2].parent / "shared" / "data" / "seed-article" / "article.txt"


def read(text: str, **parameters) -> list[tuple[str, str, str]]:
    """Return (source, cue, content) of each attribution, fragments joined with ' | '."""
    document = Document(doc_id="d", text=text)
    annotation = RuleExtractor(**parameters).predict([document])[0]
    spans = annotation.by_id()

    def words(ids: tuple[str, ...]) -> str:
        return " + ".join(" | ".join(document.slice(spans[i])) for i in ids)

    return [(words(a.source), words(a.cue), words(a.content)) for a in annotation.attributions]


def marked(text: str) -> list[str]:
    return [" | ".join(text[s:e] for s, e in q.fragments) for q in quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Yes," he said. "No."', ['"Yes,"', '"No."']),
        ("“Yes,” he said.", ["“Yes,”"]),
        ("‘It’s the dogs’ bowl,’ he said of ‘it’.", ["‘It’s the dogs’ bowl,’", "‘it’"]),
        (
            "'It's the '90s,' she said. 'Rock 'n' roll,' he said.",
            ["'It's the '90s,'", "'Rock 'n' roll,'"],
        ),
        ("‘In the ’90s we left,’ she said.", ["‘In the ’90s we left,’"]),
        ("The dogs’ bowl wasn’t the cats’ bowl.", []),
        ("The boat is 5' 10\" long, not 6'.", []),
        ("„Ja“, sagte er. „Nein”, sagte sie.", ["„Ja“", "„Nein”"]),
        ("‚Ja‘, sagte er.", ["‚Ja‘"]),
        ("»Ja«, sagte er. «Oui», dit-il. « Non », dit-elle.", ["»Ja«"]),
        ("«Oui», dit-il. « Non ! », dit-elle. ‹Si›.", ["«Oui»", "« Non ! »", "‹Si›"]),
        ("”Ja”, sade hon. »Nej», sade han.", ["”Ja”", "»Nej»"]),
        ("``Yes,'' he said. ''No,'' she said.", ["``Yes,''", "''No,''"]),
        ("“He said ‘no’ [twice],” she said.", ["“He said ‘no’ [twice],”"]),
        ("“One.\n\n“Two.\n\n“Three,” he said.", ["“One. | “Two. | “Three,”"]),
        ("“Never closed.\n\nThe end.", ["“Never closed."]),
        ("It was “never closed.\n\nThe end.", []),
        ('""', []),
    ],
)
def test_quotation_marks(text, expected):
    found = marked(text)
    assert [q for q in found if q in expected] == expected
    assert len(found) <= len(expected) + 1


def test_quotations_know_how_deep_they_lie():
    found = quotations("“He said ‘read “Dawn” now’,” she said. “So?”")
    assert [q.depth for q in found] == [0, 1, 2, 0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The cue behind the quotation.
        ("“We sail at dawn,” Ana Reyes said.", ("Ana Reyes", "said", "“We sail at dawn,”")),
        ("“We sail at dawn,” said Ana Reyes.", ("Ana Reyes", "said", "“We sail at dawn,”")),
        (
            "“We sail,” said Ana Reyes, the port’s chief engineer, on Monday.",
            ("Ana Reyes, the port’s chief engineer, on Monday", "said", "“We sail,”"),
        ),
        (
            "“We sail,” Ana Reyes, the port’s chief engineer, told reporters in Port Varrow.",
            ("Ana Reyes, the port’s chief engineer", "told", "“We sail,”"),
        ),
        ("“Is it late?” she asked.", ("she", "asked", "“Is it late?”")),
        ("“Is it late?” Mr. Lund asked.", ("Mr. Lund", "asked", "“Is it late?”")),
        ("“Look!” he has often shouted.", ("he", "has | shouted", "“Look!”")),
        ("‘It’s the dogs’ bowl,’ he said.", ("he", "said", "‘It’s the dogs’ bowl,’")),
        ("„We sail“, said Reyes.", ("Reyes", "said", "„We sail“")),
        ("« We sail », said Reyes.", ("Reyes", "said", "« We sail »")),
        (
            "“We [the crew] sail (if the wind lets us),” he said.",
            ("he", "said", "“We [the crew] sail (if the wind lets us),”"),
        ),
        # The cue before it.
        ("Reyes said: “We sail.”", ("Reyes", "said", "“We sail.”")),
        ("Reyes replied, “We sail.”", ("Reyes", "replied", "“We sail.”")),
        ("Reyes added in a letter: “We sail.”", ("Reyes", "added", "“We sail.”")),
        ("The harbour office wrote:\n\n“We sail.”", ("The harbour office", "wrote", "“We sail.”")),
        ("Ana Reyes: “We sail.”", ("Ana Reyes", ":", "“We sail.”")),
        (
            "“We sail at dawn and not before.” — Ana Reyes",
            ("Ana Reyes", "—", "“We sail at dawn and not before.”"),
        ),
        # Parts.
        ("“We sail,” he said, “at dawn.”", ("he", "said", "“We sail,” | “at dawn.”")),
        ("“We sail,” he said. “At dawn.”", ("he", "said", "“We sail,” | “At dawn.”")),
        (
            "“We sail,” he said.\n\n“At dawn.”",
            ("he", "said", "“We sail,” | “At dawn.”"),
        ),
        (
            "“We sail.\n\n“The wind is good.\n\n“At dawn,” said Reyes.",
            ("Reyes", "said", "“We sail. | “The wind is good. | “At dawn,”"),
        ),
        (
            "Reyes said: ‘We sail.\n\n‘It’s good.\n\n‘At dawn.’",
            ("Reyes", "said", "‘We sail. | ‘It’s good. | ‘At dawn.’"),
        ),
        # Without quotation marks.
        ("Reyes said that the boat had sailed.", ("Reyes", "said", "that the boat had sailed")),
        ("The union says the boat has sailed.", ("The union", "says", "the boat has sailed")),
        (
            "Ana Reyes, who runs the port, said on Monday that it was safe.",
            ("Ana Reyes, who runs the port", "said", "that it was safe"),
        ),
        (
            "In a letter to the crew, Reyes argued that it was late.",
            ("Reyes", "argued", "that it was late"),
        ),
        ("Reyes has denied that she knew.", ("Reyes", "has denied", "that she knew")),
        ("They did not say whether it sailed.", ("They", "did not say", "whether it sailed")),
        ("Reyes called it “a disgrace”.", ("Reyes", "called", "it “a disgrace”")),
        (
            "Reyes said the plan was “a disgrace” and would fail.",
            ("Reyes", "said", "the plan was “a disgrace” and would fail"),
        ),
        ("She promised to pay the crew.", ("She", "promised", "to pay the crew")),
        ("The boat had sailed, Reyes said.", ("Reyes", "said", "The boat had sailed")),
        ("The boat, she said, had sailed.", ("she", "said", "The boat | had sailed")),
        ("As Reyes put it, the boat was old.", ("Reyes", "put it", "the boat was old")),
        (
            "According to the harbour office, the boat sank.",
            ("the harbour office", "According to", "the boat sank"),
        ),
        (
            "According to Ana Reyes, the chief engineer, the boat sank.",
            ("Ana Reyes, the chief engineer", "According to", "the boat sank"),
        ),
        (
            "The boat sank, according to two people on the quay.",
            ("two people on the quay", "according to", "The boat sank"),
        ),
        (
            "The boat, according to Reyes, sank.",
            ("Reyes", "according to", "The boat | sank"),
        ),
        # No source.
        ("The crew has reportedly left.", ("", "reportedly", "The crew has | left")),
        (
            "The crew are understood to have left.",
            ("", "are understood", "The crew | to have left"),
        ),
        ("Asked whether it sank, Reyes left.", ("", "Asked", "whether it sank")),
        ("He was told that it had sunk.", ("", "was told", "that it had sunk")),
    ],
)
def test_one_attribution(text, expected):
    assert read(text) == [expected]


def test_two_statements_in_a_sentence_stay_apart():
    assert read("Reyes said that it sank, but the crew insisted that it was afloat.") == [
        ("Reyes", "said", "that it sank"),
        ("the crew", "insisted", "that it was afloat"),
    ]
    assert read("“It sank,” Reyes said, adding that it was old.") == [
        ("Reyes", "said", "“It sank,”"),
        ("Reyes", "adding", "that it was old"),
    ]


def test_scare_quotes_titles_and_nouns_are_no_quotes():
    assert read("The “elite unit” of the harbour left for the “Evening Star”.") == []
    assert (
        read("The United States left. The claims of the union and its plans came to naught.") == []
    )


def test_a_long_quotation_without_a_cue_is_a_quote_without_a_source():
    text = "There it stood: “We have never seen a boat as old as that one.” So it was."
    assert read(text)[0][2] == "“We have never seen a boat as old as that one.”"
    long = "“We have never seen a boat as old as that one, ever.”"
    assert read(long) == [("", "", long)]
    assert read(long, uncued_words=50) == []


def test_addressees_forms_and_media_are_labelled():
    document = Document(
        doc_id="d",
        text="Reyes told the council that it sank. “It did,” she wrote. He thinks so too.",
    )
    spans = RuleExtractor().predict([document])[0].spans
    found = {s.label: document.slice(s)[0] for s in spans if s.label == "addressee"}
    assert found == {"addressee": "the council"}
    quotes = [s.attributes for s in spans if s.label == "quote"]
    assert quotes[:2] == [
        {"form": "indirect", "medium": "speech"},
        {"form": "direct", "medium": "writing"},
    ]
    mixed = RuleExtractor().predict([Document(doc_id="d", text="She said it was “a disgrace”.")])
    assert mixed[0].spans[-1].attributes["form"] == "mixed"


def test_what_is_attributed_inside_a_quotation_is_nested():
    text = "“The nurse told us that it was over,” said Reyes."
    assert read(text) == [
        ("Reyes", "said", "“The nurse told us that it was over,”"),
        ("The nurse", "told", "that it was over"),
    ]
    assert len(read(text, nested=False)) == 1
    inner = "“He shouted ‘Get out of the water’ and ran,” she said."
    assert ("He", "shouted", "‘Get out of the water’") in read(inner)


def test_parameters_do_what_they_say():
    text = "Reyes said that it sank. “It sank,” she said. Reyes said it was “very old”."
    assert len(read(text)) == 3
    assert [content for _, _, content in read(text, indirect=False)] == [
        "“It sank,”",
        "it was “very old”",
    ]
    unknown = "“It sank,” she blurted."
    assert read(unknown) == []
    assert read(unknown, cues=["blurt"]) == [("she", "blurted", "“It sank,”")]


def test_pronouns_share_no_span_but_one_source_may_say_two_things():
    document = Document(doc_id="d", text="Reyes said it sank and added that it was old.")
    annotation = RuleExtractor().predict([document])[0]
    assert len(annotation.attributions) == 2
    assert sum(s.label == "source" for s in annotation.spans) == 1


@settings(max_examples=200)
@given(documents())
def test_any_text_is_read(document):
    annotation = RuleExtractor().predict([document])[0]
    assert annotation == RuleExtractor().predict([document])[0]
    assert not list(annotation.problems_with(document))


OWN = (
    "“ ” ‘ ’ \" ' , . : — ; ( ) said told asked that to the he who according reportedly was by and "
    "“A, ” B.” Reyes claims saying been in Monday \n\n it's ["
)
WORDS = st.sampled_from(OWN.split(" "))


@settings(max_examples=300)
@given(st.lists(WORDS, max_size=60).map(" ".join), st.booleans())
def test_any_row_of_its_own_words_is_read(text, indirect):
    document = Document(doc_id="d", text=text)
    annotation = RuleExtractor(indirect=indirect).predict([document])[0]
    for span in annotation.spans:
        for words in document.slice(span):
            assert words == words.strip()


@given(texts())
def test_quotations_lie_in_the_text_and_never_cross(text):
    found = quotations(text)
    for q in found:
        assert all(0 <= s < e <= len(text) for s, e in q.fragments)
    bounds = [(q.fragments[0][0], q.fragments[-1][1]) for q in found]
    for s, e in bounds:
        assert not any(s < a < e < b for a, b in bounds)


HOSTILE = (
    '"', "‘", "’ ", "“a” ", "''", '"\n', "said ", "he said, ", "who said ", ", ", "(", ". ", "a-",
    "according to ", "was said to ", "reportedly ", "A: “b” ", "told a ", "Mr. ", "—“a” ",
)  # fmt: skip


def test_long_hostile_text_is_read():
    text = "\n\n".join(piece * (8_000 // len(piece)) for piece in HOSTILE)
    document = Document(doc_id="d", text=text)
    found = RuleExtractor().extract(document)
    assert list(found.problems_with(document)) == []


def test_the_article_that_the_project_started_from():
    if not SEED.is_file():
        pytest.skip("../shared/data/seed-article is not here")
    text = SEED.read_bytes().decode()
    found = read(text)
    contents = [content for _, _, content in found]
    assert sum(content.count(" | ") >= 2 and content.startswith("‘") for content in contents) == 2
    assert not any(content.startswith("‘elite") for content in contents)
    assert sum(cue in ("reportedly", "are understood") for _, cue, _ in found) >= 2


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"cues": "abc"}, "cues is 'abc'; give a list of verbs"),
        ({"cues": [1, 2]}, "cues holds 1; give a list of verbs"),
        ({"cues": 5}, "cues is 5"),
        ({"cues": iter(["hum"])}, "cues is <list_iterator"),
        ({"indirect": 3}, "indirect is 3; give true or false"),
        ({"uncued_words": -1, "nested": None}, "nested is None.*\nuncued_words is -1"),
        ({"uncued_words": True}, "uncued_words is True"),
    ],
)
def test_wrong_parameters_are_refused_at_once(parameters, message):
    with pytest.raises(ParameterError, match=message):
        RuleExtractor(**parameters).predict([])


def test_parameters_of_numpy_are_taken():
    made = RuleExtractor(cues=np.array(["hum"]), nested=np.bool_(False), uncued_words=np.int64(3))
    assert made.predict([Document(doc_id="d", text="Ana hums that we sail.")])[0].spans
