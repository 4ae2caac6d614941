"""Diagrams that are kept without a drawing: whoever looks at one sees it as the layout draws it.

What the layout draws says nothing that the rest of the file does not say, so a file may do without it. A drawing that was
made by hand is kept.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from hashlib import sha256
from threading import Lock

from service.catalog.bpmn.model import Diagram
from service.catalog.bpmn.read import read_diagram
from service.catalog.layout.draw import layout_diagram
from service.catalog.source.formatting import format_file, format_root
from service.catalog.source.newest import by_file, of_newest
from service.catalog.source.xml import list_child_elements, parse_xml
from service.catalog.source.yaml import require_entries
from service.domain.errors import LaurelError

_SHAPE = b"BPMNShape"
_DRAWING = re.compile(rb"<(?:\w+:)?BPMNDiagram\b")
_CHARACTERS = re.compile(rb"[^\x00-\x7f]+")
_ESCAPED = re.compile(rb"\\[xuUN_LP\r\n]")
"""Escapes of YAML that stand for what is no ASCII, or for nothing at the end of a line."""


def is_diagram(path: str) -> bool:
    """Tell whether ``path`` is that of a diagram."""
    return path.endswith(".bpmn")


def has_drawing(content: bytes) -> bool:
    """Tell whether a diagram is kept with its drawing."""
    return _SHAPE in content


@of_newest(by_file)
def drawn(content: bytes, file: str) -> bytes:
    """Return a diagram with its drawing; what cannot be laid out, or read, comes back as it is."""
    if has_drawing(content):
        return content
    try:
        new_content = layout_diagram(content, file)
    except LaurelError:
        return content
    _DRAWN_BY_LAYOUT.add(_drawing_in(new_content, file))
    return new_content


def drawing_of(diagram: Diagram, content: bytes) -> Diagram:
    """Return ``diagram``, which was read from ``content``, with its drawing."""
    return diagram if diagram.shapes else read_diagram(drawn(content, diagram.file), diagram.file)


def drawn_alike(path: str, *states: bytes) -> tuple[bytes, ...]:
    """Return states of a file to be compared: where one is a diagram with its drawing, the others get theirs."""
    return tuple(drawn(state, path) for state in states) if _is_mixed(path, states) else states


def _is_mixed(path: str, states: tuple[bytes, ...]) -> bool:
    return is_diagram(path) and len({has_drawing(state) for state in states}) > 1


def without_drawing(content: bytes, file: str) -> bytes:
    """Return a diagram in the stable format without its drawing, where the layout made it; else as it is.

    Where nothing was moved since the layout drew the file, it need not draw again what was changed in it to know that.
    """
    root = parse_xml(content, file)
    for drawing in list_child_elements(root, "BPMNDiagram"):
        root.remove(drawing)
    bare = format_root(root)
    return bare if _DRAWN_BY_LAYOUT.holds(_drawing_in(content, file)) or drawn(bare, file) == content else content


def _drawing_in(content: bytes, file: str) -> bytes:
    """Return the drawing in a diagram of the stable format, where it comes last, and the file that it belongs to."""
    begin = _DRAWING.search(content)
    return file.encode() + (content[begin.start() :] if begin else content)


def normalise_file(path: str, content: bytes, before: bytes | None) -> bytes:
    """Return ``content`` as the file ``path`` keeps it: in the stable format, and without a drawing that needs none.

    A diagram that had its drawing ``before`` keeps it. What says the same as ``before`` comes back as that.
    Raises as `format_file`, and YamlMistake for a file of more entries than people edit.
    """
    if path.endswith(".yaml"):
        require_entries(content, path)
    made = format_file(path, content)
    if before is not None and made != before and not _STABLE.holds(before) and _is_same_content(path, before, made):
        return before
    if is_diagram(path) and has_drawing(made) and not (before is not None and has_drawing(before)):
        made = without_drawing(made, path)
    _STABLE.add(made)
    return made


def _is_same_content(path: str, before: bytes, made: bytes) -> bool:
    """Tell whether ``before`` says what ``made`` says in the stable format.

    That of YAML costs much and changes no Chinese character, so these are compared first; an escape may stand for one, or
    part them by the end of a line.
    """
    escaped = not path.endswith(".yaml") or _ESCAPED.search(before)
    if not escaped and _CHARACTERS.findall(before) != _CHARACTERS.findall(made):
        return False
    return format_file(path, before) == made


class _Contents:
    """Marks of the newest contents that came out of the format or of the layout, so that neither is asked again."""

    def __init__(self, most: int) -> None:
        self._most, self._known, self._lock = most, OrderedDict[bytes, None](), Lock()

    def holds(self, content: bytes) -> bool:
        """Return whether ``content`` was added."""
        return sha256(content).digest() in self._known

    def add(self, content: bytes) -> None:
        """Keep the mark of ``content``; the oldest goes."""
        with self._lock:
            self._known[sha256(content).digest()] = None
            while len(self._known) > self._most:
                self._known.popitem(last=False)


_STABLE, _DRAWN_BY_LAYOUT = _Contents(1024), _Contents(1024)
