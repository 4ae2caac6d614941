"""Inside a case: timers with their reasons, calls on the diagram, values and what they were before."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM, Actor
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.set_value import set_value
from service.casework.queries.cases.inside_case import inside_case
from service.casework.queries.cases.variables import VariableLine
from service.casework.queries.monitoring.heat import mark_elements, view_heat
from service.casework.queries.monitoring.monitor import ChosenDiagram
from service.casework.reading.value_words import value_in_words
from service.casework.retention.erase import Wish, erase_case
from service.casework.simulate.stage.stage import PlayState
from service.casework.step.instants import explain_window
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.domain.calendar import RestDayRule, named_day
from service.domain.forms.model import Input, InputType
from service.domain.proof.audit_chain import ERASED
from service.domain.retention import INTERNAL, PERSONAL
from service.store import CaseFilter, NewWork, Store
from service.store.models.log import audit
from tests.support.browsers import Browse, Browser, browser_of
from tests.support.desks import BROKEN, Bench
from tests.support.half_seasons import season_until


@pytest.fixture
def posted(bench: Bench) -> int:
    """An application whose notice runs."""
    return bench.decided()


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


def test_a_timer_says_when_it_fires_and_why(bench: Bench, browse: Browse, posted: int) -> None:
    page = words(browse("office").get(f"/cases/{posted}/process").text)
    with bench.desk.store.read() as tx:
        [notice] = tx.notices.select(case_id=posted)
    assert re.search(r"2026年3月1\d日（周.） 00:00 届满 ?，因为", page), page
    assert notice.period["zh"] in page
    assert "escalation" not in page


def test_a_fixed_day_names_who_set_it(bench: Bench, browse: Browse, posted: int) -> None:
    with bench.desk.store.write() as tx:
        [known] = [row for row in tx.work.of_case(posted, ("waiting",)) if row.kind == "timer" and row.element]
        named = bench.desk.calendar("cn")
        said = {**known.payload, **explain_window(named_day(named, date(2010, 5, 1), RestDayRule.NONE))}
        tx.work.enqueue_many([NewWork("timer", posted, "timer:fixed", said, known.due_at)], bench.clock.now())
    page = words(browse("office").get(f"/cases/{posted}/process").text)
    assert "2010年5月1日是办件中确定的固定日期，不按天数计算；由甲公司 · applicant在“" in page, page


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


CITY = "urumqi/quality_award"
Standing = Mapping[tuple[str, str], set[int]]


@pytest.fixture
def stage(sqlite_store: Store) -> PlayState:
    """An application that was corrected: its own public notice runs, that of the round has not begun."""
    return season_until(CITY, "correction_succeeds", sqlite_store, "recommend", "甲")


@pytest.fixture
def office(stage: PlayState) -> Actor:
    return stage.cast.actor("office")


@pytest.fixture
def browser(stage: PlayState) -> Browser:
    return browser_of(stage, "office")


def standing(stage: PlayState) -> Standing:
    """Return the running cases in each call activity, as the engine has them."""
    found: dict[tuple[str, str], set[int]] = {}
    with stage.desk.store.read() as tx:
        cases = [row.id for row in tx.cases.search(CaseFilter(live=True), limit=500)]
    for ident in cases:
        with stage.desk.store.write() as tx:
            for place in open_step(stage.desk, tx, ident, SYSTEM).instance.calls():
                found.setdefault(place, set()).add(ident)
    return found


def test_the_diagram_counts_the_cases_in_a_call_and_links_to_them(
    stage: PlayState, office: Actor, browser: Browser
) -> None:
    inside = standing(stage)
    assert inside[("urumqi_application", "audit_recommendation")] == {stage.case("甲")}
    with stage.desk.store.read() as tx:
        package = stage.desk.packages.current(CITY, tx)
    looked = 0
    for ident, diagram in package.processes.items():
        elements = mark_elements(view_heat(stage.desk, office, ChosenDiagram(CITY, ident)), "zh")
        told = {call.id: elements.get(call.id, {}).get("count", 0) for call in diagram.calls}
        assert told == {call.id: len(inside.get((ident, call.id), ())) for call in diagram.calls}, ident
        for element in elements.values():
            if element.get("count"):
                looked += 1
                page = browser.get(element["href"]).text
                assert len(re.findall(r'data-row="\d+"', page)) == element["count"], element
    assert looked > 4
    mobilised = mark_elements(view_heat(stage.desk, office, ChosenDiagram(CITY, "urumqi_round")), "zh")["mobilise"]
    assert mobilised["count"] == 1, "nine tasks, a case"


CITY, PLACE = "urumqi/quality_award", "urumqi"


@pytest.fixture
def running(bench: Bench) -> int:
    """An application whose notice runs; its contact is personal."""
    return bench.decided(contact="张三丰")


def stepped(bench: Bench, running: int, actor: Actor, *facts: dict[str, Any]) -> None:
    """Let one step set facts, with an entry of its own."""
    with bench.desk.store.write() as tx:
        step = open_step(bench.desk, tx, running, actor)
        step.audit("note", "记载")
        for each in facts:
            step.set_facts(each)
        save_step(step)


def variable(bench: Bench, running: int, name: str) -> VariableLine:
    [found] = [line for line in inside_case(bench.desk, bench.office, running).variables if line.name == name]
    return found


def words_of(page: str, name: str) -> str:
    row = page.partition(f">{name}</span>")[2].partition("</tr>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def test_a_value_says_when_who_at_which_step_and_what_it_was(bench: Bench, browse: Browse, running: int) -> None:
    for value in ("补记", "再补"):
        asked = InterventionAsked("核对后更正")
        set_value(bench.desk, bench.admin, running, asked, {"name": "note", "value": value})
        bench.clock.move_to(bench.clock.now() + timedelta(minutes=1))
    bench.clock.move_to(bench.clock.now() + timedelta(days=20))
    bench.drain()
    office, admin = browse("office"), browse("admin")
    found = variable(bench, running, "note")
    given = [(v.value.zh, v.before.zh if v.before else None, v.who, v.step.zh) for v in found.values]
    assert given == [("再补", "补记", "admin", "改值"), ("补记", None, "admin", "改值")]
    assert (found.total, found.fact.zh if found.fact else None) == (2, "再补")
    [line] = variable(bench, running, "decided").values
    assert (line.value.zh, line.by_program, line.step.zh) == ("是", True, "公示结束")
    page = admin.get(f"/cases/{running}/process").text
    assert re.search(r"改值 · admin： 补记 → 再补", words_of(page, "note")), words_of(page, "note")
    assert words_of(page, "decided").endswith("公示结束 · 系统")
    assert f'#entry-{line.entry}"' in page
    assert f'id="entry-{line.entry}"' in office.get(f"/cases/{running}").text
    assert words_of(browse("applicant").get(f"/cases/{running}/process").text, "note") == ""


def test_what_a_failed_step_set_leaves_no_trace(bench: Bench) -> None:
    BROKEN.add("test.examine")
    number = bench.submitted()
    BROKEN.clear()
    assert "note" not in {line.name for line in inside_case(bench.desk, bench.office, number).variables}


def test_history_is_masked_as_the_value_is(bench: Bench, browse: Browse, running: int) -> None:
    stepped(bench, running, bench.office, {"contact": "李四光"}, {"contact": "王五常"})
    office = browse("office")
    for page in (
        browse("admin").get(f"/cases/{running}/process").text,
        office.get(f"/api/v1/cases/{running}/inside").text,
    ):
        assert "contact" in page
        assert not re.search("张三丰|李四光|王五常", page)
    assert variable(bench, running, "contact").total == 3


def test_a_value_on_record_cannot_be_changed_unseen(bench: Bench, running: int) -> None:
    stepped(bench, running, bench.office, {"note": "一"})
    with bench.desk.store.write() as tx:
        assert tx.history.verify(running) is None
        [row, *_] = tx.history.select("-seq", limit=1, case_id=running, changed__ne=None)
        other = json.loads(json.dumps(row.changed).replace(json.dumps("一"), json.dumps("二")))
        tx._connection.execute(sa.update(audit).where(audit.c.id == row.id).values(changed=other))
        assert tx.history.verify(running) == row.seq


@pytest.mark.parametrize("part", [PERSONAL, INTERNAL])
def test_erasure_reaches_old_and_new_values_and_the_chain_holds(bench: Bench, running: int, part: str) -> None:
    stepped(bench, running, bench.office, {"note": "张三丰来电"}, {"note": "张三丰说" * 200}, {"note": "完"})
    with bench.desk.store.write() as tx:
        erase_case(bench.desk, tx, running, Wish(1, frozenset({part}), "期满", bench.office))
        assert tx.history.verify(running) is None
        kept = [row.changed for row in tx.history.select("-seq", limit=9, case_id=running, changed__ne=None)]
        values = json.dumps(kept, ensure_ascii=False)
        assert "张三丰" not in values
        assert ERASED in values
        assert ("完" in values) == (part == PERSONAL)
        [row, *_] = tx.history.select("-seq", limit=1, case_id=running, changed__ne=None)
        tx._connection.execute(
            sa.update(audit).where(audit.c.id == row.id).values(changed={**row.changed, "salt": "x"})
        )
        assert tx.history.verify(running) == row.seq
