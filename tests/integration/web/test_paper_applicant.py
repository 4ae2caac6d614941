"""The office enters an application on paper of an organisation that nobody has registered; its account takes it over."""

import io
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from stdnum.cn import uscc

from service.casework.access.actor import acting
from service.casework.access.case_access import may_view_case
from service.casework.cases.start import start_case
from service.casework.public.lodge import PUBLIC_ACTOR
from service.casework.public.registrations import Registration, accept_registration, register_organisation
from service.casework.step.submission import FormInvalid
from service.store import Store
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests, words
from tests.support.half_seasons import season_until

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
CODE = "91620702MA7790000" + uscc.calc_check_digit("91620702MA7790000")


def test_who_is_not_registered_is_entered_by_the_office_alone(
    sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    stage = season_until("ganzhou/quality_award", "clean", open_store(sqlite_url), "candidacy", None)
    stage.pass_time(next(move for move in stage.scenario.moves if move.value == "candidacy"))
    actor = stage.cast.actor("office")
    people = SimpleNamespace(desk=stage.desk, people={"office": actor.person_id})
    office = Browser(create_app(stage.desk, settings_for_tests()), people, "office")  # type: ignore[arg-type]
    start = f"/start/ganzhou/quality_award/candidacy?parent={stage.case('届')}"
    assert re.search(r'name="channel"\s+value="paper"[^>]*checked', office.get(start).text)
    day = stage.clock.now().date().isoformat()
    own = {"channel": "paper", "received_on": day, "voluntary": True}
    with pytest.raises(FormInvalid) as refused:  # nobody says of their own application that it came on paper
        start_case(stage.desk, stage.cast.actor("甲"), "ganzhou/quality_award", "candidacy", stage.case("届"), own)
    assert [error.path for error in refused.value.errors] == ["channel"]
    papers = {"channel": "paper", "received_on": day, "voluntary": "true", "do": "submit"}

    def enter(**who: str) -> str:
        scan = {"counter_receipt": (io.BytesIO(PDF), "收件凭据.pdf")}
        return words(office.post(start, {**papers, **scan, **who}, page=start, follow_redirects=True).text)

    assert "列表中没有的，填写名称和代码" in enter()
    assert "位数或校验位不对" in enter(applicant_name="甘州新来食品有限公司", applicant_code=CODE[:-1])
    for no_day in ("", "2026-02-31"):  # no code: every fault at once, each at its field
        short = {"applicant_name": "甘州新来食品有限公司", "voluntary": "", "received_on": no_day}
        wrong = office.post(start, {**papers, **short}, page=start).text
        marked = re.findall(r'id="f-(\w+)-error"', wrong)
        assert "没有登记过的申报者按代码登记，请填写" in wrong
        assert (marked[0], "received_on" in marked) == ("applicant_code", True)
    page = enter(applicant_name="甘州新来食品有限公司", applicant_code=CODE.lower())
    assert "甘州新来食品有限公司：录入纸质申报材料" in page
    assert "已登记为“甘州新来食品有限公司”，请核对名称" in enter(applicant_name="别的公司", applicant_code=CODE)
    with stage.desk.store.read() as tx:
        body = tx.bodies.find(jurisdiction="*", key=CODE)
        assert body is not None
        (case,) = tx.cases.select(subject_id=body.id)
    seat = actor.seats[0].body_id
    asked = Registration("ganzhou", seat, body.name, CODE, "周平", "0936-1234567", "zhou@example.cn", acknowledged=True)
    register_organisation(stage.desk, PUBLIC_ACTOR, asked, "o")
    login = accept_registration(stage.desk, actor, 1, "https://laurel.example.cn").login
    with stage.desk.store.read() as tx:
        person = tx.people.find(login=login)
        assert person is not None
        assert may_view_case(acting(tx, person.id, stage.clock.now()), case, tx)
