"""What people call the messages between cases: by the step that sends or awaits them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.catalog.bpmn.kinds import Kind
from service.catalog.package import Package
from service.domain.text import Text

_THROWING = {Kind.THROW, Kind.END, Kind.SEND_TASK}


def message_names(package: Package) -> Mapping[str, Text]:
    """Return every message of ``package`` with the name of what sends it; where nothing drawn does, of what awaits it."""
    found: dict[str, Text] = {}
    for message, name in _named(package):
        found.setdefault(message, name)
    return dict(sorted(found.items()))


def _named(package: Package) -> Iterator[tuple[str, Text]]:
    drawn = [element for diagram in package.diagrams.values() for element in diagram.elements.values()]
    yield from ((action.message, action.text) for action in package.award.actions.values())
    told = [element for element in drawn if element.message]
    named = [element for element in told if element.name]
    for element in (*(one for one in named if one.kind in _THROWING), *named):
        yield element.message, Text(element.name, element.properties.get("name_en") or element.name)
    yield from ((element.message, Text(element.message, element.message)) for element in told)
