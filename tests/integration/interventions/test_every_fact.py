"""Over every fact of every city: an administrator may set none by which something is decided, or that a body brought about."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

import handlers
from service.casework.access.actor import Actor, Seat
from service.casework.interventions.deciding_facts import Bound, bound
from service.casework.interventions.offers import view_interventions
from service.casework.interventions.set_value import fact_word
from service.catalog import Package
from service.store import Store
from tests.support.bundled import bundled
from tests.support.half_seasons import season_until
from tests.support.lakeside import DIAGRAM, amended_package

handlers.load()
FREE = {
    "ganzhou/quality_award": {"expert_admission/admitted_on"},
    "kizilsu/quality_award": set(),
    "qingyuan/quality_award": {"expert_admission/admitted_on"},
    "urumqi/quality_award": set(),
    "yining/quality_award": {"reviewer_admission/admitted_on", "round/examination_result", "supervision/reevaluation"},
}
"""All that only tells something: a day on a letter, or what no formula of the city reads and no operation writes."""
BROUGHT = ("ballots", "vacancy_reason", "bar_until", "places_vacant", "winners_notices", "correction_deadline_at")


@pytest.fixture(scope="module")
def cities() -> dict[str, Package]:
    return dict(bundled().packages)


def test_what_decides_or_was_decided_is_offered_in_no_city(cities: dict[str, Package]) -> None:
    assert set(cities) == set(FREE)
    for key, package in cities.items():
        facts = {(kind, name) for kind, info in package.award.processes.items() for name in info.facts}
        assert {f"{kind}/{name}" for kind, name in facts if bound(package, name) is None} == FREE[key], key
        for name in {name for _, name in facts} & set(BROUGHT):
            assert bound(package, name) in (Bound.BROUGHT, Bound.DECIDES, Bound.WRITTEN), (key, name)


def test_every_fact_is_called_something_that_people_here_read(cities: dict[str, Package]) -> None:
    """The list of what an administrator may set, and why not, names data in the language of who reads it."""
    for key, package in cities.items():
        names = {name for info in package.award.processes.values() for name in info.facts}
        assert [name for name in sorted(names) if not re.search(r"[\u4e00-\u9fff]", fact_word(package, name))] == [], (
            key
        )


def test_why_a_value_is_kept_names_the_form_by_its_title(tmp_path: Path) -> None:
    with closing(Store(f"sqlite:///{tmp_path}/laurel.db", tmp_path / "files")) as store:
        store.migrate()
        stage = season_until("urumqi/quality_award", "correction_succeeds", store, "submit_correction", "甲")
        seat = Seat("*", "administrator", None, None, None, None)
        offered = view_interventions(stage.desk, Actor(1, "管理员", (seat,)), stage.case("甲")).offered["fact"]
    told = {one.value: (one.label, one.refusal.zh if one.refusal else "") for one in offered}
    label, refusal = told["channel"]
    assert (label, refusal) == ("报送渠道（网上申报）", "由表单“开始申报”提交并留存，更正应当由提交的单位重新提交。")
    assert told["audit_result"][0] == "审核结果（空）"


def test_no_formula_of_a_way_reads_what_is_free(cities: dict[str, Package]) -> None:
    """The same asked of the files themselves: conditions of flows, timers and days never name a free fact."""
    for key, package in cities.items():
        ways = [flow.condition for diagram in package.processes.values() for flow in diagram.flows.values()]
        ways += [e.due for diagram in package.processes.values() for e in diagram.elements.values()]
        ways += [e.timer.expression for d in package.processes.values() for e in d.elements.values() if e.timer]
        for name in {free.split("/")[1] for free in FREE[key]}:
            assert not [way for way in ways if re.search(rf"\bcase\.{name}\b", way)], (key, name)


def test_what_ends_a_repetition_decides() -> None:
    words = "      </bpmn:extensionElements>\n    </bpmn:userTask>"
    repeated = """
      <bpmn:multiInstanceLoopCharacteristics>
        <bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">3</bpmn:loopCardinality>
        <bpmn:completionCondition xsi:type="bpmn:tFormalExpression">case.enough</bpmn:completionCondition>
      </bpmn:multiInstanceLoopCharacteristics>"""
    ended = words.replace("\n    </bpmn:userTask>", f"{repeated}\n    </bpmn:userTask>")
    assert bound(amended_package({}), "enough") is None
    assert bound(amended_package({DIAGRAM: [(words, ended)]}), "enough") is Bound.DECIDES
