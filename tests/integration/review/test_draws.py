"""Draws: on record, computable by anybody, made once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.casework.queries.people.experts import view_draws
from service.casework.review.draw_panel import draw_panel
from service.casework.review.record import repeat
from service.casework.review.replace_member import replace_member
from service.casework.step.step import open_step
from service.domain.errors import Invalid, NotAllowed
from service.sdk.review import DrawOrder
from service.store import Store
from service.store.rows import ExpertRow, PersonRow, TrainingRow
from tests.support.review import BEGIN, DECLARED, STAGE, ReviewBench, make_review

pytestmark = pytest.mark.both_databases


def test_a_draw_can_be_computed_again_from_its_record_and_a_changed_record_is_found(drawn: ReviewBench) -> None:
    (view,) = view_draws(drawn.desk, drawn.actor("office"), drawn.case())
    assert view.repeated.holds
    assert view.row.seed_source["text"].split("|")[-1] == "1"
    pool = [*view.row.pool[:-1], {**view.row.pool[-1], "name": "别人"}]
    assert not repeat(replace(view.row, pool=pool)).holds
    chosen = view.row.result["reserve"][:1] + view.row.result["chosen"][1:]
    assert not repeat(replace(view.row, result={**view.row.result, "chosen": chosen})).holds


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
        [told] = [row.text for row in tx.mail.inbox(person, 20) if row.subject.startswith("不再参加评审")]
    assert "理由：因病住院" in told
    assert "没有另行通知的，其他申报组织的评审不受影响" in told, "of a group each application is told by itself"
    with pytest.raises(Invalid, match="不在该评审组"):
        replace_member(drawn.desk, office, drawn.case(), panel.id, person, "再换一次")
    draws = view_draws(drawn.desk, office, drawn.case())
    assert [d.row.reason for d in draws] == ["", "因病住院"]
    assert all(d.repeated.holds for d in draws)


def test_a_vacant_place_that_stays_so_is_told_truly_and_with_the_articles_in_both_languages(store: Store) -> None:
    """Nobody here has a tie to the applicant: two sit, one has left, and who came works where a member does."""
    rows = [f"{{expert: {{name: 专家{n}, employer: 单位{n}}}}}" for n in "一二三"]
    bench = make_review(store, *rows, *BEGIN[-2:], DECLARED)
    panel, members = bench.panel()
    bench.play("{expert: {name: 专家四, employer: 单位一}}")
    leaver = next(m.person_id for m in members if bench.member(m.person_id).name == "专家二")
    view = replace_member(bench.desk, bench.actor("office"), bench.case(), panel.id, leaver, "因病住院")
    assert view.problem == (
        "专家库有4人，其中可以抽取的有0人；需1人：还缺专家1人；在或者曾在本评审组的3人没有计入；"
        "同一单位已有专家在组的1人没有计入。请在“评审专家”页面补充其他单位的专家，"
        "或者由设计人员按办法修改评审组的人数和抽取条件。（评审组的要求引用第二条。）"
    )
    assert view.problem_en.endswith("(The rules of the panel cite Art. 2.)")
    bench.play("{expect: {case: 甲, history: draw_failed, contains: 同一单位已有专家在组的1人没有计入}}")


def test_a_draw_from_five_hundred_asks_for_the_pool_at_once(store: Store) -> None:
    bench = make_review(store)
    now = datetime(2026, 3, 2, 1, tzinfo=UTC)
    with store.write() as tx:
        body = tx.people.body_by_key("riverton", "experts")
        assert body is not None
        for n in range(500):
            person = tx.people.insert_person(PersonRow(
                login=f"e{n}", name=f"专家{n}", password=None, email=None, telephone=None, language="zh", active=True,
                created_at=now,
            ))  # fmt: skip
            expert = tx.experts.insert(ExpertRow(
                jurisdiction="riverton", person_id=person, employer=f"单位{n % 90}", employer_id=None, education="master",
                practising_since=now.date().replace(year=2005), sectors=["机械"], qualifications=[],
                term_from=now.date().replace(year=2020), term_until=None, status="active", status_reason="",
                status_on=None, status_until=None, version=1, created_at=now, changed_at=now,
            ))  # fmt: skip
            tx.experts.add_training(
                TrainingRow(
                    expert_id=expert, title="培训", held_on=now.date().replace(year=2025), hours=8, valid_until=None
                )
            )
    bench.play("{as: office, start: round, name: 届, with: {year: '2026'}}")
    bench.play("{as: 甲, start: application, parent: 届, name: 甲, with: {merit: 特色}}")
    condition = "expert.experience_years >= 5 and expert.education_level >= 2 and expert.last_training != null"
    with store.write() as tx:
        step = open_step(bench.desk, tx, bench.case(), bench.actor("office"))
        with store.statements() as seen:
            drawn = draw_panel(step, DrawOrder("trial", 5, sector="机械", from_sector=2, condition=condition), ())
    assert drawn is not None
    # the seed is drawn from the round's notices, whose rows are compared with its records; the last two
    # ask which appointments the new panel has to come to
    assert len(seen) <= 30, [sql for sql, _ in seen]
