"""The position of a case on its diagrams."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import require_case
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.documents.produce_document import NoPrinter
from service.casework.queries.downloads.files import PDF, PRINTED, Download
from service.casework.reading.stages import waiting_processes
from service.catalog import Diagram, Kind, Package
from service.catalog.bpmn.picture import in_words, picture_of
from service.catalog.bpmn.read import read_diagram
from service.catalog.called_processes import with_called
from service.catalog.layout.drawn import drawn
from service.domain.calendar import local_date
from service.domain.calendar.clock import format_full_day
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow

_STEPS = (Kind.USER_TASK, Kind.SERVICE_TASK, Kind.RULE_TASK, Kind.CALL, Kind.CATCH, Kind.END, Kind.START, Kind.BOUNDARY)

_BESIDE = (Kind.BOUNDARY, Kind.START)


@dataclass(frozen=True, slots=True)
class DiagramStep:
    """One step of a diagram in words: state is "done", "active", "waiting" (for an event that may never come), "incident" or ""."""

    id: str
    name: str
    kind: str
    state: str
    count: int
    opens: str


@dataclass(frozen=True, slots=True)
class DiagramState:
    """A diagram of a case: ``processes`` are those it is made of (id, name), ``elements`` what the viewer marks."""

    process: str
    name: str
    processes: tuple[tuple[str, str], ...]
    elements: Mapping[str, Mapping[str, Any]]
    steps: tuple[DiagramStep, ...]


@guarded("case.view")
def diagram_of_case(desk: Desk, actor: Actor, case_id: int, process: str | None) -> bytes:
    """Return the BPMN file of diagram ``process`` of the case (its own when None); raises NotFound, NotAllowed."""
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        require_case(actor, case, tx)
        package = desk.packages.get(case.definition, tx)
    return bpmn_of(package, process or package.process(case.process).process)


@guarded("case.view")
def print_diagram(
    desk: Desk, actor: Actor, case_id: int, process: str | None, say: Callable[[str], str], language: str
) -> Download:
    """Return a whole diagram of the case with its steps below it, as PDF (A3).

    Raises:
        NotFound, NotAllowed: as for the diagram.
        NoPrinter, NoChineseFont, NotPrintable: it cannot be printed here, and why.
    """
    state = state_of_case(desk, actor, case_id, process, language)
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        package = desk.packages.get(case.definition, tx)
    if desk.printer is None:
        raise NoPrinter(
            Text("此处没有打印功能，请在浏览器中打印。", "Nothing can be printed here: print from the browser.")
        )
    file = package.diagram(state.process).file
    sheet = {
        "title": say(state.name),
        "note": f"{say(case.title)} · {format_full_day(local_date(desk.clock.now())).pick(language)}",
        "head": [Text("环节", "Step").pick(language), Text("状态", "State").pick(language)],
        "rows": [[say(step.name), _get_state_text(step.state).pick(language)] for step in state.steps],
    }
    picture = picture_of(read_diagram(in_words(bpmn_of(package, state.process), file, say), file))
    made = desk.printer.draw(sheet, picture, PRINTED)
    return Download(f"{state.name}.pdf", PDF, len(made), io.BytesIO(made))


@guarded("case.view")
def state_of_case(desk: Desk, actor: Actor, case_id: int, process: str | None, language: str) -> DiagramState:
    """Return where the case stands on diagram ``process``; raises NotFound, NotAllowed."""
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        require_case(actor, case, tx)
        package = desk.packages.get(case.definition, tx)
        diagram = package.diagram(process or package.process(case.process).process)
        return _build_state(tx, package, case, diagram, language)


def bpmn_of(package: Package, process: str) -> bytes:
    """Return the file that draws ``process``; raises NotFound."""
    file = package.diagram(process).file
    return drawn(package.files[file], file)


def processes_of(package: Package, kind: str) -> tuple[tuple[str, str], ...]:
    """Return the diagrams a kind of case runs through, (id, name): its own first, called ones as they are reached."""
    seen: dict[str, str] = {}
    queue = [package.process(kind).process]
    while queue:
        ident = queue.pop(0)
        diagram = package.processes.get(ident)
        if diagram is None or ident in seen:
            continue
        seen[ident] = diagram.name or ident
        queue += [call.called for call in diagram.calls]
    return tuple(seen.items())


def _build_state(tx: Transaction, package: Package, case: CaseRow, diagram: Diagram, language: str) -> DiagramState:
    process_id = diagram.process_id
    visited = Counter(v.element for v in tx.visits.select(case_id=case.id) if v.process_id == process_id)
    active = Counter(t.element for t in tx.tasks.open_of_case(case.id) if t.process_id == process_id)
    active.update(
        w.element for w in tx.work.of_case(case.id) if w.process_id == process_id and w.kind == "timer" and w.element
    )
    awaited = {
        s.element for s in tx.subscriptions.select(case_id=case.id) if s.process_id == process_id
    } - active.keys()
    troubled = Counter(i.element for i in tx.incidents.select(case_id=case.id) if i.resolved_at is None and i.element)
    waiting = set(waiting_processes(tx, case, tx.tasks.open_of_case(case.id)))
    if process_id in waiting and not active:  # it waits for nothing else: there the case stands
        active.update(awaited)
    elements: dict[str, dict[str, Any]] = {e: {"state": "done"} for e in visited}
    elements |= {e: {"state": "waiting"} for e in awaited}  # a message that may never come
    elements |= {e: _build_waiting_mark(diagram, e, n) for e, n in active.items()}
    elements |= {e: {"state": "incident", "count": n} for e, n in troubled.items() if e in diagram.elements}
    for call in diagram.calls:
        inside = elements.setdefault(call.id, {})
        inside["href"] = f"/cases/{case.id}/process?process={call.called}"
        if call.id in visited and with_called(package, call.called) & waiting:
            inside.update(state="active", count=1)
    for ident, entry in elements.items():
        entry["text"] = _get_state_text(entry.get("state", "")).pick(language)
        entry.setdefault("name", diagram.elements[ident].name if ident in diagram.elements else ident)
    return DiagramState(
        process_id,
        diagram.name or process_id,
        processes_of(package, case.process),
        elements,
        tuple(_list_steps(diagram, elements)),
    )


def _build_waiting_mark(diagram: Diagram, ident: str, count: int) -> dict[str, Any]:
    """Return the mark of a waiting element: active for a step, waiting for an event that may never come."""
    beside = ident in diagram.elements and diagram.elements[ident].kind in _BESIDE
    return {"state": "waiting"} if beside else {"state": "active", "count": count}


def _get_state_text(state: str) -> Text:
    return {
        "done": Text("已经过", "passed"),
        "active": Text("正在此处", "here now"),
        "waiting": Text("没有发生", "has not happened"),
        "incident": Text("此处出现异常", "in trouble here"),
    }.get(state, Text("尚未到达", "not reached"))


def _list_steps(diagram: Diagram, elements: Mapping[str, Mapping[str, Any]]) -> Sequence[DiagramStep]:
    return [
        DiagramStep(
            e.id,
            e.name,
            e.kind.value,
            elements.get(e.id, {}).get("state", ""),
            elements.get(e.id, {}).get("count", 0),
            e.called,
        )
        for e in diagram.elements.values()
        if e.kind in _STEPS and e.name
    ]
