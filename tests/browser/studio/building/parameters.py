"""Types parameters one by one: name, unit, value, clauses, bounds, whose word it is, and from when it holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from service.catalog import Parameter
from service.catalog.settings.settings import typed_value
from service.catalog.source.freeze import thaw
from tests.browser.studio.building.basics import filled
from tests.browser.studio.building.hands import Hands


def type_parameters(hands: Hands, parameters: Iterable[Parameter], begins: date | None) -> None:
    """Add every parameter of a regulation that ``begins``; what follows from each is looked at before it is written."""
    for parameter in parameters:
        hands.go("parameters/new")
        hands.page.locator("main form").first.get_by_text("更多", exact=True).click()
        hands.fill(filled(_typed(parameter, begins)))
        hands.press("预览改动和后果")
        hands.press("写入草稿")
        hands.done("已写入草稿")


def _typed(parameter: Parameter, begins: date | None) -> dict[str, str]:
    (dated,) = parameter.values
    return {
        "id": parameter.id,
        "name": parameter.name,
        "name_en": parameter.name_en,
        "key": parameter.key,
        "unit": parameter.unit.value,
        "value": typed_value(thaw(dated.value)),
        "since": "" if dated.since == begins else dated.since.isoformat(),
        "clauses": " ".join(parameter.clauses),
        "source": parameter.source.value,
        "minimum": "" if parameter.minimum is None else str(parameter.minimum),
        "maximum": "" if parameter.maximum is None else str(parameter.maximum),
        "choices": " ".join(map(str, parameter.choices)),
        "question": parameter.question,
    }
