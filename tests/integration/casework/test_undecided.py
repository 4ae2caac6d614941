"""A condition over the records that is neither true nor false: an incident with its formula and value, never a silent no."""

from __future__ import annotations

import pytest

import handlers
from service.casework.access.actor import SYSTEM
from service.casework.cases.act_on_case import act_on_case
from service.casework.cases.start import start_case
from service.casework.definitions.publish import publish_package
from service.casework.due.settle_incident import Retried, retry_incident
from service.casework.queries.cases.view_case import view_case
from service.casework.soundness.prove import prove
from service.casework.step.decide import Undecided
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.catalog import Package, build_catalog
from service.catalog.tree import read_tree
from service.engine import StepFailed
from service.sdk import operations
from service.store import CaseFilter, NewWork, Store
from service.store.models import IncidentRow
from tests.integration.interventions.test_interventions import done, reviewed
from tests.support.desks import DATA, PACKAGE, Bench, make_bench
from tests.support.lakeside import DIAGRAM, KEY, Lakeside, amended_package, make_lakeside
from tests.support.rule_examples import TREE

FOLDER = f"processes/{PACKAGE}"
CATCH = '<bpmn:intermediateCatchEvent id="again" name="更正">'
CONDITION = "condition: 'case.decided != true'"


def publish_changed(bench: Bench, file: str, *pairs: tuple[str, str]) -> None:
    files = dict(read_tree(DATA))
    text = files[f"{FOLDER}/{file}"].decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    files[f"{FOLDER}/{file}"] = text.encode()
    with bench.desk.store.write() as tx:
        publish_package(tx, build_catalog(files).package(PACKAGE), bench.clock.now(), "test")


def publish_barrier(bench: Bench, barrier: str, unknown: str = "") -> None:
    properties = f"<spiffworkflow:property name=\"barrier\" value='{barrier}' />{unknown}"
    wrapped = f"<bpmn:extensionElements><spiffworkflow:properties>{properties}</spiffworkflow:properties></bpmn:extensionElements>"
    back = 'sourceRef="again" targetRef="post"'
    publish_changed(bench, "application.bpmn", (CATCH, CATCH + wrapped), (back, back.replace("post", "close")))


def set_note(bench: Bench, case: int, note: str | None) -> None:
    with bench.desk.store.write() as tx:
        row = tx.cases.get(case)
        tx.cases.save(row, facts={**row.facts, "note": note})
        tx.work.enqueue_many([NewWork("barrier", case, f"look{note}", {}, bench.clock.now())], bench.clock.now())
    bench.drain()


def incidents(bench: Bench, case: int) -> list[IncidentRow]:
    with bench.desk.store.read() as tx:
        return [row for row in tx.incidents.select(case_id=case) if row.resolved_at is None]


def closed(bench: Bench, case: int) -> bool:
    with bench.desk.store.read() as tx:
        return [notice.state for notice in tx.notices.select(case_id=case)] == ["closed"]


@pytest.mark.parametrize(
    ("barrier", "words"),
    [
        ("case.note", "“case.note”没有值"),
        ("count([1, 2])", "得到“2”"),
        ('"yes"', "得到“yes”"),
        ('case.note > "a"', "没有值"),
    ],
)
def test_a_barrier_that_is_no_truth_value_is_an_incident(bench: Bench, barrier: str, words: str) -> None:
    publish_barrier(bench, barrier)
    case = reviewed(bench)
    done(bench, case, bench.office, {"decision": "pass"})
    [incident] = incidents(bench, case)
    assert (incident.kind, incident.element, closed(bench, case)) == ("undecided", "wait", False)
    assert barrier in incident.what["zh"]
    assert words in incident.what["zh"]


def test_once_the_value_is_there_the_barrier_opens_and_a_retry_settles_the_incident(bench: Bench) -> None:
    publish_barrier(bench, 'case.note > "a"')
    case = reviewed(bench)
    done(bench, case, bench.office, {"decision": "pass"})
    [incident] = incidents(bench, case)
    assert retry_incident(bench.desk, bench.admin, incident.id) is Retried.FAILED
    set_note(bench, case, "b")
    assert closed(bench, case)
    assert incidents(bench, case) == []


