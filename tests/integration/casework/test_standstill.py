"""A case that nothing can move any more is an incident, once, with what to do about it."""

from collections.abc import Callable

import handlers
from service.casework.cases.start import start_case
from service.casework.definitions.publish import publish
from service.casework.due.retry_incident import retry_incident
from service.catalog import Package
from service.sdk import operations
from service.store import Store
from tests.support.desks import PACKAGE, Bench, make_bench

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
        publish(tx, changed, bench.clock.now(), "test")
    return start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})


def test_a_case_with_nothing_waiting_is_an_incident(sqlite_url: str, open_store: Callable[[str], Store]) -> None:
    bench = make_bench(open_store(sqlite_url))
    case_id = starved(bench)
    with bench.desk.store.read() as tx:
        (told,) = [i for i in tx.incidents.of_case(case_id) if i.resolved_at is None]
        assert tx.cases.get(case_id).status == "running"
    assert told.kind == "standstill"
    assert "join" in told.what["zh"]
    assert told.remedy["zh"]
    assert told.remedy["en"]
    assert not retry_incident(bench.desk, bench.admin, told.id), "it stands there still"
    with bench.desk.store.read() as tx:
        assert [i.kind for i in tx.incidents.of_case(case_id) if i.resolved_at is None] == ["standstill"]


def test_a_case_that_waits_for_somebody_is_none(sqlite_url: str, open_store: Callable[[str], Store]) -> None:
    bench = make_bench(open_store(sqlite_url))
    case_id = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    with bench.desk.store.read() as tx:
        assert tx.incidents.of_case(case_id) == []
