"""Language models as extractors, against a real server on this machine that behaves."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import numpy as np
import pytest
from model_server import ModelServer, Seen, completion, labels, model
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, KFold

from inquit.corpus import Annotation, DataError, Document
from inquit.corpus.vocabulary import ATTRIBUTES, LABELS
from inquit.eval.extractors.checks import check_extractor
from inquit.eval.extractors.llm import locks
from inquit.eval.extractors.llm.endpoint import Endpoint
from inquit.eval.extractors.llm.extractor import LanguageModelExtractor
from inquit.eval.extractors.llm.prompt import VERSIONS, prompt
from inquit.eval.extractors.llm.schema import ASKED, Answer, answer_schema

ROOT = Path(__file__).parents[2]
KEY = "sk-test-0123456789abcdef"
TEXT = "“Crane 4 has failed,” said Mara Quill. It rained. “Twice,” wrote Sami Bex.\n"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("INQUIT_LLM_CACHE", str(tmp_path / "cache"))


def document(n: int, text: str = "") -> Document:
    return Document(doc_id=f"d{n}", text=text or TEXT.replace("4", str(n)))


def extractor(server: ModelServer, **parameters: object) -> LanguageModelExtractor:
    return LanguageModelExtractor(base_url=server.url, model="rule-1", **parameters)  # type: ignore[arg-type]


def words(document: Document, annotation: Annotation) -> set[tuple[str, str]]:
    return {(s.label, " ".join(document.slice(s))) for s in annotation.spans}


def test_what_a_model_says_becomes_labels():
    with ModelServer() as server:
        (found,) = extractor(server).predict([document(7)])
    assert words(document(7), found) == {
        ("quote", "“Crane 7 has failed,”"),
        ("cue", "said"),
        ("source", "Mara Quill"),
        ("claim", "Crane 7 has failed"),
        ("quote", "“Twice,”"),
        ("cue", "wrote"),
        ("source", "Sami Bex"),
        ("claim", "Twice"),
    }
    by_id = found.by_id()
    assert [[by_id[a.content[0]].start, by_id[a.source[0]].start] for a in found.attributions] == [
        [0, TEXT.index("Mara")],
        [TEXT.index("“Twice"), TEXT.index("Sami")],
    ]
    assert by_id["source-1"].attributes == {"kind": "named", "entity": "Mara Quill"}
    assert by_id["quote-2"].attributes == {"form": "direct", "medium": "writing"}


def test_a_request_says_all_that_decides_the_answer():
    with ModelServer() as server:
        extractor(
            server, seed=5, max_tokens=900, extra={"top_p": 0.5}, omit=["temperature"]
        ).predict([document(1)])
        extractor(server, structured="object").predict([document(1)])
        extractor(server, structured="none").predict([document(1)])
    first, second, third = (seen.json for seen in server.seen)
    assert server.seen[0].path == "/v1/chat/completions"
    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    assert first["messages"][0] == {"role": "system", "content": prompt("v1")}
    assert first["messages"][1] == {"role": "user", "content": document(1).text}
    assert (first["seed"], first["max_tokens"], first["top_p"]) == (5, 900, 0.5)
    assert "temperature" not in first
    assert first["response_format"]["json_schema"] == {
        "name": "labels",
        "strict": True,
        "schema": answer_schema(),
    }
    assert (second["temperature"], second["seed"]) == (0.0, 0)
    assert second["response_format"] == {"type": "json_object"}
    assert "response_format" not in third


def test_it_keeps_the_rules_of_extractors():
    with ModelServer() as server:
        outcomes = check_extractor(extractor(server, window=4000, overlap=500), long=9000)
    assert {c.outcome for c in outcomes} == {"passed"}, outcomes


def test_a_clone_has_its_parameters_and_nothing_else():
    with ModelServer() as server:
        one = extractor(server, extra={"top_p": 0.5})
        one.predict([document(1)])
        copy = clone(one)
    assert copy.get_params() == one.get_params()
    assert (copy.usage().answers, one.usage().answers) == (0, 1)


def test_a_text_without_words_is_not_sent():
    with ModelServer() as server:
        found = extractor(server).predict([document(1, " \n")])
    assert (found[0].spans, server.count) == ((), 0)


@pytest.mark.parametrize("posix", [True, False])
def test_the_same_request_is_sent_once_also_at_the_same_time(posix, monkeypatch):
    if not posix:
        monkeypatch.setattr(locks, "fcntl", None)

    def slow(seen: Seen):
        return replace(model(seen), wait=0.2)

    same = [Document(doc_id=f"d{n}", text=TEXT) for n in range(8)]
    with ModelServer(slow) as server:
        one = extractor(server, concurrency=8)
        found = one.predict(same)
        again = extractor(server).predict(same[::-1])
    assert server.count == 1
    assert all(a.spans == found[0].spans for a in [*found, *again])
    usage = one.usage()
    assert (usage.requests, usage.answers, usage.cached) == (1, 1, 7)
    assert (usage.input_tokens, usage.output_tokens, usage.cost) == (100, 20, None)


def test_what_differs_is_another_request():
    with ModelServer() as server:
        extractor(server).predict([document(1)])
        for other in ({"seed": 1}, {"model": "rule-2"}, {"temperature": 0.5}):
            extractor(server).set_params(**other).predict([document(1)])
        # These change nothing that is asked.
        extractor(server, concurrency=2, timeout=9.0, retries=1).predict([document(1)])
    assert server.count == 4


def test_what_is_equal_is_the_same_request_whatever_the_kind_of_its_numbers():
    numbers = {name: np.int64(n) for name, n in (("seed", 0), ("window", 12000), ("overlap", 1500))}
    with ModelServer() as server:
        for kind in (float, int, np.float64, np.float32, np.int64):
            for zero in (kind(0), -kind(0)):
                extractor(server, temperature=zero).predict([document(1)])
        one = extractor(server).set_params(
            model=np.str_("rule-1"),
            concurrency=np.int8(2),
            timeout=np.float32(5),
            price_input=np.float64(1),
            price_output=np.int64(2),
            max_cost=np.float64(1),
            **numbers,
        )
        one.predict([document(1)])
        assert server.count == 1
        assert msgspec.json.encode(one.usage())
        extra = {"top_p": np.float64(0.5), "stop": np.str_("x")}
        extractor(server, extra=extra).predict([document(1)])
    assert server.seen[-1].json["top_p"] == 0.5
    assert server.count == 2


def test_a_search_over_arrays_asks_once_for_each_document_and_choice():
    documents = [document(n) for n in range(6)]
    with ModelServer() as server:
        gold = extractor(server).predict(documents)
        choices = {"model": np.array(["a", "b"]), "temperature": np.linspace(0, 1, 2)}
        search = GridSearchCV(extractor(server), choices, cv=KFold(3), error_score="raise")
        search.fit(np.array(documents, dtype=object), gold)
    assert search.best_score_ == 1.0
    assert server.count == 6 + 4 * 6


@pytest.mark.parametrize("opening", ["<think>Hm, {}.", "Hm, {}."])
def test_a_fence_and_thoughts_around_the_object_are_taken_off(opening):
    def chatty(seen: Seen):
        return completion(f"{opening}</think>\n```json\n{json.dumps(labels(seen.text))}\n```\n")

    with ModelServer(chatty) as server:
        (found,) = extractor(server, structured="none").predict([document(1)])
    assert len(found.attributions) == 2


def test_what_looks_like_thoughts_within_a_string_stays():
    text = "“Type <think> here </think> please,” said Mara Quill.\n```json\nIt rained."
    with ModelServer() as server:
        one = Document(doc_id="d", text=text)
        (found,) = extractor(server).predict([one])
    assert ("quote", "“Type <think> here </think> please,”") in words(one, found)
    assert not found.ungrounded


def test_a_string_that_is_not_in_the_text_stays_a_prediction():
    def liar(seen: Seen):
        answer = labels(seen.text)
        answer["attributions"][0]["content"] = ["“We never sold a single ticket,”"]
        answer["attributions"][0]["context"] = ""
        return completion(json.dumps(answer))

    with ModelServer(liar) as server:
        (found,) = extractor(server).predict([document(1)])
    (lost,) = found.ungrounded
    assert (lost.label, lost.text) == ("quote", "“We never sold a single ticket,”")
    assert [a.content for a in found.attributions if a.content == (lost.id,)]


def test_a_quote_in_parts_has_fragments():
    text = "“We will not buy a crane,” said Mara Quill, “that nobody can pay for.”"
    said = {
        "content": ["“We will not buy a crane,”", "“that nobody can pay for.”"],
        "context": "",
        "form": "direct",
        "medium": "speech",
        "sources": [],
        "cues": [],
        "addressees": [],
    }
    answer = json.dumps({"attributions": [said], "claims": []})
    with ModelServer(lambda _: completion(answer)) as server:
        (found,) = extractor(server).predict([document(1, text)])
    assert document(1, text).slice(found.spans[0]) == tuple(said["content"])


def test_the_key_is_nowhere(tmp_path, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    with ModelServer() as server:
        one = extractor(server)
        one.predict([document(1), document(2)])
    shown = repr(one) + str(one.get_params()) + str(vars(one)) + caplog.text
    shown += repr(Endpoint(server.url, KEY))
    kept = b"".join(p.read_bytes() for p in (tmp_path / "cache").rglob("*") if p.is_file())
    assert KEY not in shown
    assert kept
    assert KEY.encode() not in kept
    assert "Crane" not in "".join(p.name for p in (tmp_path / "cache").rglob("*"))


def test_answers_are_for_their_owner_only(tmp_path):
    with ModelServer() as server:
        extractor(server).predict([document(1)])
    cache = tmp_path / "cache"
    assert cache.stat().st_mode & 0o777 == 0o700
    (answer,) = (p for p in cache.rglob("*") if p.is_file())
    assert answer.suffix == ".json"
    assert answer.stat().st_mode & 0o777 == 0o600


def test_no_key_is_needed(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    with ModelServer() as server:
        extractor(server).predict([document(1)])
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        extractor(server, api_key_env="").predict([document(2)])
    assert all("authorization" not in seen.headers for seen in server.seen)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "base_url"),
        ("ftp://example.org", "is no URL"),
        ("example.org/v1", "is no URL"),
        (f"https://user:{KEY}@example.org/v1", "holds"),
        (f"https://{KEY}@example.org/v1", "holds"),
        ("https://example.org/v1?key=1", "has a query"),
        ("https://me@example.org/v1", "holds a user name"),
        ("http://example.org/v1", "unencrypted"),
        ("HTTP://192.0.2.2:8901/v1", "unencrypted"),
        (f"ftp://example.org/{KEY}", "base_url holds the API key"),
        ("https://example.org/v1/chat/completions", "is the place of requests"),
        ("http://127.0.0.1:99999/v1", "is no URL"),
    ],
)
def test_a_place_that_no_key_may_go_to_is_refused(url, told):
    with pytest.raises(DataError, match=told) as caught:
        LanguageModelExtractor(base_url=url, model="m").predict([document(1)])
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("name", [KEY, KEY.replace("-", "_"), "NOT_SET_IN_HERE", "A B", "Ä"])
def test_a_key_in_place_of_its_variable_is_refused_without_showing_it(name):
    one = LanguageModelExtractor(base_url="http://127.0.0.1:9/v1", model="m", api_key_env=name)
    with pytest.raises(DataError, match="api_key_env names no variable") as caught:
        one.predict([document(1)])
    assert name not in str(caught.value).replace("API key", "")


@pytest.mark.parametrize(
    "wrong", [{"extra": {"api_key": KEY}}, {"model": KEY.upper()}, {"structured": KEY}]
)
def test_a_key_in_another_parameter_is_refused_without_showing_it(wrong):
    with ModelServer() as server:
        one = extractor(server).set_params(**wrong)
        with pytest.raises(DataError, match=f"{next(iter(wrong))} holds the API key") as caught:
            one.predict([document(1)])
    assert KEY.lower() not in str(caught.value).lower()
    assert server.count == 0


def test_a_key_that_is_none_is_refused_without_showing_it(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-abc\ndef")
    with pytest.raises(DataError, match="API key") as caught:
        LanguageModelExtractor(base_url="http://127.0.0.1:9/v1", model="m").predict([document(1)])
    assert "abc" not in str(caught.value)


def test_a_proxy_is_for_other_machines_and_a_wrong_one_is_told(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "gopher://127.0.0.1:9")
    with ModelServer() as server:
        assert extractor(server).predict([document(1)])[0].spans
    with pytest.raises(DataError, match="proxy"):
        LanguageModelExtractor(base_url="https://example.org/v1", model="m").predict([document(1)])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"model": ""}, "model is not given"),
        ({"structured": "xml"}, "structured is 'xml'"),
        ({"prompt": "v9"}, "no prompt 'v9'"),
        ({"temperature": -1}, "temperature"),
        ({"temperature": float("nan")}, "temperature"),
        ({"seed": 1.5}, "seed"),
        ({"seed": 10**30}, "seed"),
        ({"max_tokens": 10**5000}, "thousands of digits"),
        ({"timeout": 1e300}, "timeout is 1e+300"),
        ({"max_wait": float("inf")}, "max_wait is inf"),
        ({"concurrency": 0}, "concurrency"),
        ({"retries": True}, "retries"),
        ({"window": 1000, "overlap": 300}, "more than a quarter"),
        ({"max_cost": 1.0}, "needs the prices"),
        ({"price_input": 1.0}, "needs the prices"),
        ({"extra": {"messages": []}}, "extra holds messages"),
        ({"extra": ["a"]}, "extra is no table"),
        ({"extra": {"api_key": "k"}}, "extra holds 'api_key'"),
        ({"extra": {"a": [{"Authorization": "k"}]}}, "extra holds 'Authorization'"),
        ({"extra": {"x": float("nan")}}, "extra holds what JSON cannot tell"),
        ({"extra": {"x": [{"y": date(2020, 1, 1)}]}}, "extra holds what JSON cannot tell"),
        ({"extra": {"x": 2**63}}, "extra holds what JSON cannot tell"),
        ({"extra": {"x": "\ud800"}}, "extra holds what JSON cannot tell"),
        ({"model": "\ud800"}, "model holds half a character"),
        ({"omit": "seed"}, "omit is no list"),
        ({"omit": ["messages", "sed"]}, "omit holds 'messages', 'sed'; known: model, "),
        ({"cache_dir": "~no-such-user/x"}, "no such place for answers"),
        ({"cache_dir": "a\0b"}, "no such place for answers"),
        ({"resend": "yes"}, "resend"),
        ({"max_tier": "magic"}, "max_tier"),
    ],
)
def test_a_wrong_parameter_is_refused_before_anything_is_sent(wrong, told):
    with ModelServer() as server:
        one = extractor(server).set_params(**wrong)
        with pytest.raises(DataError, match=re.escape(told)):
            one.predict([document(1)])
    assert server.count == 0


def test_all_wrong_parameters_are_told_at_once():
    with pytest.raises(DataError) as caught:
        LanguageModelExtractor(timeout=0, window=5).predict([document(1)])
    assert len(caught.value.problems) == 5  # with the overlap, too large for that window


@pytest.mark.parametrize("version", VERSIONS)
def test_a_prompt_defines_all_that_it_asks_for_and_nothing_else(version):
    text = prompt(version)
    assert "guidelines, version 0.1." in text
    for label, names in ASKED.items():
        assert re.search(rf"^#+ {label}\b", text, re.MULTILINE), label
        for name in names:
            assert f"`{name}`:" in text or f'"{name}": TEXT' in text, name
            for value in ATTRIBUTES[label][name] or ():
                assert f"\n- `{value}`: " in text, value
    defined = set(re.findall(r"^- `(\w+)`: ", text, re.MULTILINE))
    assert defined == {
        value
        for label, names in ASKED.items()
        for n in names
        for value in ATTRIBUTES[label][n] or ()
    }
    assert {*ASKED} == {*LABELS} - {"ignore"}
    asked = {(label, name) for label, names in ASKED.items() for name in names}
    known = {(label, name) for label, names in ATTRIBUTES.items() for name in names}
    assert known - asked == {("claim", "granularity")}


def test_the_form_in_the_prompt_is_that_of_the_schema():
    form = prompt("v1").split("\n\n")[4]
    assert form.startswith('{"attributions"')

    def names(schema):
        if schema["type"] == "array":
            return names(schema["items"])
        if schema["type"] == "object":
            return [n for name, s in schema["properties"].items() for n in [name, *names(s)]]
        return []

    assert re.findall(r'"(\w+)":', form) == names(answer_schema())


def test_what_the_schema_allows_is_what_is_read():
    import jsonschema

    schema = answer_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    answer = labels(TEXT)
    jsonschema.validate(answer, schema)
    assert msgspec.json.decode(json.dumps(answer), type=Answer).attributions

    def objects(part):
        if part["type"] == "object":
            yield part
            for inner in part["properties"].values():
                yield from objects(inner)
        elif part["type"] == "array":
            yield from objects(part["items"])

    # What servers ask of a schema that they take as strict.
    for part in objects(schema):
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])


def test_the_prompt_follows_the_guidelines_that_annotators_have():
    guidelines = (ROOT / "annotation/inquit/annotation/guidelines.md").read_text("utf-8")
    assert "\nVersion 0.1\n" in guidelines
