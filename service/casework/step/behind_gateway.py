"""The events behind an event-based gateway: the gateway waits in their place."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog import Element, Kind, Package


def events_behind(package: Package, process: str, element: str) -> Iterator[Element]:
    """Yield the events that an element waits for: those behind it where it is an event-based gateway, else itself."""
    diagram = package.processes[process]
    if diagram.elements[element].kind is not Kind.EVENT_GATEWAY:
        yield diagram.elements[element]
        return
    yield from (diagram.elements[flow.target] for flow in diagram.flows.values() if flow.source == element)


def get_timed_element(package: Package, process: str, element: str) -> Element:
    """Return the element that draws a running timer."""
    timer_events = (event for event in events_behind(package, process, element) if event.timer is not None)
    return next(timer_events, package.processes[process].elements[element])
