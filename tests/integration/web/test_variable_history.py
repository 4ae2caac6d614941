"""What a variable was: when, at which step, by whom, old and new value; masked as the value is; proved and erased."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import Actor
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.set_value import set_value
from service.casework.queries.cases.inside_case import inside_case
from service.casework.queries.cases.variables import VariableLine
from service.casework.retention.erase import Wish, erase_case
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.domain.proof.audit_chain import ERASED
from service.domain.retention import INTERNAL, PERSONAL
from service.store.models.log import audit
from tests.support.browsers import Browse
from tests.support.desks import BROKEN, Bench


@pytest.fixture
def case(bench: Bench) -> int:
    """An application whose notice runs; its contact is personal."""
    return bench.decided(contact="张三丰")


def stepped(bench: Bench, case: int, actor: Actor, *facts: dict[str, Any]) -> None:
    """Let one step set facts, with an entry of its own."""
    with bench.desk.store.write() as tx:
        step = open_step(bench.desk, tx, case, actor)
        step.audit("note", "记载")
        for each in facts:
            step.set_facts(each)
        save_step(step)


def variable(bench: Bench, case: int, name: str) -> VariableLine:
    [found] = [line for line in inside_case(bench.desk, bench.office, case).variables if line.name == name]
    return found


def words(page: str, name: str) -> str:
    row = page.partition(f">{name}</span>")[2].partition("</tr>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def test_a_value_says_when_who_at_which_step_and_what_it_was(bench: Bench, browse: Browse, case: int) -> None:
    for value in ("补记", "再补"):
        asked = InterventionAsked("核对后更正")
        set_value(bench.desk, bench.admin, case, asked, {"name": "note", "value": value})
        bench.clock.move_to(bench.clock.now() + timedelta(minutes=1))
    bench.clock.move_to(bench.clock.now() + timedelta(days=20))
    bench.drain()
    office = browse("office")
    found = variable(bench, case, "note")
    given = [(v.value.zh, v.before.zh if v.before else None, v.who, v.step.zh) for v in found.values]
    assert given == [("再补", "补记", "admin", "改值"), ("补记", None, "admin", "改值")]
    assert (found.total, found.fact.zh if found.fact else None) == (2, "再补")
    [decided] = variable(bench, case, "decided").values
    assert (decided.value.zh, decided.by_program, decided.step.zh) == ("是", True, "公示结束")
    page = office.get(f"/cases/{case}/process").text
    assert re.search(r"改值 · admin： 补记 → 再补", words(page, "note")), words(page, "note")
    assert words(page, "decided").endswith("公示结束 · 系统")
    assert f'#entry-{decided.entry}"' in page
    assert f'id="entry-{decided.entry}"' in office.get(f"/cases/{case}").text
    assert words(browse("applicant").get(f"/cases/{case}/process").text, "note") == ""


def test_what_a_failed_step_set_leaves_no_trace(bench: Bench) -> None:
    BROKEN.add("test.examine")
    number = bench.submitted()
    BROKEN.clear()
    assert "note" not in {line.name for line in inside_case(bench.desk, bench.office, number).variables}


def test_history_is_masked_as_the_value_is(bench: Bench, browse: Browse, case: int) -> None:
    stepped(bench, case, bench.office, {"contact": "李四光"}, {"contact": "王五常"})
    office = browse("office")
    for page in (
        office.get(f"/cases/{case}/process").text,
        office.get(f"/api/v1/cases/{case}/inside").text,
    ):
        assert "contact" in page
        assert not re.search("张三丰|李四光|王五常", page)
    assert variable(bench, case, "contact").total == 3


def test_a_value_on_record_cannot_be_changed_unseen(bench: Bench, case: int) -> None:
    stepped(bench, case, bench.office, {"note": "一"})
    with bench.desk.store.write() as tx:
        assert tx.history.verify(case) is None
        [row, *_] = tx.history.select("-seq", limit=1, case_id=case, changed__ne=None)
        other = json.loads(json.dumps(row.changed).replace(json.dumps("一"), json.dumps("二")))
        tx._connection.execute(sa.update(audit).where(audit.c.id == row.id).values(changed=other))
        assert tx.history.verify(case) == row.seq


@pytest.mark.parametrize("part", [PERSONAL, INTERNAL])
def test_erasure_reaches_old_and_new_values_and_the_chain_holds(bench: Bench, case: int, part: str) -> None:
    stepped(bench, case, bench.office, {"note": "张三丰来电"}, {"note": "张三丰说" * 200}, {"note": "完"})
    with bench.desk.store.write() as tx:
        erase_case(bench.desk, tx, case, Wish(1, frozenset({part}), "期满", bench.office))
        assert tx.history.verify(case) is None
        kept = [row.changed for row in tx.history.select("-seq", limit=9, case_id=case, changed__ne=None)]
        values = json.dumps(kept, ensure_ascii=False)
        assert "张三丰" not in values
        assert ERASED in values
        assert ("完" in values) == (part == PERSONAL)
        [row, *_] = tx.history.select("-seq", limit=1, case_id=case, changed__ne=None)
        tx._connection.execute(
            sa.update(audit).where(audit.c.id == row.id).values(changed={**row.changed, "salt": "x"})
        )
        assert tx.history.verify(case) == row.seq
