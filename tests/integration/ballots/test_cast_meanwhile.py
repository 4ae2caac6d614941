"""A vote is refused for what is so, though another process writes the case of the ballot between two questions of the cast."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from service.casework.soundness.newest import note_newest

from service.casework.access.actor import SYSTEM
from service.casework.cases.suspend import suspend_case
from service.casework.step.history import note
from service.domain.errors import Conflict
from service.store import Store
from tests.support.ballots import Hall, make_hall, paper
from tests.support.waiting import ended


@contextmanager
def after_reading(hall: Hall, table: str, work: Callable[[], object]) -> Iterator[list[str]]:
    """Let another session do ``work`` as soon as this one has read whole rows of ``table``, once; yields what was read."""
    read: list[str] = []

    def meanwhile(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not read and threading.current_thread() is here and statement.startswith(f"SELECT {table}.id"):
            read.append(statement)
            beside = threading.Thread(target=work)
            beside.start()
            ended(beside)

    here = threading.current_thread()
    sa.event.listen(hall.desk.store._engine, "after_cursor_execute", meanwhile)
    try:
        yield read
    finally:
        sa.event.remove(hall.desk.store._engine, "after_cursor_execute", meanwhile)


def test_a_case_that_goes_on_meanwhile_is_not_taken_for_altered(
    postgres_url: str, open_store: Callable[[str], Store], tmp_path: Path
) -> None:
    """The minute signs how far its history came after the cast had read it: what was read is older, and nobody changed it."""
    hall = make_hall(open_store(postgres_url), tmp_path / "keys")
    case, ballot = hall.open()
    admin = replace(hall.office, seats=(replace(hall.office.seats[0], role="administrator"),))
    suspend_case(hall.desk, admin, case, "核查")

    def go_on() -> None:
        with hall.desk.store.write() as tx:
            note(hall.desk, tx, case, SYSTEM, "note", "备注")
        note_newest(hall.desk, SYSTEM)

    with after_reading(hall, "case_instance", go_on) as read, pytest.raises(Conflict, match="已暂停或结束"):
        hall.cast(ballot, 1, paper("yyn"))
    assert read
    with hall.desk.store.read() as tx:
        assert tx.incidents.list_open() == []
