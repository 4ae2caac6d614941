"""Automatic layout of diagrams: pool, lanes, a grid of nodes and orthogonal flows."""

from service.catalog.layout.draw import layout_diagram

__all__ = ["layout_diagram"]
