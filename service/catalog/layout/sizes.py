"""Sizes of nodes and texts, in pixels as bpmn-js draws them."""

from __future__ import annotations

import math
from collections.abc import Callable

from service.catalog.bpmn.model import Element, Kind
from service.catalog.bpmn.text import INSIDE, LINE, MOST, text_width, wrap_label_text

TASK_WIDTH, TASK_HEIGHT = 130, 80
EVENT = 36
GATEWAY = 50
LABEL = 96
"""Widest line of an outside label: eight Chinese characters."""
SPARE = 6
"""What editors need beside the text: they break a line that has less than half a character to spare."""
CORNERS = 4
"""Flows that touch a gateway at its corners; the others meet its slanted sides."""
NEAR = 12
BOUNDARY_STEP = 78
"""Distance of the centres of three and more boundary events on one activity."""


def _build_unevenness_rank(count: int) -> Callable[[list[str]], tuple[int, int]]:
    """Rank line breaks: as many lines as needed, then the narrowest."""
    return lambda lines: (abs(len(lines) - count), max(text_width(line) for line in lines))


def label_size(text: str, width: int = LABEL) -> tuple[int, int]:
    """Return (width, height) of ``text`` as an outside label."""
    lines = wrap_label_text(text, width)
    if len(lines) > 1:  # no orphan characters: lines of about the same length
        lines = min(
            (wrap_label_text(text, narrow) for narrow in range(width // 2, width + 1, 6)),
            key=_build_unevenness_rank(len(lines)),
        )
    return (max((text_width(line) for line in lines), default=0) + SPARE, LINE * min(len(lines), MOST))


def node_size(element: Element, boundaries: int = 0) -> tuple[int, int]:
    """Return (width, height) of a node that carries ``boundaries`` boundary events."""
    if element.kind.is_event:
        return EVENT, EVENT
    if element.kind.is_gateway:
        return GATEWAY, GATEWAY
    wide = BOUNDARY_STEP * boundaries if boundaries > 2 else 0
    width = max(TASK_WIDTH, wide)
    return width, max(TASK_HEIGHT, LINE * (len(wrap_label_text(element.name, width - INSIDE)) + 1))


def boundary_offsets(count: int) -> list[int]:
    """Return where the centres of ``count`` boundary events lie, from the middle of their activity."""
    if count == 1:
        return [30]
    if count == 2:
        return [36, -36]
    return [BOUNDARY_STEP * (count - 1) // 2 - BOUNDARY_STEP * index - 12 for index in range(count)]


def offsets_along(kind: Kind, flows: int) -> tuple[int, ...]:
    """Return where flows may touch the top and bottom of a node, from its middle: more where many do."""
    if kind.is_activity:
        return (0, 30, -30)
    return (0,) if flows < CORNERS else (0, NEAR, -NEAR)


def offsets_beside(kind: Kind, flows: int) -> tuple[int, ...]:
    """Return where flows may touch the left and right of a node, from its middle."""
    if kind.is_activity:
        return (0, 20, -20)
    return (0,) if flows <= 2 * CORNERS else (0, NEAR, -NEAR)


def compute_border_distance(kind: Kind, half: float, offset: int) -> float:
    """Return how far a node's border is from its middle at ``offset`` beside the axis."""
    if kind.is_gateway:
        return half - abs(offset)
    if kind.is_event:
        return math.sqrt(max(0.0, half * half - offset * offset))
    return half


def has_outside_label(element: Element) -> bool:
    """Tell whether the name stands beside the node instead of inside."""
    return bool(element.name) and not element.kind.is_activity


def is_container(kind: Kind) -> bool:
    """Tell whether a node holds nodes of its own."""
    return kind in (Kind.SUBPROCESS, Kind.TRANSACTION, Kind.AD_HOC)
