"""The page of a round names the cases and objections that keep it; a notice says of objections only what came while it ran."""

from __future__ import annotations

from datetime import date

from service.casework.queries.cases.view_case import view_case
from service.store import Store
from tests.support.browsers import browser_of
from tests.support.half_seasons import season_until
from tests.support.statements import statements_of


def test_a_round_names_what_it_waits_for_most_urgent_first_and_its_notices_no_later_objection(
    sqlite_store: Store,
) -> None:
    stage = season_until("urumqi/quality_award", "objections", sqlite_store, "check_objection", "一")
    with sqlite_store.read() as tx:
        (objection,) = tx.cases.select(parent_id=stage.case("甲"), process="objection")
    office = stage.cast.actor("office")
    with statements_of(sqlite_store) as sent:
        view = view_case(stage.desk, office, stage.case("届"))
    assert len([sql for sql, _ in sent if not sql.startswith("PRAGMA")]) <= 19
    (waited,) = (wait.cases for wait in view.waiting if wait.cases)
    assert [(case.id, case.limit.last_day) for case in waited if case.limit is not None] == [
        (stage.case("甲"), date(2026, 4, 15)), (stage.case("乙"), date(2026, 4, 15)), (objection.id, date(2026, 4, 17)),
    ]  # fmt: skip
    assert {notice.end.zh for notice in view.notices} == {"已公布", "已结束，无异议"}
    page = browser_of(stage, "office").get(f"/cases/{stage.case('届')}").text
    assert all(f'<li><a href="/cases/{case.id}">' in page for case in waited)


def test_a_report_of_misuse_is_counted_as_no_objection(sqlite_store: Store) -> None:
    stage = season_until("ganzhou/quality_award", "after_award", sqlite_store, "check_misuse", "举报")
    assert stage.case("举报")
    view = view_case(stage.desk, stage.cast.actor("office"), stage.case("届"))
    assert "已结束，无异议" in {notice.end.zh for notice in view.notices}
