"""Who withdrew and applies again in the round takes along what they submitted, by a press, with its files."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.casework.queries.downloads.files import open_upload
from service.casework.reading.submissions import uploads_in
from service.casework.step.submission import FormInvalid
from service.casework.tasks.complete import complete_task
from service.casework.tasks.take_earlier import take_earlier, view_earlier
from service.domain.errors import NotAllowed
from service.store.models import FormResultRow, UploadRow
from service.web.frame.requests.current import DESK
from tests.integration.web.test_demo import play
from tests.support.demonstration import demonstration, person_of

WITHDREW = "org.07"
FORM = "application"


@pytest.fixture
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = demonstration(tmp_path_factory.mktemp("earlier"))
    yield app
    app.extensions[DESK].store.close()


def own_case(app: Flask, client: FlaskClient) -> int:
    """The case at which the person's organisation has its own place."""
    return int(client.get("/").headers["Location"].rsplit("/", 1)[1])


def submitted(app: Flask, case_id: int, form: str = FORM) -> FormResultRow:
    with app.extensions[DESK].store.read() as tx:
        return tx.forms.of_case(case_id, form)[-1]


def file_rows(app: Flask, value: Any) -> list[UploadRow]:
    with app.extensions[DESK].store.read() as tx:
        return [tx.uploads.get(ident) for ident in uploads_in(value)]


def way_back(client: FlaskClient) -> str:
    """Where the page of the withdrawn application leads who applies again."""
    page = client.get(client.get("/").headers["Location"]).text
    [way] = re.findall(r'href="(/start/[^"]+)">重新申报<', page)
    return str(html.unescape(way))


def mark(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    return found[1]


def began_anew(client: FlaskClient, start: str) -> int:
    """Begin the new application, and return the task to fill it in."""
    page = client.get(f"{start}&earlier=take").text
    asked = re.findall(r'<select[^>]*name="(\w+)"(.*?)</select>', page.partition("<main")[2], re.DOTALL)
    found = {name: re.search(r'<option value="(\w+)"[^>]* selected', options) for name, options in asked}
    chosen = {name: one[1] for name, one in found.items() if one}
    form = {"csrf_token": mark(page), "channel": "online", "voluntary": "true", **chosen}
    begun = client.post(start, data=form)
    assert begun.status_code == 302, re.sub(r"<[^>]+>", " ", begun.text.partition("<main")[2])[:600]
    task = re.search(r'href="/tasks/(\d+)"', client.get(begun.headers["Location"]).text.partition("您现在要做的")[2])
    assert task
    return int(task[1])


def test_the_application_is_taken_with_its_files_which_stay_those_of_the_earlier_case(demo: Flask) -> None:
    client = play(demo, WITHDREW)
    old = own_case(demo, client)
    before = submitted(demo, old).data
    task = began_anew(client, way_back(client))
    page = client.get(f"/tasks/{task}").text
    said = page.partition(f'action="/tasks/{task}/earlier-answers"')[0]
    assert f"和 {len(set(uploads_in(before)))} 个附件可以带入" in said
    assert before["organisation"]["address"] not in page.partition('id="task-form"')[2]
    assert "earlier-answers" not in client.get(f"/tasks/{task}?earlier=no").text

    assert client.post(f"/tasks/{task}/earlier-answers", data={"csrf_token": mark(page)}).status_code == 302
    page = client.get(f"/tasks/{task}").text
    assert "已带入并暂存" in page
    assert before["organisation"]["address"] in page
    assert "earlier-answers" not in page, "the draft is there now"
    desk, person = demo.extensions[DESK], person_of(demo, WITHDREW)
    with desk.store.read() as tx:
        draft = tx.drafts.find(task_id=task, person_id=person.person_id or 0)
    assert draft is not None
    old_files, new_files = file_rows(demo, before), file_rows(demo, draft.data)
    assert [row.sha256 for row in new_files] == [row.sha256 for row in old_files]
    assert {row.id for row in new_files}.isdisjoint(row.id for row in old_files)
    assert {(row.case_id, row.task_id) for row in new_files} == {(None, task)}
    assert "responsibility" not in draft.data["statements"], "statements are made anew"

    assert {row.case_id for row in file_rows(demo, before)} == {old}
    for row in (*old_files, *new_files):
        with open_upload(desk, person, row.id).content as content:
            assert content.read(1)


def test_what_was_typed_stays_and_a_file_that_was_set_aside_is_named(demo: Flask) -> None:
    client = play(demo, WITHDREW)
    before = submitted(demo, own_case(demo, client)).data
    task = began_anew(client, way_back(client))
    desk, person = demo.extensions[DESK], person_of(demo, WITHDREW)
    aside = file_rows(demo, before)[0]
    with desk.store.write() as tx:
        tx.uploads.mark_secret([aside.id], "identity")
        tx.drafts.save(task, person.person_id or 0, {"organisation": {"address": "新址1号"}}, desk.clock.now())
    taken = take_earlier(desk, person, task)
    assert taken.values["organisation"]["address"] == "新址1号"
    assert taken.values["organisation"]["contact_name"] == before["organisation"]["contact_name"]
    assert (aside.name in taken.left_out, taken.files) == (True, len(set(uploads_in(before))) - 1)
    assert len(file_rows(demo, taken.values)) == taken.files
    again = take_earlier(desk, person, task)
    assert list(uploads_in(again.values)) == list(uploads_in(taken.values)), "no file is entered twice"


def test_what_was_taken_is_submitted_once_the_statements_are_made_anew(demo: Flask) -> None:
    client = play(demo, WITHDREW)
    old = own_case(demo, client)
    before = submitted(demo, old).data
    task = began_anew(client, way_back(client))
    desk, person = demo.extensions[DESK], person_of(demo, WITHDREW)
    taken = take_earlier(desk, person, task)
    with pytest.raises(FormInvalid) as refused:
        complete_task(desk, person, task, None, taken.values)
    assert [error.path for error in refused.value.errors] == [
        "conditions.stance",
        "statements.no_state_secret",
        "statements.responsibility",
    ]
    stated = {"conditions": {"stance": True}, "statements": {"no_state_secret": True, "responsibility": True}}
    values = {name: {**value, **stated.get(name, {})} for name, value in taken.values.items()}
    new = complete_task(desk, person, task, None, values).case_id
    sent = submitted(demo, new).data
    assert sent["organisation"] == before["organisation"]
    assert {row.case_id for row in file_rows(demo, sent)} == {new}
    assert {row.case_id for row in file_rows(demo, before)} == {old}


def test_nobody_else_is_offered_it(demo: Flask) -> None:
    client = play(demo, WITHDREW)
    old = own_case(demo, client)
    task = began_anew(client, way_back(client))
    desk = demo.extensions[DESK]
    for login in ("org.08", "office.wang"):
        with pytest.raises(NotAllowed):
            view_earlier(desk, person_of(demo, login), task)
        with pytest.raises(NotAllowed):
            take_earlier(desk, person_of(demo, login), task)
    person = person_of(demo, WITHDREW)
    found = view_earlier(desk, person, task)
    assert found is not None
    assert found.case_id == old
