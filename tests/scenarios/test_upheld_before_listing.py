"""What a case tells the one above arrives before the round, two cases above, looks whether it may go on."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from service.casework.access.actor import SYSTEM
from service.casework.due.run_item import run_item
from service.casework.simulate import play, read_scenario
from service.casework.tasks.complete import complete_task
from service.catalog import load_catalog
from service.sdk import operations
from service.store import Store
from tests.support.exampleton import CITY, PACKAGE, exampleton, season
from tests.support.passing import CALENDARS

HELD = CITY / "processes" / PACKAGE / "scenarios" / "hold_all.yaml"
APPEALED = """
  - {at: 2026-03-16 09:00, as: office, case: 异, public: appeal, with: {grounds: 应当取消资格，请求复核。}}
  - {as: government, case: 异, complete: decide_appeal, with: {appeal_result: disqualify, reasons: 应当取消资格}}
  - {as: office, case: 届, complete: submit_list, with: {signer: 王正清, contact: 李文, text: 拟授予下列组织，请审定。}}
expect:
  - {case: 甲, outcome: disqualified}
  - {case: 届, document: government_submission, contains: 乙公司}
  - {case: 届, document: government_submission, contains: 甲公司, no: true}
"""
RECORDS = (
    '<spiffworkflow:serviceTaskOperator id="case.set"><spiffworkflow:parameters>'
    '<spiffworkflow:parameter id="facts" type="context" value="{stage: &quot;deciding&quot;}" />'
    "</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
)


def test_given_a_candidate_struck_by_the_end_of_an_objection_when_the_round_lists_then_it_is_not_listed(
    tmp_path: Path, sqlite_url: str
) -> None:
    root = exampleton(tmp_path / "root")
    appeal = root / "processes" / "shared" / "objection_appeal.bpmn"
    drawn = appeal.read_text("utf-8")
    reply = re.search(r'<bpmn:serviceTask id="reply_appeal".*?</bpmn:serviceTask>', drawn, re.DOTALL)
    assert reply is not None
    operator = r"<spiffworkflow:serviceTaskOperator.*?</spiffworkflow:serviceTaskOperator>"
    recording = re.sub(operator, RECORDS, reply[0], flags=re.DOTALL)  # a fact recorded before the message is sent
    appeal.write_text(drawn.replace(reply[0], recording), "utf-8")
    season = HELD.read_text("utf-8").partition("  - {until:")[0].rstrip("\n") + APPEALED
    store = Store(sqlite_url, tmp_path / "files", durable=False)

    played = play(
        store, load_catalog(root).package(PACKAGE), read_scenario(season.encode(), "held.yaml"), CALENDARS, operations()
    )

    store.close()
    assert [f"{u.where}: {u.message.zh}" for u in played.unmet] == []


def test_while_word_of_the_strike_is_still_on_its_way_the_round_waits(tmp_path: Path, sqlite_url: str) -> None:
    """The delivery fails once and is tried again a minute later; the round must not list in between."""
    steps = HELD.read_text("utf-8").partition("  - {until:")[0].rstrip("\n")
    lines = (line for line in f"{steps}\n{APPEALED.splitlines()[1]}\n".splitlines() if "{expect:" not in line)
    before = "\n".join(lines)
    store = Store(sqlite_url, tmp_path / "files", durable=False)
    stage = season(store, tmp_path / "root", before)
    decide = {"decide_appeal": {"appeal_result": "disqualify", "reasons": "应当取消资格"}}
    (task,) = (t for t in stage.open_tasks("异") if t.element in decide)
    complete_task(stage.desk, stage.cast.actor("government"), task.id, None, decide[task.element])
    while (item := store.claim(stage.clock.now(), "test")) is not None and item.kind != "message":
        run_item(stage.desk, SYSTEM, item)
    assert item is not None
    with store.write() as tx:
        tx.work.fail(item, "the line was down", stage.clock.now())

    stage.drain()
    assert "submit_list" not in {t.element for t in stage.open_tasks("届")}

    stage.advance(stage.clock.now() + timedelta(hours=1))
    with store.read() as tx:
        outcome = tx.cases.get(stage.case("甲")).outcome
    assert outcome == "disqualified"
    assert "submit_list" in {t.element for t in stage.open_tasks("届")}
