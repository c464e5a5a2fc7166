"""Trivial systems and people on parts of the data: what scoring each by itself gives."""

import math
from itertools import permutations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layers import annotation, documents

from inquit.corpus import Annotation, Document, Layer, Span
from inquit.eval import score
from inquit.eval.extractors.trivial_labels import SEGMENTS, predict
from inquit.eval.slicing.slices import slice_scores

NAMES = ["form", "kind", "nested", "length", "distance", "crosses-paragraph", "language"]
MEASURES = [
    "quote.f1@overlap",
    "attribution.f1@iou50",
    "span.r@exact",
    "source.acc@overlap|content",
]


@st.composite
def people(draw: st.DrawFn) -> tuple[list[Document], list[Annotation], list[Layer]]:
    ids = [f"d{n}" for n in range(draw(st.integers(1, 3)))]
    languages = ["en", "de", "en"]
    docs = [
        Document(doc_id=d.doc_id, text=d.text, language=language)
        for d, language in zip(documents(ids), languages, strict=False)
    ]
    gold = [draw(annotation(i)) for i in ids]
    layers = []
    for name in ("ana", "ben", "cy"):
        kept = draw(st.sets(st.sampled_from(ids)))
        labels = tuple(draw(annotation(i, most=4)) for i in ids if i in kept)
        layers.append(Layer(name=name, kind="human", annotator=name, annotations=labels))
    return docs, gold, layers


@settings(max_examples=30, deadline=None)
@given(people())
def test_each_trivial_system_is_what_slicing_its_labels_gives(drawn) -> None:
    docs, gold, _ = drawn
    found = slice_scores(gold, gold, NAMES, MEASURES, documents=docs, resamples=0)
    for system in SEGMENTS:
        predicted = [predict(system, document) for document in docs]
        alone = slice_scores(
            gold, predicted, NAMES, MEASURES, documents=docs, trivial=False, resamples=0
        )
        for sliced, other in zip(found, alone, strict=True):
            theirs = {part.value: part for part in other.parts}
            for part in sliced.parts:
                row = part.beside.trivial[system]
                assert set(row) <= set(part.scores)
                for name in row:
                    if part.value in theirs:
                        wanted = theirs[part.value].scores[name].value
                        assert row[name] == pytest.approx(wanted, nan_ok=True)
                    else:
                        assert math.isnan(row[name])


