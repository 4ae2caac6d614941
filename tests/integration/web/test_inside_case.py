"""The inside of a case: where it stands, why its timers fire when they do, what it waits for, and its variables."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from service.casework.cases.start import start_case
from service.casework.reading.value_words import value_in_words
from service.casework.step.explain import explained
from service.casework.tasks.complete import complete_task
from service.domain.calendar import RestDayRule, local_date, named_day
from service.domain.forms.model import Input, InputType
from service.store import NewWork
from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench

Browse = Callable[..., Browser]


@pytest.fixture
def posted(bench: Bench) -> int:
    """An application whose notice runs."""
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    for actor, form in ((bench.applicant, {"founded_on": "2010-05-01"}), (bench.office, {"decision": "pass"})):
        [task] = bench.tasks(case)
        complete_task(bench.desk, actor, task.id, task.version, form)
    return case


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


def test_a_timer_says_when_it_fires_and_why(bench: Bench, browse: Browse, posted: int) -> None:
    page = words(browse("office").get(f"/cases/{posted}/inside").text)
    with bench.desk.store.read() as tx:
        [notice] = tx.notices.of_case(posted)
    assert re.search(r"2026年3月1\d日（周.） 00:00 触发 ?，因为", page), page
    assert notice.period["zh"] in page
    assert "escalation" not in page


def test_a_fixed_day_names_who_set_it(bench: Bench, browse: Browse, posted: int) -> None:
    with bench.desk.store.write() as tx:
        [known] = [row for row in tx.work.of_case(posted, ("waiting",)) if row.kind == "timer" and row.element]
        named = bench.desk.calendar("cn")
        said = {**known.payload, **explained(named_day(named, date(2010, 5, 1), RestDayRule.NONE))}
        tx.work.enqueue_many([NewWork("timer", posted, "timer:fixed", said, known.due_at)], bench.clock.now())
    page = words(browse("office").get(f"/cases/{posted}/inside").text)
    assert "2010年5月1日是办件中确定的固定日期，不按天数计算；由甲公司 · applicant在“" in page, page


def test_variables_have_every_value_they_were_given(browse: Browse, posted: int) -> None:
    page = browse("office").get(f"/cases/{posted}/inside").text
    rows = dict(
        re.findall(
            r'<span class="code small mute">(\w+)</span></td>(<td[^>]*>.*?</td><td[^>]*>.*?)</td>', page, re.DOTALL
        )
    )
    assert "2010年5月1日" in rows["founded_on"]
    assert "2010-05-01" not in page
    assert re.search(r">(?!pass)[\u4e00-\u9fff]+</td>", rows["decision"]), rows["decision"]
    assert f"/cases/{posted}/forms/" in rows["decision"]
    assert "●●●" in rows["contact"]
    english = browse("office")
    english.get("/language?to=en&next=/")
    assert "1 May 2010" in english.get(f"/cases/{posted}/inside").text


def test_values_are_said_in_words_but_not_what_was_typed(bench: Bench, posted: int) -> None:
    with bench.desk.store.read() as tx:
        package = bench.desk.packages.get(tx.cases.get(posted).definition, tx)
    said = {
        value_in_words(package, value).zh
        for value in ("2026-03-09T16:00:00+00:00", True, None, ["a", "b"], {"name": "执照.pdf", "id": "x"}, [1] * 9)
    }
    assert said == {"2026年3月9日24时", "是", "—", "a、b", "执照.pdf", "9 项"}
    typed = Input(id="x", key="x", type=InputType.TEXTFIELD)
    assert value_in_words(package, "2026-03-09", typed).zh == "2026-03-09"


def test_it_is_read_by_few_statements_and_by_overseers_alone(bench: Bench, browse: Browse, posted: int) -> None:
    office = browse("office")
    office.get(f"/cases/{posted}/inside")
    with bench.desk.store.statements() as seen:
        assert office.get(f"/cases/{posted}/inside").status_code == 200
    assert len([sql for sql, _ in seen if not sql.startswith("PRAGMA")]) <= 15
    assert f"/cases/{posted}/inside" in office.get(f"/cases/{posted}").text
    for login in ("applicant", "stranger"):
        assert browse(login).get(f"/cases/{posted}/inside").status_code == 403


def test_a_day_finds_the_limits_that_end_with_it(bench: Bench, browse: Browse, posted: int) -> None:
    office = browse("office")
    with bench.desk.store.read() as tx:
        timers = [row for row in tx.work.of_case(posted, ("waiting",)) if row.kind == "timer" and row.element]
    days = {local_date(row.due_at - timedelta(seconds=1)) for row in timers}
    for day in days:
        [told] = {line["case_id"] for line in office.seek(day).json["limits"]}
        assert told == posted
        page = office.get(f"/search?q={day}").text
        assert 'id="limits"' in page
        assert f"/monitor/timers?day={day}" in page
        shown = office.get(f"/monitor/timers?day={day}").text
        count = shown.count(f'data-row="{posted}"')
        assert count == sum(local_date(row.due_at - timedelta(seconds=1)) == day for row in timers)
        assert f"共 {count} 个期限" in shown
    other = max(days) + timedelta(days=400)
    assert office.seek(other).json["limits"] == []
    assert "data-row" not in office.get(f"/monitor/timers?day={other}").text
    for none in ("2026-02-30", "0001-01-01", "9999-12-31"):
        assert office.get(f"/monitor/timers?day={none}").status_code == 422
        assert office.get(f"/search?q={none}").status_code == 200
    assert office.seek("2026-02-30").json["limits"] == []
    assert browse("applicant").seek(max(days)).json["limits"] == []


def test_the_id_of_a_message_finds_the_steps_that_know_it(bench: Bench, browse: Browse) -> None:
    with bench.desk.store.read() as tx:
        package = bench.desk.packages.current(PACKAGE, tx)
    known = [
        (e.message, e.name) for d in package.processes.values() for e in d.elements.values() if e.message and e.name
    ]
    assert known
    for message, name in known:
        found = browse("office").seek(message).json
        assert name in {step["name"] for step in found["steps"]} or "steps" in found["more"]
    assert "不在查找范围内" in browse("office").get("/search").text


def test_variables_are_found_by_their_names_and_values(bench: Bench, browse: Browse) -> None:
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    for actor, form in (
        (bench.applicant, {"founded_on": "2010-05-01", "contact": "13912345678"}),
        (bench.office, {"decision": "pass"}),
    ):
        [task] = bench.tasks(case)
        complete_task(bench.desk, actor, task.id, task.version, form)
    office, inside = browse("office"), f"/cases/{case}/inside"

    def found(asked: str) -> list[str]:
        return [line["name"] for line in office.seek(asked, f"/api/v1{inside}").json["variables"]]

    assert {"founded_on", "decision"} <= set(found(""))
    assert found("2010") == found("FOUNDED_on 5") == ["founded_on"]
    assert (found("contact"), found("13912345678"), found("没有这样的值")) == (["contact"], [], [])
    page = office.get(f"{inside}?q=founded_on").text
    assert ("founded_on" in words(page), "decision" in words(page)) == (True, False)
    assert "没有名称或取值中含“哪里”的变量" in office.get(f"{inside}?q=哪里").text
