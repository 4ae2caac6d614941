"""The layout of a whole file: pool, lanes, the process and its subprocesses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.catalog.bpmn.model import Diagram, Element, Kind
from service.catalog.bpmn.read import read_diagram
from service.catalog.bpmn.shapes import Bounds, Edge, Point, Shape
from service.catalog.bpmn.text import text_width
from service.catalog.bpmn.vocabulary import require_size
from service.catalog.layout.coordinates import Drawing, Plotter
from service.catalog.layout.graph import Graph, build_graph
from service.catalog.layout.labels import place_labels
from service.catalog.layout.lanes import MACHINE, assign_lanes
from service.catalog.layout.lattice import Lattice, build_lattice
from service.catalog.layout.place import Style, place
from service.catalog.layout.route import Router
from service.catalog.layout.sizes import is_container
from service.catalog.layout.write import LaneDrawing, PoolDrawing, write_drawing
from service.domain.errors import Invalid
from service.domain.text import Text

HEADER = 30
LEFT, TOP = 160, 80
_TITLE = 26
_STYLES = (Style(), Style(drop=False), Style(above=False), Style(drop=False, above=False))
_TRACKS = (4, 8, 14)
_LARGE, _NEAR = 40, 1.03
"""From so many flows on a drawing is large, and what costs at first at most so much of the cheapest may become the best."""


@dataclass(frozen=True, slots=True)
class LanePlan:
    """The lanes of a file from top to bottom: (id, name, role); the role is "" for a lane drawn by hand.

    ``machine`` is the lane of machine steps, None without any; ``apart`` tells that they all stand there already.
    """

    lanes: tuple[tuple[str, str, str], ...]
    pool_name: str
    machine: int | None = None
    apart: bool = False


def layout_diagram(
    content: bytes,
    file: str = "diagram.bpmn",
    roles: Mapping[str, str] | None = None,
    pool: str = "",
    moved: Mapping[str, tuple[str, str]] | None = None,
) -> bytes:
    """Return the file with a fresh drawing; everything but the drawing and lane membership is kept.

    ``roles`` maps roles to the names of their lanes in the order they are drawn, for files without
    lanes of their own; ``pool`` names the pool of a file without one; ``moved`` are elements that go into the lane of
    another role, as (role, name of its lane), which is drawn where the file has none. Raises XmlMistake for what is
    no BPMN or too large, and Invalid for a diagram that cannot be drawn.
    """
    require_size(content, file)
    diagram = read_diagram(content, file)
    going = dict(moved or {}) if diagram.lanes else {}
    plan = _plan_lanes(diagram, roles or {}, pool, dict(going.values()))
    lane_of = _lane_of(diagram, plan, {ident: name for ident, (_, name) in going.items()})
    drawing = _draw_scope(diagram, "", lane_of, _compute_lane_heights(plan))
    return write_drawing(content, file, _frame_drawing(diagram, plan, lane_of, drawing))


def _plan_lanes(diagram: Diagram, roles: Mapping[str, str], pool: str, wanted: Mapping[str, str]) -> LanePlan:
    named = diagram.pool_name if diagram.pool_name != diagram.name else ""
    name = named or pool or diagram.name
    if diagram.lanes:
        there = tuple((lane.id, roles.get(lane.name, lane.name), "") for lane in diagram.lanes)
        return _with_machine(diagram, _with_lanes(there, wanted), name)
    used = {e.role for e in diagram.elements.values() if e.role and not e.parent}
    ordered_roles = [role for role in roles if role in used]
    acting = [*ordered_roles, *sorted(used - set(ordered_roles))]
    return _with_machine(diagram, tuple((f"lane_{role}", roles.get(role, role), role) for role in acting), name)


def _with_lanes(lanes: tuple[tuple[str, str, str], ...], wanted: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Add the lanes of these roles that are not there, below those of people."""
    names, idents = {name for _, name, _ in lanes}, {ident for ident, _, _ in lanes}
    new = tuple((f"lane_{role}", name, "") for role, name in wanted.items() if name not in names)
    new = tuple((ident if ident not in idents else f"{ident}_2", name, role) for ident, name, role in new)
    at = next((index for index, (_, name, _) in enumerate(lanes) if name == MACHINE), len(lanes))
    return (*lanes[:at], *new, *lanes[at:])


def _with_machine(diagram: Diagram, lanes: tuple[tuple[str, str, str], ...], pool: str) -> LanePlan:
    """Add the lane of machine steps below those of people, where the file has none yet."""
    steps = [e for e in diagram.elements.values() if e.kind.is_machine and not e.parent]
    at = next((index for index, (_, name, _) in enumerate(lanes) if name == MACHINE), None)
    if at is not None:
        return LanePlan(lanes, pool, at, apart=all(step.lane == lanes[at][0] for step in steps))
    if not lanes or not steps:
        return LanePlan(lanes, pool)
    return LanePlan((*lanes, (f"lane_{diagram.process_id}_machine", MACHINE, "")), pool, len(lanes))


def _lane_of(diagram: Diagram, plan: LanePlan, going: Mapping[str, str]) -> dict[str, int]:
    number = {ident: index for index, (ident, _, _) in enumerate(plan.lanes)}
    drawn = {member: number[lane.id] for lane in diagram.lanes for member in lane.members if member in diagram.elements}
    by_name = {name: index for index, (_, name, _) in enumerate(plan.lanes)}
    drawn |= {ident: by_name[name] for ident, name in going.items()}
    if plan.machine is not None and not plan.apart:  # gateways and events come along with the steps before them
        drawn = {ident: lane for ident, lane in drawn.items() if diagram.elements[ident].kind.is_activity}
    return assign_lanes(diagram, [] if diagram.lanes else [role for _, _, role in plan.lanes], drawn, plan.machine)


