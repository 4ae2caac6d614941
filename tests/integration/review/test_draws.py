"""Draws: on record, computable by anybody, made once."""

from dataclasses import replace

import pytest

from service.casework.queries.people.experts import view_draws
from service.casework.review.draw_panel import draw_panel, replace_member
from service.casework.review.draw_record import repeat_draw
from service.casework.step.step import open_step
from service.domain.errors import Invalid, NotAllowed
from service.sdk.review import DrawOrder
from tests.support.review import DECLARED, STAGE, ReviewBench

pytestmark = pytest.mark.both_databases


def test_a_draw_can_be_computed_again_from_its_record_and_a_changed_record_is_found(drawn: ReviewBench) -> None:
    (view,) = view_draws(drawn.desk, drawn.actor("office"), drawn.case())
    assert view.repeated.holds
    assert view.row.seed_source["text"].split("|")[-1] == "1"
    pool = [*view.row.pool[:-1], {**view.row.pool[-1], "name": "别人"}]
    assert not repeat_draw(replace(view.row, pool=pool)).holds
    chosen = view.row.result["reserve"][:1] + view.row.result["chosen"][1:]
    assert not repeat_draw(replace(view.row, result={**view.row.result, "chosen": chosen})).holds


def test_a_draw_repeated_until_it_pleases_is_refused_and_on_record(drawn: ReviewBench) -> None:
    before = drawn.active()
    order = DrawOrder(STAGE, 3, condition="expert.name != null")
    with drawn.desk.store.write() as tx:
        step = open_step(drawn.desk, tx, drawn.case(), drawn.actor("office"))
        again = draw_panel(step, order, ())
        events = [e.action for e in step.pending.events]
    assert again.repeated
    assert list(again.members) == before
    assert events == ["draw_refused"]


def test_only_a_named_person_is_replaced_and_only_with_a_reason(drawn: ReviewBench) -> None:
    drawn.play(DECLARED)
    panel, members = drawn.panel()
    office, person = drawn.actor("office"), members[0].person_id
    with pytest.raises(Invalid, match="原因"):
        replace_member(drawn.desk, office, drawn.case(), panel.id, person, "  ")
    with pytest.raises(NotAllowed):
        replace_member(drawn.desk, drawn.member(person), drawn.case(), panel.id, person, "不想评")
    view = replace_member(drawn.desk, office, drawn.case(), panel.id, person, "因病住院")
    assert len(view.members) == 3
    assert person not in view.members
    with drawn.desk.store.read() as tx:
        [told] = [
            row.text
            for row in tx.mail.select("-id", limit=20, person_id=person)
            if row.subject.startswith("不再参加评审")
        ]
    assert "理由：因病住院" in told
    assert "没有另行通知的，其他申报组织的评审不受影响" in told, "of a group each application is told by itself"
    with pytest.raises(Invalid, match="不在该评审组"):
        replace_member(drawn.desk, office, drawn.case(), panel.id, person, "再换一次")
    draws = view_draws(drawn.desk, office, drawn.case())
    assert [d.row.reason for d in draws] == ["", "因病住院"]
    assert all(d.repeated.holds for d in draws)
