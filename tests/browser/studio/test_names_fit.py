"""Names stand clear of the shapes: every diagram of the cities drawn in one page of the editor, and what is typed at length."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import view_draft
from service.catalog.pieces.piece_kinds import PieceKind
from service.store import Store
from tests.support.city import make_city
from tests.support.served import served, signed_in
from tests.support.tree import PROJECT

INK = """
const inkOf = (registry, label) => {
  const text = registry.getGraphics(label).querySelector('.djs-visual text');
  if (!text) return null;
  const lines = [...text.querySelectorAll('tspan')];
  const at = lines.map((line) => Number(line.getAttribute('y')));
  const { x, width } = text.getBBox();
  return { x: label.x + x, y: label.y + Math.min(...at) - 10.5, width, bottom: label.y + Math.max(...at) + 1.5, lines: lines.length };
};
const meet = (ink, shape) => ink.x < shape.x + shape.width - 1 && shape.x < ink.x + ink.width - 1
  && ink.y < shape.y + shape.height - 1 && shape.y < ink.bottom - 1;
const CONTAINERS = /Participant|Lane$|SubProcess|Collaboration|Group|Transaction/;
const onShapes = (modeler) => {
  const registry = modeler.get('elementRegistry');
  const labels = registry.filter((element) => element.labelTarget && element.businessObject.name);
  const shapes = registry.filter((element) => !element.labelTarget && !element.waypoints && element.parent && element.width && !CONTAINERS.test(element.type));
  return labels.flatMap((label) => {
    const ink = inkOf(registry, label);
    return ink ? shapes.filter((shape) => meet(ink, shape)).map((shape) => `${label.businessObject.name} / ${shape.id}`) : [];
  });
};
"""
EVERY = f"""async ([draft, paths, drawn]) => {{ {INK}
  const modeler = laurelStudio.modeler;
  const files = await Promise.all(paths.map(async (path) => {{
    const answer = await fetch(`/api/v1/drafts/${{draft}}/diagram?path=${{path}}`);
    return [path, (await answer.json()).xml];
  }}));
  const found = [];
  for (const [path, xml] of [...files, ...drawn.map((xml, at) => [`drawn ${{at}}`, xml])]) {{
    await modeler.importXML(xml);
    found.push(...onShapes(modeler).map((one) => `${{path}}: ${{one}}`));
  }}
  return found;
}}"""


TYPED = f"""async ([draft, paths, name]) => {{ {INK}
  const modeler = laurelStudio.modeler;
  const registry = modeler.get('elementRegistry');
  const namedAbove = (one) => /Gateway/.test(one.type) && one.label && one.label.y + one.label.height <= one.y;
  let gateway;
  for (let at = 0; !(gateway && registry.find((one) => /UserTask/.test(one.type))); at += 1) {{
    const answer = await fetch(`/api/v1/drafts/${{draft}}/diagram?path=${{paths[at]}}`);
    await modeler.importXML((await answer.json()).xml);
    gateway = registry.find(namedAbove);
  }}
  modeler.get('modeling').updateLabel(gateway, name);
  const ink = inkOf(registry, gateway.label);
  const task = registry.find((one) => /UserTask/.test(one.type));
  modeler.get('modeling').updateLabel(task, name);
  const words = registry.getGraphics(task).querySelector('.djs-visual text').getBoundingClientRect();
  const box = registry.getGraphics(task).querySelector('.djs-visual rect').getBoundingClientRect();
  const inside = words.top >= box.top - 3 && words.bottom <= box.bottom + 3 && words.left >= box.left && words.right <= box.right;
  return {{ on: Boolean(meet(ink, gateway)), lines: ink.lines, inside }};
}}"""
LOOK = """() => {
  const palette = document.querySelector('.djs-palette').getBoundingClientRect();
  const first = document.querySelector('.djs-element[data-element-id^=pool_] .djs-visual rect').getBoundingClientRect();
  return { palette: Math.round(palette.right), first: Math.round(first.left) };
}"""


def test_no_name_lies_on_a_shape(chromium: Browser, sqlite_store: Store) -> None:
    town = make_city(sqlite_store, "kizilsu")
    draft = open_draft(town.desk, town.designer, town.key, "字")
    paths = [file.path for file in view_draft(town.desk, town.designer, draft).of(PieceKind.DIAGRAM)]
    assert len(paths) > 40
    elsewhere = [file.read_text(encoding="utf-8") for file in sorted(PROJECT.glob("processes/*/*/*.bpmn"))]
    drawn = [xml for xml in elsewhere if "BPMNDiagram" in xml and "kizilsu" not in xml and "${" not in xml]
    with served(town) as base, signed_in(chromium, town, "designer", base) as context:
        page = context.new_page()
        page.goto(f"{base}/studio/drafts/{draft}/diagrams/edit?path={paths[0]}")
        expect(page.locator(".studio-modeler[data-ready=yes]")).to_be_visible()
        left = page.evaluate(LOOK)
        assert left["palette"] <= left["first"]
        assert page.evaluate(EVERY, [draft, paths, drawn]) == []
        page.evaluate("laurelStudio.modeler.get('canvas').zoom('fit-viewport')")
        wide = page.evaluate(TYPED, [draft, paths, "字" * 300])
        assert wide == {"on": False, "lines": 8, "inside": True}