def test_an_action_whose_condition_is_unknown_is_offered_and_refused_with_an_incident(bench: Bench) -> None:
    publish_changed(bench, "award.yaml", (CONDITION, "condition: 'case.note > \"a\"'"))
    case = reviewed(bench)
    assert [action.id for action in view_case(bench.desk, bench.applicant, case).actions] == ["withdraw"]
    with pytest.raises(Undecided, match=r"case\.note"):
        act_on_case(bench.desk, bench.applicant, case, "withdraw", {"reason": "不报了"})
    [incident] = incidents(bench, case)
    assert (incident.kind, incident.element) == ("undecided", "withdraw")


def test_a_start_condition_that_is_unknown_is_an_incident_of_the_case_above(bench: Bench) -> None:
    below = (
        "  appeal:\n    process: testville_application\n    name: 申诉\n    name_en: Appeal\n    parent: application\n"
        "    started_by: [office]\n    start_condition: 'application.note > \"a\"'\n    facts: {decided: boolean}\n"
    )
    publish_changed(bench, "award.yaml", ("actions:\n", f"{below}actions:\n"))
    case = reviewed(bench)
    with pytest.raises(Undecided, match=r"application\.note"):
        start_case(bench.desk, bench.office, PACKAGE, "appeal", case, {})
    [incident] = incidents(bench, case)
    assert (incident.kind, incident.element) == ("undecided", "appeal")


# A case that nothing can move any more is an incident, once, with what to do about it.

handlers.load()