@settings(max_examples=60, deadline=None)
@given(people())
def test_people_on_some_documents_are_their_ceiling_there(drawn) -> None:
    docs, gold, layers = drawn
    scored = {"documents": docs, "humans": layers, "resamples": 0}
    for sliced in slice_scores(gold, gold, ["language"], MEASURES, **scored):
        for part in sliced.parts:
            there = {d.doc_id for d in docs if d.language == part.value}
            kept = [a for a in gold if a.doc_id in there]
            whole = score(kept, kept, [sliced.measure], trivial=False, **scored)
            beside = part.beside
            assert beside.human_documents == whole.human_documents
            if whole.human_ceiling is None:
                assert beside.human_ceiling is None
                continue
            [value] = beside.human_ceiling.values()
            assert value == pytest.approx(whole.human_ceiling[str(sliced.measure)], nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(people(), st.sampled_from(NAMES[:-1]), st.sampled_from(MEASURES))
def test_people_on_some_items_are_what_each_finds_of_the_others(drawn, name, measure) -> None:
    docs, gold, layers = drawn
    plain = [a for a in gold if not any(s.label == "ignore" for s in a.spans)]
    known = {a.doc_id for a in plain}
    tp, fn, fp, over = {}, {}, {}, {}
    for one, other in permutations(layers, 2):
        ids = [i for i in one.by_document() if i in other.by_document() and i in known]
        sides = [[without_ignore(x.by_document()[i]) for i in ids] for x in (one, other)]
        if not ids:
            continue
        way = measure.replace(".f1@", ".r@")
        scored = {"documents": docs, "trivial": False, "resamples": 0}
        for part in slice_scores(*sides, [name], [way], **scored)[0].parts:
            [alone] = part.scores.values()
            for counts, found in ((tp, alone.tp), (fn, alone.fn), (fp, alone.fp)):
                counts[part.value] = counts.get(part.value, 0) + int(found.sum())
            if measure.startswith("source"):
                continue
            there = {i for i, n in zip(ids, alone.tp + alone.fn, strict=True) if n}
            over[part.value] = over.get(part.value, set()) | there
    clean = [
        Layer(
            name=layer.name,
            kind="human",
            annotator=layer.annotator,
            annotations=tuple(map(without_ignore, layer.annotations)),
        )
        for layer in layers
    ]
    if not plain:
        return
    [sliced] = slice_scores(
        plain, plain, [name], [measure], documents=docs, humans=clean, trivial=False, resamples=0
    )
    for part in sliced.parts:
        found, count = part.beside.human_ceiling, part.beside.human_documents
        if found is None:
            assert count is None and not tp.get(part.value, 0) + fn.get(part.value, 0)
            continue
        total = sum(counts[part.value] for counts in (tp, fn, fp))
        wanted = tp[part.value] / total if total else math.nan
        assert set(found) >= set(part.scores)
        assert all(value == pytest.approx(wanted, nan_ok=True) for value in found.values())
        if over:
            assert count == len(over[part.value])


def without_ignore(annotation: Annotation) -> Annotation:
    kept = tuple(s for s in annotation.spans if s.label != "ignore")
    return msgspec.structs.replace(annotation, spans=kept)


def test_an_example_by_hand() -> None:
    def labelled(*forms: str | None) -> tuple[Annotation]:
        spans = [
            Span(f"q{n}", "quote", [(10 * n, 10 * n + 8)], {"form": form} if form else {})
            for n, form in enumerate(forms)
            if form != "none"
        ]
        return (Annotation(doc_id="d", spans=spans),)

    # "Said it x. " thrice: sentences of 10 characters, of which gold has the first 8 of each.
    document = Document(doc_id="d", text="Said it x." * 3)
    gold = labelled("direct", "direct", "indirect")
    people = [
        Layer(name="ana", kind="human", annotations=labelled("direct", "none", "indirect")),
        Layer(name="ben", kind="human", annotations=labelled("direct", "direct", "none")),
    ]
    [found] = slice_scores(
        gold,
        labelled("direct", "none", "none"),
        ["form"],
        ["quote.f1@iou50"],
        documents=[document],
        humans=people,
    )
    assert [part.value for part in found.parts] == ["direct", "indirect"]
    direct, indirect = (part.beside for part in found.parts)
    # Direct: ana has 1, which ben has; ben has 2, of which ana has 1.
    assert direct.human_ceiling == {"r": 2 / 3, "p": 2 / 3}
    # Indirect: ana has 1, which ben has not.
    assert indirect.human_ceiling == {"r": 0.0, "p": 0.0}
    assert direct.human_documents == indirect.human_documents == 1
    # The text is one sentence, 30 characters long: no quote of 8 is half of it.
    assert direct.trivial == {name: {"r": 0.0} for name in SEGMENTS}
    told = found.to_json()["parts"][0]
    assert told["trivial"]["nothing"] == {"r": 0.0}
    assert told["human_ceiling"] == {"r": 2 / 3, "p": 2 / 3} and told["human_documents"] == 1


def test_without_texts_or_people_nothing_stands_beside() -> None:
    gold = [Annotation(doc_id="d", spans=[Span("q", "quote", [(0, 5)], {"form": "direct"})])]
    [found] = slice_scores(gold, gold, ["form"], ["quote.f1@exact"])
    assert [part.beside.to_json() for part in found.parts] == [
        {"trivial": {}, "human_ceiling": None, "human_documents": None}
    ]
