"""Enter acts into the book."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.book.acting import Act, current_act, current_origin
from service.casework.access.book.kinds import BOOKED, ActKind
from service.store import RECORDS, ROWS, LoggedRows, Transaction
from service.store.models import ActRow

EVERYWHERE = "*"
KEEPING = "records.keep"
_LONGEST_ABOUT, _LONGEST_ACTOR, _LONGEST_ORIGIN = 300, 200, 80


def build_entry_hook(now: Callable[[], datetime]) -> Callable[[Transaction], None]:
    """Return what enters, at the end of a unit of work, the act that it is part of; ``now`` tells the time."""

    def enter_at_commit(tx: Transaction) -> None:
        act = current_act()
        at = now()
        logged = tx.take_logged()
        if act is not None:
            _enter_act(tx, act, at, logged)
        elif logged is not None:
            tx.acts.append(_with_rows(_build_act_row(KEEPING, SYSTEM, at, EVERYWHERE, "", "done", {}), logged))

    return enter_at_commit


def _enter_act(tx: Transaction, act: Act, at: datetime, logged: LoggedRows | None) -> None:
    """Enter ``act`` with the first unit of work of it that is committed; one that is undone takes its entry along.

    ``logged`` are the hashes of the decisive rows that it wrote.
    """
    place = act.place if act.place is not None else _place_of(act.actor)
    row = _build_act_row(act.action, act.actor, at, place, act.about, "done", act.data)
    tx.acts.append(row if logged is None else _with_rows(row, logged))
    tx.after_commit(act.enter)


def _with_rows(row: ActRow, logged: LoggedRows) -> ActRow:
    data = {**row.data, RECORDS: dict(logged.data)}
    return replace(row, data=data, salts=dict(logged.salts), logged=len(logged.data[ROWS]))


def enter_refused(
    tx: Transaction,
    action: str,
    actor: Actor,
    at: datetime,
    code: str,
    *,
    about: str = "",
    place: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Enter what somebody tried and was refused; ``code`` is that of the refusal. Long texts are cut: none fills a disk."""
    tx.acts.append(_build_act_row(action, actor, at, place or _place_of(actor), about, code, _shorten_data(data or {})))


def _shorten_data(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _shorten_value(value) for name, value in data.items()}


def _shorten_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _shorten_data(value)
    return f"{value[:_LONGEST_ABOUT]}…" if isinstance(value, str) and len(value) > _LONGEST_ABOUT else value


def _build_act_row(
    action: str, actor: Actor, at: datetime, place: str, about: str, outcome: str, data: Mapping[str, Any]
) -> ActRow:
    other = ActKind.OPERATION if outcome == "done" else ActKind.REFUSAL
    return ActRow(
        chain=BOOKED.get(action, other).chain,
        seq=0,
        at=at,
        jurisdiction=place,
        actor=actor.name[:_LONGEST_ACTOR],
        person_id=actor.person_id,
        origin=current_origin()[:_LONGEST_ORIGIN],
        action=action,
        about=about[:_LONGEST_ABOUT],
        outcome=outcome,
        data=dict(data),
        previous="",
        hash="",
    )


def _place_of(actor: Actor) -> str:
    """Return the one jurisdiction that a person belongs to, ``*`` where there are several or none."""
    places = {seat.jurisdiction for seat in actor.seats}
    return places.pop() if len(places) == 1 else EVERYWHERE
