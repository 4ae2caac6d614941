"""Whoever works for an applicant by the register of experts is not drawn for it, and is found whatever they declare."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from service.casework.review.decide_recusals import conflicts_of
from service.casework.review.draw_panel import draw_panel
from service.casework.review.register_of_experts import NewExpert, add_expert, build_record, change_expert
from service.casework.step.step import open_step
from service.sdk.review import DrawOrder
from service.store import Store
from service.store.models import BodyRow, ExpertRow, RecusalRow
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.review import BEGIN, DECLARED, ReviewBench, make_review

NEW = NewExpert("riverton", "e.new", "专家六", "甲公司", "master", date(2005, 1, 1))


def applicant(bench: ReviewBench) -> BodyRow:
    with bench.desk.store.read() as tx:
        return tx.bodies.organisations_named(["甲公司"])[0]


def entry(bench: ReviewBench, person: int) -> ExpertRow:
    with bench.desk.store.read() as tx:
        found = tx.experts.find(jurisdiction="riverton", person_id=person)
        assert found is not None
        return found


@pytest.mark.parametrize("employer", ["甲公司", " 甲 公司", "code"])
def test_who_works_for_the_applicant_is_not_drawn_and_a_choice_of_them_is_refused(store: Store, employer: str) -> None:
    """第九条: whoever has an interest recuses; the register says so by a name of the applicant or by its code."""
    bench = make_review(store, *BEGIN)
    typed = applicant(bench).key if employer == "code" else employer
    add_expert(bench.desk, bench.actor("office"), replace(NEW, employer=typed))
    with bench.desk.store.write() as tx:
        step = open_step(bench.desk, tx, bench.case(), bench.actor("office"))
        person = tx.people.by_login("e.new")
        assert person is not None
        draw_panel(step, DrawOrder("trial", 5, condition="expert.name != null"), ())
        panel = tx.panels.at(bench.case(), "trial")
        assert panel is not None
        assert person.id not in {m.person_id for m in tx.panel_members.select(panel_id=panel.id)}
        order = DrawOrder("chosen", 1, method="office_choice", chosen=(str(person.id),))
        refused = draw_panel(step, order, ())
    assert refused is not None
    assert refused.problem.startswith("以下人选不能参加评审：专家六：现任职于申报组织。请另选。")


def test_who_bears_the_name_of_an_individual_is_not_drawn_until_a_recusal_of_theirs_is_lifted(store: Store) -> None:
    """Nobody reviews their own application, whichever unit the register names; of a mere namesake the office ends it."""
    bench = make_review(store, *BEGIN)
    body = applicant(bench)
    add_expert(bench.desk, bench.actor("office"), replace(NEW, employer="质量协会"))
    with bench.desk.store.write() as tx:
        tx.bodies.upsert("*", body.key, kind="individual", name="专家 六", name_en=None, details={})
        step = open_step(bench.desk, tx, bench.case(), bench.actor("office"))
        person = tx.people.by_login("e.new")
        assert person is not None
        order = DrawOrder("chosen", 1, method="office_choice", chosen=(str(person.id),))
        refused = draw_panel(step, order, ())
        assert refused is not None
        assert refused.problem.startswith("以下人选不能参加评审：专家六：与申报的个人同名。请另选。")
        lifted = RecusalRow(
            jurisdiction="riverton",
            person_id=person.id,
            body_id=body.id,
            case_id=bench.case(),
            reason="同名",
            source="record",
            decided_at=step.now,
            lifted_at=step.now,
        )
        tx.recusals.insert(lifted)
        chosen = draw_panel(step, order, ())
    assert chosen is not None
    assert (chosen.problem, len(chosen.members)) == ("", 1)


def test_an_entry_is_linked_to_the_organisation_of_that_name_and_to_no_other(store: Store) -> None:
    bench = make_review(store, *BEGIN)
    office, body = bench.actor("office"), applicant(bench)
    add_expert(bench.desk, office, NEW)
    with bench.desk.store.read() as tx:
        person = tx.people.by_login("e.new")
    assert person is not None
    assert entry(bench, person.id).employer_id == body.id
    now = entry(bench, person.id)
    change_expert(bench.desk, office, now.id, build_record(replace(NEW, employer="甲公司研究院"), now.version))
    assert entry(bench, person.id).employer_id is None


def test_a_member_whose_employer_is_the_applicant_is_found_though_they_declare_nothing(store: Store) -> None:
    """Employed only after the draw: the declaration says no, the register says yes, and the office decides on it."""
    bench = make_review(store, *BEGIN)
    person = bench.active()[0]
    row = entry(bench, person)
    new = replace(NEW, education=row.education, practising_since=row.practising_since)
    change_expert(bench.desk, bench.actor("office"), row.id, build_record(new, row.version))
    bench.people["member"] = person
    [task] = [one for one in bench.tasks("declare_interest") if one.assignee_id == person]
    page = Browser(create_app(bench.desk, settings_for_tests()), bench, "member").get(f"/tasks/{task.id}").text  # type: ignore[arg-type]
    assert "记录显示您与甲公司有利害关系：现任职于申报组织。" in page
    bench.play(DECLARED)
    with bench.desk.store.write() as tx:
        step = open_step(bench.desk, tx, bench.case(), bench.actor("office"))
        panel = tx.panels.at(bench.case(), "material_review")
        assert panel is not None
        ties = conflicts_of(step, panel, "interest_declaration")
    assert [(tie.person, tie.kind, tie.applicant, tie.source) for tie in ties] == [
        (person, "employment", "甲公司", "record")
    ]
    assert bench.tasks("decide_recusals"), "nobody scores before it is decided"
    assert not bench.tasks("score")
