"""People who hold one of the three administrators' offices."""

from __future__ import annotations

from service.casework.access.actor import Actor, acting
from service.store.models import PersonRow
from tests.support.desks import Bench
from tests.support.records import hold_seat


def officer(bench: Bench, role: str, place: str = "*", name: str = "") -> Actor:
    """Let somebody new hold ``role`` in ``place``, by the login of the role (or ``name``), and return them."""
    login, body, now = name or role, bench.office.seats[0].body_id, bench.clock.now()
    with bench.desk.store.write() as tx:
        row = PersonRow(
            login=login, name=login, password=None, email=f"{login}@example.cn", language="zh", created_at=now
        )
        bench.people[login] = tx.people.insert(row)
        hold_seat(tx, bench.people[login], body, place, role, now)
        return acting(tx, bench.people[login], now)
