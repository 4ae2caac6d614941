"""Minutes of sittings and who came, written into the database: nothing is done by them, and they are named."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.people.seals.renew_seals import renew_taken_back
from service.casework.people.seals.row_seals import seal_rows
from service.casework.reading.open_read_only import open_read_only
from service.casework.soundness.digests import wrong_marks
from service.casework.tasks.prefill import attendance
from service.domain.forms import compile_form
from service.store import Store
from service.store.repositories.cases.case_content import StoredContent
from service.store.rows.sittings import sitting
from tests.integration.web.test_sittings import CALLED, MORNING
from tests.support.ballots import Hall, make_hall
from tests.support.browsers import Browser, make_app

_FIELDS = [{"type": "number", "id": f"f_{key}", "key": key, "label": key} for key in ("present", "absent")]
COUNT = compile_form({"type": "default", "id": "record", "schemaVersion": 16, "components": _FIELDS})


class Room:
    """A sitting about a round, seals asked for, and whoever opens it."""

    def __init__(self, hall: Hall) -> None:
        self.hall, app = hall, make_app(hall)  # type: ignore[arg-type]
        self.office, self.me = Browser(app, hall, "teller1"), Browser(app, hall, "member1")  # type: ignore[arg-type]
        self.case, _ = hall.open()
        seal_rows(hall.desk, SYSTEM)
        self.place = str(self.office.post(f"/cases/{self.case}/sittings", CALLED).headers["Location"])
        self.office.post(
            f"{self.place}/minutes", {"version": "1", "words": "会议同意拟奖名单", "do": "save"}, page=self.place
        )
        hall.clock.move_to(MORNING)
        assert self.me.post(f"{self.place}/attend", {"do": "sign"}).status_code == 303

    def sql(self, words: str) -> None:
        """Write as somebody does who has the database alone."""
        with self.hall.desk.store.write() as tx:
            assert tx._connection.execute(sa.text(words)).rowcount > 0

    def named(self) -> list[str]:
        return [mark.zh for mark in wrong_marks(self.hall.desk) if mark.table.startswith("sitting")]

    def statuses(self) -> list[int]:
        """Return the answers to the minutes, a member who excuses themselves, a change of the minutes and their end."""
        minutes = self.office.get(f"{self.place}/minutes.docx").status_code
        away = self.me.post(f"{self.place}/attend", {"do": "excuse"}, page=self.place).status_code
        return [minutes, away, *map(self._write, ("save", "close"))]

    def _write(self, do: str) -> int:
        found = re.search(r'name="version" value="(\d+)"', self.office.get(self.place).text)
        form = {"version": found[1] if found else "2", "words": "会议同意拟奖名单。", "do": do, "uncounted": "yes"}
        return self.office.post(f"{self.place}/minutes", form, page=self.place).status_code


@pytest.fixture
def room(store: Store) -> Room:
    """On SQLite and on PostgreSQL."""
    return Room(make_hall(store))


def test_the_programs_own_minutes_hold_and_are_made(room: Room) -> None:
    assert room.named() == []
    assert "在系统之外被人改动" not in room.office.get(room.place).text
    assert room.statuses() == [200, 303, 303, 303]
    assert room.named() == []


CHANGES = {
    "words": "update sitting set words = '会议不同意拟奖名单'",
    "agenda": "update sitting set agenda = '[\"另一项\"]'",
    "state": "update sitting set state = 'closed'",
    "moved": "update sitting set starts_at = made_at",
    "room": "update sitting set room = '别处'",
    "came": "update sitting_member set state = 'present', at = (select made_at from sitting) where state = 'called'",
    "taken off": "delete from sitting_member where state = 'present'",
    "put on": "update sitting_member set name = '外人' where state = 'called'",
}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_done_by_a_sitting_that_somebody_changed(room: Room, change: str) -> None:
    room.sql(CHANGES[change])
    assert "在系统之外被人改动" in room.office.get(room.place).text
    assert "sitting" in room.office.get(f"/api/v1{room.place}").json["altered"]["zh"]
    found = room.statuses()
    assert (found[0], found[2:]) == (400, [400, 400])
    assert found[1] == (403 if change == "taken off" else 400)
    if change != "taken off":
        assert room.named() != []
    with room.hall.desk.store.read() as tx:
        assert any(row.kind == "altered_row" and "会议" in row.what["zh"] for row in tx.incidents.list_open())


def test_a_form_is_not_filled_in_with_who_somebody_says_came(room: Room) -> None:
    def proposed() -> dict[str, int]:
        with room.hall.desk.store.read() as tx:
            return attendance(open_read_only(room.hall.desk, tx, tx.cases.get(room.case), room.hall.office), COUNT)

    room.hall.clock.move_to(MORNING.replace(hour=6))
    assert proposed() == {"present": 1, "absent": 8}
    room.sql(CHANGES["came"])
    assert proposed() == {}


def test_whom_somebody_puts_on_the_list_is_not_called(room: Room) -> None:
    stranger = room.hall.people["stranger"]
    room.sql(
        "insert into sitting_member (sitting_id, person_id, name, body, state, by_office) "
        f"select sitting_id, {stranger}, name, body, state, by_office from sitting_member where state = 'present'"
    )
    with room.hall.desk.store.read() as tx:
        number = int(room.place.rsplit("/", 1)[1])
        assert stranger not in [one.person_id for one in tx.sittings.members(number)]
        assert tx.sittings.calling_about(stranger, [room.case]) == []


def test_minutes_of_before_do_not_come_back_with_their_seal_but_by_a_backup(room: Room) -> None:
    with room.hall.desk.store.read() as tx:
        before = dict(tx._connection.execute(sa.text("select * from sitting")).one()._mapping)
    version = str(before["version"])
    room.office.post(
        f"{room.place}/minutes", {"version": version, "words": "会议改为不同意", "do": "save"}, page=room.place
    )
    with room.hall.desk.store.write() as tx:
        known = {name: before[name] for name in ("words", "version", "seal")}
        tx._connection.execute(sa.text("update sitting set words = :words, version = :version, seal = :seal"), known)
    assert "在系统之外被人改动" in room.office.get(room.place).text
    with room.hall.desk.store.write() as tx:
        assert renew_taken_back(room.hall.desk, tx)["sitting"] >= 1
    assert "在系统之外被人改动" not in room.office.get(room.place).text


def test_what_is_erased_keeps_its_seal(room: Room) -> None:
    with room.hall.desk.store.write() as tx:
        number = int(room.place.rsplit("/", 1)[1])
        tx.case_content.replace(StoredContent("sitting", {"id": number}, {}), {"agenda": [], "words": "已清除"})
    assert room.named() == []


def test_sittings_that_somebody_wrote_hide_none_of_the_program(room: Room) -> None:
    """Ten earlier ones, to each of which the member is said to be called."""
    columns = ", ".join(c.name for c in sitting.c if c.name not in ("id", "title", "starts_at"))
    for _ in range(10):
        room.sql(
            f"insert into sitting (title, starts_at, {columns}) select '外人写的会', made_at, {columns} from sitting"
            " where title = '第三次全体会议'"
        )
    room.sql(
        "insert into sitting_member (sitting_id, person_id, name, body, state, by_office) select s.id, m.person_id, m.name,"
        " m.body, m.state, m.by_office from sitting s, sitting_member m where s.title = '外人写的会'"
    )
    room.hall.clock.move_to(MORNING.replace(month=1))
    for browser in (room.me, room.office):
        shown = browser.get("/home").text
        assert ("第三次全体会议" in shown, "外人写的会" in shown) == (True, False)
