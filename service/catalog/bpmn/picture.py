"""A diagram as a picture (SVG) that needs no browser: drawn as the editors draw it, from the shapes and edges of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from lxml import etree

from service.catalog.bpmn.model import Diagram, Element, Kind, Trigger
from service.catalog.bpmn.shapes import Bounds, Edge, Point
from service.catalog.bpmn.text import INSIDE, LINE, shown, text_width, wrap_label_text
from service.catalog.source.formatting import BPMN, BPMNDI, DC
from service.catalog.source.xml import XmlElement, parse_xml

FONT = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','Noto Serif CJK SC',sans-serif"
_INK = "#1f2329"
_MARGIN = 16
_SIZE = 12
_CORNER = 10
_BASE = 10
"""From the top of a line to the feet of its letters."""


def picture_of(diagram: Diagram) -> str:
    """Return the drawing of a diagram as SVG; one that is not drawn is an empty picture."""
    box = _get_extent(diagram)
    parts = [*_draw_frames(diagram), *_draw_edges(diagram), *_draw_nodes(diagram)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{box.width:g}" height="{box.height:g}" '
        f'viewBox="{box.x:g} {box.y:g} {box.width:g} {box.height:g}" font-family="{FONT}" font-size="{_SIZE}" '
        f'fill="none" stroke="{_INK}" stroke-width="1.5">'
        f"<title>{escape(diagram.name)}</title>"
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" fill="#fff" stroke="none"/>'
        f"{''.join(parts)}</svg>"
    )


def _get_extent(diagram: Diagram) -> Bounds:
    boxes = [shape.bounds for shape in diagram.shapes.values()]
    boxes += [shape.label for shape in diagram.shapes.values() if shape.label]
    boxes += [edge.label for edge in diagram.edges.values() if edge.label]
    points = [point for edge in diagram.edges.values() for point in edge.waypoints]
    across = [x for box in boxes for x in (box.x, box.right)] + [p.x for p in points]
    down = [y for box in boxes for y in (box.y, box.bottom)] + [p.y for p in points]
    if not across:
        return Bounds(0, 0, 2 * _MARGIN, 2 * _MARGIN)
    left, top = min(across), min(down)
    return Bounds(left, top, max(across) - left, max(down) - top).grown(_MARGIN)


def _draw_frames(diagram: Diagram) -> Iterator[str]:
    """Draw the pool and its lanes, their names written upwards at the left."""
    frames = [(diagram.pool, diagram.pool_name), *((lane.id, lane.name) for lane in diagram.lanes)]
    for ident, name in frames:
        shape = diagram.shapes.get(ident)
        if shape is not None:
            yield _draw_rect(shape.bounds)
            yield _draw_upward_text(shape.bounds, name)
            if ident == diagram.pool:
                yield _draw_line(
                    Point(shape.bounds.x + 30, shape.bounds.y), Point(shape.bounds.x + 30, shape.bounds.bottom)
                )


def _draw_upward_text(box: Bounds, name: str) -> str:
    x, y = box.x + 15, box.y + box.height / 2
    text = f'<text x="{x:g}" y="{y + 4:g}" text-anchor="middle" fill="{_INK}" stroke="none">{escape(name)}</text>'
    return f'<g transform="rotate(-90 {x:g} {y:g})">{text}</g>'


def _draw_edges(diagram: Diagram) -> Iterator[str]:
    defaults = {element.default_flow for element in diagram.elements.values()}
    for ident, flow in diagram.flows.items():
        edge = diagram.edges.get(ident)
        if edge is None or len(edge.waypoints) < 2:
            continue
        points = " ".join(f"{p.x:g},{p.y:g}" for p in edge.waypoints)
        yield f'<polyline points="{points}" stroke-linejoin="round"/>'
        yield _draw_arrow(edge)
        if ident in defaults:
            yield _draw_slash(edge)
        if flow.name and edge.label:
            yield _draw_outside_name(edge.label, flow.name)


def _get_direction(a: Point, b: Point) -> tuple[float, float]:
    length = max(((b.x - a.x) ** 2 + (b.y - a.y) ** 2) ** 0.5, 1e-6)
    return (b.x - a.x) / length, (b.y - a.y) / length


def _draw_arrow(edge: Edge) -> str:
    tip = edge.waypoints[-1]
    x, y = _get_direction(edge.waypoints[-2], tip)
    back = Point(tip.x - 10 * x, tip.y - 10 * y)
    sides = (tip, Point(back.x - 4 * y, back.y + 4 * x), Point(back.x + 4 * y, back.y - 4 * x))
    return f'<polygon points="{" ".join(f"{p.x:g},{p.y:g}" for p in sides)}" fill="{_INK}" stroke="none"/>'


def _draw_slash(edge: Edge) -> str:
    """Mark the way that is taken where no condition holds."""
    first = edge.waypoints[0]
    x, y = _get_direction(first, edge.waypoints[1])
    middle = Point(first.x + 12 * x, first.y + 12 * y)
    across = Point(4 * (x - y), 4 * (y + x))
    return _draw_line(Point(middle.x - across.x, middle.y - across.y), Point(middle.x + across.x, middle.y + across.y))


def _draw_nodes(diagram: Diagram) -> Iterator[str]:
    order = sorted(diagram.elements.values(), key=lambda e: (not e.kind.is_scope, e.kind is Kind.BOUNDARY))
    for element in order:
        shape = diagram.shapes.get(element.id)
        if shape is None:
            continue
        draw = _draw_event if element.kind.is_event else _draw_gateway if element.kind.is_gateway else _draw_activity
        yield f'<g id="{escape(element.id)}">{"".join(draw(element, shape.bounds))}</g>'
        if shape.label and element.name and not element.kind.is_activity:
            yield _draw_outside_name(shape.label, element.name)


def _draw_event(element: Element, box: Bounds) -> Iterator[str]:
    middle, radius = box.centre, box.width / 2
    width = 4 if element.kind is Kind.END else 1.5
    dashed = "" if element.interrupting else ' stroke-dasharray="4 3"'
    yield _draw_circle(middle, radius, f'fill="#fff" stroke-width="{width}"{dashed}')
    if element.kind in (Kind.CATCH, Kind.THROW, Kind.BOUNDARY):
        yield _draw_circle(middle, radius - 4, dashed)
    yield from _draw_trigger(element.trigger, middle)


def _draw_trigger(trigger: Trigger | None, at: Point) -> Iterator[str]:
    if trigger is Trigger.TIMER:
        yield _draw_circle(at, 9, "")
        yield f'<path d="M{at.x:g} {at.y - 6:g}V{at.y:g}H{at.x + 5:g}"/>'
    elif trigger is Trigger.MESSAGE:
        yield f'<path d="M{at.x - 8:g} {at.y - 6:g}h16v12h-16zl8 7l8 -7"/>'
    elif trigger is Trigger.TERMINATE:
        yield _draw_circle(at, 10, f'fill="{_INK}"')
    elif trigger in (Trigger.ERROR, Trigger.ESCALATION):
        yield f'<path d="M{at.x - 8:g} {at.y + 7:g}l4 -13l7 8l5 -10l-4 13l-7 -8z"/>'
    elif trigger is Trigger.SIGNAL:
        yield f'<path d="M{at.x:g} {at.y - 8:g}l8 13h-16z"/>'


def _draw_gateway(element: Element, box: Bounds) -> Iterator[str]:
    at = box.centre
    corners = f"{at.x:g},{box.y:g} {box.right:g},{at.y:g} {at.x:g},{box.bottom:g} {box.x:g},{at.y:g}"
    yield f'<polygon points="{corners}" fill="#fff"/>'
    if element.kind is Kind.EXCLUSIVE:
        yield f'<path stroke-width="3" d="M{at.x - 7:g} {at.y - 8:g}l14 16M{at.x + 7:g} {at.y - 8:g}l-14 16"/>'
    elif element.kind is Kind.PARALLEL:
        yield f'<path stroke-width="3" d="M{at.x - 10:g} {at.y:g}h20M{at.x:g} {at.y - 10:g}v20"/>'
    elif element.kind is Kind.INCLUSIVE:
        yield _draw_circle(at, 10, 'stroke-width="2.5"')
    else:
        yield _draw_circle(at, 12, "") + _draw_circle(at, 9, "")


def _draw_activity(element: Element, box: Bounds) -> Iterator[str]:
    width = 4 if element.kind is Kind.CALL else 1.5
    dashed = ' stroke-dasharray="4 3"' if element.event_subprocess else ""
    yield _draw_rect(box, f'rx="{_CORNER}" fill="#fff" stroke-width="{width}"{dashed}')
    lines = wrap_label_text(element.name, int(box.width) - INSIDE)
    top = box.y + 6 if element.kind.is_scope else box.centre.y - LINE * len(lines) / 2
    yield from _draw_text_lines(lines, box.centre.x, top)
    yield from _kind_mark(element.kind, box.x + 12, box.y + 12)
    yield from _draw_markers(element, box)


def _kind_mark(kind: Kind, x: float, y: float) -> Iterator[str]:
    if kind is Kind.USER_TASK:
        yield f'<path d="M{x - 6:g} {y + 8:g}v-2q0 -5 6 -5t6 5v2z"/>' + _draw_circle(
            Point(x, y - 3), 3.5, 'fill="#fff"'
        )
    elif kind is Kind.SERVICE_TASK:
        yield _draw_circle(Point(x, y), 6, 'stroke-width="3" stroke-dasharray="2.4 2.3"') + _draw_circle(
            Point(x, y), 3.5, ""
        )
    elif kind is Kind.RULE_TASK:
        yield f'<path d="M{x - 7:g} {y - 6:g}h14v12h-14zm0 4h14m-14 4h14M{x - 2:g} {y - 2:g}v8"/>'
    elif kind in (Kind.SEND_TASK, Kind.RECEIVE_TASK):
        yield f'<path d="M{x - 7:g} {y - 5:g}h14v10h-14zl7 5l7 -5"/>'
    elif kind is Kind.MANUAL_TASK:
        yield f'<path d="M{x - 7:g} {y + 5:g}v-7h9l3 -2m-3 4h6m-6 3h5m-5 3h4"/>'


def _draw_markers(element: Element, box: Bounds) -> Iterator[str]:
    x, y = box.centre.x, box.bottom - 11
    if element.kind is Kind.CALL:
        yield f'<path d="M{x - 7:g} {y - 7:g}h14v14h-14zm2.5 7h9m-4.5 -4.5v9"/>'
        x += 22
    if element.multi is not None:
        bars = "h12m-12 5h12m-12 5h12" if element.multi.sequential else "v10m5 -10v10m5 -10v10"
        yield f'<path stroke-width="2" d="M{x - 6:g} {y - 5:g}{bars}"/>'


def _draw_outside_name(box: Bounds, name: str) -> str:
    lines = shown(name, max(int(box.width), 24))
    halo = max((text_width(line) for line in lines), default=0)
    ground = Bounds(box.centre.x - halo / 2, box.y, halo, LINE * len(lines))
    back = _draw_rect(ground, 'fill="#fff" fill-opacity="0.75" stroke="none"')
    return back + "".join(_draw_text_lines(lines, box.centre.x, box.y))


def _draw_text_lines(lines: list[str], x: float, top: float) -> Iterator[str]:
    for index, line in enumerate(lines):
        y = top + _BASE + LINE * index + 1
        yield f'<text x="{x:g}" y="{y:g}" text-anchor="middle" fill="{_INK}" stroke="none">{escape(line)}</text>'


def _draw_rect(box: Bounds, more: str = "") -> str:
    return f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" {more}/>'


def _draw_circle(at: Point, radius: float, more: str) -> str:
    return f'<circle cx="{at.x:g}" cy="{at.y:g}" r="{radius:g}" {more}/>'


def _draw_line(a: Point, b: Point) -> str:
    return f'<path d="M{a.x:g} {a.y:g}L{b.x:g} {b.y:g}"/>'


_WIDEST = 96
"""No name beside its shape is wider, in pixels, as bpmn-js sets them by itself."""


def in_words(content: bytes, file: str, say: Callable[[str], str]) -> bytes:
    """Return the BPMN file ``content`` with every name and annotation as ``say`` says it; raises XmlMistake.

    Names beside their shapes get the width that the longest of their words needs.
    """
    root = parse_xml(content, file)
    names_by_id = {}
    for element in root.iter(f"{{{BPMN}}}*"):
        if name := element.get("name"):
            names_by_id[element.get("id")] = say(name)
            element.set("name", say(name))
    for note in root.iter(f"{{{BPMN}}}text"):
        note.text = say((note.text or "").strip())
    for label, ident in _labels(root):
        _widen(label, names_by_id.get(ident, ""))
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _labels(root: XmlElement) -> Iterator[tuple[XmlElement, str]]:
    """Yield the bounds of the names beside shapes and flows, each with the id of what it names."""
    for label in root.iter(f"{{{BPMNDI}}}BPMNLabel"):
        bounds = label.find(f"{{{DC}}}Bounds")
        if bounds is not None:
            yield bounds, label.getparent().get("bpmnElement", "")


def _widen(bounds: XmlElement, name: str) -> None:
    """Make the place of a name as wide as its longest word, and of a longer one as three lines ask; its middle stays."""
    longest = max((text_width(word) for word in name.split()), default=0)
    wanted = min(_WIDEST, max(longest, text_width(name) // 3))
    more = wanted - float(bounds.get("width"))
    if more > 0:
        bounds.set("width", f"{wanted}")
        bounds.set("x", f"{float(bounds.get('x')) - more / 2:g}")
