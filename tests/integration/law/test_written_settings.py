"""A setting, a time of keeping and a limit hold as the program wrote them: what somebody writes into the tables does not."""

from __future__ import annotations

from collections.abc import Callable
from cProfile import Profile
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.definitions.change_setting import change_setting
from service.casework.desk.altered_version import VersionAltered
from service.casework.desk.city_settings import CHAIN, setting_event
from service.casework.digests.demand import RecordsAltered
from service.casework.health.finding import Level
from service.casework.health.limits import LIMIT_FIELDS, Limits, choose_limits, limits_in
from service.casework.health.unsealed import seals
from service.casework.people.seals.row_seals import seal_rows, tell_unsealed
from service.casework.queries.law.view_settings import view_setting
from service.casework.retention.rules import change_rules, rules_of
from service.casework.soundness.newest import note_newest
from service.domain.errors import NotFound
from service.domain.proof.audit_chain import chain
from service.domain.proof.signing import is_signature
from service.store import Store
from service.store.repositories.base import values_of
from service.store.rows import CalendarYearRow, SanctionRow
from service.store.rows.packages import setting
from tests.integration.casework.test_state_seals import executed, faults
from tests.support.lakeside import KEY, Lakeside, make_lakeside

TODAY, LATER = date(2026, 3, 2), date(2026, 5, 6)
TYPED = {field.name: str(field.most) for field in LIMIT_FIELDS}


@pytest.fixture
def town(store: Store) -> Lakeside:
    """A county whose regulation leaves values open, after its first start; on SQLite and on PostgreSQL."""
    town = make_lakeside(store)
    seal_rows(town.desk, SYSTEM)
    return town


def in_force(town: Lakeside, who: str = "written") -> Any:
    """What a round that opens now freezes."""
    return town.case(town.start(who)).parameters["notice_working_days"]


def written(town: Lakeside, value: int, seal: str = "") -> None:
    """Append a change to the chain as who has the database alone does, hash and all."""
    with town.desk.store.read() as tx:
        rows = tx.settings.of_package(KEY)
    seq, last = (rows[-1].seq, rows[-1].hash) if rows else (0, "")
    row: dict[str, Any] = {
        "package": KEY,
        "parameter": "notice_working_days",
        "since": TODAY,
        "value": {"value": value},
        "reason": "written",
        "at": town.clock.now(),
        "actor": "admin",
        "person_id": town.admin.person_id,
    }
    (link,) = chain(CHAIN, seq, last, [setting_event(row)], town.desk.store.digest)
    by_hand(town, sa.insert(setting).values(**row, seq=link.seq, previous=last, hash=link.hash, seal=seal))


def by_hand(town: Lakeside, statement: sa.Executable) -> None:
    with town.desk.store.write() as tx:
        tx._connection.execute(statement)


def test_a_change_written_into_the_tables_does_not_hold_and_is_told(town: Lakeside) -> None:
    change_setting(town.desk, town.admin, KEY, "notice_working_days", 6, TODAY, "县政府办公会议决定")
    ((seal,),) = executed(town.desk, "select seal from setting")
    written(town, 9)
    written(town, 8, seal)
    assert in_force(town) == 6
    view, line = view_setting(town.desk, town.admin, KEY, "notice_working_days")
    assert (line.value.zh, [change.ours for change in line.changes]) == ("6个工作日", [False, False, True])
    assert view.broken is None  # the chain takes no key
    assert sum("table setting lacks the seal" in fault for fault in faults(town.desk)) == 2
    (finding,) = seals(town.desk, Limits())
    assert (finding.level, finding.newest) == (Level.FAULT, 2)
    assert (tell_unsealed(town.desk, SYSTEM), tell_unsealed(town.desk, SYSTEM)) == (2, 0)
    change_setting(town.desk, town.admin, KEY, "notice_working_days", 7, TODAY, "又改")
    assert in_force(town, "after") == 7


