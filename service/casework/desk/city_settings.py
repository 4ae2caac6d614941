"""Settings a city has changed, laid over the parameters of its package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from service.casework.desk.jsonable import jsonable
from service.catalog import DatedValue, Package, Parameter, Unit
from service.catalog.settings.settings import why_refused
from service.catalog.source.freeze import freeze
from service.domain.proof.audit_chain import AuditEvent, Link, first_broken
from service.store import Transaction
from service.store.models import SettingRow

CHAIN = 0
"""Number under which settings are chained: cases count from 1."""


def parameters_on(tx: Transaction, package: Package, day: date) -> dict[str, Any]:
    """Return every parameter's value on ``day`` as JSON, for a round to freeze: the city's choice, else the package's."""
    return {ident: jsonable(p.value_on(day)) for ident, p in effective_parameters(tx, package).items()}


def effective_parameters(tx: Transaction, package: Package) -> Mapping[str, Parameter]:
    """Return the parameters of ``package`` with what the city chose; a choice the law no longer allows does not count."""
    chosen = chosen_values(tx.settings.of_package(package.key), package)
    known = package.award.parameters
    return {ident: p.with_set(chosen[ident]) if ident in chosen else p for ident, p in known.items()}


def chosen_values(rows: Iterable[SettingRow], package: Package) -> dict[str, tuple[DatedValue, ...]]:
    """Return what the city chose by parameter, in order of the days; the newest change of a day holds."""
    found: dict[str, dict[date, DatedValue]] = {}
    for row in rows:
        parameter = package.award.parameters.get(row.parameter)
        value = stored_value(parameter, row.value["value"]) if parameter else None
        if parameter is not None and why_refused(package, parameter, value, stored=True) is None:
            found.setdefault(row.parameter, {})[row.since] = DatedValue(row.since, freeze(value))
    return {ident: tuple(by_day[day] for day in sorted(by_day)) for ident, by_day in found.items()}


def stored_value(parameter: Parameter | None, value: Any) -> Any:
    """Return a stored value as the package would hold it: days as days."""
    if parameter is not None and parameter.unit is Unit.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return value


def setting_event(row: Mapping[str, Any]) -> AuditEvent:
    """Return a change as an event to chain; ``row`` holds the columns of a setting."""
    data = {
        "package": row["package"],
        "since": row["since"].isoformat(),
        "value": row["value"]["value"],
        "reason": row["reason"],
    }
    return AuditEvent(row["at"], row["actor"], "setting", row["reason"], row["person_id"], row["parameter"], data)


def first_broken_setting(rows: Iterable[SettingRow]) -> int | None:
    """Return the number of the first change that was altered or removed; None when all hold."""
    links = [
        Link(
            r.seq,
            setting_event({name: getattr(r, name) for name in SettingRow.__dataclass_fields__}),
            r.previous,
            r.hash,
        )
        for r in rows
    ]
    return first_broken(CHAIN, links)
