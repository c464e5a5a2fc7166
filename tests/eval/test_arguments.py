"""Arguments that are not of their kind are refused, and notes say what is undefined."""

from __future__ import annotations

import pytest
from datasets import Dataset, DatasetDict
from results import result as result_of
from results import some_counts

from inquit.corpus import Annotation, Attribution, DataError, Document, Layer, Span
from inquit.corpus.errors import InquitError
from inquit.eval import (
    HEADLINE,
    attribution_f1_score,
    attribution_report,
    compare_results,
    errors_of,
    matches,
    score,
    sentence_average_precision_score,
    sentence_f1_score,
    slice_scores,
    span_classification_report,
    span_f1_score,
)

TEXT = "“We sail,” said Ana Reyes."
DOCS = [Document(doc_id=f"d{i}", text=TEXT) for i in range(12)]
SPANS = [Span("q", "quote", [(0, 10)]), Span("s", "source", [(16, 25)])]
GOLD = [
    Annotation(
        doc_id=d.doc_id,
        spans=SPANS,
        attributions=[Attribution(id="a", content=["q"], source=["s"])],
    )
    for d in DOCS
]
SPLITS = DatasetDict({"test": Dataset.from_list([{"doc_id": "d0", "spans": []}])})


@pytest.mark.parametrize("labels", [None, "abc", 5, SPLITS, {"a": 1}, [None], GOLD[0]])
def test_what_is_no_label_is_refused(labels) -> None:
    for call in (
        lambda: score(labels, GOLD),
        lambda: score(GOLD, labels),
        lambda: slice_scores(GOLD, labels, ["form"]),
        lambda: matches(labels, GOLD, "quote.f1@exact"),
        lambda: span_f1_score(labels, GOLD),
        lambda: attribution_f1_score(GOLD, labels),
        lambda: span_classification_report(labels, GOLD),
        lambda: attribution_report(GOLD, labels),
        lambda: sentence_f1_score(labels, GOLD),
        lambda: sentence_average_precision_score(labels, [[]]),
        lambda: errors_of(DOCS, labels, {}),
    ):
        with pytest.raises(DataError):
            call()


def test_the_splits_of_a_dataset_are_named() -> None:
    with pytest.raises(DataError, match=r"give one of what it holds \(test\)"):
        score(SPLITS, GOLD)


def test_of_an_empty_mapping_nothing_is_named() -> None:
    with pytest.raises(DataError, match=r"dict is not a form.*give a Layer, a sequence"):
        score({}, GOLD)


@pytest.mark.parametrize("documents", ["abc", 5, ["d0"], {"d0": TEXT}, GOLD])
def test_what_is_no_document_is_refused(documents) -> None:
    for call in (
        lambda: score(GOLD, GOLD, documents=documents),
        lambda: slice_scores(GOLD, GOLD, ["form"], documents=documents),
        lambda: span_f1_score(GOLD, GOLD, documents=documents),
        lambda: errors_of(documents, GOLD, {}),
    ):
        with pytest.raises(DataError, match="not a form that documents come in"):
            call()


@pytest.mark.parametrize(
    "asked",
    [
        *({"confidence": x} for x in (95, 0, 1, -0.5, float("nan"), None, "0.95", True)),
        *({"resamples": x} for x in (-1, 1.5, None, "100", True)),
        *({"seed": x} for x in (-1, 0.5, None, "a")),
    ],
)
def test_what_draws_no_interval_is_refused(asked) -> None:
    [name] = asked
    one = result_of({HEADLINE: some_counts(1)})
    for call in (
        lambda: score(GOLD, GOLD, **asked),
        lambda: slice_scores(GOLD, GOLD, ["form"], **asked),
        lambda: compare_results(one, one, **asked),
    ):
        with pytest.raises(DataError, match=f"{name} is"):
            call()


