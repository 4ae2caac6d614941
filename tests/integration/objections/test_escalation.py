from __future__ import annotations

from datetime import datetime
from pathlib import Path

from service.casework.access.actor import Actor
from service.casework.public.lodge import Lodging, lodge_publicly
from service.casework.simulate.stage.stage import PlayState
from service.domain.calendar import CHINA
from service.store import Store
from service.store.models import PersonRow
from tests.integration.objections.test_lodging import VISITOR, form, winners
from tests.support.exampleton import PACKAGE, RUNNING, season
from tests.support.records import hold_seat


def person(stage: PlayState, login: str, role: str, body: str = "office", language: str = "zh") -> int:
    now = stage.clock.now()
    with stage.desk.store.write() as tx:
        row = tx.bodies.find(jurisdiction="exampleton", key=body)
        assert row is not None
        ident = tx.people.insert(PersonRow(
            login=login, name=login, password=None, email=f"{login}@example.org", telephone=None, language=language,
            active=True, created_at=now,
        ))  # fmt: skip
        hold_seat(tx, ident, row.id, "exampleton", role, now)
    return ident


def lodged(stage: PlayState, visitor: Actor = VISITOR) -> int:
    place = Lodging(PACKAGE, "objection", stage.case("甲"), winners(stage))
    return lodge_publicly(stage.desk, visitor, place, form(stage), "home").case_id


def told(stage: PlayState, person_id: int, case: int) -> list[tuple[str, str]]:
    with stage.desk.store.read() as tx:
        rows = [m for m in tx.mail.select(case_id=case) if m.person_id == person_id]
    return [(m.queued_at.astimezone(CHINA).strftime("%m-%d"), m.subject[:5]) for m in rows]


def until(stage: PlayState, day: int, hour: int = 12) -> None:
    stage.advance(datetime(2026, 3, day, hour, tzinfo=CHINA))


def test_who_must_act_is_reminded_before_at_and_after_and_the_head_once_it_is_late(stage: PlayState) -> None:
    clerk, head = person(stage, "clerk", "office"), person(stage, "head", "head")
    case = lodged(stage)  # 2 March; 5 working days to examine: until 9 March
    until(stage, 17)
    assert told(stage, clerk, case) == [
        ("03-05", "还剩2个工"), ("03-09", "今日到期："), ("03-10", "已逾期1个"), ("03-12", "已逾期3个"), ("03-16", "已逾期5个"),
    ]  # fmt: skip
    assert told(stage, head, case) == [("03-10", "已逾期1个"), ("03-12", "已逾期3个"), ("03-16", "已逾期5个")]
    with stage.desk.store.read() as tx:
        assert [w for w in tx.work.of_case(case) if w.kind == "escalation" and w.state == "waiting"] == []
        assert all(m.sent_at for m in tx.mail.select(case_id=case) if m.address)


def test_a_city_may_have_one_mail_a_day_instead_of_one_for_each(store: Store, tmp_path: Path) -> None:
    daily = "parameters: {reminders_daily_digest: true}\nsteps:"
    stage = season(store, tmp_path / "root", RUNNING.replace("steps:", daily))
    person(stage, "clerk", "office")
    first, second = lodged(stage), lodged(stage)
    until(stage, 5)
    with stage.desk.store.read() as tx:
        sent = [
            m for case in (first, second) for m in tx.mail.select(case_id=case) if m.person_id is None and m.sent_at
        ]
    assert [m.subject for m in sent] == ["今日有2项待办需要关注"]
    assert sent[0].text.count("还剩2个工作日") == 2
