"""The canvas under a person's hand: pieces from the palette and from beside an element, flows, names, lanes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from tests.support.waiting import until_on

_AT = """([id, dx, dy]) => {
  const m = laurelStudio.modeler, canvas = m.get('canvas'), one = m.get('elementRegistry').get(id);
  const at = { x: one.x + dx * one.width, y: one.y + dy * one.height };
  const shown = () => { const v = canvas.viewbox(); return [(at.x - v.x) * v.scale, (at.y - v.y) * v.scale]; };
  const size = canvas.getSize();
  let [x, y] = shown();
  if (x < 130 || y < 60 || x > size.width - 230 || y > size.height - 110) {
    const v = canvas.viewbox();
    canvas.viewbox({ x: at.x - v.width / 2, y: at.y - v.height / 2, width: v.width, height: v.height });
    [x, y] = shown();
  }
  const box = canvas.getContainer().getBoundingClientRect();
  return [box.left + x, box.top + y];
}"""
"""Scroll a place of an element into sight, and say where on the screen it is."""

_PLACES = (
    (0.5, 0.5),
    (0.5, 0.25),
    (0.5, 0.75),
    (0.25, 0.5),
    (0.75, 0.5),
    (0.3, 0.3),
    (0.7, 0.7),
    (0.3, 0.7),
    (0.7, 0.3),
)
_TOP = "([x, y]) => document.elementFromPoint(x, y)?.closest?.('[data-element-id]')?.dataset.elementId"
_MIDDLE = """id => {
  const m = laurelStudio.modeler, one = m.get('elementRegistry').get(id), v = m.get('canvas').viewbox();
  m.get('canvas').viewbox({ x: one.x + one.width / 2 - v.width / 2, y: one.y + one.height / 2 - v.height / 2, width: v.width, height: v.height });
}"""
_ON_LINE = """id => {
  const m = laurelStudio.modeler, canvas = m.get('canvas'), { waypoints } = m.get('elementRegistry').get(id);
  const parts = waypoints.slice(1).map((to, n) => [waypoints[n], to]);
  const long = ([a, b]) => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
  const along = [0.5, 0.25, 0.75, 0.1, 0.9];
  const points = parts.sort((one, other) => long(other) - long(one))
    .flatMap(([a, b]) => along.map((s) => [a.x + s * (b.x - a.x), a.y + s * (b.y - a.y)]));
  const hit = (x, y) => document.elementFromPoint(x, y)?.closest?.('[data-element-id]')?.dataset.elementId === id;
  for (const [px, py] of points) {
    const v = canvas.viewbox();
    canvas.viewbox({ x: px - v.width / 2, y: py - v.height / 2, width: v.width, height: v.height });
    const box = canvas.getContainer().getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    if (hit(x, y)) return [x, y];
  }
  return null;
}"""
"""Scroll to a place where a flow can be pressed, and say where on the screen it is."""

_START = """id => {
  const m = laurelStudio.modeler, canvas = m.get('canvas'), { x, y } = m.get('elementRegistry').get(id).waypoints[0];
  const v = canvas.viewbox(), box = canvas.getContainer().getBoundingClientRect();
  return [box.left + (x - v.x) * v.scale, box.top + (y - v.y) * v.scale];
}"""
"""Say where on the screen a flow begins."""

_STEPS = "laurelStudio.modeler.get('commandStack')._stackIdx"
_CHOSEN = "laurelStudio.modeler.get('selection').get().map((one) => one.id)"


@dataclass
class Hand:
    """Draws on the canvas of an open editor; elements are told by the id that the editor gave them."""

    page: Page

    def asks(self, script: str, argument: Any = None) -> Any:
        """Look at what is on the canvas."""
        return self.page.evaluate(script, argument)

    def point(self, ident: str, dx: float = 0.5, dy: float = 0.5) -> tuple[float, float]:
        """Scroll to an element; returns where on the screen it is, by parts of its width and height."""
        x, y = self.asks(_AT, [ident, dx, dy])
        return x, y

    def free(self, ident: str) -> tuple[float, float] | None:
        """Return where an element can be pressed, None where others lie over all of it."""
        for middle in (False, True):
            if middle:
                self.asks(_MIDDLE, ident)
            for dx, dy in _PLACES:
                at = self.point(ident, dx, dy)
                if self.asks(_TOP, [*at]) == ident:
                    return at
        return None

    def reach(self, ident: str) -> tuple[float, float]:
        """Return where an element can be pressed; the diagram is tidied up where others lie over all of it."""
        at = self.free(ident)
        if at is None:
            self.tidy()
            at = self.free(ident)
        assert at, f"{ident} lies under other elements"
        return at

    def choose(self, ident: str) -> None:
        """Press an element where nothing lies over it."""
        self.point(ident)
        self._press_until_chosen(ident, lambda: self.reach(ident))

    def tidy(self) -> None:
        """Have the diagram laid out anew."""
        before = self.asks(_STEPS)
        self.tool("整理版面")
        self.page.locator("dialog").get_by_role("button", name="整理", exact=True).click()
        self.page.wait_for_function(f"before => {_STEPS} > before", arg=before)
        self.asks("laurelStudio.modeler.get('canvas').zoom(1)")

    def choose_flow(self, ident: str) -> None:
        """Press the line of a flow."""

        def on_line() -> tuple[float, float]:
            at = self.asks(_ON_LINE, ident)
            assert at, f"{ident} lies under other elements everywhere"
            x, y = at
            return x, y

        self._press_until_chosen(ident, on_line)

    def _press_until_chosen(self, ident: str, place: Callable[[], tuple[float, float]]) -> None:
        """Press where ``place`` says, again where the canvas moved under the pointer while a panel was drawn."""

        def chosen() -> bool:
            if self.asks(_CHOSEN) != [ident]:
                self.page.mouse.click(*place())
            return bool(self.asks(_CHOSEN) == [ident])

        until_on(self.page, chosen)

    def choose_nothing(self) -> None:
        """Press the empty canvas: the panel shows the process."""
        self.page.locator("[data-part=canvas]").click(position={"x": 500, "y": 8})

    def append(self, source: str, piece: str) -> str:
        """Press a piece beside an element: it is put behind it with a flow; returns its id."""
        self.choose(source)
        self.pad(f"append.{piece}")
        return str(self.asks(_CHOSEN)[0])

    def pad(self, action: str) -> None:
        """Press an entry beside the chosen element."""
        self.page.locator(f".djs-context-pad.open [data-action='{action}']").click()

    def put(self, piece: str, ident: str, dx: float, dy: float) -> str:
        """Take a piece from the palette and put it down on an element; returns its id."""
        x, y = self.point(ident, dx, dy)
        self.page.locator(f".djs-palette [data-action='laurel.{piece}']").click()
        self.page.mouse.move(x - 6, y - 6)
        self.page.mouse.move(x, y)
        self.page.mouse.click(x, y)
        return str(self.asks(_CHOSEN)[0])

    def rejoin(self, flow: str, source: str) -> None:
        """Drag the beginning of a flow to another element."""
        self.choose_flow(flow)
        self.page.mouse.move(*self.asks(_START, flow))
        self.page.mouse.down()
        x, y = self.point(source)
        for away in (9, 6, 3, 0):
            self.page.mouse.move(x - away, y - away)
        self.page.mouse.up()
        begins = self.asks("id => laurelStudio.modeler.get('elementRegistry').get(id).source.id", flow)
        assert begins == source, f"{flow} begins at {begins}"

    def flows(self, source: str, target: str) -> list[str]:
        """Return the ids of the flows between two elements."""
        script = """([source, target]) => laurelStudio.modeler.get('elementRegistry')
          .get(source).outgoing.filter((flow) => flow.target.id === target).map((flow) => flow.id)"""
        return [str(flow) for flow in self.asks(script, [source, target])]

    def become(self, entry: str) -> str:
        """Change the kind of the chosen element by its menu; returns its id afterwards."""
        self.pad("replace")
        self.page.locator(f".djs-popup [data-id='{entry}']").click()
        return str(self.asks(_CHOSEN)[0])

    def name(self, text: str) -> bool:
        """Type the name into the field that opened on the new element; returns whether one did."""
        written = self.page.locator(".djs-direct-editing-content")
        opened = bool(written.count())
        if opened:
            if text:
                self.page.keyboard.insert_text(text)
            self.page.keyboard.press("Enter" if text else "Escape")
            expect(written).to_have_count(0)
        self.asks("() => new Promise((done) => setTimeout(() => setTimeout(done)))")  # nobody is quicker than the panel
        return opened

    def tool(self, name: str) -> None:
        """Press a button above the canvas."""
        self.page.locator("[data-part=tools]").get_by_role("button", name=name, exact=True).click()
