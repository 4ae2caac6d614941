"""Clauses that no play applied: elements that none came to, and rows of conditions that none asked, some of them for ever."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from service.casework.simulate.scenarios.scenario import Scenario
from service.casework.simulate.traps.found_traps import RowPlay
from service.casework.simulate.traps.traps import Trap, TrapKind
from service.casework.simulate.traps.variants import form_components
from service.catalog import Package
from service.catalog.feel import constant
from service.catalog.tables.tables import TableDescription, TableRow
from service.domain.text import Text

_WORD = re.compile(r'"([^"]*)"')
_WORDS = re.compile(r'\s*"[^"]*"(\s*,\s*"[^"]*")*\s*')


def never_asked(package: Package, asked: Iterable[RowPlay], plays: int) -> Iterator[tuple[Trap, Scenario]]:
    """Yield the rows of tables of conditions that were never asked, though others of their table were."""
    plays_of = list(asked)
    for table in package.tables.values():
        here = [play for play in plays_of if play.table == table.id]
        if not table.is_eligibility or not here:
            continue
        near = min(here, key=lambda play: len(play.scenario.moves))
        for row in table.rows:
            if any(play.row == row.id for play in here):
                continue
            name = row.description or row.id
            kind = TrapKind.NEVER if _row_never_applies(package, table, row) else TrapKind.UNUSED
            yield (
                Trap(
                    kind, table.id, row.id, name, near.case, table.clauses(row),
                    Text(
                        f"{plays} 次推演用到这张表，条件“{name}”一次也没有轮到判断。",
                        f"{plays} plays asked this table, its row “{name}” was never asked.",
                    ),
                    {"case": near.case, "finding": row.id, "no": True},
                ),
                near.scenario,
            )  # fmt: skip


def never_come_to(
    package: Package, visited: Mapping[tuple[str, str], tuple[Scenario, str]], plays: int
) -> Iterator[tuple[Trap, Scenario]]:
    """Yield what carries out a clause and is never come to, with the play that comes nearest."""
    for diagram in package.diagrams.values():
        for element in diagram.elements.values():
            if not element.clauses or (diagram.process_id, element.id) in visited:
                continue
            before = [flow.source for flow in diagram.flows.values() if flow.target == element.id]
            near = [visited[diagram.process_id, one] for one in before if (diagram.process_id, one) in visited]
            if not near:
                continue  # what comes before it is not come to either: that is where to look
            scenario, case = min(near, key=lambda pair: len(pair[0].moves))
            name = element.name or element.id
            clauses = tuple(c for c in element.clauses if not c.startswith("slot:"))
            ways = [flow for flow in diagram.flows.values() if flow.target == element.id]
            kind = TrapKind.NEVER if all(constant(way.condition) is False for way in ways) else TrapKind.UNUSED
            yield (
                Trap(
                    kind, diagram.process_id, element.id, name, case, clauses,
                    Text(
                        f"{plays} 次推演到过它的前一步，却没有一次走到“{name}”。",
                        f"{plays} plays came to the step before, none to “{name}”.",
                    ),
                ),
                scenario,
            )  # fmt: skip


def _row_never_applies(package: Package, table: TableDescription, row: TableRow) -> bool:
    """Tell whether a cell asks for a word that no form offers for what its column reads, or for nothing that can be."""
    for column, cell in zip(table.inputs, row.inputs, strict=False):
        offered = _offered(package).get(column.expression.rpartition(".")[2], frozenset())
        words = set(_WORD.findall(cell)) if _WORDS.fullmatch(cell) else set()
        if constant(cell) is False or (offered and words and not words & offered):
            return True
    return False


def _offered(package: Package) -> Mapping[str, frozenset[str]]:
    """Return by field what the forms let people choose."""

    def gathered() -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        elements = {e.form for d in package.diagrams.values() for e in d.elements.values() if e.form}
        starts = {info.start_form for info in package.award.processes.values() if info.start_form}
        for form in sorted(elements | starts):
            for component in form_components(package, form):
                values = {str(one.get("value")) for one in component.get("values") or ()}
                if values and component.get("key"):
                    found.setdefault(str(component["key"]), set()).update(values)
        return {key: frozenset(values) for key, values in found.items()}

    return package.derived("choices by field", gathered)
