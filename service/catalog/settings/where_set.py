"""Where a name that formulas read gets its value: the form that asks for it, the step that writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.catalog.bpmn.model import Element
from service.catalog.forms.forms import FormMistake, fields_of_file
from service.catalog.package import Package
from service.domain.text import Text

_MOST = 3


def where_set(package: Package, name: str) -> Text:
    """Return in words where the dotted ``name`` gets its value: “任务“决定”填写的“理由””, or that nothing writes it."""
    places = list(dict.fromkeys(_places(package, name)))[:_MOST]
    if not places:
        return Text("流程里没有哪一步写它", "no step writes it")
    return Text("、".join(place.zh for place in places), ", ".join(place.en for place in places))


def _places(package: Package, name: str) -> Iterator[Text]:
    first, _, rest = name.partition(".")
    if first == "param":
        known = package.award.parameters.get(rest.partition(".")[0])
        if known is not None:
            yield Text(f"参数“{known.text.zh}”", f"parameter “{known.text.en}”")
        return
    if first in package.forms:
        yield from _in_form(package, first, rest)
        return
    written = rest.partition(".")[0] if first in ("case", *package.award.processes) else first
    for diagram in package.diagrams.values():
        for element in diagram.elements.values():
            if _writes(element, first, written):
                yield Text(f"“{element.name or element.id}”", f"“{element.name or element.id}”")


def _in_form(package: Package, form: str, key: str) -> Iterator[Text]:
    label = _label(package, form, key)
    for diagram in package.diagrams.values():
        for element in diagram.elements.values():
            if element.form == form:
                done = element.name or element.id
                yield Text(f"任务“{done}”填写的“{label}”", f"“{label}”, filled in at “{done}”")
    for kind in package.award.processes.values():
        if kind.start_form == form:
            yield Text(
                f"启动“{kind.text.zh}”时填写的“{label}”", f"“{label}”, filled in when “{kind.text.en}” is started"
            )


def _label(package: Package, form: str, key: str) -> str:
    path = package.forms[form]
    try:
        fields = fields_of_file(package.files[path], path)
    except FormMistake:
        return key
    return next((field.label for field in fields if field.path == key and field.label), key)


def _writes(element: Element, first: str, written: str) -> bool:
    """Tell whether a step leaves something under that name: as its result, as a fact, as what decisions read of a task."""
    if element.operation is not None:
        entry = re.compile(rf"(?<![\w.]){re.escape(written)}\s*:")
        if element.operation.result == first or any(entry.search(v) for v in element.operation.parameters.values()):
            return True
    return first in element.routes or element.message_variable == first or written in element.routes