def _compute_lane_heights(plan: LanePlan) -> dict[int, float]:
    return {index: text_width(name) + 24.0 for index, (_, name, _) in enumerate(plan.lanes)} or {0: 100.0}


def _draw_scope(diagram: Diagram, parent: str, lane_of: Mapping[str, int], heights: dict[int, float]) -> Drawing:
    """Draw one scope and, inside their boxes, the subprocesses it holds."""
    inner = {
        element.id: _draw_scope(diagram, element.id, {}, {})
        for element in diagram.elements.values()
        if element.parent == parent and is_container(element.kind)
    }
    sizes = {ident: (round(d.width), round(d.height + _TITLE)) for ident, d in inner.items()}
    drawing = _choose_drawing(diagram, parent, lane_of, sizes, heights)
    for ident, part in inner.items():
        box = drawing.shapes[ident].bounds
        drawing.shapes.update({key: _move_shape(shape, box.x, box.y + _TITLE) for key, shape in part.shapes.items()})
        drawing.edges.update({key: _move_edge(edge, box.x, box.y + _TITLE) for key, edge in part.edges.items()})
    return drawing


def _choose_drawing(
    diagram: Diagram,
    parent: str,
    lane_of: Mapping[str, int],
    sizes: Mapping[str, tuple[int, int]],
    heights: dict[int, float],
) -> Drawing:
    """Try the styles that place the nodes apart, and keep the drawing whose flows cost least.

    In a large drawing the flows are looked at again only where they came near the cheapest: it has never been caught up.
    """
    tried: dict[tuple[tuple[int, int], ...], tuple[float, Graph, Lattice, Router]] = {}
    for style in _STYLES:
        graph = build_graph(diagram, parent, lane_of, sizes)
        place(graph, style)
        places = tuple((node.column, node.row) for node in graph.nodes.values())
        if places not in tried and (routed := _route_graph(graph)) is not None:
            tried[places] = (routed[1].cost, graph, *routed)
    near = _NEAR * min((first for first, *_ in tried.values()), default=0)
    best: tuple[float, Graph, Lattice, Router] | None = None
    for first, graph, lattice, router in tried.values():
        if first <= near or len(graph.links) < _LARGE:
            router.improve()
            if best is None or router.cost < best[0] - 1:
                best = (router.cost, graph, lattice, router)
    if best is None:
        raise Invalid(
            Text(
                f"“{diagram.name}”无法自动布局：连线过密。请拆成几个被调用的流程。",
                f"“{diagram.name}” cannot be laid out: it has too many flows. Split it into called processes.",
            )
        )
    _, graph, lattice, router = best
    names = {element.id: element.name for element in diagram.of(Kind.BOUNDARY)}
    labels = place_labels(graph, router.routes, names)
    return Plotter(graph, lattice, router.routes, labels).plot(heights)


def _route_graph(graph: Graph) -> tuple[Lattice, Router] | None:
    for tracks in _TRACKS:
        lattice = build_lattice(graph, tracks)
        router = Router(graph, lattice)
        if router.route_all():
            return lattice, router
    return None


def _frame_drawing(diagram: Diagram, plan: LanePlan, lane_of: Mapping[str, int], drawing: Drawing) -> PoolDrawing:
    """Put the pool and its lanes around the drawing."""
    header = 2 * HEADER if plan.lanes else HEADER
    shapes = {key: _move_shape(shape, LEFT + header, TOP) for key, shape in drawing.shapes.items()}
    edges = {key: _move_edge(edge, LEFT + header, TOP) for key, edge in drawing.edges.items()}
    pool = Bounds(LEFT, TOP, drawing.width + header, drawing.height)
    top_level = [element for element in diagram.elements.values() if not element.parent]
    lanes = [_draw_lane(lane, index, drawing, top_level, lane_of, pool) for index, lane in enumerate(plan.lanes)]
    return PoolDrawing(plan.pool_name, pool, tuple(lanes), shapes, edges)


def _draw_lane(
    lane: tuple[str, str, str],
    index: int,
    drawing: Drawing,
    elements: Sequence[Element],
    lane_of: Mapping[str, int],
    pool: Bounds,
) -> LaneDrawing:
    top, bottom = drawing.lanes[index]
    box = Bounds(pool.x + HEADER, TOP + top, pool.width - HEADER, bottom - top)
    members = tuple(element.id for element in elements if lane_of[element.id] == index)
    return LaneDrawing(lane[0], lane[1], box, members)


def _move_shape(shape: Shape, x: float, y: float) -> Shape:
    return Shape(_move_box(shape.bounds, x, y), _move_box(shape.label, x, y) if shape.label else None)


def _move_edge(edge: Edge, x: float, y: float) -> Edge:
    points = tuple(Point(point.x + x, point.y + y) for point in edge.waypoints)
    return Edge(points, _move_box(edge.label, x, y) if edge.label else None)


def _move_box(box: Bounds, x: float, y: float) -> Bounds:
    return Bounds(box.x + x, box.y + y, box.width, box.height)
