"""A place in which administrators try what they can: a ballot runs or experts have scored, and three people hold the offices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import handlers
from service.casework.access.actor import AUDIT_ADMINISTRATOR, SECURITY_ADMINISTRATOR, SYSTEM_ADMINISTRATOR, Actor
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.store import Store
from service.store.models import metadata
from tests.support.ballots import Hall, make_hall, paper
from tests.support.browsers import give_password
from tests.support.officers import officer
from tests.support.review import BEGIN, DECLARED, SCORED, make_review

OFFICES = (SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR)
_BOOK = sa.text("select id, chain, seq, hash, data, about, outcome from act where id <= :last order by id")


@dataclass
class Place:
    """Where the three administrators try everything; ``actors`` are they, by their office."""

    desk: Desk
    clock: VirtualClock
    people: dict[str, int]
    office: Actor
    hall: Hall | None = None
    ballot: int = 0
    actors: dict[str, Actor] = field(default_factory=dict)

    def rows(self, tables: Sequence[str]) -> dict[str, list[tuple[Any, ...]]]:
        with self.desk.store._engine.connect() as line:
            return {
                name: sorted(map(tuple, line.execute(sa.select(metadata.tables[name]))), key=repr) for name in tables
            }

    def passwords(self) -> dict[int, str | None]:
        with self.desk.store.read() as tx:
            return {person.id: person.password for person in tx.people.everybody()}

    def roles(self) -> set[tuple[int, str, bool]]:
        with self.desk.store.read() as tx:
            return {
                (row.person_id, row.role, row.until is None)
                for who in self.people.values()
                for row in tx.memberships.list_valid(who, self.clock.now())
            }

    def book(self, last: int) -> list[tuple[Any, ...]]:
        with self.desk.store._engine.connect() as line:
            return list(map(tuple, line.execute(_BOOK, {"last": last})))

    def newest(self) -> int:
        with self.desk.store._engine.connect() as line:
            return int(line.scalar(sa.text("select max(id) from act")) or 0)

    def written(self, sql: str, **values: Any) -> list[Any]:
        """Do what somebody does who has the database alone."""
        return self.sent(sa.text(sql), **values)

    def sent(self, statement: sa.Executable, **values: Any) -> list[Any]:
        """Do the same by a statement that is not written out."""
        with self.desk.store.write() as tx:
            done = tx._connection.execute(statement, values)
            return list(done.all()) if done.returns_rows else []


def make_place(kind: str, store: Store, folder: Path) -> Place:
    """Four of nine members have voted ("votes"), or three experts have scored ("scores"); three people hold the offices."""
    if kind == "votes":
        hall = make_hall(store, folder / "keys")
        _, ballot = hall.open()
        for member in range(1, 5):
            hall.cast(ballot, member, paper("yyn"))
        found = Place(hall.desk, hall.clock, hall.people, hall.office, hall, ballot)
    else:
        handlers.load()
        bench = make_review(store, *BEGIN, DECLARED, SCORED)
        found = Place(bench.desk, bench.stage.clock, {}, bench.actor("office"))
    for office in OFFICES:
        found.actors[office] = officer(found, office)  # type: ignore[arg-type]
        give_password(found, office)  # type: ignore[arg-type]
    return found
