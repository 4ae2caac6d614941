"""The steps at which cases wait, by their names."""

from __future__ import annotations

from collections.abc import Mapping

from service.casework.desk.desk import Desk
from service.catalog.bpmn.kinds import Kind
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow


def waiting_steps(desk: Desk, tx: Transaction, rows: Mapping[int, CaseRow]) -> dict[int, tuple[Text, ...]]:
    """Return the names of the steps at which each case waits; one statement for all of them.

    What people are to do is told alone; where nobody is to do anything, that it waits for a day, and for a limit that
    would break something off only where there is nothing else. A case that has ended is left out.
    """
    found: dict[int, dict[int, list[Text]]] = {}
    for wait in tx.board.waits([ident for ident, row in rows.items() if row.status != "ended"]):
        diagram = desk.packages.get(rows[wait.case_id].definition, tx).processes.get(wait.process_id or "")
        element = diagram.elements.get(wait.element) if diagram is not None else None
        if element is not None and element.name:
            said = found.setdefault(wait.case_id, {}).setdefault(_rank(element.kind), [])
            said.append(_said(element.name, waits=element.kind.is_event))
    return {ident: tuple(dict.fromkeys(ranked[min(ranked)])) for ident, ranked in found.items()}


def _said(name: str, *, waits: bool) -> Text:
    return Text(f"等待“{name}”", f"waits for “{name}”") if waits else Text(name, name)


def _rank(kind: Kind) -> int:
    return 0 if not kind.is_event else 2 if kind is Kind.BOUNDARY else 1
