"""Automatic layout of diagrams: pool, lanes, a grid of nodes and orthogonal flows."""

from service.catalog.layout.draw import layout_diagram
from service.catalog.layout.place import Style

__all__ = ["Style", "layout_diagram"]
