"""Let each application record when its organisation was founded, before its conditions are examined."""

from __future__ import annotations

import re
from collections import Counter

from service.catalog.assistants.condition_rows import name_of_application, own_elements
from service.catalog.assistants.draw_between import recorded_before, with_facts
from service.catalog.assistants.vote_agendas import FOUNDED, kinds_above
from service.catalog.package import Package
from service.catalog.tree import Files
from service.domain.errors import Invalid
from service.domain.text import Text

_DAY = re.compile(r"\b((?:[a-z_]\w*\.)+(?:founded|established_on))\b")
_FIELD = "founded"


def founding_noted(filled: Files, package: Package, clause: str) -> dict[str, bytes]:
    """Return the files in which each application records when the organisation was founded, before its conditions are examined.

    Raises Invalid where no application says so, or no step examines conditions.
    """
    examined = [
        (path, element)
        for path, element in own_elements(package)
        if element.operation is not None and element.operation.operation == "eligibility.examine"
    ]
    day = _day_of_founding(package)
    if not examined or not day:
        raise Invalid(
            Text(
                "申报表中没有成立日期，或者流程中没有审查条件的环节，不能按成立时间排。请先在申报表中加上成立日期（founded），并画上审查条件。",
                "No application says when an organisation was founded, or no step examines conditions: add the day (founded) to "
                "the form, and that step, first.",
            )
        )
    made: dict[str, bytes] = {}
    kinds: list[str] = []
    for path, element in examined:
        running = kinds_above(package, path)
        kinds += running
        if any(FOUNDED in package.award.processes[key].facts for key in running):
            continue
        records = {FOUNDED: f"if {day} = null then null else date({day})"}
        step = ("note_founding", "记录成立日期")
        made[path] = recorded_before(made.get(path, filled[path]), path, element.id, step, clause, records)
    return {**made, **with_facts(filled, package, dict.fromkeys(kinds), {FOUNDED: "date"})}


def _day_of_founding(package: Package) -> str:
    """Return the field of an application that says when its organisation was founded, as formulas read it; "" for none."""
    tables = (
        row.inputs + row.outputs for table in package.tables.values() if table.is_eligibility for row in table.rows
    )
    read = Counter(day for cells in tables for cell in cells for day in _DAY.findall(cell))
    if read:
        return str(read.most_common(1)[0][0])
    name = name_of_application(package)
    fields = package.form(name)["components"] if name in package.forms else []
    return f"{name}.{_FIELD}" if any(field.get("key") == _FIELD for field in fields) else ""