@pytest.mark.parametrize("resamples", [0, 1, 2, 3, 50, 99])
def test_too_few_draws_tell_nothing(resamples) -> None:
    one = result_of({HEADLINE: some_counts(1)})
    for call in (
        lambda: score(GOLD, GOLD, resamples=resamples),
        lambda: slice_scores(GOLD, GOLD, ["form"], resamples=resamples),
    ):
        if resamples:
            with pytest.raises(DataError, match="give 100 or more, or 0 for no intervals"):
                call()
        else:
            call()
    with pytest.raises(DataError, match=f"resamples is {resamples}; give 100 or more$"):
        compare_results(one, one, resamples=resamples)
    assert compare_results(one, one, resamples=100).resamples == 100


@pytest.mark.parametrize("given", ["warn", None, True, [0]])
def test_only_a_number_stands_for_what_is_undefined(given) -> None:
    for function in (
        span_f1_score,
        attribution_f1_score,
        span_classification_report,
        attribution_report,
        sentence_f1_score,
    ):
        with pytest.raises(DataError, match="zero_division is"):
            function(GOLD, GOLD, zero_division=given)
    with pytest.raises(DataError, match="zero_division is"):
        sentence_average_precision_score(GOLD, [[]] * 12, zero_division=given)
    assert sentence_f1_score(GOLD, GOLD, zero_division=1) == 1


def test_other_arguments_of_another_kind_are_refused() -> None:
    one = result_of({HEADLINE: some_counts(1)})
    for call in (
        lambda: score(GOLD, GOLD, None),
        lambda: score(GOLD, GOLD, documents=DOCS, humans=["ana"]),
        lambda: score(
            GOLD, GOLD, documents=DOCS, humans=Layer(name="a", kind="human", annotations=GOLD)
        ),
        lambda: slice_scores(GOLD, GOLD, None),
        lambda: slice_scores(GOLD, GOLD, [3]),
        lambda: errors_of(DOCS, GOLD, GOLD),
        lambda: compare_results(one, None),
        lambda: compare_results("a.json", one),
        lambda: sentence_average_precision_score(GOLD, None),
    ):
        with pytest.raises(InquitError):
            call()


def test_a_note_says_that_predictions_hold_no_attribution() -> None:
    told = "the predictions hold no attribution"
    spans = [Annotation(doc_id=d.doc_id, spans=SPANS) for d in DOCS]
    names = [HEADLINE, "quote.f1@exact", "source.acc@overlap|content"]
    [note] = [n for n in score(GOLD, spans, names).notes if told in n]
    assert note.startswith(f"{HEADLINE}, source.acc@overlap|content: ")
    assert "give 'attributions' beside 'spans'" in note
    nothing = [Annotation(doc_id=d.doc_id, spans=()) for d in DOCS]
    for gold, found, measures in (
        (GOLD, GOLD, names),
        (GOLD, spans, names[1:2]),
        (GOLD, nothing, names),
        (spans, spans, names),
        (GOLD, [*spans[1:], GOLD[0]], names),
    ):
        assert not any(told in note for note in score(gold, found, measures).notes)


def test_notes_count_as_people_do() -> None:
    def notes(count: int) -> str:
        ignored = [Span("i", "ignore", [(0, 12)])]
        worthy = [Span("c", "claim", [(0, 5)], {"granularity": "sentence"})]
        gold = [
            Annotation(doc_id=d.doc_id, spans=[*SPANS, *ignored * (i < count)])
            for i, d in enumerate(DOCS[: 12 - count])
        ]
        found = [
            Annotation(doc_id=d.doc_id, spans=worthy * (i < count))
            for i, d in enumerate(DOCS[: 12 - count])
        ]
        return "\n".join(
            score(gold, found, ["quote.f1@exact", "claim.f1@exact"], documents=DOCS).notes
        )

    for count, noun in ((1, ""), (2, "s")):
        told = notes(count)
        assert f"in ignored regions: up to {count} label{noun} of a measure" in told
        assert f"not scored: {count} more document{noun} that" in told
        assert f"not scored as spans: {count} claim{noun} of" in told


def test_a_model_is_no_person() -> None:
    gold = [Annotation(doc_id="d", spans=())]
    model = Layer(name="llm", kind="model", annotations=gold)
    with pytest.raises(DataError, match="layer 'llm' is of kind model, and no person's; give"):
        score(gold, gold, ["quote.f1@exact"], humans=[model])
