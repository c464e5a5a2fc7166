"""The report in a real Chromium: its error browser, its keys and addresses, and hostile words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from generators import annotations, documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import PAYLOADS, RUNS, Chromium, audit, chromium, guarded

from inquit.corpus import (
    Annotation,
    Attribution,
    Corpus,
    CorpusInfo,
    Document,
    Layer,
    Span,
    Ungrounded,
)
from inquit.eval.errors import errors_of
from inquit.eval.extractors.trivial import Nothing
from inquit.eval.measures import HEADLINE
from inquit.eval.report.cut import short
from inquit.eval.report.inputs import Input
from inquit.eval.report.page import report
from inquit.eval.result import PredictionsFile, System, Usage
from inquit.eval.run import run, task

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
TEXT = "“Crane 5 has failed,” Mara Quill said. The port denied that. A clerk wrote of rust."


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with chromium() as found:
        yield found


def quote(start: int, end: int, name: str = "q", form: str = "direct") -> Span:
    return Span(name, "quote", [(start, end)], {"form": form})


def labelled(doc_id: str, spans: list[Span], *said: Attribution, **more: Any) -> Annotation:
    return Annotation(doc_id=doc_id, spans=spans, attributions=said, **more)


def written(
    folder: Path,
    pairs: list[tuple[Document, Annotation]],
    systems: dict[str, dict[str, Annotation] | None],
    **changes: Any,
) -> Path:
    """Write a report of made-up predictions; changes go into each result."""
    docs = [document for document, _ in pairs]
    gold = Layer(name="gold", kind="human", annotations=[a for _, a in pairs])
    corpus = Corpus(CorpusInfo(name=changes.pop("corpus", "quays")), docs, [gold])
    inputs = []
    for number, (name, predicted) in enumerate(systems.items()):
        made = run(Nothing(), task(corpus, "all"), measures=[HEADLINE], resamples=100).result
        system = changes.get("system") or System(name=name)
        result = msgspec.structs.replace(made, **{**changes, "system": system})
        inputs.append(Input(Path(f"{number}.json"), result, predicted))
    path = folder / "report.html"
    path.write_text(report(inputs, corpus), "utf-8", newline="")
    return path


@pytest.fixture(scope="module")
def quays(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of three documents: several errors, one, none; two systems, the second is empty."""
    docs = [
        Document(doc_id="many", text=TEXT, title="Crane", meta={"phenomena": ["denial", "rust"]}),
        Document(doc_id="one", text=TEXT, title="Port <b>", meta={"phenomena": ["rust"]}),
        Document(doc_id="fine & well", text=TEXT, title="Zinc", meta={"phenomena": ["x", "y"]}),
    ]
    source, cue = Span("s", "source", [(22, 32)]), Span("u", "cue", [(33, 37)])
    said = Attribution(id="a", content=["q"], source=["s"], cue=["u"])
    gold = [
        labelled("many", [quote(0, 21), source, cue, quote(61, 82, "r", "indirect")], said),
        labelled("one", [quote(0, 21), source, cue], said),
        labelled("fine & well", [quote(0, 21), source, cue], said),
    ]
    found = {
        "many": labelled(
            "many",
            [quote(0, 15), Span("s", "source", [(39, 47)]), Span("k", "claim", [(39, 59)])],
            Attribution(id="a", content=["q"], source=["s"]),
            Attribution(id="b", content=["lost"]),
            ungrounded=[Ungrounded("lost", "quote", "never <i>said</i>")],
        ),
        "one": labelled("one", [quote(0, 21, form="mixed"), source, cue], said),
        "fine & well": labelled("fine & well", [quote(0, 21), source, cue], said),
    }
    return written(
        tmp_path_factory.mktemp("quays"),
        list(zip(docs, gold, strict=True)),
        {"first": found, "second": {}},
    )


def titles(page: Any) -> list[str]:
    return page.locator(".vw-row bdi").all_text_contents()


def kind(page: Any, name: str) -> Any:
    return page.locator(".vw-kind", has_text=name)


