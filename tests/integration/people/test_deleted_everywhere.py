"""Of every table that decides one row is deleted, with keys of other tables not looked at: what is missed by whom, and when.

The table in `deploy/security.md` says the same of every such table.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.access.altered_state import RowAltered
from service.casework.ballots.counting import COUNTED_FROM
from service.casework.digests.demand import CONFERRED, SIGNED, RecordsAltered, demand_as_recorded
from service.casework.records.compare import RANKED
from service.casework.review.panel_pool import PanelPool
from service.casework.step.step import open_step
from service.sdk.review import DrawOrder
from service.store import DECIDING, Store
from service.store.seals.counted_rows import COUNTED
from service.store.seals.deciding import READ_BY_CASES
from tests.support.first_start import first_start
from tests.support.insiders import Place, make_place
from tests.support.review import STAGE
from tests.support.soundness import faults_of

ASKED = {*READ_BY_CASES, *RANKED, *CONFERRED, *COUNTED_FROM, *SIGNED, *(one.table.name for one in COUNTED.values())}
"""Tables of which the decision that rests on them asks whether a row is missing."""
_LINE = re.compile(r"^\| `(\w+)` \| (at once|daily)[ ,|]", re.MULTILINE)


def told() -> dict[str, str]:
    """Return what the document says: when a deleted row of each table is missed."""
    return dict(_LINE.findall(Path(__file__).parents[3].joinpath("deploy/security.md").read_text("utf-8")))


def test_the_document_says_of_every_deciding_table_when_a_deleted_row_is_missed() -> None:
    said = told()
    assert {*DECIDING} <= {*said}
    assert {table: when for table, when in said.items() if (table in ASKED) is not (when == "at once")} == {}


@pytest.mark.parametrize("kind", ["scores", "votes"])
def test_a_deleted_row_is_missed_when_the_document_says(
    kind: str, sqlite_url: str, open_store: Callable[[str], Store], tmp_path: Path
) -> None:
    place = make_place(kind, open_store(sqlite_url), tmp_path)
    first_start(place.desk)
    assert (missed_at_once(place), faults_of(place.desk)) == (False, [])
    found = dict[str, str]()
    roots = {"case_instance"} if kind == "votes" else set()  # the only case: nothing above it could ask
    for table in (name for name, rows in place.rows(tuple(DECIDING)).items() if rows and name not in roots):
        file = place.desk.store.sqlite_file
        gone = taken_out(file, table)
        place.desk.store.booked.forget()
        found[table] = "at once" if missed_at_once(place) else "daily" if missed_daily(place, table) else "never"
        put_back(file, table, gone)
    assert found == {table: told()[table] for table in found}
    assert len(found) > (8 if kind == "scores" else 4)
    assert (missed_at_once(place), faults_of(place.desk)) == (False, [])


def missed_at_once(place: Place) -> bool:
    """Return whether a result, a count, an award or a draw that comes next is refused."""
    for case in place.rows(("case_instance",))["case_instance"]:
        for tables in (RANKED, CONFERRED, COUNTED_FROM):
            if refused(place, case[0], tables):
                return True
    return False


def refused(place: Place, case: int, tables: Collection[str]) -> bool:
    with place.desk.store.write() as tx:
        step = open_step(place.desk, tx, case, SYSTEM)
        try:
            demand_as_recorded(step, [case], tables)
            for name in ("forms", "findings", "notices", "documents"):
                step.scope[name]
            if place.hall is None:
                PanelPool.of(step, DrawOrder(stage=STAGE, places=1), [])
        except (RecordsAltered, RowAltered):
            return True
    return False


def missed_daily(place: Place, table: str) -> bool:
    return any(f"table {table}" in said for said in faults_of(place.desk))


def taken_out(file: Path | None, table: str) -> tuple[Any, ...]:
    with sqlite3.connect(file or "") as line:
        (number, *_), *_ = line.execute(f"select rowid from {table} order by rowid desc limit 1").fetchall()
        row = tuple(line.execute(f"select * from {table} where rowid = {number}").fetchone())
        line.execute(f"delete from {table} where rowid = {number}")
    return row


def put_back(file: Path | None, table: str, row: tuple[Any, ...]) -> None:
    with sqlite3.connect(file or "") as line:
        line.execute(f"insert into {table} values ({', '.join('?' * len(row))})", row)
