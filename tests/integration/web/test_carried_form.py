"""A form that the program could not take stands in the page that says so, and is sent again from there as it was."""

from __future__ import annotations

import io
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import pytest
import sqlalchemy as sa

from service.store import Store
from tests.support.browsers import Browse, Browser, make_app
from tests.support.desks import PACKAGE, Bench

START = f"/start/{PACKAGE}/application"
SAME = {"Sec-Fetch-Site": "same-origin"}


def carried(text: str) -> tuple[str, list[tuple[str, str]]] | None:
    """Return target and fields of the form that a page carries along."""
    form = re.search(r'<form[^>]*action="([^"]*)" data-carried>(.*?)</form>', text, re.S)
    if form is None:
        return None
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form[2])
    return unescape(form[1]), [(unescape(name), unescape(value)) for name, value in fields]


@contextmanager
def occupied(store: Store) -> Iterator[None]:
    """Keep the only writer of a SQLite file, as a command on the same machine does; the program waits for a moment only."""
    sa.event.listen(store._engine, "checkout", lambda line, *_: line.execute("PRAGMA busy_timeout=50"))
    other = sqlite3.connect(store._engine.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_while_others_keep_the_database_the_form_waits_in_the_page_and_is_sent_from_there(
    bench: Bench, browse: Browse
) -> None:
    me = browse("applicant")
    sent = {"ready": "on", "note": "“引号”与\n换行", "csrf_token": me.mark()}
    with occupied(bench.desk.store):
        kept = me.client.post(START, data=sent)
    assert kept.status_code == 503
    assert "数据库正被其他操作占用" in kept.text
    assert "先一步改动" not in kept.text, "nobody else changed anything"
    assert kept.headers["Retry-After"] == "60"
    target, fields = carried(kept.text) or ("", [])
    assert (target, dict(fields)) == (START, sent)
    again = me.client.post(target, data=dict(fields))
    assert again.status_code == 302, again.text


def test_who_is_refused_for_the_state_of_the_database_is_refused_once(bench: Bench, browse: Browse) -> None:
    """Each try waits as long as one waits: three of them kept a person for most of a minute."""
    me, begun = browse("applicant"), []
    sent = {"ready": "on", "csrf_token": me.mark()}
    sa.event.listen(bench.desk.store._engine, "checkout", lambda *_: begun.append(1))
    with occupied(bench.desk.store):
        me.client.post(START, data=sent)
    assert len(begun) == 1


def test_a_form_that_lost_its_mark_gets_a_new_one_from_a_page_of_ours_alone(browse: Browse) -> None:
    me = browse("applicant")
    sent = {"ready": "on", "csrf_token": "of the session before"}
    ours = me.client.post(START, data=sent, headers=SAME)
    assert (ours.status_code, "页面已经过期" in ours.text, "角色登记有误" in ours.text) == (403, True, False)
    target, fields = carried(ours.text) or ("", [])
    assert me.client.post(target, data=dict(fields)).status_code == 302
    for header in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"}):
        assert carried(me.client.post(START, data=sent, headers=header).text) is None


@pytest.mark.parametrize("field", ["password", "old", "new", "again", "code", "laurel_proof"])
def test_a_secret_stands_in_no_page(bench: Bench, browse: Browse, field: str) -> None:
    me = browse("applicant")
    sent = {"ready": "on", field: "geheim-geheim", "csrf_token": me.mark()}
    with occupied(bench.desk.store):
        kept = me.client.post(START, data=sent)
    assert (kept.status_code, carried(kept.text), "geheim" in kept.text) == (503, None, False)


def test_files_are_chosen_again_and_what_is_wrong_for_good_is_not_sent_again(bench: Bench, browse: Browse) -> None:
    me = browse("applicant")
    mark = me.mark()
    with occupied(bench.desk.store):
        file = {"ready": "on", "csrf_token": mark, "licence": (io.BytesIO(b"%PDF-1.7"), "licence.pdf")}
        assert carried(me.client.post(START, data=file, content_type="multipart/form-data").text) is None
    assert carried(me.client.post("/people", data={"name": "甲", "csrf_token": mark}).text) is None
    assert carried(me.client.post("/no/such/page", data={"name": "甲", "csrf_token": mark}).text) is None


def test_a_fault_of_the_program_leaves_what_was_typed_on_the_page(bench: Bench) -> None:
    from service.web.frame.requests.guarding import route_guard

    app = make_app(bench)

    @app.post("/broken")
    @route_guard("session.end")
    def broken() -> str:
        raise RuntimeError("a fault")

    me = Browser(app, bench, "office")
    mark = me.mark()
    kept = me.client.post("/broken?a=1", data={"note": "写了很久", "csrf_token": mark})
    assert kept.status_code == 500
    assert carried(kept.text) == ("/broken?a=1", [("note", "写了很久"), ("csrf_token", mark)])


def test_words_of_a_form_that_was_refused_can_be_copied(bench: Bench, browse: Browse) -> None:
    me, case = browse("office"), bench.submitted()
    (task,) = bench.tasks(case)
    sent = {"version": "0", "words": "请核对<b>第二处</b>", "password": "一句好记的话", "csrf_token": me.mark()}
    gone = me.client.post(f"/tasks/{task.id}/claim", data=sent)
    assert gone.status_code == 409
    shown = gone.text.partition("data-typed")[2]
    assert "请核对&lt;b&gt;第二处&lt;/b&gt;" in shown
    assert "一句好记的话" not in gone.text
    stale = me.client.post(f"/tasks/{task.id}/claim", data={**sent, "csrf_token": "of another"})
    assert (stale.status_code, "第二处" in stale.text) == (403, False)
