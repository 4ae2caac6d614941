"""Diagrams: what they say (elements, flows) and how they are drawn (shapes, edges, lanes)."""
