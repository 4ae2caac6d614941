"""Draws diagrams as SVG from what their files say: ``python -m tests.support.picture FILE... FOLDER``."""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

from service.catalog.bpmn.model import Diagram, Element, Kind
from service.catalog.bpmn.read import read_diagram
from service.catalog.bpmn.shapes import Bounds
from service.catalog.bpmn.text import wrap

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x} {y} {w} {h}" width="{w}" height="{h}" '
    'font-family="Noto Sans CJK SC" font-size="12"><defs><marker id="a" viewBox="0 0 10 10" refX="9" refY="5" '
    'markerWidth="8" markerHeight="8" orient="auto"><path d="M0 1 L9 5 L0 9 z"/></marker></defs>'
    '<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="white"/>'
)


def picture(diagram: Diagram) -> str:
    """Return the SVG of a drawn diagram."""
    boxes = [shape.bounds for shape in diagram.shapes.values()]
    x, y = min(b.x for b in boxes) - 20, min(b.y for b in boxes) - 20
    w, h = max(b.right for b in boxes) - x + 20, max(b.bottom for b in boxes) - y + 20
    parts = [HEAD.format(x=x, y=y, w=w, h=h)]
    if diagram.pool in diagram.shapes:
        parts += _band(diagram.shapes[diagram.pool].bounds, diagram.pool_name)
    for lane in diagram.lanes:
        if lane.id in diagram.shapes:
            parts += _band(diagram.shapes[lane.id].bounds, lane.name)
    for flow in diagram.flows.values():
        if edge := diagram.edges.get(flow.id):
            points = " ".join(f"{p.x},{p.y}" for p in edge.waypoints)
            parts.append(f'<polyline points="{points}" fill="none" stroke="black" marker-end="url(#a)"/>')
            if edge.label:
                parts += _text(edge.label, flow.name, "#06c")
    for element in diagram.elements.values():
        if element.id in diagram.shapes:
            parts += _node(element, diagram)
    return "\n".join([*parts, "</svg>"])


def _band(box: Bounds, name: str) -> list[str]:
    middle = box.y + box.height / 2
    return [
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" fill="none" stroke="#555"/>',
        f'<text transform="translate({box.x + 19},{middle}) rotate(-90)" text-anchor="middle">{escape(name)}</text>',
    ]


def _node(element: Element, diagram: Diagram) -> list[str]:
    shape = diagram.shapes[element.id]
    box, c = shape.bounds, shape.bounds.centre
    if element.kind.is_event:
        wide = 4 if element.kind is Kind.END else 1.5
        mark = (element.trigger or "")[:3]
        parts = [
            f'<circle cx="{c.x}" cy="{c.y}" r="{box.width / 2}" fill="white" stroke="black" stroke-width="{wide}"/>'
        ]
        parts.append(f'<text x="{c.x}" y="{c.y + 3}" font-size="9" text-anchor="middle">{mark}</text>')
    elif element.kind.is_gateway:
        points = f"{c.x},{box.y} {box.right},{c.y} {c.x},{box.bottom} {box.x},{c.y}"
        parts = [f'<polygon points="{points}" fill="white" stroke="black"/>']
        parts.append(f'<text x="{c.x}" y="{c.y + 5}" text-anchor="middle">{element.kind[:2]}</text>')
    else:
        heavy = 4 if element.kind is Kind.CALL else 1.5
        fill = "none" if element.kind is Kind.SUBPROCESS else "#fff8e8" if element.kind is Kind.USER_TASK else "#eef6ff"
        parts = [
            f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="8" '
            f'fill="{fill}" stroke="black" stroke-width="{heavy}"/>'
        ]
        lines = wrap(element.name, int(box.width) - 10)
        top = box.y + 16 if element.kind is Kind.SUBPROCESS else c.y - 7 * (len(lines) - 1) + 4
        parts += [
            f'<text x="{c.x}" y="{top + 14 * i}" text-anchor="middle">{escape(t)}</text>' for i, t in enumerate(lines)
        ]
    return parts + (_text(shape.label, element.name, "#a00") if shape.label else [])


def _text(box: Bounds, text: str, colour: str) -> list[str]:
    lines = wrap(text, int(box.width))
    return [
        f'<text x="{box.centre.x}" y="{box.y + 11 + 14 * i}" fill="{colour}" text-anchor="middle">{escape(line)}</text>'
        for i, line in enumerate(lines)
    ]


if __name__ == "__main__":
    *files, folder = sys.argv[1:]
    for name in files:
        drawn = read_diagram(Path(name).read_bytes(), name)
        Path(folder, Path(name).stem + ".svg").write_text(picture(drawn), encoding="utf-8")
