"""An objection on paper that staff enter: the day on which it came in decides, and one that came in late says so at once."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace

from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.typed_values import PDF
from service.web import create_app
from tests.integration.objections.test_lodging import winners
from tests.support.browsers import Browser, settings_for_tests
from tests.support.exampleton import PACKAGE

TYPED = {
    "kind": "person", "name": "李某", "telephone": "13900000000", "address": "北区一号", "signature": "李某",
    "content": "去年发生重大质量事故。", "evidence_list": "事故通报", "declared": "true",
}  # fmt: skip


def paper(day: str, **more: str) -> dict[str, object]:
    files = {"identity_proof": (io.BytesIO(PDF), "证.pdf"), "evidence": (io.BytesIO(PDF), "通报.pdf")}
    return {**TYPED, **files, "received_on": day, "do": "submit", **more}


def test_what_came_in_after_the_notice_is_told_before_it_is_entered(quick: PlayState) -> None:
    with quick.desk.store.read() as tx:
        notice = tx.notices.get(winners(quick))
    quick.advance(notice.ends_at + timedelta(days=3))
    people = SimpleNamespace(desk=quick.desk, people={"office": quick.cast.actor("office").person_id})
    office = Browser(create_app(quick.desk, settings_for_tests()), people, "office")  # type: ignore[arg-type]
    start = f"/start/{PACKAGE}/objection?parent={quick.case('甲')}"
    late, in_time = (notice.last_day + timedelta(days=days) for days in (1, 0))
    told = f"{late.year}年{late.month}月{late.day}日收到，在公示期最后一天（"
    assert 'name="received_on"' in office.get(start).text
    shown = office.post(start, paper(late.isoformat()), page=start)
    assert shown.status_code == 422
    assert told in shown.text
    assert "去年发生重大质量事故。" in shown.text  # what was typed stays
    assert office.post(start, paper(in_time.isoformat()), page=start).status_code == 302
    assert office.post(start, paper(late.isoformat(), knowing="late"), page=start).status_code == 302
    with quick.desk.store.read() as tx:
        cases = tx.cases.select(parent_id=quick.case("甲"), process="objection")
        facts = [tx.forms.of_case(case.id, "objection")[-1].data["received_in_time"] for case in cases]
    assert facts == [True, False]


def test_the_public_is_not_asked_when_a_paper_came_in(quick: PlayState) -> None:
    visitor = create_app(quick.desk, settings_for_tests()).test_client()
    page = visitor.get(f"/objections/{PACKAGE}/objection?notice={winners(quick)}").text
    assert 'name="content"' in page
    assert 'name="received_on"' not in page