@pytest.mark.parametrize(
    "change", ["set value = '{\"value\": 9}'", "set since = '2026-12-31'", "set parameter = 'min_years'"]
)
def test_nothing_begins_by_a_change_that_was_altered(town: Lakeside, change: str) -> None:
    change_setting(town.desk, town.admin, KEY, "notice_working_days", 6, TODAY, "县政府办公会议决定")
    executed(town.desk, f"update setting {change}")
    with pytest.raises(RecordsAltered, match="1"):
        in_force(town)
    assert sum("setting" in fault for fault in faults(town.desk)) == 1


def test_nothing_begins_by_settings_that_were_hashed_anew_or_cut_off(town: Lakeside) -> None:
    for value in (6, 7):
        change_setting(town.desk, town.admin, KEY, "notice_working_days", value, TODAY, "县政府办公会议决定")
    note_newest(town.desk, SYSTEM)
    with town.desk.store.read() as tx:
        kept = tx.settings.of_package(KEY)[-1]
    by_hand(town, sa.delete(setting).where(setting.c.id == kept.id))
    with pytest.raises(RecordsAltered, match="锚定"):
        in_force(town)
    written(town, 9, kept.seal)
    with pytest.raises(RecordsAltered, match="锚定"):
        in_force(town)
    by_hand(town, sa.delete(setting).where(setting.c.seq == kept.seq))
    by_hand(town, sa.insert(setting).values(values_of(kept)))
    assert in_force(town) == 7


def test_a_start_asks_for_no_signature_that_was_asked_for_before(town: Lakeside) -> None:
    change_setting(town.desk, town.admin, KEY, "notice_working_days", 6, TODAY, "县政府办公会议决定")
    note_newest(town.desk, SYSTEM)
    with Profile() as first:
        assert in_force(town) == 6
    with Profile() as second:
        assert in_force(town, "again") == 6
    assert asked_in(second) == 0 < asked_in(first)


def asked_in(profile: Profile) -> int:
    """How often a signature was asked for."""
    return sum(one.callcount for one in profile.getstats() if one.code is is_signature.__code__)


def test_a_time_of_keeping_written_into_the_tables_does_not_hold(town: Lakeside) -> None:
    place, desk = KEY.partition("/")[0], town.desk
    change_rules(desk, town.admin, place, {"winner.personal": 20}, TODAY, "档案室意见")
    executed(
        desk,
        "insert into retention_rule(jurisdiction, name, years, from_day, reason, at, seal)"
        " select jurisdiction, name, 1, from_day, reason, at, seal from retention_rule",
    )
    with desk.store.read() as tx:
        assert rules_of(tx, place, LATER)["winner.personal"].years == 20
    executed(desk, "delete from retention_rule where years = 1")
    executed(desk, "update retention_rule set years = 1")
    assert [fault for fault in faults(desk) if "retention_rule" in fault]


def test_limits_written_into_the_tables_do_not_hold_and_alarms_go_where_they_went(town: Lakeside) -> None:
    desk = town.desk
    seats = tuple(replace(seat, jurisdiction="*") for seat in town.admin.seats)
    choose_limits(desk, replace(town.admin, seats=seats), TYPED, "audit@example.org", webhook=True)
    executed(desk, 'update health_limits set "values" = \'{"mails": ["me@example.org"], "incident_hours": 2160}\'')
    with desk.store.read() as tx:
        assert limits_in(tx) == Limits()
    assert [fault for fault in faults(desk) if "health_limits" in fault]
    choose_limits(desk, replace(town.admin, seats=seats), TYPED, "audit@example.org", webhook=True)
    with desk.store.read() as tx:
        assert limits_in(tx).mails == ("audit@example.org",)
    assert not [fault for fault in faults(desk) if "health_limits" in fault]


