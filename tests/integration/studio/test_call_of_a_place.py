"""A call that has to stand so many working days before the deadline, and to be made by a day of the year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.open_draft import start_city
from service.catalog import Basis, Unit
from service.catalog.law.law import Clause
from tests.support.lakeside import Lakeside
from tests.support.new_place import OUTLINE, SEASON, played, tree

TEXT = "办公室于评选年度3月1日前发布申报公告，公告期不少于20个工作日，明确申报时间、条件和要求。"
CLAUSES = (Clause("LN-1", "第十一条", "notice", TEXT, None, None), OUTLINE.clauses[1])
CITED = {step: ("LN-1",) if step == "apply" else ("LN-2",) for step in OUTLINE.cited}
CITY = replace(OUTLINE, clauses=CLAUSES, cited=CITED, window_days=20, working_window=True, call_by="03-01")


def test_a_deadline_too_soon_and_a_late_call_without_a_reason_are_refused_with_the_article(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, CITY)
    assert not [
        p.message.zh
        for p in check_draft(town.desk, town.designer, draft).problems
        if p.severity.name == "ERROR" and p.rule != "uncovered_clause"
    ]
    after = tree(town, draft)
    window = after.package.award.parameters["application_window_working_days"]
    assert (window.unit, window.values[-1].value, window.source) == (Unit.WORKING_DAYS, 20, Basis.DEFAULT)
    latest = after.package.award.parameters["call_by"]
    assert (latest.values[-1].value, latest.source, latest.clauses) == ("03-01", Basis.DEFAULT, ("LN-1",))
    season = after.filled[SEASON].decode()
    [opened] = [line for line in season.splitlines() if "start: round" in line]

    def refused(day: date, deadline: date, said: str) -> str:
        """A play in which a round that is opened on ``day`` is refused, with ``said`` in the sentence; "" where it opens."""
        start = opened.replace("2026-01-12", str(day)).rpartition("deadline: ")[0] + f"deadline: {deadline}}}"
        kept = season.partition("steps:")[0].replace("2026-01-12", str(day))
        step = f'{start}, refused: "{said}"}}' if said else f"{start}}}"
        return f"{kept}steps:\n{step}\nexpect: []\n"

    for day, deadline, said in (
        (date(2026, 1, 12), date(2026, 2, 6), "短于规定的天数（第十一条）"),  # 19 working days
        (date(2026, 1, 12), date(2026, 2, 9), ""),  # the 20th
        (date(2026, 3, 1), date(2026, 4, 30), ""),
        (date(2026, 3, 2), date(2026, 4, 30), "晚于规定的最迟日期（第十一条）"),
    ):
        files = after.filled | {SEASON: refused(day, deadline, said).encode()}
        assert [unmet.message.zh for unmet in played(town, after.package, files, SEASON).unmet] == [], (day, deadline)
