"""An annotator at a real browser: logs in, selects words with the mouse, presses keys, submits."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

#: The article in the page.
TEXT = ".lsf-htx-richtext"
#: How long anything on the page may take, in milliseconds.
PATIENCE = 30_000

# Label Studio shows every CR and every LF as one <br>; all else is text nodes, one character a
# code point (a JavaScript string iterates over code points).
_WALK = """
function* characters(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node; (node = walker.nextNode()); ) {
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (node.tagName === "BR") yield ["\\n", node, 0];
      continue;
    }
    let unit = 0;
    for (const character of node.data) {
      yield [character, node, unit];
      unit += character.length;
    }
  }
}
function box(character, node, unit) {
  const range = document.createRange();
  range.setStart(node, unit);
  range.setEnd(node, unit + character.length);
  const {left, right, top, bottom} = range.getBoundingClientRect();
  return {left, right, y: (top + bottom) / 2};
}
"""
_READ = f"(root) => {{ {_WALK} return Array.from(characters(root), (c) => c[0]).join(''); }}"
_SCROLL = f"""(root, at) => {{ {_WALK}
  const [, node] = Array.from(characters(root))[at];
  (node.parentElement || node).scrollIntoView({{block: "center"}});
}}"""
_BOXES = f"""(root, offsets) => {{ {_WALK}
  const all = Array.from(characters(root));
  return offsets.map((at) => box(...all[at]));
}}"""
# A place where a click meets this region and none that lies inside it.
_OPEN_PLACE = f"""(root, index) => {{ {_WALK}
  for (const [character, node, unit] of characters(root)) {{
    const region = node.parentElement.closest(".htx-highlight");
    if (region?.dataset.index === String(index) && node.nodeType === Node.TEXT_NODE) {{
      const place = box(character, node, unit);
      if (place.right > place.left) return place;
    }}
  }}
  return null;
}}"""


def hotkeys(config: str) -> dict[str, str]:
    """Return the key of every label and every choice in a labelling configuration."""
    root = ElementTree.fromstring(config)
    parts = (*root.iter("Label"), *root.iter("Choice"))
    return {part.attrib["value"]: part.attrib["hotkey"] for part in parts}


class Annotator:
    """One person with a browser of their own (own cookies), at one Label Studio.

    Offsets are code points, half-open. Regions are numbered from 1 as Label Studio numbers them.
    """

    def __init__(self, browser: Browser, url: str) -> None:
        self.url = url
        self.context = browser.new_context(viewport={"width": 1400, "height": 1000})
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.elsewhere: list[str] = []
        self.page.on("request", lambda request: self._note(request.url))
        self.regions = self.relations = 0
        self._released = 0.0

    def close(self) -> None:
        self.context.close()

    def _note(self, address: str) -> None:
        if not address.startswith((self.url, "data:", "blob:")):
            self.elsewhere.append(address)

    def log_in(self, username: str, password: str) -> None:
        self.page.goto(f"{self.url}/user/login/")
        self._enter(username, password)

    def sign_up(self, invitation: str, email: str, password: str) -> None:
        """Make an account with the link that a coordinator hands out."""
        self.page.goto(self.url + invitation)
        self._enter(email, password)

    def _enter(self, email: str, password: str) -> None:
        page = self.page
        page.fill("input[name=email]", email)
        page.fill("input[name=password]", password)
        page.locator("form button[type=submit]").click()
        page.wait_for_url(lambda address: "/user/" not in address)

    def open_stream(self, project: int) -> str:
        """Open the next document of a project; return the instructions shown, after closing them.

        The instructions come up by themselves; a test that expects them fails without them.
        """
        self.page.goto(f"{self.url}/projects/{project}/data?labeling=1")
        self._fresh()
        dialog = self.page.locator(".lsf-modal-ls_visible")
        dialog.wait_for()
        shown = dialog.locator(".lsf-modal-ls__body").inner_text()
        self.page.keyboard.press("Escape")
        dialog.wait_for(state="detached")
        return shown

    def _fresh(self) -> None:
        self.page.locator(TEXT).wait_for()
        self.regions = self.relations = 0

    def text(self) -> str:
        """Return the article as the page shows it; CR and LF both read as a line feed."""
        shown: str = self.page.locator(TEXT).evaluate(_READ)
        return shown

    def keys_shown(self) -> dict[str, str]:
        """Return the labels above the text with the keys printed on them."""
        labels = self.page.locator(".lsf-labels > .lsf-label")
        return {
            part.locator(".lsf-label__text").inner_text(): part.locator("span").last.inner_text()
            for part in labels.all()
        }

    def label(self, key: str, start: int, end: int) -> int:
        """Press a label's key, drag the mouse from ``start`` to ``end``; return the number."""
        page, text = self.page, self.page.locator(TEXT)
        chosen = ".lsf-labels > .lsf-label_selected"
        page.keyboard.press("Escape")
        page.locator(chosen).wait_for(state="detached")
        page.keyboard.press(key)
        page.locator(chosen, has=page.get_by_text(key, exact=True)).wait_for()
        text.evaluate(_SCROLL, start)
        first, last = text.evaluate(_BOXES, [start, end - 1])
        height = page.viewport_size["height"] if page.viewport_size else 0
        if not 0 < last["y"] < height:
            raise ValueError(f"[{start}, {end}) does not fit on the screen")
        page.mouse.move(first["left"] + 1, first["y"])
        page.mouse.down()
        page.mouse.move(last["right"] - 1, last["y"], steps=5)
        # Two releases at one place within 450 ms are a double click to Label Studio, which then
        # gives the second region the label of the first. No person is that fast.
        page.wait_for_timeout(max(0, 500 - 1000 * (time.monotonic() - self._released)))
        page.mouse.up()
        self._released = time.monotonic()
        self.regions += 1
        page.locator(f'.htx-highlight[data-index="{self.regions}"]').first.wait_for()
        return self.regions

    def select(self, region: int) -> None:
        """Click a region in the text where no smaller one covers it, else in the list of regions.

        A region whose every character lies inside other regions can only be clicked in the list.
        """
        self._click(region)
        self.page.locator(f'.htx-highlight.__active[data-index="{region}"]').first.wait_for()

    def _click(self, region: int) -> None:
        text = self.page.locator(TEXT)
        part = self.page.locator(f'.htx-highlight[data-index="{region}"]').first
        part.evaluate("(part) => part.scrollIntoView({block: 'center'})")
        place = text.evaluate(_OPEN_PLACE, region)
        if place:
            self.page.mouse.click((place["left"] + place["right"]) / 2, place["y"])
        else:
            self._in_list(region).click()

    def _in_list(self, region: int) -> Locator:
        """Scroll the list of regions, which holds only what is on the screen, to a region."""
        items = self.page.locator(".lsf-outliner-item")
        number = self.page.locator(".lsf-outliner-item__index").get_by_text(str(region), exact=True)
        item = items.filter(has=number)
        items.first.hover()
        self.page.mouse.wheel(0, -100_000)
        for _ in range(100):
            self.page.wait_for_timeout(50)
            if item.count():
                break
            self.page.mouse.wheel(0, 150)
        return item

    def choose(self, region: int, key: str) -> None:
        """Say something about a region: click it and press the key of a choice."""
        self.page.keyboard.press("Escape")
        self.select(region)
        choice = self.page.locator("label", has=self.page.get_by_text(f"[{key}]", exact=True))
        choice.wait_for()
        self.page.keyboard.press(key)
        choice.locator("input:checked").wait_for(state="attached")

    def relate(self, origin: int, target: int) -> None:
        """Draw a relation: click one region, Alt+R, click the other."""
        self.page.keyboard.press("Escape")
        self.select(origin)
        self.page.keyboard.press("Alt+r")
        self._click(target)
        self.relations += 1
        arrows = self.page.locator(".relations-overlay > g")
        arrows.nth(self.relations - 1).wait_for(state="attached")

    def submit(self) -> int:
        """Press Submit and wait until the server has it; return the server's status."""
        with self.page.expect_response(
            lambda r: r.request.method == "POST" and "/annotations" in r.url
        ) as answer:
            self.page.get_by_role("button", name="Submit current annotation").click()
        return answer.value.status

    def screenshot(self, path: Path) -> None:
        self.page.screenshot(path=path)
