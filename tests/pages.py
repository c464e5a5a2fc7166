"""Our own pages in a real Chromium: opened from disk, watched for what they load, run and say."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

PAYLOADS = (
    "<script>document.title='owned'</script>",
    "</script><script>document.title='owned'</script>",
    "</style><style>*{display:none}</style>",
    "<img src=x onerror=\"document.title='owned'\">",
    "\"><svg/onload=document.title='owned'>",
    "' onmouseover='alert(1)' style='position:fixed;inset:0",
    "</bdi></td></table></noscript><h1>big</h1>",
    "&lt;b&gt;&amp;&#60;i&#62; \\u003cscript\\u003e",
    "{{ 7 * 7 }}{% raw %}${alert(1)}`",
    "<!-- <script> never closed",
    "]]></script><script>",
    "<base href='https://example.invalid/'><link rel=stylesheet href=//example.invalid>",
    "\u202eright to left\u202c \u2067isolated",
    "javascript:alert(1)",
    "__proto__",
    "W" * 300,
)
#: Says what a page holds that is not ours; an empty list if nothing.
_AUDIT = """() => {
  const wrong = [];
  if (document.title === "owned") wrong.push("a script has run");
  const bad = "img,iframe,object,embed,base,form,link,video,audio,frame,style ~ style";
  for (const element of document.querySelectorAll(bad)) wrong.push(element.outerHTML);
  for (const element of document.querySelectorAll("*"))
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on") || name === "style" || name === "src" || name === "srcdoc")
        wrong.push(`${element.tagName} ${name}=${value}`);
      if (name.endsWith("href") && !/^(#|https?:)/.test(value)) wrong.push(`link to ${value}`);
    }
  if (document.querySelectorAll("h1").length !== 1) wrong.push("another first heading");
  if (document.styleSheets.length !== 1) wrong.push("another style sheet");
  return wrong;
}"""
#: Returns a pane's text as runs: the words, and the ids of the labels around them.
RUNS = """(root) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const ids = [];
    for (let node = walker.currentNode.parentNode; node !== root; node = node.parentNode)
      if (node.mark) ids.push(node.mark.id);
    found.push([walker.currentNode.data, ids.sort()]);
  }
  return found;
}"""


class Parsed(HTMLParser):
    """The elements, texts, styles and scripts of a page; unclosed or crossed tags are errors."""

    VOID = frozenset({"meta", "rect", "line", "circle", "input", "path"})

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.inside: dict[str, list[str]] = {"style": [], "script": [], "title": []}
        self.feed(content)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.tags.append((tag, dict(attrs)))
        if tag in self.inside:
            self.inside[tag].append("")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.inside:
            self.inside[self.open[-1]][-1] += data
        else:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def guarded(content: str, scripts: int) -> Parsed:
    """Parse a page and check that it can load nothing and run nothing but our scripts."""
    page = Parsed(content)
    assert not {"iframe", "object", "embed", "link", "base", "img", "form"} & {
        tag for tag, _ in page.tags
    }
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#")
    (sheet,) = page.inside["style"]
    assert "@import" not in sheet and "url(" not in sheet
    kinds = [attributes.get("type") for attributes in page.named("script")]
    assert kinds == ["application/json"] + [None] * scripts
    code = page.inside["script"][1:]
    assert not any(word in part for part in code for word in ("innerHTML", "eval(", "fetch("))
    policy = next(m["content"] for m in page.named("meta") if "http-equiv" in m)
    ours = " ".join(f"'{_digest(part)}'" for part in code)
    assert policy == (
        f"default-src 'none'; script-src {ours}; style-src '{_digest(sheet)}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )
    assert not re.search("[<>&\u2028\u2029]", page.inside["script"][0])
    return page


def _digest(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


class Chromium:
    """A browser; `told` and `asked` are what all its pages said and wanted to load."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self.told: list[str] = []
        self.asked: list[str] = []

    def open(self, path: Path, fragment: str = "", **context: Any) -> Any:
        """Open a page of ours; see playwright's Browser.new_context for what may be set."""
        page = self._browser.new_context(**context).new_page()
        page.set_default_timeout(20_000)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.told.append(message.text))
        page.on("pageerror", lambda error: self.told.append(str(error)))
        page.on("dialog", lambda dialog: (self.told.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri() + fragment)
        return page

    def quiet(self) -> bool:
        """Check that nothing was loaded but files, and that no page said or complained anything."""
        asked = [url for url in self.asked if not url.startswith("file:")]
        told, self.told, self.asked = self.told, [], []
        assert asked == [], asked
        assert told == [], told
        return True


def audit(page: Any) -> None:
    """Check that nothing in an open page comes from the data but text."""
    assert page.evaluate(_AUDIT) == []


@contextmanager
def chromium() -> Iterator[Chromium]:
    """Start Chromium; without one the test is skipped, and fails in CI."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is not installed")
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield Chromium(browser)
        browser.close()
