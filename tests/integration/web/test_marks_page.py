"""Marks of rows that do not hold: what the security administrator sees of them, on the page and in the API, and who else does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import (
    AUDIT_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR,
    SYSTEM,
    SYSTEM_ADMINISTRATOR,
)
from service.casework.health.limits import Limits
from service.casework.health.unsealed import seals
from service.casework.people.seals.row_seals import seal_rows, seal_rows_beside
from service.casework.soundness.daily import ask_verification
from service.jobs.put_together import sweepers
from service.store import Store
from service.store.rows import InterestRow
from service.web.frame.page.frame import MARKS
from tests.support.browsers import Browser, make_app
from tests.support.desks import Bench, make_bench
from tests.support.officers import officer

API = "/api/v1/marks"


@pytest.fixture
def bench(store: Store) -> Bench:
    """An installation with the three administrators after its first start; on SQLite and on PostgreSQL."""
    made = make_bench(store)
    for office in (SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR):
        officer(made, office)
    officer(made, SECURITY_ADMINISTRATOR, "testville", "of-a-city")
    return made


@pytest.fixture
def browse(bench: Bench) -> Callable[[str], Browser]:
    app = make_app(bench)
    return lambda login: Browser(app, bench, login)


def executed(bench: Bench, sql: str) -> None:
    """Do what somebody does who has the database alone."""
    with bench.desk.store.write() as tx:
        assert tx._connection.execute(sa.text(sql)).rowcount == 1


def looked(bench: Bench) -> None:
    """Let the work that was asked for be done a minute later, on whatever database."""
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=1))
    inside, _ = sweepers(bench.desk)
    inside.drain(bench.clock.now())


def entered(bench: Bench) -> list[tuple[str, str]]:
    with bench.desk.store.read() as tx:
        return [(row.actor, row.action) for row in tx.acts.after(0, 1000) if row.action.startswith("marks.")]


def test_changes_by_sql_are_found_told_and_mended(bench: Bench, browse: Callable[[str], Browser]) -> None:
    desk = bench.desk
    assert seal_rows(desk, SYSTEM) == 0
    security = browse(SECURITY_ADMINISTRATOR)
    assert "还没有核对过" in security.get(MARKS).text
    assert security.get(API).json == {"asking": "agreed", "at": None, "asked_at": None, "count": 0, "rows": []}
    assert security.post(MARKS).status_code == 302
    assert "已要求重新核对" in security.get(MARKS).text
    looked(bench)
    page = security.get(MARKS).text
    assert ("没有不符" in page, "已要求重新核对" in page) == (True, False)

    stranger, office = bench.people["stranger"], bench.people["office"]
    executed(bench, f"update membership set seal = '' where person_id = {office}")
    executed(bench, f"update person set active = true, login = 'taken' where id = {stranger}")
    security.post(MARKS)
    looked(bench)
    since = bench.clock.now()
    found = security.get(API).json
    rows = {(one["table"], one["matter"]): one for one in found["rows"]}
    assert (found["count"], set(rows)) == (3, {("membership", "unmarked"), ("person", "unfit")}), found["rows"]
    assert rows["person", "unfit"]["row"] == f"{stranger}"
    assert "laurel audit record-rows" in rows["person", "unfit"]["remedy"]["en"]
    page = security.get(MARKS).text
    assert all(said in page for said in ("没有印记", "印记不符", "3 处不符", "按停用处理", "由审计管理员查明"))
    (finding,) = seals(desk, Limits())
    assert finding.newest == 3, "the doctor tells the same"

    security.post(MARKS)
    looked(bench)
    assert {one["since"] for one in security.get(API).json["rows"]} == {since.isoformat()}, "since the first look"
    seal_rows(desk, SYSTEM, again=True)
    security.post(MARKS)
    looked(bench)
    assert security.get(API).json["count"] == 0
    acts = entered(bench)
    assert acts.count((SECURITY_ADMINISTRATOR, "marks.ask")) == 4
    assert [action for name, action in acts if name != SECURITY_ADMINISTRATOR] == ["marks.note"] * 4
    assert (SECURITY_ADMINISTRATOR, "marks.view") in acts


@pytest.mark.parametrize("column", ["data = '{}'", "action = 'epoch.begin'"])
def test_a_look_that_somebody_changed_hides_nothing(
    bench: Bench, browse: Callable[[str], Browser], column: str
) -> None:
    seal_rows(bench.desk, SYSTEM)
    security = browse(SECURITY_ADMINISTRATOR)
    security.post(MARKS)
    looked(bench)
    executed(bench, f"update membership set seal = '' where person_id = {bench.people['office']}")
    security.post(MARKS)
    looked(bench)
    assert security.get(API).json["count"] == 1
    with bench.desk.store.read() as tx:
        (_, note) = [row for row in tx.acts.after(0, 1000) if row.action == "marks.note"]
    executed(bench, f"update act set {column} where id = {note.id}")
    (row,) = security.get(API).json["rows"]
    assert (row["table"], row["row"], row["matter"]) == ("book operation", f"{note.seq}", "foreign")
    page = security.get(MARKS).text
    assert (f"自第{note.seq}条起有改动或缺失" in page, "核对，没有不符" in page) == (True, False)
    security.post(MARKS)
    looked(bench)
    assert ("membership", "unmarked") in {(one["table"], one["matter"]) for one in security.get(API).json["rows"]}, (
        "another look finds what the changed one said"
    )


def test_a_row_that_is_missing_is_named_with_its_owner(bench: Bench, browse: Callable[[str], Browser]) -> None:
    person, body = bench.people["office"], bench.applicant.seats[0].body_id
    with bench.desk.store.write() as tx:
        tie: Any = {"person_id": person, "body_id": body, "source": "record"}
        tx.experts.add_interest(InterestRow(**tie, kind="kinship", noted_at=bench.clock.now()))
    seal_rows(bench.desk, SYSTEM)
    executed(bench, "delete from interest")
    security = browse(SECURITY_ADMINISTRATOR)
    ask_verification(bench.desk, SYSTEM)
    inside, _ = sweepers(bench.desk)
    for ahead in range(60):
        inside.drain(bench.clock.now() + timedelta(minutes=10, seconds=ahead))
    rows = security.get(API).json["rows"]
    assert [(row["table"], row["row"], row["matter"]) for row in rows] == [
        ("interest", f"person_id {person}", "missing"),
        ("interest", f"body_id {body}", "missing"),
    ]
    assert "从备份恢复缺的行" in security.get(MARKS).text, "the daily comparison keeps what it finds, too"


def test_within_a_day_after_an_upgrade_that_is_said(bench: Bench, browse: Callable[[str], Browser]) -> None:
    security = browse(SECURITY_ADMINISTRATOR)
    assert "还没有启动过" in security.get(MARKS).text
    assert security.get(API).json["asking"] == "not_begun"
    executed(bench, f"update membership set seal = '' where person_id = {bench.people['office']}")
    seal_rows_beside(bench.desk, SYSTEM)
    assert "升级后一天以内" in security.get(MARKS).text
    assert security.get(API).json["asking"] == "beside"
    bench.clock.move_to(bench.clock.now() + timedelta(hours=25))
    seal_rows_beside(bench.desk, SYSTEM)
    assert "升级后一天以内" not in security.get(MARKS).text


@pytest.mark.parametrize("login", [SYSTEM_ADMINISTRATOR, AUDIT_ADMINISTRATOR, "of-a-city", "office", "applicant"])
def test_nobody_else_reads_them_or_has_them_looked_at(
    bench: Bench, browse: Callable[[str], Browser], login: str
) -> None:
    other = browse(login)
    assert [other.get(place).status_code for place in (MARKS, API)] == [403, 403]
    assert [other.post(MARKS).status_code, other.send("POST", API, {}).status_code] == [403, 403]
    assert f'href="{MARKS}"' not in other.get("/portal").text
    assert f'href="{MARKS}"' in browse(SECURITY_ADMINISTRATOR).get("/portal").text
    inside, _ = sweepers(bench.desk)
    inside.drain(bench.clock.now())
    assert not [one for one in entered(bench) if one[1] == "marks.note"]
