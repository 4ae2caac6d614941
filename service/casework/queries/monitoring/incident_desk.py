"""The incident desk: every open incident, grouped by what one remedy settles, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.due.settle_incident import receivers_of, skip_refusal
from service.casework.interventions.set_value import may_correct_any
from service.casework.queries.monitoring.monitor import places_of, places_of_incidents
from service.casework.reading.published import published
from service.domain.forms.masking import masked
from service.domain.text import Text, text_of
from service.store import IncidentCause, KindOfCase, Transaction
from service.store.models import IncidentRow

SHOWN = 20
"""So many incidents of a cause stand on the desk; the page of the cause has all of them."""
PAGE = 100


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident: where, since when, how often, and with whom it is.

    ``queued_at``: since when its work is queued again, None where nobody asked for that or it failed since;
    ``over``: its case has ended; ``correctable``: it stopped at a step of the program, and some value of its case may be
    corrected before that is tried again; ``person_id`` is whose message was refused, ``mended`` the address that they have
    since, masked.
    """

    id: int
    case_id: int | None
    case_title: str
    step: str
    what: Text
    since: datetime
    count: int
    handed_to: str
    handed_note: str
    detail: str
    queued_at: datetime | None
    over: bool
    correctable: bool = False
    person_id: int | None = None
    mended: str = ""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody to whom an incident can be handed over."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class IncidentGroup:
    """What one remedy settles: how many, since when, what follows, what to do, and the newest of them.

    ``skip`` is why these cannot be skipped, None where they can; ``receivers`` are those to whom they can be handed over.
    """

    jurisdiction: str
    cause: str
    count: int
    since: datetime
    what: Text
    consequence: Text
    remedy: Text
    lines: tuple[IncidentLine, ...]
    mine: bool
    skip: Text | None
    receivers: tuple[Receiver, ...]
    before: int | None = None


@guarded("monitor.view")
def view_incident_desk(
    desk: Desk, actor: Actor, jurisdiction: str = "", of: KindOfCase | None = None
) -> tuple[IncidentGroup, ...]:
    """Return every open incident of the places the actor oversees, or of one kind of case there.

    Raises NotFound for another place.
    """
    with desk.store.read() as tx:
        places = places_of_incidents(actor, places_of(actor, published(desk, tx), jurisdiction), jurisdiction)
        return tuple(_build_group(desk, tx, actor, cause, of=of) for cause in tx.incidents.causes(places, of))


@guarded("monitor.view")
def view_cause(
    desk: Desk, actor: Actor, jurisdiction: str, cause: str, before: int | None = None, of: KindOfCase | None = None
) -> IncidentGroup | None:
    """Return one page of the incidents of a cause, None where nothing of it is open any more; raises NotFound."""
    with desk.store.read() as tx:
        if jurisdiction != "*" or not actor.oversees("*"):
            places_of(actor, published(desk, tx), jurisdiction)
        incident_cause = next((c for c in tx.incidents.causes([jurisdiction], of) if c.cause == cause), None)
        return None if incident_cause is None else _build_group(desk, tx, actor, incident_cause, PAGE, before, of)


def _build_group(
    desk: Desk,
    tx: Transaction,
    actor: Actor,
    cause: IncidentCause,
    most: int = SHOWN,
    before: int | None = None,
    of: KindOfCase | None = None,
) -> IncidentGroup:
    rows = tx.incidents.list_open([cause.jurisdiction], most + 1, before, cause.cause, of)
    page_rows, mine = rows[:most], actor.administers(cause.jurisdiction)
    first = page_rows[0] if page_rows else tx.incidents.get(cause.newest)
    people = receivers_of(desk, tx, cause.jurisdiction) if mine else ()
    return IncidentGroup(
        cause.jurisdiction,
        cause.cause,
        cause.count,
        cause.since,
        text_of(first.what),
        text_of(first.consequence),
        text_of(first.remedy),
        tuple(_list_lines(desk, tx, page_rows)),
        mine,
        skip_refusal(tx, first),
        tuple(Receiver(p.id, p.name) for p in people),
        page_rows[-1].id if len(rows) > most else None,
    )


def _list_lines(desk: Desk, tx: Transaction, rows: Sequence[IncidentRow]) -> list[IncidentLine]:
    names = tx.people.named({row.handed_to for row in rows if row.handed_to is not None})
    return [_build_line(desk, tx, row, names.get(row.handed_to or 0, "")) for row in rows]


def _build_line(desk: Desk, tx: Transaction, row: IncidentRow, handed_to: str) -> IncidentLine:
    title, step, over, correctable = "", row.element or "", False, False
    if row.case_id is not None:
        case = tx.cases.get(row.case_id)
        title, over = case.title, case.status == "ended"
        package = desk.packages.get(case.definition, tx)
        step = next((d.elements[step].name for d in package.processes.values() if step in d.elements), step)
        correctable = row.kind == "service" and not over and may_correct_any(tx, package, case)
    return IncidentLine(
        row.id,
        row.case_id,
        title,
        step,
        text_of(row.what),
        row.since,
        row.count,
        handed_to,
        row.handed_note,
        row.detail,
        row.queued_at,
        over,
        correctable,
        *_find_receiver(tx, row),
    )


def _find_receiver(tx: Transaction, row: IncidentRow) -> tuple[int | None, str]:
    """Return whose message could not be sent, and their address where it is another one by now, masked.

    None for an incident of anything else and for whoever has no account.
    """
    work = tx.work.find(id=row.work_item_id) if row.work_item_id is not None else None
    mail = tx.mail.find(effect_key=str(work.payload["message"])) if work and "message" in work.payload else None
    if mail is None or mail.person_id is None:
        return None, ""
    address = tx.people.get(mail.person_id).email or ""
    return mail.person_id, masked(address) if address and address != mail.address else ""