def test_a_year_of_the_calendar_and_a_sanction_hold_as_the_program_wrote_them(town: Lakeside) -> None:
    desk, place = town.desk, KEY.partition("/")[0]
    year = CalendarYearRow(
        layer="cn", year=2027, title="通知", text="…", content="…", working_days=250, author="office",
        person_id=town.admin.person_id or 0, at=town.clock.now(),
    )  # fmt: skip
    with desk.store.write() as tx:
        proposed = tx.calendar_years.insert(year)
        who = tx.people.upsert_body("*", "91370000000000002X", kind="organisation", name="示例公司")
        own = SanctionRow(
            jurisdiction=place, body_id=who, ground="x", effect="warning", decided_on=TODAY, from_day=TODAY
        )
        kept = tx.register.insert_sanction(own)
    columns = "jurisdiction, body_id, ground, decided_on, from_day, clauses, details, seal"
    executed(desk, f"insert into sanction({columns}, effect) select {columns}, 'ban' from sanction")
    executed(desk, "update calendar_year set state = 'in_force'")
    with desk.store.read() as tx:
        assert [row.id for row in tx.register.sanctions(who)] == [kept]
        assert tx.register.sanctions_of(place, ["ban"], 10) == []
        assert tx.calendar_years.in_state("in_force") == []
    found = faults(desk)
    assert [one for one in found if "table sanction lacks" in one]
    assert [one for one in found if "table calendar_year lacks" in one]
    executed(desk, "update calendar_year set state = 'proposed'")
    with desk.store.write() as tx:
        tx.calendar_years.change(proposed, {"state": "in_force"})
        assert [row.id for row in tx.calendar_years.in_state("in_force")] == [proposed]


def test_a_body_is_what_the_program_made_it(town: Lakeside) -> None:
    """Whoever writes another kind into the directory, or a role for a body, acts by neither."""
    desk, who = town.desk, town.admin.person_id or 0
    with desk.store.read() as tx:
        before = {row.id: row for row in tx.people.bodies(KEY.partition("/")[0])}
    assert before
    executed(desk, "update body set kind = 'supervisor'")
    executed(
        desk, "insert into body_role(jurisdiction, role, body_id, seal) select jurisdiction, 'voter', id, '' from body"
    )
    with desk.store.read() as tx:
        assert tx.people.bodies(KEY.partition("/")[0], "voter") == []
        assert {tx.people.body(ident).kind for ident in before} == {""}
        assert {seat[5] for seat in tx.people.sessions.acting(who, town.clock.now())[1]} <= {"", None}
        assert tx.people.bodies(KEY.partition("/")[0]) == []
    assert sum("table body lacks" in fault for fault in faults(desk)) >= len(before)
    assert [fault for fault in faults(desk) if "table body_role lacks" in fault]
    for row in before.values():
        executed(desk, "update body set kind = :kind where id = :id", kind=row.kind, id=row.id)
    with desk.store.read() as tx:
        assert {row.id: row for row in tx.people.bodies(KEY.partition("/")[0])} == before


def test_a_body_that_was_closed_is_not_opened_by_its_former_row(town: Lakeside) -> None:
    desk = town.desk

    def put(active: bool) -> int:
        with desk.store.write() as tx:
            return tx.people.upsert_body("*", "91370000000000001X", kind="organisation", name="示例公司", active=active)

    ident = put(True)
    ((seal,),) = executed(desk, "select seal from body where id = :id", id=ident)
    put(True)
    assert executed(desk, "select seal from body where id = :id", id=ident) == [(seal,)]  # nothing bound has changed
    put(False)
    executed(desk, "update body set active = true, seal = :seal where id = :id", id=ident, seal=seal)
    with desk.store.read() as tx:
        assert not tx.people.body(ident).active


def test_no_version_is_in_force_that_nobody_published(town: Lakeside, amended: Callable[..., object]) -> None:
    first = town.case(town.start("first")).definition
    amended(notice=8)
    second = town.case(town.start("second")).definition
    assert first != second
    desk = town.desk
    executed(desk, "update definition set current = false")
    executed(desk, "update definition set current = true where version = :version", version=first)
    with pytest.raises(NotFound):
        town.start("third")
    assert sum("table definition lacks" in fault for fault in faults(desk)) == 2
    executed(desk, "update definition set current = false")
    executed(desk, "update definition set current = true where version = :version", version=second)
    assert town.case(town.start("fourth")).definition == second


def test_a_case_runs_by_no_version_that_somebody_inserted(town: Lakeside) -> None:
    desk = town.desk
    ours = town.case(town.start("first")).definition
    executed(desk, "update definition set published_by = 'somebody'")
    desk.packages._known.clear()
    with pytest.raises(VersionAltered):
        desk.packages.get(ours)
