"""From the lattice to pixels: channels no wider than the tracks in use and the names beside them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from service.catalog.bpmn.shapes import Bounds, Edge, Point, Shape
from service.catalog.layout.graph import Graph, GraphNode
from service.catalog.layout.labels import Labels
from service.catalog.layout.lattice import DOWN, LEFT, RIGHT, Lattice, Port
from service.catalog.layout.route import Route
from service.catalog.layout.sizes import EVENT, compute_border_distance

SPACING = 16
MARGIN = 20
COLUMN_GAP = 44
ROW_GAP = 26
LANE_HEIGHT = 120


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn scope from (0, 0): shapes, edges, and (top, bottom) of every lane."""

    shapes: dict[str, Shape]
    edges: dict[str, Edge]
    lanes: dict[int, tuple[float, float]]
    width: float
    height: float


class Plotter:
    """Computes the pixels of one scope."""

    def __init__(self, graph: Graph, lattice: Lattice, routes: dict[str, Route], labels: Labels) -> None:
        self._graph = graph
        self._lattice = lattice
        self._routes = routes
        self._labels = labels
        self._used_x, self._used_y = _used_tracks(routes)
        self._xs: dict[int, float] = {}
        self._ys: dict[int, float] = {}
        self._column: dict[int, float] = {}
        self._row: dict[int, float] = {}

    def plot(self, heights: dict[int, float]) -> Drawing:
        """Draw the scope; ``heights`` are least heights of lanes (for their names)."""
        width = self._place_columns()
        lanes, height = self._place_rows(heights)
        shapes = self._build_shapes()
        edges = {ident: self._build_edge(route) for ident, route in self._routes.items()}
        return Drawing(shapes, edges, lanes, width, height)

    def _place_columns(self) -> float:
        last = max((node.column for node in self._graph.nodes.values()), default=0)
        at = 0.0
        for column in range(last + 1):
            at = self._channel_x(column, at, column == 0) + self._get_half_width(column, "cell_left")
            self._column[column] = at
            self._lines_x(column)
            at += self._get_half_width(column, "cell_right")
        return self._channel_x(last + 1, at, True)

    def _get_half_width(self, column: int, side: str) -> float:
        """Return how far the cells of a column reach from its middle."""
        rooms = self._labels.rooms
        return max(
            (max(node.width / 2, getattr(rooms[node.id], side)) for node in self._list_members(column)), default=0
        )

    def _channel_x(self, channel: int, at: float, outer: bool) -> float:
        left, right = self._room_right(channel - 1), self._get_room_before(channel)
        tracks = [i for i, line in enumerate(self._lattice.xs) if line.channel == channel and i in self._used_x]
        first = at + max(MARGIN, left)
        for number, index in enumerate(tracks):
            self._xs[index] = first + SPACING * number
        used = max(MARGIN, left) + SPACING * max(0, len(tracks) - 1) + max(MARGIN, right) if tracks else left + right
        return at + max(used, MARGIN if outer else COLUMN_GAP)

    def _room_right(self, column: int) -> float:
        return max((self._get_overhang(node, "right") for node in self._list_members(column)), default=0)

    def _get_room_before(self, column: int) -> float:
        return max((self._get_overhang(node, "left") for node in self._list_members(column)), default=0)

    def _list_members(self, column: int) -> list[GraphNode]:
        return [node for node in self._graph.nodes.values() if node.column == column]

    def _get_overhang(self, node: GraphNode, side: str) -> float:
        room = self._labels.rooms[node.id]
        width = room.right if side == "right" else room.left
        slack = self._get_half_width(node.column, "cell_right" if side == "right" else "cell_left") - node.width / 2
        return max(0.0, width - slack) if width else 0.0

    def _lines_x(self, column: int) -> None:
        for index, line in enumerate(self._lattice.xs):
            if line.cell == column:
                self._xs[index] = self._column[column] + line.offset

    def _place_rows(self, heights: dict[int, float]) -> tuple[dict[int, tuple[float, float]], float]:
        by_lane: dict[int, list[int]] = defaultdict(list)
        for row in sorted({node.row for node in self._graph.nodes.values()}):
            by_lane[next(n.lane for n in self._graph.nodes.values() if n.row == row)].append(row)
        lanes: dict[int, tuple[float, float]] = {}
        at = 0.0
        for lane in sorted({*by_lane, *heights}):
            top = at
            at = self._place_lane(by_lane.get(lane, []), at, heights.get(lane, 0))
            lanes[lane] = (top, at)
        return lanes, at

    def _place_lane(self, rows: list[int], top: float, least: float) -> float:
        at = self._fill_rows(rows, top)
        spare = max(least, LANE_HEIGHT if least else 0) - (at - top)
        if spare > 0:
            at = self._fill_rows(rows, top + spare / 2) + spare / 2
        return at

    def _fill_rows(self, rows: list[int], at: float) -> float:
        for index, row in enumerate(rows):
            if index == 0:
                at = self._channel_y(2 * row, at, True)
            nodes = [node for node in self._graph.nodes.values() if node.row == row]
            above = max(self._labels.rooms[n.id].above + n.height / 2 for n in nodes)
            below = max(self._labels.rooms[n.id].below + n.height / 2 for n in nodes)
            tallest = max(n.height for n in nodes) / 2
            self._row[row] = at + max(above, tallest)
            at = self._row[row] + max(below, tallest)
            for number, line in enumerate(self._lattice.ys):
                if line.cell == row:
                    self._ys[number] = self._row[row] + line.offset
            at = self._channel_y(2 * row + 1, at, index == len(rows) - 1)
        return at

    def _channel_y(self, channel: int, at: float, outer: bool) -> float:
        tracks = [i for i, line in enumerate(self._lattice.ys) if line.channel == channel and i in self._used_y]
        for number, index in enumerate(tracks):
            self._ys[index] = at + MARGIN + SPACING * number
        used = 2 * MARGIN + SPACING * (len(tracks) - 1) if tracks else 0
        return at + max(used, MARGIN if outer else ROW_GAP)

    def _build_shapes(self) -> dict[str, Shape]:
        shapes: dict[str, Shape] = {}
        for node in self._graph.nodes.values():
            x, y = self._column[node.column], self._row[node.row]
            box = Bounds(x - node.width / 2, y - node.height / 2, node.width, node.height)
            shapes[node.id] = Shape(box, self._find_label_box(node.id))
            for event, offset in node.boundaries.items():
                corner = Bounds(x + offset - EVENT / 2, box.bottom - EVENT / 2, EVENT, EVENT)
                shapes[event] = Shape(corner, self._find_label_box(event))
        return shapes

    def _find_label_box(self, ident: str) -> Bounds | None:
        box = self._labels.boxes.get(ident)
        if box is None:
            return None
        node = self._graph.nodes[self._labels.owners[ident]]
        return Bounds(self._column[node.column] + box.x, self._row[node.row] + box.y, box.width, box.height)

    def _build_edge(self, route: Route) -> Edge:
        corners = _list_corners(route)
        middle = [Point(self._xs[x], self._ys[y]) for x, y in corners]
        start = self._find_border_point(route.start, self._graph.nodes[route.link.source], bool(route.link.boundary))
        end = self._find_border_point(route.end, self._graph.nodes[route.link.target], False)
        return Edge((start, *middle, end), self._find_label_box(route.link.flow.id))

    def _find_border_point(self, port: Port, node: GraphNode, boundary: bool) -> Point:
        x, y = self._column[node.column], self._row[node.row]
        kind, offset = node.element.kind, port.place[2]
        if port.side in (RIGHT, LEFT):
            sign = 1 if port.side == RIGHT else -1
            return Point(x + sign * compute_border_distance(kind, node.width / 2, offset), y + offset)
        sign = 1 if port.side == DOWN else -1
        reach = node.height / 2 + EVENT / 2 if boundary else compute_border_distance(kind, node.height / 2, offset)
        return Point(x + offset, y + sign * reach)


def _list_corners(route: Route) -> list[tuple[int, int]]:
    """Return the crossings where a route bends."""
    horizontal = [route.start.side % 2 == 0]
    horizontal += [a[1] == b[1] for a, b in pairwise(route.points)]
    horizontal.append(route.end.side % 2 == 0)
    return [
        point for point, before, after in zip(route.points, horizontal, horizontal[1:], strict=False) if before != after
    ]


def _used_tracks(routes: dict[str, Route]) -> tuple[set[int], set[int]]:
    """Return the vertical and the horizontal lines on which some flow bends."""
    corners = [corner for route in routes.values() for corner in _list_corners(route)]
    return {x for x, _ in corners}, {y for _, y in corners}
