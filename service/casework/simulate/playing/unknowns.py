"""Diagnosis of a failed scenario: formulas that were unknown because they read a missing name or entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from service.casework.simulate.playing.play import play
from service.casework.simulate.scenarios.scenario import Scenario
from service.catalog import Package
from service.catalog.feel import FUNCTIONS
from service.catalog.rules.context import prepare_check
from service.catalog.rules.formulas import formulas_of
from service.domain.calendar import WorkingCalendar
from service.domain.feel import WatchedFunctions
from service.sdk import Operation
from service.store import Store

SHOWN = 20
"""How many are shown."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A formula that gave null, false or an empty entry, or a ground that stayed open.

    ``element`` names the elements that use the formula ("" where none is recorded) or the table of the ground,
    ``expression`` the formula's text or the ground, ``names`` what was not there.
    """

    element: str
    expression: str
    names: tuple[str, ...]


def unknowns_of(
    store: Store,
    package: Package,
    scenario: Scenario,
    calendars: Mapping[str, WorkingCalendar],
    operations: Mapping[str, Operation],
) -> tuple[Unknown, ...]:
    """Play ``scenario`` once more on the empty ``store`` and return what was unknown, in the order of occurrence.

    Settings that a diagram calls ``optional`` are not reported. Grounds of eligibility tables that stayed open follow.
    """
    unknowns: dict[str, dict[str, None]] = {}
    optional = {word for diagram in package.diagrams.values() for word in diagram.optional}

    def record_unknown(text: str, paths: tuple[str, ...]) -> None:
        if names := [path for path in paths if path not in optional]:
            unknowns.setdefault(text, {}).update(dict.fromkeys(names))

    played = play(store, package, scenario, calendars, operations, WatchedFunctions(FUNCTIONS, record_unknown))
    places = _formula_places(package) if unknowns else {}
    formulas = [Unknown(_format_places(places.get(t, ())), t, tuple(n)) for t, n in unknowns.items()]
    return (*formulas[:SHOWN], *list(dict.fromkeys(_open_grounds(store, played.cases.values())))[:SHOWN])


def _open_grounds(store: Store, cases: Iterable[int]) -> Iterator[Unknown]:
    """Yield the grounds that could be neither met nor not met, with what was not known."""
    with store.read() as tx:
        for case in cases:
            for row in tx.findings.select(case_id=case, current=True):
                if row.result == "unknown" and row.details["unknown"]:
                    yield Unknown(f"{row.table}.dmn", row.ground, tuple(row.details["unknown"]))


def _format_places(places: tuple[str, ...]) -> str:
    return "、".join(places[:3]) + ("…" if len(places) > 3 else "")


def _formula_places(package: Package) -> Mapping[str, tuple[str, ...]]:
    """Return for each expression the elements it stands at, each as its file's name and its id."""
    found: dict[str, dict[str, None]] = {}
    for formula in formulas_of(prepare_check(package)):
        name = formula.file.rpartition("/")[2]
        found.setdefault(formula.text, {})[f"{name} {formula.place}"] = None
    return {text: tuple(places) for text, places in found.items()}