def test_documents_are_listed_by_their_errors(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#view=documents")
    assert titles(page) == ["Crane", "Port <b>", "Zinc"]
    counts = page.locator(".vw-row-count").all_text_contents()
    assert counts == ["4 errors", "1 error", "0 errors"]
    assert page.locator("#vw-count").inner_text() == "3 documents, 5 errors"
    told = page.locator(".vw-kind").all_inner_texts()
    assert told == [
        "missed 1", "spurious 2", "boundary 1", "wrong form 1", "wrong source 1", "unlinked 0",
        "ungrounded 1", "correct 1", "not scored 0",
    ]  # fmt: skip
    chips = page.locator(".vw-finding .vw-chips").all_inner_texts()
    assert sorted(chips) == [
        "boundary wrong source attribution", "missed quote", "spurious claim",
        "spurious ungrounded attribution",
    ]  # fmt: skip
    page.select_option("#vw-sort", "title")
    page.select_option("#vw-sort", "given")
    assert titles(page) == ["Crane", "Port <b>", "Zinc"]
    audit(page)
    page.context.close()


def test_filters_narrow_documents_and_errors(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#view=documents")
    kind(page, "wrong form").click()
    assert titles(page) == ["Port <b>"]
    assert page.locator("#vw-count").inner_text() == "1 of 3 documents, 1 error"
    assert page.locator("#vw-title").inner_text() == "Port <b>"
    assert "kind=wrong+form" in page.url
    kind(page, "missed").click()
    assert titles(page) == ["Crane", "Port <b>"]
    page.click("#vw-clear")
    assert titles(page) == ["Crane", "Port <b>", "Zinc"]
    assert page.locator(".vw-row[aria-current]").all_text_contents() == ["Port <b>failed1 error"]
    page.select_option("#vw-target", "claim")
    assert titles(page) == ["Crane"]
    assert page.locator("#vw-target option:checked").inner_text() == "claim (1)"
    page.select_option("#vw-target", "")
    assert page.locator("#vw-slice option[value='form=indirect']").inner_text() == "indirect (1)"
    page.select_option("#vw-slice", "form=indirect")
    assert page.locator(".vw-finding").count() == 1
    assert "clerk" in page.locator(".vw-finding").inner_text()
    page.click("#vw-clear")
    page.select_option("#vw-tag", "meta.phenomena=denial")
    assert titles(page) == ["Crane"]
    page.click("#vw-clear")
    page.fill("#vw-search", "WELL")
    assert titles(page) == ["Zinc"]
    assert "No errors in this document" in page.locator("#vw-findings-count").inner_text()
    page.fill("#vw-search", "nothing like it")
    assert titles(page) == []
    kind(page, "correct").click()
    page.fill("#vw-search", "")
    assert titles(page) == ["Zinc"]
    assert browser.quiet()
    page.context.close()


def test_an_error_may_count_as_a_hit(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#doc=many")
    assert page.locator("#vw-hits").is_hidden()
    page.locator(".vw-row", has_text="Port").click()
    chips = page.locator(".vw-finding .vw-chips").inner_text()
    assert chips.split() == ["wrong", "form", "✓", "a", "hit", "attribution"]
    assert "true positives of attribution.f1@iou50" in page.locator("#vw-hits").inner_text()
    told = page.locator("#vw-hit option").all_inner_texts()
    assert told == ["either way", "as a hit (2)", "as no hit (4)"]
    page.select_option("#vw-hit", "yes")
    assert titles(page) == ["Port <b>", "Zinc"]
    assert page.locator("#vw-count").inner_text() == "2 of 3 documents, 2 items"
    assert page.locator("#vw-target option").nth(1).inner_text() == "attribution (2)"
    assert "hit=yes" in page.url
    kind(page, "wrong form").click()
    assert titles(page) == ["Port <b>"]
    page.select_option("#vw-hit", "no")
    assert titles(page) == []
    kind(page, "wrong form").click()
    assert titles(page) == ["Crane"]
    assert page.locator(".vw-finding").count() == 4
    page.reload()
    assert page.locator("#vw-hit").input_value() == "no"
    page.click("#vw-clear")
    assert titles(page) == ["Crane", "Port <b>", "Zinc"]
    audit(page)
    assert browser.quiet()
    page.context.close()


def test_a_finding_is_shown_on_both_sides(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#doc=many")
    page.locator(".vw-finding", has_text="boundary").click()
    lit = page.locator(".vw-on").all_text_contents()
    assert lit == ["“Crane 5 has failed,”", "Mara Quill", "said", "“Crane 5 has f", "The port"] or (
        set(lit) >= {"“Crane 5 has failed,”", "Mara Quill", "said", "The port"}
    )
    assert page.locator("path.vw-line-gold").count() == 2
    assert page.locator("path.vw-line-predicted").count() == 1
    assert page.locator("path.vw-line-source").count() == 2
    lost = page.locator("#vw-ungrounded")
    assert "Not in the text" in lost.inner_text()
    assert "never <i>said</i>" in lost.inner_text()
    page.locator(".vw-finding", has_text="ungrounded").click()
    assert page.locator("#vw-ungrounded .vw-on").count() == 1
    page.locator(".vw-pane-gold .iq-quote").first.click()
    assert "boundary" in page.locator(".vw-finding[aria-current]").inner_text()
    page.keyboard.press("o")
    assert page.locator(".vw-pane").count() == 1
    assert page.locator(".vw-over .vw-predicted.iq-source").count() == 1
    assert "boundary" in page.locator(".vw-finding[aria-current]").inner_text()
    audit(page)
    page.context.close()


def test_what_gold_has_is_never_spurious(browser: Chromium, tmp_path: Path) -> None:
    said = Attribution(id="a", content=["q"], source=["s"])
    gold = labelled("d", [quote(0, 21), Span("s", "source", [(22, 32)])], said)
    found = labelled(
        "d", [quote(0, 15)], said, ungrounded=[Ungrounded("s", "source", "Nobody Here")]
    )
    path = written(tmp_path, [(Document(doc_id="d", text=TEXT), gold)], {"mine": {"d": found}})
    page = browser.open(path, "#doc=d")
    kinds = page.locator(".vw-finding .vw-chip").all_inner_texts()
    assert kinds == ["boundary", "wrong source", "ungrounded"]
    told = "(all) => all.map((e) => e.getAttribute('aria-label'))"
    names = page.locator(".vw-text [role=group]").evaluate_all(told)
    assert names == [
        "gold, quote q, form direct, differs", "gold, source s, differs",
        "predicted, quote q, form direct, differs",
    ]  # fmt: skip
    tags = page.locator(".vw-pane-gold [data-tag]").evaluate_all(
        "(a) => a.map((e) => e.dataset.tag)"
    )
    assert tags == ["q ≠", "s ≠"]
    assert page.locator(".vw-text .vw-spurious").count() == 0
    assert browser.quiet()
    page.context.close()


def test_keys_walk_through_documents_and_errors(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#view=documents")
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert page.locator(".vw-finding").nth(1).evaluate("(e) => e === document.activeElement")
    page.keyboard.press("p")
    assert page.locator(".vw-finding").nth(0).get_attribute("aria-current") == "true"
    page.keyboard.press("j")
    assert page.locator("#vw-title").inner_text() == "Port <b>"
    assert "Port <b>, 1 error" in page.locator("#vw-said").inner_text()
    page.keyboard.press("k")
    assert page.locator("#vw-title").inner_text() == "Crane"
    page.keyboard.press("/")
    page.keyboard.type("jknpo?/")
    assert page.locator("#vw-search").input_value() == "jknpo?/"
    assert not page.locator("#vw-help").is_visible()
    page.fill("#vw-search", "")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#vw-help").is_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    assert not page.locator("#vw-help").is_visible()
    assert page.locator("#vw-title").inner_text() == "Crane"
    page.locator(".vw-row").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.locator(".vw-row").nth(1).evaluate("(e) => e === document.activeElement")
    page.keyboard.press("Control+j")
    assert page.locator("#vw-title").inner_text() == "Port <b>"
    assert browser.quiet()
    page.context.close()


def test_keys_of_a_single_character_can_be_switched_off(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#view=documents")
    page.click("#vw-keys")
    page.get_by_label("Single-character keys on").uncheck()
    page.keyboard.press("Escape")
    for _ in range(2):
        for pressed in "jnop/?":
            page.keyboard.press(pressed)
        assert page.locator("#vw-title").inner_text() == "Crane"
        assert page.locator(".vw-finding[aria-current]").count() == 0
        assert page.locator(".vw-pane").count() == 2
        assert not page.locator("#vw-help").is_visible()
        assert not page.locator("#vw-search").evaluate("(e) => e === document.activeElement")
        page.reload()
    page.locator(".vw-row").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("#vw-title").inner_text() == "Port <b>"
    page.click("#vw-keys")
    box = page.get_by_label("Single-character keys on")
    assert not box.is_checked()
    box.check()
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    assert page.locator("#vw-title").inner_text() == "Crane"
    assert browser.quiet()
    page.context.close()


def test_keys_can_be_switched_off_where_nothing_is_kept(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#view=documents")
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('no'); } })"
    )
    page.reload()
    page.keyboard.press("?")
    page.get_by_label("Single-character keys on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.locator("#vw-title").inner_text() == "Crane"
    assert browser.quiet()
    page.context.close()


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_scrolls_sideways_on_a_small_screen(
    browser: Chromium, tmp_path: Path, width: int
) -> None:
    docs = [Document(doc_id=f"d{n}", text=TEXT, publisher="AB"[n % 2]) for n in range(24)]
    said = Attribution(id="a", content=["q"])
    gold = [labelled(d.doc_id, [quote(0, 21)], said) for d in docs]
    found = {a.doc_id: a for a in gold}
    path = written(tmp_path, list(zip(docs, gold, strict=True)), {"mine": found, "other": {}})
    page = browser.open(path, viewport={"width": width, "height": 640}, has_touch=True)
    assert " to " in page.locator(".chart.headline").inner_text(), "there are intervals"
    for fragment in ("view=scores", "view=documents", "doc=nosuch"):
        page.evaluate(f"location.hash = '{fragment}'")
        page.locator("#systems" if "scores" in fragment else "#vw-title").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, fragment
    page.locator("#vw-absent").get_by_text("nosuch").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click("#vw-keys")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


@pytest.mark.parametrize("width", [320, 390])
def test_the_headline_is_seen_on_a_phone_without_scrolling(
    browser: Chromium, tmp_path: Path, width: int
) -> None:
    docs = [Document(doc_id=f"d{n}", text=TEXT) for n in range(24)]
    said = Attribution(id="a", content=["q"])
    gold = [labelled(d.doc_id, [quote(0, 21)], said) for d in docs]
    half = {a.doc_id: a for a in gold[:9]}
    path = written(
        tmp_path,
        list(zip(docs, gold, strict=True)),
        {"a system of many words and Donaudampfschifffahrtskapitäne": half, "W" * 90: {}},
        human_ceiling={HEADLINE: 0.9},
    )
    page = browser.open(path, viewport={"width": width, "height": 640}, has_touch=True)
    heads = page.locator(".systems thead th").all_inner_texts()
    assert heads[0] == "system" and heads[1].startswith("attribution")
    assert heads[-2:] == ["documents", "documents a second"]
    found = page.locator(".systems tr").evaluate_all(
        """(rows) => rows.map((row) => {
          const [name, cell] = row.cells;
          const frame = row.closest(".wide").getBoundingClientRect();
          const inside = [...cell.querySelectorAll(".value, .interval, .sorter")].map((part) => {
            const box = part.getBoundingClientRect();
            return box.left >= name.getBoundingClientRect().right
              && box.right <= Math.min(frame.right, innerWidth);
          });
          return [name.innerText, cell.innerText, inside.length && inside.every(Boolean)];
        })"""
    )
    names = [name.split("\n")[0] for name, *_ in found]
    assert {"people", "nothing", "every sentence", "W" * 90} < set(names)
    assert sum("–" in told and "0." in told for _, told, *_ in found) == 2, "there are intervals"
    assert [row for row in found if not row[2]] == []
    frame = page.locator(".wide").first
    frame.evaluate("(e) => { e.scrollLeft = 150; }")
    left = "(e) => e.getBoundingClientRect().left"
    assert page.locator(".systems tbody th").first.evaluate(left) >= frame.evaluate(left)
    page.context.close()


def test_forced_colours_show_what_is_current(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#doc=many&item=1", forced_colors="active")
    seen = {
        ".vw-views a": "getComputedStyle(e).borderBottomColor"
        " !== getComputedStyle(document.body).backgroundColor",
        ".vw-row": "getComputedStyle(e).outlineStyle === 'solid'",
        ".vw-finding": "getComputedStyle(e).outlineStyle === 'solid'",
    }
    for parts, drawn in seen.items():
        found = page.locator(parts).evaluate_all(
            f"(all) => all.map((e) => [e.hasAttribute('aria-current'), {drawn}])"
        )
        assert len(found) > 1
        assert sum(current for current, _ in found) == 1
        assert all(current == shown for current, shown in found), parts
    assert browser.quiet()
    page.context.close()


def test_a_long_name_takes_two_lines_of_the_heading(browser: Chromium, tmp_path: Path) -> None:
    name = "Words about the harbour " * 40
    pairs = [(Document(doc_id="d", text=TEXT), labelled("d", [quote(0, 21)]))]
    path = written(tmp_path, pairs, {"mine": {}}, corpus=name.strip())
    for width in (390, 1280):
        page = browser.open(path, "#doc=d", viewport={"width": width, "height": 700})
        heading = page.locator("h1")
        assert (
            heading.evaluate("(e) => e.clientHeight / parseFloat(getComputedStyle(e).lineHeight)")
            < 2.2
        )
        assert name.strip() in heading.get_attribute("title")
        assert name.strip() in heading.evaluate("(e) => e.textContent")
        page.context.close()


def test_tab_leaves_every_part_of_the_page(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#view=documents")
    met = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        met.add(
            page.evaluate(
                "document.activeElement.closest('[id^=vw-], nav, .vw-skip')?.id"
                " || document.activeElement.tagName"
            )
        )
    assert {"vw-search", "vw-system", "vw-list", "vw-reading", "vw-findings"} <= met
    page.context.close()


def test_the_link_to_the_content_keeps_the_address(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#view=documents&doc=one&kind=wrong+form&item=1")
    address = page.url
    page.locator(".vw-skip").focus()
    page.keyboard.press("Enter")
    assert page.locator("#main").evaluate("(e) => e === document.activeElement")
    assert page.url == address
    page.reload()
    assert page.locator("#vw-title").inner_text() == "Port <b>"
    assert page.locator("[data-view]:visible").count() == 1
    page.evaluate("location.hash = 'main'")
    page.keyboard.press("o")
    assert page.locator("#vw-title").inner_text() == "Port <b>"
    assert "doc=one" in page.url, "what is shown is in the address again"
    page.context.close()
    for fragment in ("#main", "#nonsense"):
        page = browser.open(quays, fragment)
        assert page.locator("[data-view]:visible").count() == 1
        assert page.locator(".systems").is_visible()
        page.get_by_role("link", name="Documents").click()
        assert page.locator("#vw-title").inner_text() == "Crane"
        page.context.close()
    assert browser.quiet()


def test_an_address_leads_back_to_what_was_shown(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays)
    assert page.locator("#systems").is_visible()
    page.get_by_role("link", name="Documents").click()
    page.locator(".vw-row").nth(2).click()
    assert "doc=fine+%26+well" in page.url
    page.select_option("#vw-system", "1")
    kind(page, "missed").click()
    page.locator(".vw-finding").first.click()
    link = page.url
    page.go_back()
    page.wait_for_function("document.querySelector('#vw-system').value === '0'")
    assert page.locator("#vw-title").inner_text() == "Zinc"
    page.go_back()
    page.wait_for_function("document.querySelector('#vw-title').innerText === 'Crane'")
    page.go_back()
    page.locator("#systems").wait_for()
    page.go_forward()
    page.locator("#vw-title").wait_for()
    page.context.close()
    shared = browser.open(quays, link[link.index("#") :])
    assert shared.locator("#vw-title").inner_text() == "Zinc"
    assert shared.locator("#vw-system").input_value() == "1"
    assert kind(shared, "missed").get_attribute("aria-pressed") == "true"
    assert shared.locator(".vw-finding[aria-current]").count() == 1
    shared.context.close()
    odd = browser.open(quays, "#doc=no&system=no&kind=no,missed&slice=no&item=-3&layout=x&sort=y")
    assert odd.locator("#vw-title").inner_text() == "Crane"
    assert kind(odd, "missed").get_attribute("aria-pressed") == "true"
    told = odd.locator("#vw-absent").inner_text()
    assert "document “no”, system “no”, entry “-3” and 4 more" in told
    row = odd.locator(".vw-row").first
    row.hover()
    assert "kind=missed" in row.get_attribute("href")
    assert browser.quiet()
    odd.context.close()


@pytest.mark.parametrize(
    ("fragment", "told", "left"),
    [
        (
            "#view=documents&doc=nosuch&item=2",
            "document “nosuch”, entry “2”",
            "doc=many&system=first",
        ),
        ("#doc=many&system=nosuch&item=2", "system “nosuch”, entry “2”", "doc=many&system=first"),
        ("#doc=one&system=first&item=2", "entry “2”", "doc=one&system=first"),
        ("#doc=one&system=second&item=1x", "entry “1x”", "doc=one&system=second"),
        ("#view=documents&item=1", "entry “1”", "doc=many&system=first"),
        ("#doc=one&target=x&tag=y%3D<b>", "label “x”, phenomenon “y=<b>”", "doc=one&system=first"),
    ],
)
def test_what_an_address_names_in_vain_is_told(
    browser: Chromium, quays: Path, fragment: str, told: str, left: str
) -> None:
    page = browser.open(quays, fragment)
    words = f"Not in this page: {told}. The address now names what is shown."
    assert page.locator("#vw-absent").inner_text() == words
    assert page.locator(".vw-finding[aria-current]").count() == 0
    assert page.url.endswith(f"#view=documents&{left}")
    audit(page)
    page.reload()
    assert page.locator("#vw-absent").is_hidden()
    page.evaluate("location.hash = 'view=nosuch'")
    page.locator("#vw-absent").get_by_text("view “nosuch”").wait_for()
    assert page.url.endswith("#view=scores&system=first")
    page.get_by_role("link", name="Documents").click()
    assert page.locator("#vw-absent").is_hidden()
    assert browser.quiet()
    page.context.close()


def test_tables_are_sorted_and_slices_chosen(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays)
    names = page.locator(".systems tbody th bdi").all_text_contents()
    head = page.locator(".systems th", has_text="system").first
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert page.locator(".systems tbody th bdi").all_text_contents() == sorted(names)
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert page.locator(".systems tbody th bdi").all_text_contents() == sorted(names, reverse=True)
    shown = page.locator("[data-panel]:visible")
    assert shown.count() == 1
    page.select_option("[data-chooser] select", label="phenomena")
    assert "by phenomena" in shown.inner_text()
    assert "few" in shown.inner_text()
    assert browser.quiet()
    page.context.close()


def test_without_scripts_tables_stay_and_the_rest_is_named(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, java_script_enabled=False)
    assert page.locator(".systems").is_visible()
    assert page.locator("[data-panel]").last.is_visible()
    assert page.locator("main").inner_text().startswith("Scripts are off")
    assert "the tables need none" in page.locator("main").inner_text()
    assert page.locator(".vw-views").is_hidden()
    assert not page.locator("#vw-browser").is_visible()
    page.context.close()


def test_a_screen_reader_finds_its_way(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#doc=many")
    tree = page.locator("body").aria_snapshot()
    for words in (
        "banner", "main", 'navigation "Parts of this page"', 'article "Crane"', 'region "Errors"',
        'region "Documents"', 'searchbox "Search ids and titles"', 'combobox "System"',
        'group "gold, quote q, form direct, differs"', 'group "predicted, claim k, spurious"',
        'button "missed 1"', 'heading "Crane" [level=2]', "search",
    ):  # fmt: skip
        assert words in tree, words
    assert page.locator("#vw-count").get_attribute("role") == "status"
    unnamed = page.locator("button, select, input, a").evaluate_all(
        "(all) => all.filter((e) => e.checkVisibility() && !(e.innerText || e.labels?.length))"
        ".map((e) => e.outerHTML)"
    )
    assert unnamed == []
    page.context.close()


def focused(page: Any) -> str:
    """What has the focus: its id or class, and the first line of its words."""
    return page.evaluate(
        "() => { const e = document.activeElement;"
        " return `${e.id || e.className} ${e.innerText.split('\\n')[0]}`; }"
    )


def test_the_focus_is_not_lost_when_something_is_drawn_anew(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#view=documents")
    page.keyboard.press("n")
    first = focused(page)
    assert first.startswith("vw-finding ")
    page.keyboard.press("o")
    assert focused(page) == first
    page.keyboard.press("j")
    assert focused(page) == "vw-title Port <b>"
    page.locator(".vw-row").nth(1).focus()
    page.keyboard.press("k")
    assert focused(page).startswith("vw-row Crane")
    page.go_back()
    page.locator("#vw-title", has_text="Port").wait_for()
    assert focused(page).startswith("vw-row Crane")
    page.locator("#vw-next").focus()
    for _ in range(3):
        page.keyboard.press("Enter")
    assert focused(page).startswith("vw-next")
    assert page.locator("#vw-next").get_attribute("aria-disabled") == "true"
    assert page.locator("#vw-said").inner_text() == "That was the last document"
    page.locator("#vw-hit").select_option("yes")
    page.locator("#vw-clear").focus()
    page.keyboard.press("Enter")
    assert focused(page).startswith("vw-search")
    assert browser.quiet()
    page.context.close()


def test_a_long_list_keeps_the_focus_as_it_grows(browser: Chromium, tmp_path: Path) -> None:
    docs = [Document(doc_id=f"d{n:03}", text=TEXT) for n in range(130)]
    pairs = [(d, labelled(d.doc_id, [quote(0, 21)])) for d in docs]
    path = written(tmp_path, pairs, {"mine": {}})
    page = browser.open(path, "#view=documents")
    assert page.locator(".vw-row").count() == 100
    page.locator(".vw-row").nth(98).focus()
    for _ in range(3):
        page.keyboard.press("Tab")
        page.wait_for_timeout(100)
    page.locator(".vw-row").nth(129).wait_for(state="attached")
    assert page.locator("#vw-more").is_hidden()
    assert focused(page).startswith("vw-row d10")
    page.context.close()


def test_only_the_columns_scroll_while_reading(browser: Chromium, tmp_path: Path) -> None:
    docs = [Document(doc_id=f"d{n}", text=TEXT * 40) for n in range(60)]
    pairs = [
        (d, labelled(d.doc_id, [quote(n * 83, n * 83 + 21, f"q{n}") for n in range(30)]))
        for d in docs
    ]
    found = {
        d.doc_id: labelled(d.doc_id, [quote(n * 83, n * 83 + 15, f"q{n}") for n in range(30)])
        for d in docs
    }
    path = written(tmp_path, pairs, {"mine": found})
    page = browser.open(path, "#doc=d0&item=29", viewport={"width": 1280, "height": 700})
    page.locator(".vw-finding[aria-current]").wait_for()
    page.wait_for_timeout(300)
    heights = "[document.documentElement.scrollHeight, document.documentElement.scrollTop]"
    assert page.evaluate(heights) == [700, 0]
    assert page.locator("#vw-hits").is_visible(), "there are signs of hits, with hidden words"
    page.context.close()


def test_words_of_a_document_are_in_its_language(browser: Chromium, tmp_path: Path) -> None:
    docs = [
        Document(doc_id="a", text=TEXT, title="Hafen", language="de"),
        Document(doc_id="b", text=TEXT, title="Unbekannt"),
    ]
    pairs = [(d, labelled(d.doc_id, [quote(0, 21)])) for d in docs]
    path = written(tmp_path, pairs, {"mine": {}})
    for doc, language in (("a", "de"), ("b", "")):
        page = browser.open(path, f"#doc={doc}")
        for part in (".vw-text", "#vw-title bdi", ".vw-row[aria-current] bdi", ".vw-words bdi"):
            found = page.locator(part).first.evaluate("(e) => e.closest('[lang]').lang")
            assert found == language, part
        assert page.locator("html").get_attribute("lang") == "en"
        page.context.close()


@pytest.mark.parametrize(
    "look", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}]
)
def test_the_focus_is_seen_wherever_it_is(
    browser: Chromium, quays: Path, look: dict[str, str]
) -> None:
    for fragment in ("", "#doc=many&item=1"):
        page = browser.open(quays, fragment, **look)
        seen = []
        for _ in range(80):
            page.keyboard.press("Tab")
            shown = page.evaluate(
                """() => {
                  const e = document.activeElement;
                  if (e === document.body) return null;
                  const { outlineColor, outlineStyle, outlineWidth } = getComputedStyle(e);
                  const current = e.hasAttribute("aria-current") || e.ariaPressed === "true";
                  return [outlineColor, outlineStyle, parseFloat(outlineWidth), current];
                }"""
            )
            if shown is None:
                break
            seen.append(shown)
        assert len(seen) > 15
        assert any(current for *_, current in seen)
        (outline,) = {tuple(shown[:3]) for shown in seen}
        assert outline[1:] == (("double", 4) if "forced_colors" in look else ("solid", 2))
        page.context.close()


def test_a_heading_that_is_reached_by_key_is_seen_whole(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, viewport={"width": 390, "height": 844})
    page.locator(".systems .sorter").first.focus()
    for pressed in ["Tab"] * 3 + ["Shift+Tab"] * 2:
        page.keyboard.press(pressed)
        page.wait_for_timeout(50)
        left, right, column, frame = page.evaluate(
            """() => {
              const button = document.activeElement;
              const box = button.getBoundingClientRect();
              const column = button.closest("tr").cells[0].getBoundingClientRect();
              const frame = button.closest(".wide").getBoundingClientRect();
              return [box.left, box.right, column.right, frame.right];
            }"""
        )
        assert column - 1 <= left and right <= frame + 1
    page.context.close()


def test_what_was_not_predicted_is_said(browser: Chromium, tmp_path: Path) -> None:
    docs = [Document(doc_id=name, text=TEXT) for name in ("broken", "silent")]
    pairs = [(d, labelled(d.doc_id, [quote(0, 21)])) for d in docs]
    path = written(
        tmp_path, pairs, {"mine": {}, "kept nothing": None}, failed={"broken": "Boom <b>"},
        missing_documents=["broken", "silent"],
    )  # fmt: skip
    page = browser.open(path, "#doc=broken")
    assert "mine failed on this document: Boom <b>" in page.locator("#vw-told").inner_text()
    assert page.locator(".vw-row .vw-failed:visible").count() == 1
    page.keyboard.press("j")
    assert "mine has no prediction for this document" in page.locator("#vw-told").inner_text()
    page.select_option("#vw-system", "1")
    assert "keeps no predictions, so its errors cannot be shown" in (
        page.locator("#vw-told").inner_text()
    )
    assert page.locator("#vw-findings-name").inner_text() == "Labels"
    assert page.locator("#vw-count").inner_text() == "2 documents, 2 entries"
    assert page.locator("#vw-kinds").is_hidden() and page.locator("#vw-hit").is_hidden()
    page.evaluate("location.hash += '&kind=missed&hit=yes'")
    page.locator("#vw-clear").wait_for()
    assert page.locator("#vw-count").inner_text() == "2 documents, 2 entries"
    page.click("#vw-clear")
    assert page.locator(".vw-pane").count() == 1
    assert page.locator(".vw-finding").count() == 1
    assert browser.quiet()
    page.context.close()


def long_list(folder: Path) -> Path:
    docs = [Document(doc_id=f"d{n:03}", text=TEXT) for n in range(130)]
    pairs = [(d, labelled(d.doc_id, [quote(0, 21)])) for d in docs]
    return written(folder, pairs, {"mine": {}})


def test_arrows_walk_on_from_where_the_focus_is(browser: Chromium, tmp_path: Path) -> None:
    page = browser.open(long_list(tmp_path), "#view=documents")
    page.locator(".vw-row").nth(95).focus()
    for number in range(96, 112):
        page.keyboard.press("ArrowDown")
        assert focused(page).startswith(f"vw-row d{number:03}")
        assert page.locator("#vw-title").inner_text() == f"d{number:03}"
    page.locator(".vw-row").nth(120).focus()
    page.keyboard.press("ArrowUp")
    assert focused(page).startswith("vw-row d119")
    page.keyboard.press("j")
    assert focused(page).startswith("vw-row d120")
    page.locator("#vw-sort").focus()
    page.keyboard.press("Tab")
    assert focused(page) == "vw-past Skip the list of documents"
    page.keyboard.press("Enter")
    assert focused(page).startswith("vw-reading")
    assert "doc=d120" in page.url
    assert browser.quiet()
    page.context.close()


def test_both_sides_stay_level_where_labels_lie_deep(browser: Chromium, tmp_path: Path) -> None:
    text = f"{TEXT}\n" * 4
    spans = [Span(f"c{n}", "claim", [(n, 80 - n)]) for n in range(20)]
    gold, found = labelled("d", spans), labelled("d", spans[:1])
    path = written(tmp_path, [(Document(doc_id="d", text=text), gold)], {"mine": {"d": found}})
    page = browser.open(path, "#doc=d&layout=side", viewport={"width": 1280, "height": 800})
    page.get_by_text("labels lie over one place").wait_for()
    tops = [
        page.locator(f".vw-pane-{side} :is(.vw-pane-name, .vw-line)").evaluate_all(
            "(all) => all.map((e) => e.getBoundingClientRect().top)"
        )
        for side in ("gold", "predicted")
    ]
    assert len(tops[0]) == 5
    assert tops[0] == tops[1]
    page.context.close()


def test_overlaid_words_of_one_side_alone_have_their_tag(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#doc=many&layout=over")
    tags = page.locator(".vw-predicted.iq-source").evaluate_all(
        "(all) => all.map((e) => getComputedStyle(e, '::before').content)"
    )
    assert tags
    assert all("▴" in tag for tag in tags)
    page.context.close()


def test_an_address_cannot_take_the_page_over(browser: Chromium, quays: Path) -> None:
    names = [f"{n:050}" for n in range(300)]
    claim = "Your+report+has+expired.+Log+in+at+evil.example." * 9
    page = browser.open(quays, f"#doc={claim}&kind={','.join(names)}")
    told = page.locator("#vw-absent")
    quoted = claim.replace("+", " ")[:60]
    assert f"document “{quoted}…”, kind “{names[0]}”, kind “{names[1]}” and 298 more." in (
        told.inner_text()
    )
    assert told.evaluate("(e) => e.offsetHeight") < 130
    assert page.locator("#vw-title").inner_text() == "Crane"
    page.context.close()


@pytest.mark.parametrize(
    ("fragment", "told"),
    [("#layout=zzz", "layout “zzz”"), ("#view=scores&sort=zzz", "order “zzz”"),
     ("#tag=form%3Ddirect", "phenomenon “form=direct”"),
     ("#slice=meta.phenomena%3Drust", "slice “meta.phenomena=rust”"),
     ("#slice=form%3Ddirect", ""), ("#tag=meta.phenomena%3Drust", ""),
     ("#kind=missed", ""), ("#q=crane", ""), ("#sort=title", "")],
)  # fmt: skip
def test_no_part_of_an_address_is_passed_over(
    browser: Chromium, quays: Path, fragment: str, told: str
) -> None:
    page = browser.open(quays, fragment)
    assert page.locator("#vw-title").is_visible() == ("view=scores" not in fragment)
    assert told in page.locator("#vw-absent").inner_text()
    assert page.locator("#vw-absent").is_visible() == bool(told)
    page.context.close()


def test_a_search_without_a_find_shows_no_document(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#view=documents&q=zzzzz")
    for _ in range(2):
        assert page.locator("#vw-title").inner_text() == (
            "No document passes the search and the filters."
        )
        assert page.locator(".vw-text, .vw-finding, #vw-facts div").count() == 0
        assert "doc=" not in page.url
        for pressed in "jknpo":
            page.keyboard.press(pressed)
        page.click("#vw-clear")
        assert page.locator("#vw-title").inner_text() == "Crane"
        assert page.locator(".vw-finding").count() == 4
        page.fill("#vw-search", "zzzzz")
        page.locator("#vw-reading").focus()
    audit(page)
    page.context.close()
    page = browser.open(quays, "#doc=one&q=zzzzz")
    assert page.locator("#vw-title").inner_text() == "Port <b>", "the address names it"
    assert browser.quiet()
    page.context.close()


def test_scores_keep_their_place(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays)
    page.evaluate("scrollTo(0, 700)")
    page.wait_for_timeout(200)
    # A click of playwright's would scroll up to the link first.
    page.get_by_role("link", name="Documents").evaluate("(link) => link.click()")
    assert page.evaluate("scrollY") == 0
    page.go_back()
    page.locator("#systems").wait_for()
    page.wait_for_timeout(200)
    assert page.evaluate("scrollY") == 700
    page.reload()
    page.locator("#systems").wait_for()
    page.wait_for_timeout(200)
    assert page.evaluate("scrollY") == 700
    page.context.close()


def test_a_browser_may_refuse_to_note_a_place(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#view=documents")
    page.evaluate(
        """() => {
          const refuse = () => { throw new DOMException("too many", "SecurityError"); };
          const { pushState, replaceState } = History.prototype;
          Object.assign(History.prototype, { pushState: refuse, replaceState: refuse });
          setTimeout(() => Object.assign(History.prototype, { pushState, replaceState }), 1000);
        }"""
    )
    page.keyboard.press("j")
    page.keyboard.press("n")
    assert page.locator("#vw-title").inner_text() == "Port <b>"
    assert page.locator(".vw-finding[aria-current]").count() == 1
    page.wait_for_url("**/*doc=one*item=1")
    assert browser.quiet()
    page.context.close()


def test_a_tap_on_words_tells_their_entry_and_leads_there(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#doc=many", **PHONE)
    told = page.locator("#vw-entry")
    assert told.inner_text() == "4 errors"
    page.locator(".vw-text .iq-quote.vw-missed").first.tap()
    assert told.inner_text() == "3 of 4: missed quote A clerk wrote of rust"
    assert page.locator("#vw-said").inner_text() == told.inner_text()
    inside = (
        "(e) => { const { top, bottom } = e.getBoundingClientRect();"
        " return top >= 0 && bottom <= innerHeight; }"
    )
    assert told.evaluate(inside), "it is seen beside the words"
    page.locator("#vw-before").tap()
    assert told.inner_text().startswith("2 of 4: spurious claim")
    assert page.locator(".vw-text .iq-claim.vw-on").count() == 2, "cut where the source ends"
    told.tap()
    assert page.locator(".vw-finding[aria-current]").evaluate(inside)
    assert focused(page).startswith("vw-finding")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert browser.quiet()
    page.context.close()
    page = browser.open(quays, "#doc=many")
    assert page.locator("#vw-chosen").is_hidden()
    page.context.close()


def test_paper_holds_whole_tables_and_no_controls(browser: Chromium, tmp_path: Path) -> None:
    docs = [Document(doc_id=f"d{n}", text=TEXT) for n in range(24)]
    gold = [labelled(d.doc_id, [quote(0, 21)], Attribution(id="a", content=["q"])) for d in docs]
    found = {a.doc_id: a for a in gold}
    systems = {f"a system named {n}": found for n in range(8)} | {"W" * 40: found}
    path = written(tmp_path, list(zip(docs, gold, strict=True)), systems)
    page = browser.open(path, viewport={"width": 700, "height": 1000})
    page.emulate_media(media="print")
    ends = page.locator(".wide:visible tr > *").evaluate_all(
        "(all) => Math.max(...all.map((e) => e.getBoundingClientRect().right))"
    )
    assert ends <= 700
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    page.evaluate("location.hash = 'doc=d0'")
    page.locator("#vw-title").wait_for()
    for part in (".vw-side", ".vw-bar", ".vw-chosen", ".vw-views"):
        assert page.locator(part).is_hidden(), part
    assert page.locator(".vw-pane").first.is_visible()
    page.context.close()


def test_words_that_both_sides_chose_have_one_frame(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#doc=one&layout=over&item=1")
    frames = "(all) => all.map((e) => getComputedStyle(e).outlineStyle)"
    assert page.locator(".vw-on:not(.vw-predicted)").evaluate_all(frames) == ["solid"] * 3
    assert page.locator(".vw-on.vw-predicted").evaluate_all(frames) == ["none"] * 3
    page = browser.open(quays, "#doc=many&layout=over")
    page.locator(".vw-finding", has_text="boundary").click()
    assert "none" not in page.locator(".vw-on.vw-predicted").evaluate_all(frames)
    page.context.close()


def test_help_begins_with_its_heading(browser: Chromium, quays: Path) -> None:
    page = browser.open(quays, "#view=documents", viewport={"width": 320, "height": 256})
    page.keyboard.press("?")
    assert page.locator("#vw-help-name").evaluate("(e) => e.getBoundingClientRect().top") > 0
    assert focused(page) == "vw-help-name Keys"
    page.context.close()


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_both_sides_show_every_character_under_its_labels(
    tmp_path: Path, browser: Chromium, data: st.DataObject
) -> None:
    plain = documents(min_size=3).map(
        lambda d: msgspec.structs.replace(d, split=None, group=None, doc_id=f"x{d.sha256}")
    )
    docs = data.draw(st.lists(plain, min_size=3, max_size=6, unique_by=lambda d: d.doc_id))
    gold = [data.draw(annotations(d)) for d in docs]
    found = {d.doc_id: data.draw(annotations(d)) for d in docs}
    path = written(tmp_path, list(zip(docs, gold, strict=True)), {"mine": found})
    page = browser.open(path, "#view=documents&sort=given")
    listed = errors_of(docs, gold, found)
    assert browser.quiet()
    audit(page)
    for document, left, findings in zip(docs, gold, listed, strict=True):
        for pane, labels in (("gold", left), ("predicted", found[document.doc_id])):
            runs = page.locator(f".vw-pane-{pane} .vw-text").evaluate(RUNS)
            seen = [(c, ids) for words, ids in runs for c in words]
            assert seen == [
                (c, sorted(s.id for s in labels.spans if any(a <= i < b for a, b in s.fragments)))
                for i, c in enumerate(document.text)
            ]
        wrong = [f for f in findings if f.kinds and not f.ignored]
        assert page.locator(".vw-finding").count() == len(wrong)
        page.keyboard.press("j")
        assert browser.quiet()
    page.context.close()


def hostile(folder: Path, payload: str) -> tuple[Path, Document]:
    line = "".join(c for c in payload if c.isprintable() or c in "\u202e\u202c\u2067").strip()
    text = f"“{payload}” {payload} said.\u2028\r\n]]> {payload}"
    document = Document(
        doc_id=line, text=text, title=line, publisher=line, published=line, url=line, group=line,
        meta={payload: payload, "phenomena": [payload, "x"]},
    )  # fmt: skip
    other = Document(doc_id="other", text=text, publisher="x", meta={payload: "x"})
    end = len(payload) + 2
    spans = [
        quote(0, end),
        Span("s", "source", [(end + 1, end + 1 + len(payload))], {"entity": line}),
    ]
    gold = labelled(
        line, spans, Attribution(id="a", content=["q"], source=["s"]),
        Attribution(id="b", content=["q"], entity=line),
    )  # fmt: skip
    found = labelled(
        line, [quote(1, end - 1)], Attribution(id="a", content=["q"], entity=line),
        Attribution(id="c", content=["u"]),
        ungrounded=[
            Ungrounded("u", "quote", payload),
            Ungrounded("e", "source", payload, {"entity": line}),
        ],
    )  # fmt: skip
    pairs = [(document, gold), (other, Annotation(doc_id="other", spans=[]))]
    system = System(
        name=payload, parameters={payload: payload, "list": [payload]}, kind="predictions",
        file=PredictionsFile(form=payload, name=payload, grounding={payload: 3}),
    )  # fmt: skip
    path = written(
        folder, pairs, {payload: {line: found}}, system=system, notes=[payload], created=payload,
        inquit_version=payload, failed={"other": payload}, missing_documents=["other"],
        usage=Usage(
            requests=1, answers=1, cached=0, input_tokens=5, output_tokens=5, cost=None,
            new_input_tokens=5, new_output_tokens=5, new_cost=None, models=[payload, payload * 9],
        ),
        trivial={payload: {HEADLINE: 0.5}}, human_ceiling={HEADLINE: 0.7},
    )  # fmt: skip
    return path, document


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_words_stay_words(tmp_path: Path, browser: Chromium, payload: str) -> None:
    path, document = hostile(tmp_path, payload)
    guarded(path.read_text("utf-8"), scripts=2)
    page = browser.open(path, **PHONE)
    audit(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shown = page.locator(".systems tbody th bdi").evaluate_all("(a) => a.map((e) => e.textContent)")
    assert short(payload) in shown
    assert payload in page.locator("#runs ~ .runs").evaluate("(e) => e.textContent")
    models = page.locator(".systems .model")
    models.first.wait_for()
    cut = payload if len(payload) <= 200 else payload[:199] + "…"
    assert [models.first.evaluate("(e) => e.textContent"), models.count()] == [cut, 2]
    assert f"model{cut}" in page.locator(".run dl").evaluate(
        "(e) => e.textContent.replace('models', 'model')"
    )
    page.get_by_role("link", name="Documents").click()
    for doc in (document.doc_id, "other"):
        page.locator("#vw-choose summary").click()
        page.locator(".vw-row").nth(0 if doc != "other" else 1).click()
        for button in ("correct", "missed", "spurious"):
            page.locator(".vw-kind", has_text=button).evaluate("(e) => e.click()")
        for layout in ("side", "over"):
            page.evaluate(f"document.querySelector('[data-layout={layout}]').click()")
            for entry in page.locator(".vw-finding").all():
                entry.click()
            assert page.locator(".vw-text").first.evaluate("(e) => e.textContent") == document.text
        page.locator("#vw-rest summary").click()
        audit(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.evaluate("document.querySelector('#vw-clear').click()")
    page.evaluate("location.hash = ''")
    page.reload()
    audit(page)
    assert browser.quiet()
    page.context.close()


def test_a_long_name_leaves_the_bars_of_slices_on_a_phone(
    browser: Chromium, tmp_path: Path
) -> None:
    texts = [Document(doc_id=f"d{n}", text=TEXT, publisher="AB"[n % 2]) for n in range(4)]
    gold = [labelled(d.doc_id, [quote(0, 21)], Attribution(id="a", content=["q"])) for d in texts]
    found = {a.doc_id: a for a in gold}
    path = written(tmp_path, list(zip(texts, gold, strict=True)), {"W" * 100: found, "x": found})
    page = browser.open(path, **PHONE)
    panel = page.locator(".panel:visible").first
    assert panel.evaluate("(e) => e.scrollWidth <= e.clientWidth")
    page.context.close()
