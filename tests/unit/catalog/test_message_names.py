from __future__ import annotations

from service.catalog import Catalog
from service.catalog.message_names import message_names


def test_a_message_is_called_by_what_sends_it_or_else_by_what_awaits_it(catalog: Catalog) -> None:
    package = catalog.package("lakeside/star_award")
    names = message_names(package)

    awaited = {e.message: e.name for d in package.diagrams.values() for e in d.elements.values() if e.message}
    assert set(awaited) <= set(names)
    for action in package.award.actions.values():
        assert names[action.message] == action.text
    assert all(name.zh != message for message, name in names.items() if awaited.get(message))
    assert awaited
