"""What an element is called in a list to choose from."""

from __future__ import annotations

from service.catalog.bpmn.model import Element
from service.catalog.names.problem_places import place_of
from service.catalog.package import Package


def element_name(package: Package, path: str, element: Element, alike: int) -> str:
    """Return the name of an element, and what it follows where it has none or ``alike`` of its diagram have that name."""
    if not element.name:
        place = place_of(package, path, element.id)
        return element.id if place is None else place.zh
    if alike == 1:
        return element.name
    diagram = package.diagrams[path]
    before = (diagram.elements.get(flow.source) for flow in diagram.incoming(element.id))
    named = next((one.name for one in before if one is not None and one.name), "")
    return f"{element.name}（“{named}”之后）" if named else element.name