STARVED = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x" id="d">
<bpmn:process id="testville_application" isExecutable="true">
<bpmn:startEvent id="s"/><bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/><bpmn:endEvent id="e"/>
<bpmn:exclusiveGateway id="asked" name="Q" default="f5"/><bpmn:endEvent id="gone"/>
<bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="split"/><bpmn:sequenceFlow id="f2" sourceRef="split" targetRef="join"/>
<bpmn:sequenceFlow id="f3" sourceRef="split" targetRef="asked"/>
<bpmn:sequenceFlow id="f4" sourceRef="asked" targetRef="join"><bpmn:conditionExpression>1 = 2</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="f5" sourceRef="asked" targetRef="gone"/><bpmn:sequenceFlow id="f6" sourceRef="join" targetRef="e"/>
</bpmn:process></bpmn:definitions>"""


def starved(bench: Bench) -> int:
    """Publish a diagram that the check would refuse, as a version before this rule may have it, and start a case."""
    with bench.desk.store.write() as tx:
        package = bench.desk.packages.current(PACKAGE, tx)
        path = next(p for p in package.files if p.endswith("application.bpmn"))
        changed = Package.from_files({**package.files, path: STARVED}, operations())
        publish_package(tx, changed, bench.clock.now(), "test")
    return bench.started()


def test_a_case_with_nothing_waiting_is_an_incident(sqlite_store: Store) -> None:
    bench = make_bench(sqlite_store)
    case_id = starved(bench)
    with bench.desk.store.read() as tx:
        (told,) = [i for i in tx.incidents.select(case_id=case_id) if i.resolved_at is None]
        assert tx.cases.get(case_id).status == "running"
    assert told.kind == "standstill"
    assert "join" in told.what["zh"]
    assert told.remedy["zh"]
    assert told.remedy["en"]
    assert not retry_incident(bench.desk, bench.admin, told.id), "it stands there still"
    with bench.desk.store.read() as tx:
        assert [i.kind for i in tx.incidents.select(case_id=case_id) if i.resolved_at is None] == ["standstill"]


# A condition behind an event-based gateway lets the case go on by itself, as one that stands alone does.

BARRIER = (
    "<bpmn:extensionElements><spiffworkflow:properties>"
    """<spiffworkflow:property name="barrier" value='case.note = "重来"' />"""
    "</spiffworkflow:properties></bpmn:extensionElements>"
)


BACK = 'sourceRef="again" targetRef="post"'


def test_the_condition_opens_the_way_behind_the_gateway(bench: Bench) -> None:
    path = "processes/testville/prize/application.bpmn"
    files = dict(read_tree(DATA))
    text = files[path].decode()
    assert CATCH in text
    assert BACK in text
    text = text.replace(CATCH, CATCH + BARRIER).replace(BACK, BACK.replace("post", "close"))
    files[path] = text.encode()
    with bench.desk.store.write() as tx:
        publish_package(tx, build_catalog(files).package(PACKAGE), bench.clock.now(), "test")
    case = reviewed(bench)
    done(bench, case, bench.office, {"decision": "pass"})
    with bench.desk.store.read() as tx:
        [wait] = [row for row in tx.subscriptions.select(case_id=case) if row.message == "notice_corrected"]
        assert (wait.element, wait.barrier) == ("wait", 'case.note = "重来"')
    with bench.desk.store.write() as tx:
        row = tx.cases.get(case)
        tx.cases.save(row, facts={**row.facts, "note": "重来"})
        tx.work.enqueue_many([NewWork("barrier", case, "look", {}, bench.clock.now())], bench.clock.now())
    bench.drain()
    with bench.desk.store.read() as tx:
        assert [notice.state for notice in tx.notices.select(case_id=case)] == ["closed"], "before its last day"


# A last useful day that hangs on a fact is counted again in the step that changes the fact.

FILING = """<bpmn:userTask id="file" name="归档"><bpmn:extensionElements><spiffworkflow:properties>
<spiffworkflow:property name="role" value="office" /><spiffworkflow:property name="form" value="decide" />
<spiffworkflow:property name="due" value="date(case.file_by)" /></spiffworkflow:properties></bpmn:extensionElements>
</bpmn:userTask><bpmn:sequenceFlow id="filed" sourceRef="file" targetRef="done" />
<bpmn:endEvent id="done" name="受理">"""


REDRAWN = [
    ('<bpmn:endEvent id="done" name="受理">', FILING),
    ('sourceRef="accepted" targetRef="draft"', 'sourceRef="accepted" targetRef="file"'),
    ('sourceRef="accepted" targetRef="refusing"', 'sourceRef="accepted" targetRef="refused"'),
]


"""What follows the decision is filed by a day on record of the case, and no operation lies between."""


def town_that_files(store: Store) -> Lakeside:
    town = make_lakeside(store)
    award = [("facts: {stage: string}", "facts: {stage: string, file_by: date}")]
    with store.write() as tx:
        package = amended_package({DIAGRAM: REDRAWN, f"processes/{KEY}/award.yaml": award})
        publish_package(tx, package, town.clock.now(), "test")
    return town


def record(town: Lakeside, case: int, **facts: object) -> None:
    """Record facts of a case in a step by itself, as a branch beside the open task does."""
    with town.desk.store.write() as tx:
        step = open_step(town.desk, tx, case, SYSTEM)
        step.set_facts(facts)
        save_step(step)


def shown(town: Lakeside, case: int) -> str:
    (task,) = town.tasks(case)
    return str((task.due_reason or {})["last_day"])


def test_the_day_the_reminder_and_whoever_holds_the_task_follow_the_fact(sqlite_store: Store) -> None:
    town = town_that_files(sqlite_store)
    case = town.start()
    assert shown(town, case) == "2026-03-16"  # its own day: when it is to be filed is not known yet
    for day in ("2026-03-10", "2026-03-12"):
        record(town, case, file_by=day)
        assert shown(town, case) == day
        assert [fault for proof in prove(town.desk, SYSTEM) for fault in proof.faults] == []
        with town.desk.store.read() as tx:
            waiting = [w for w in tx.work.of_case(case, ("waiting",)) if w.kind == "escalation"]
            told = [
                m.text
                for m in tx.mail.select(case_id=case)
                if ":moved:" in m.effect_key and m.person_id == town.office.person_id
            ]
        assert [w.payload["last_day"] for w in waiting] == [day]
        assert "改为2026年3月" in told[-1]
    (task,) = town.tasks(case)
    record(town, case, stage="other")
    assert town.tasks(case)[0].version == task.version, "what hangs on no fact that changed stays as it was"


# A table in which no row matches decides nothing: the case stops there, and nobody is refused by the default way.

BAND = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="定档" namespace="urn:laurel">
<decision id="band" name="定档"><decisionTable id="band_table" hitPolicy="UNIQUE">
<input id="merit" label="申报理由"><inputExpression id="e" typeRef="string"><text>apply.merit</text></inputExpression></input>
<output id="o" name="result" typeRef="string" />
<rule id="high"><inputEntry id="i"><text>"HIGH"</text></inputEntry><outputEntry id="r"><text>"x"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""
BANDED = [
    (
        '<bpmn:exclusiveGateway id="accepted"',
        '<bpmn:businessRuleTask id="banding" name="定档"><bpmn:extensionElements><spiffworkflow:calledDecisionId>band'
        '</spiffworkflow:calledDecisionId><spiffworkflow:properties><spiffworkflow:property name="resultVariable" '
        'value="band" /></spiffworkflow:properties></bpmn:extensionElements></bpmn:businessRuleTask>'
        '<bpmn:sequenceFlow id="banded" sourceRef="banding" targetRef="accepted" /><bpmn:exclusiveGateway id="accepted"',
    ),
    ('sourceRef="decide" targetRef="accepted"', 'sourceRef="decide" targetRef="banding"'),
    ('decision = "accept"</bpmn:condition', 'band.result = "x"</bpmn:condition'),
]


def test_a_table_in_which_no_row_matches_stops_the_case_before_the_gateway(sqlite_store: Store) -> None:
    town = make_lakeside(sqlite_store)
    drawn = amended_package({DIAGRAM: BANDED}).files
    with sqlite_store.write() as tx:
        files = {**drawn, f"processes/{KEY}/band.dmn": BAND.encode()}
        publish_package(tx, Package.from_files(files, operations()), town.clock.now(), "test")
    case = town.start()
    town.complete(case, town.office, {"decision": "accept"})
    with sqlite_store.read() as tx:
        [incident] = tx.incidents.select(case_id=case)
    assert incident.element == "banding"
    assert "决策表“定档”没有一行符合：“申报理由”得到“榫卯技艺传承。”" in incident.what["zh"]
    assert town.tasks(case) == [], "nobody is asked to explain a refusal"


APPLICATION = "processes/lakeside/star_award/application.bpmn"
FLOW = '<bpmn:sequenceFlow id="to_examine" sourceRef="applied" targetRef="examine" />'
LOOP = """<bpmn:intermediateCatchEvent id="settled" name="已经办结"><bpmn:extensionElements><spiffworkflow:properties>
  <spiffworkflow:property name="barrier" value="1 = 1" /></spiffworkflow:properties></bpmn:extensionElements>
  <bpmn:messageEventDefinition id="settled_message" messageRef="message_settled" /></bpmn:intermediateCatchEvent>
