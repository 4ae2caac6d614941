"""What is stored of a person is taken out by themselves, or by who administers the account and says why."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from service.casework.queries.people.person_data import PARTS, data_of_person
from service.casework.step.post import letter_rows
from service.domain.errors import Invalid, NotAllowed
from tests.support.browsers import Browser
from tests.support.desks import Bench

HERE = "/account/data"
Browse = Callable[[str | None], Browser]


@pytest.fixture
def applied(bench: Bench) -> Iterator[Bench]:
    """The applicant and a stranger each filled in a form with a name in it."""
    for who, name in ((bench.applicant, "张三丰"), (bench.stranger, "李四光")):
        case_id = bench.started(who)
        bench.complete(case_id, who, {"founded_on": "2010-05-01", "contact": name})
    return bench


def exports(bench: Bench) -> list[tuple[str, int | None, str, str]]:
    with bench.desk.store.read() as tx:
        rows = [row for row in tx.acts.select(after=0, limit=1_000) if row.chain == "export"]
    return [(row.action, row.person_id, row.outcome, row.data.get("reason", "")) for row in rows]


def test_people_read_and_take_out_what_is_stored_of_them_and_nothing_of_others(applied: Bench, browse: Browse) -> None:
    me = browse("applicant")
    page, file = me.get(HERE), me.get(f"{HERE}.json")
    whole = file.get_json()
    assert list(whole) == list(PARTS)
    assert [one["fields"] for one in whole["forms"]][:1] == [
        [{"field": "contact", "label": "联系人", "value": "张三丰"}]
    ]
    assert whole["account"][0]["login"] == "applicant"
    assert [one["role"] for one in whole["roles"]] == ["applicant"]
    assert len(whole["sessions"]) == 1
    assert [one["action"] for one in whole["acts"]][:2] == ["导出本人的数据"] * 2
    for answer in (page, file):
        assert answer.status_code == 200
        assert "张三丰" in answer.text
        assert "李四光" not in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert exports(applied) == [("own_data.export", applied.applicant.person_id, "done", "")] * 2


def test_who_administers_the_account_takes_it_out_with_a_reason(applied: Bench, browse: Browse) -> None:
    person, admin = applied.applicant.person_id or 0, browse("admin")
    with applied.desk.store.write() as tx:
        people = [tx.people.get(person)]
        tx.mail.queue_many(letter_rows(people, None, "password:1", "密码", "一次性链接", applied.clock.now()))
    for chosen in ("page", "json"):
        answer = admin.post(f"/people/{person}/data", {"reason": "本人书面申请", "as": chosen})
        assert answer.status_code == 200
        assert "张三丰" in answer.text
        assert "李四光" not in answer.text
    [message] = answer.get_json()["messages"]
    assert (message["subject"], "text" in message) == ("密码", False), "links in messages are the person's alone"
    done = ("person_data.export", applied.admin.person_id, "done", "本人书面申请")
    assert exports(applied) == [done] * 2
    with pytest.raises(Invalid):
        data_of_person(applied.desk, applied.admin, person, " ")
    elsewhere = replace(applied.admin, seats=(replace(applied.admin.seats[0], jurisdiction="elsewhere"),))
    for who in (elsewhere, applied.office):
        with pytest.raises(NotAllowed):
            data_of_person(applied.desk, who, person, "本人书面申请")
