"""The pages of people: search, one line each, one's own contact; what a page costs with many people."""

import re
from datetime import timedelta
from html import unescape

from service.casework.people.rights.seats import NewSeat
from service.store.models import MailRow, PersonRow
from tests.support.browsers import Browse
from tests.support.desks import Bench
from tests.support.records import hold_seat


def crowd(bench: Bench, count: int) -> None:
    body = bench.office.seats[0].body_id
    with bench.desk.store.write() as tx:
        for n in range(count):
            ident = tx.people.insert(
                PersonRow(login=f"crowd.{n}", name=f"众人{n}", telephone=f"1390000{n:04}", created_at=bench.clock.now())
            )
            since = bench.clock.now() - timedelta(days=1)
            seat = NewSeat("testville", "office", body)
            hold_seat(tx, ident, seat.body_id, seat.jurisdiction, seat.role, since)


def letter(bench: Bench, who: str, number: int) -> MailRow:
    return MailRow(
        person_id=bench.people[who], subject=f"来信{number}", text=f"正文{number}\n/tasks/77", effect_key=f"{who}:{number}",
        queued_at=bench.clock.now(),
    )  # fmt: skip


def test_people_are_found_by_name_login_and_telephone(bench: Bench, browse: Browse) -> None:
    admin = browse("admin")
    crowd(bench, 60)
    for words in ("众人57", "CROWD.57", "13900000057", "众人 crowd.57"):
        page = admin.seek(words, "/people").text
        assert page.count('<tr><td><a href="/people/') == 1, words
        assert "众人57" in page
    with bench.desk.store.read() as tx:
        body = tx.bodies.get(bench.applicant.seats[0].body_id).name
    found = admin.get("/people", query_string={"q": body}).text
    assert f'href="/people/{bench.people["applicant"]}"' in found
    assert "众人" not in found
    onward = admin.get("/people", query_string={"q": "众人"}).text
    following = re.search(r'href="(/people\?q=[\w%-]+&amp;after=\d+)"', onward)
    assert following
    assert "众人" in admin.get(unescape(following[1])).text
    assert "没有找到“%”" in admin.get("/people", query_string={"q": "%"}).text


def test_a_name_is_corrected_and_the_person_is_told(bench: Bench, browse: Browse) -> None:
    admin, person = browse("admin"), bench.people["stranger"]
    page = f"/people/{person}"
    wrong = admin.post(f"{page}/profile", {"name": "赵 敏", "email": "zhao@", "telephone": "0991-1234567"})
    assert (wrong.status_code, "“zhao@”不是邮箱地址" in wrong.text, "0991-1234567" in wrong.text) == (422, True, True)
    assert "请填写姓名" in admin.post(f"{page}/profile", {"name": " "}).text
    assert admin.post(f"{page}/profile", {"name": "赵  敏", "telephone": "0991-1234567"}).status_code == 302
    assert "赵 敏" in admin.get(page).text
    subjects = browse("stranger").get("/inbox").text
    assert "您的姓名已由管理员更改" in subjects


def test_a_page_opened_before_writes_only_what_was_changed_on_it(bench: Bench, browse: Browse) -> None:
    admin, stranger, page = browse("admin"), browse("stranger"), f"/people/{bench.people['stranger']}"
    seen = dict(re.findall(r'name="(seen_\w+)" value="([^"]*)"', admin.get(page).text))
    own = dict(re.findall(r'name="(seen_\w+)" value="([^"]*)"', stranger.get("/account").text))
    assert sorted(seen) == sorted(own) == ["seen_email", "seen_name", "seen_telephone"]
    new = {"email": "neu@example.cn", "telephone": "13900000001"}
    assert stranger.post("/account", {**own, **new}).status_code == 302
    typed = {name.removeprefix("seen_"): unescape(value) for name, value in seen.items()}
    assert admin.post(f"{page}/profile", {**seen, **typed, "telephone": "13900000002"}).status_code == 302
    shown = stranger.get("/account").text
    assert ("neu@example.cn" in shown, "13900000002" in shown) == (True, True)
    assert stranger.post("/account", {**own, "email": "alt@example.cn", "telephone": ""}).status_code == 302
    shown = stranger.get("/account").text
    assert ("alt@example.cn" in shown, "13900000002" in shown) == (True, True)


def test_one_sets_ones_own_contact_but_not_the_name(bench: Bench, browse: Browse) -> None:
    office = browse("office")
    assert 'href="/account"' in office.get("/tasks").text
    given = {"name": "冒名", "email": "wo@example.cn", "telephone": "13800000000"}
    assert office.post("/account", given).status_code == 302
    page = office.get("/account").text
    assert ("wo@example.cn" in page, "13800000000" in page, "冒名" in page) == (True, True, False)
    wrong = office.post("/account", {"email": "wo@example.cn", "telephone": "电话"})
    assert (wrong.status_code, "不是电话号码" in wrong.text) == (422, True)
    assert browse().get("/account").status_code in (302, 401)


def test_a_person_of_elsewhere_is_not_shown(bench: Bench, browse: Browse) -> None:
    assert browse("office").get(f"/people/{bench.people['stranger']}").status_code == 403
    assert browse("admin").get("/people/987654").status_code == 404


def test_a_message_is_read_when_it_is_opened_or_when_all_are_marked(bench: Bench, browse: Browse) -> None:
    with bench.desk.store.write() as tx:
        tx.mail.queue_many([letter(bench, "office", n) for n in range(3)] + [letter(bench, "second", 9)])
    me = browse("office")
    page = me.get("/inbox").text
    assert len(re.findall(">新<", page)) == 3
    assert len(re.findall(">新<", me.get("/inbox").text)) == 3, "looking at the list opens nothing"
    newest = re.search(r'href="(/inbox/\d+)"', page)
    assert newest is not None
    opened = me.get(newest[1]).text
    assert "正文2" in opened
    assert 'href="/tasks/77"' in opened
    listed = me.get("/inbox").text
    assert (listed.count('href="/inbox/'), "/tasks/77" in listed) == (3, False), "a line each with one link"
    assert len(re.findall(">新<", me.get("/inbox").text)) == 2
    assert browse("second").get(newest[1]).status_code == 404
    assert me.post("/inbox/read", {}, page="/inbox").status_code == 302
    assert ">新<" not in me.get("/inbox").text
    assert ">新<" in browse("second").get("/inbox").text