<bpmn:exclusiveGateway id="again" name="再看一次" default="round_again" />
<bpmn:sequenceFlow id="to_settled" sourceRef="applied" targetRef="settled" />
<bpmn:sequenceFlow id="to_again" sourceRef="settled" targetRef="again" />
<bpmn:sequenceFlow id="round_again" name="是" sourceRef="again" targetRef="settled" />
<bpmn:sequenceFlow id="to_examine" name="否" sourceRef="again" targetRef="examine">
  <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">1 = 2</bpmn:conditionExpression></bpmn:sequenceFlow>"""


def test_a_loop_through_an_open_barrier_is_refused(store: Store) -> None:
    diagram = TREE[APPLICATION].decode().replace(FLOW, LOOP)
    start = diagram.index("<bpmn:process ")
    diagram = f'{diagram[:start]}<bpmn:message id="message_settled" name="settled" />{diagram[start:]}'
    town = make_lakeside(store)
    package = build_catalog({**TREE, APPLICATION: diagram.encode()}).package("lakeside/star_award")
    with store.write() as tx:  # past the check, which asks for a drawing
        publish_package(tx, package, town.desk.clock.now(), "test")
    with pytest.raises(StepFailed, match="循环不止"):
        town.start()
    with store.read() as tx:
        assert tx.cases.search(CaseFilter(["lakeside"]), limit=5) == []
