"""A sample record of a package: what its scenarios fill in, and typical values for the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.catalog.formula_names.names import FormulaName
from service.catalog.formula_names.record_names import CASE_NAMES, RECORD_NAMES, form_names
from service.catalog.package import Package
from service.catalog.source.yaml import YamlMistake, parse_yaml, to_plain_value
from service.domain.text import Text

_FIRST_DAY = date(2026, 3, 2)
_EXAMPLE = "（样例）"


@dataclass(frozen=True, slots=True)
class Sample:
    """A record to try formulas on: its title, the day that counts as today, values by name."""

    title: Text
    day: date
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Season:
    """What one scenario fills in: forms by id, facts by name, the first organisation."""

    title: str
    day: date
    forms: Mapping[str, Mapping[str, Any]]
    facts: Mapping[str, Any]
    organisation: Mapping[str, Any]


def sample_of(package: Package, scenarios: Mapping[str, bytes]) -> Sample:
    """Return the record of the season that fills in most forms; what it leaves out comes from the others."""
    seasons = sorted(_iterate_seasons(package, scenarios), key=lambda season: -len(season.forms))
    forms: dict[str, Mapping[str, Any]] = {}
    facts: dict[str, Any] = {}
    for season in seasons:
        forms = {**season.forms, **forms}
        facts = {**season.facts, **facts}
    day = seasons[0].day if seasons else _FIRST_DAY
    organisation = seasons[0].organisation if seasons else {}
    if seasons:
        title = Text(f"情景“{seasons[0].title}”的数据", f"data of the scenario “{seasons[0].title}”")
    else:
        title = Text("按字段类型编的样例数据", "made-up data, by the types of the fields")
    return Sample(title, day, _build_record(package, day, forms, facts, organisation))


def _build_record(
    package: Package, day: date, forms: Mapping[str, Any], facts: Mapping[str, Any], organisation: Mapping[str, Any]
) -> dict[str, Any]:
    filled = {ident: _complete_form(form_names(package, ident), forms.get(ident), day) for ident in package.forms}
    kinds = {
        key: _of_names(CASE_NAMES, day) | {name: facts.get(name, _get_typical_value(kind, day)) for name, kind in info.facts.items()}
        | {"id": 1, "number": 1, "process": key, "status": "running", "title": info.text.zh}
        for key, info in package.award.processes.items()
    }  # fmt: skip
    case = {name: value for values in reversed(list(kinds.values())) for name, value in values.items()}
    both = {key: {**kinds[key], **filled.get(key, {})} for key in kinds}
    rows = [
        {**values, "open_objections": 0, "objection_cases": []}
        for key, values in kinds.items()
        if package.award.processes[key].parent
    ]
    fields = {name: value for values in filled.values() for name, value in values.items() if value is not None}
    return {
        **_build_variables(package, fields, day),
        **{name.name: _sample_value(name, day) for name in RECORD_NAMES},
        **filled, **both,
        "param": package.parameters_on(day), "case": case, "reference_date": day, "starter": "applicant", "starter_body": "office",
        "forms": {ident: [values] for ident, values in filled.items()},
        "children": rows, "siblings": [], "earlier": [], "beside": [], "all_rounds": [], "opinions": [], "findings": _build_findings(package),
        "register": {"awards": [], "sanctions": [], "doubtful": [], "applications": [], "above": {"awards": [], "sanctions": []}},
        "subject": {"id": 1, "key": "91650100MA7800001U", "kind": "organisation", "name": _EXAMPLE, **organisation},
        "tiers": [{"id": t.id, "name": t.name, "name_en": t.name_en} for t in package.award.tiers],
        "bodies": [{"id": n, "key": b.id, "name": b.name, "kind": str(b.kind), "roles": list(b.roles), "members": []}
                   for n, b in enumerate(package.jurisdiction.bodies, 1)],
    }  # fmt: skip


def _build_variables(package: Package, fields: Mapping[str, Any], day: date) -> dict[str, Any]:
    variables: dict[str, Any] = {}
    for diagram in package.diagrams.values():
        meanings = diagram.meanings
        for name, kind in diagram.variables.items():
            example = meanings[name].value(kind) if name in meanings else None
            typical = fields.get(name, _get_typical_value(kind, day))
            variables.setdefault(name, typical if example is None else example)
    return variables


def _build_findings(package: Package) -> list[dict[str, Any]]:
    rows = {row.id: (table, row) for table in package.tables.values() if table.is_eligibility for row in table.rows}
    return [
        {"ground": ident, "result": "met", "text": row.description, "clauses": list(table.clauses(row)), "decided_by": "machine"}
        for ident, (table, row) in rows.items()
    ]  # fmt: skip


def _complete_form(names: tuple[FormulaName, ...], values: Mapping[str, Any] | None, day: date) -> dict[str, Any]:
    """Return what was filled in, null where nothing was; typical values for a form that no season fills in."""
    if values is None:
        return _of_names(names, day)
    return {name.name: _complete_inner(name, values.get(name.name), day) for name in names} | {
        key: value for key, value in values.items() if key not in {name.name for name in names}
    }


def _complete_inner(name: FormulaName, value: Any, day: date) -> Any:
    if name.type.startswith("context"):
        return _complete_form(name.entries, value if isinstance(value, Mapping) else {}, day)
    if name.is_list and name.entries and isinstance(value, list):
        return [_complete_form(name.entries, row, day) if isinstance(row, Mapping) else row for row in value]
    return value


def _of_names(names: tuple[FormulaName, ...], day: date) -> dict[str, Any]:
    return {name.name: _sample_value(name, day) for name in names}


def _sample_value(name: FormulaName, day: date) -> Any:
    if name.is_list:
        return [_of_names(name.entries, day)] if name.entries else []
    return _of_names(name.entries, day) if name.entries else _get_typical_value(name.type, day)


def _get_typical_value(kind: str, day: date) -> Any:
    typical: dict[str, Any] = {
        "number": 1, "boolean": True, "date": day.isoformat(), "date and time": f"{day.isoformat()}T09:00:00+08:00",
        "string": _EXAMPLE, "list": [], "context": {}, "time": "09:00:00",
    }  # fmt: skip
    return typical.get(kind.partition("<")[0])


def _iterate_seasons(package: Package, scenarios: Mapping[str, bytes]) -> Iterator[_Season]:
    for path, content in sorted(scenarios.items()):
        try:
            document: Any = to_plain_value(parse_yaml(content, path))
        except YamlMistake:
            continue
        if isinstance(document, dict):
            yield _build_season(package, path, document)


def _build_season(package: Package, path: str, document: Mapping[str, Any]) -> _Season:
    forms: dict[str, dict[str, Any]] = {}
    facts: dict[str, Any] = {}
    for step in _iterate_mappings(document.get("steps")):
        values = step.get("with")
        if isinstance(values, Mapping) and "refused" not in step:
            for ident in _forms_of(package, step):
                forms[ident] = {**forms.get(ident, {}), **_to_stored_value(values)}
        if isinstance(expected := step.get("expect"), Mapping):
            facts |= _read_fact(expected)
    for expected in _iterate_mappings(document.get("expect")):
        facts |= _read_fact(expected)
    organisations = document.get("organisations")
    first: Any = next(iter(organisations.values()), {}) if isinstance(organisations, Mapping) else {}
    start = document.get("start")
    return _Season(
        str(document.get("title") or path), start if isinstance(start, date) else _FIRST_DAY, forms, facts,
        _to_stored_value(first) if isinstance(first, Mapping) else {},
    )  # fmt: skip


def _forms_of(package: Package, step: Mapping[str, Any]) -> Iterator[str]:
    """Yield the forms that a step may fill in: those of the element, action or kind of case that it names."""
    processes, actions = package.award.processes, package.award.actions
    for verb in ("start", "lodge"):
        if (kind := processes.get(str(step.get(verb)))) and kind.start_form:
            yield kind.start_form
    if (action := actions.get(str(step.get("action")))) and action.form:
        yield action.form
    for verb in ("complete", "each", "public"):
        named = Counter(
            d.elements[i].form for d in package.diagrams.values() if (i := str(step.get(verb))) in d.elements
        )
        yield from (form for form in named if form in package.forms)


def _read_fact(expected: Mapping[str, Any]) -> dict[str, Any]:
    if "fact" not in expected or "value" not in expected:
        return {}
    return {str(expected["fact"]): _to_stored_value(expected["value"])}


def _to_stored_value(values: Any) -> Any:
    """Return values as records keep them: days as texts, files as rows."""
    if isinstance(values, Mapping):
        return {str(key): _to_stored_value(value) for key, value in values.items()}
    if isinstance(values, list):
        return [_to_stored_value(value) for value in values]
    if isinstance(values, str) and values.startswith("file:"):
        return [{"id": "1", "name": values.removeprefix("file:").strip(), "size": 1}]
    return values.isoformat() if isinstance(values, date) else values


def _iterate_mappings(rows: Any) -> Iterator[Mapping[str, Any]]:
    yield from (row for row in rows if isinstance(row, Mapping)) if isinstance(rows, list) else ()
