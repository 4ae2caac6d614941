"""What is others': nobody reads its title in a refusal, does its tasks, or sees personal data without a trace."""

import pytest

from service.casework.cases.start import start_case
from tests.support.browsers import Browse
from tests.support.desks import PACKAGE, Bench


@pytest.fixture
def season(bench: Bench) -> Bench:
    bench.decided(contact="张三丰")
    return bench


ASKED_OF_A_TASK: tuple[tuple[str, str, dict[str, object] | None], ...] = (
    ("POST", "claim", {}),
    ("POST", "complete", {"version": 1, "values": {}}),
    ("POST", "delegate", {"to_id": 1}),
    ("PUT", "draft", {"values": {}}),
    ("POST", "release", {}),
    ("POST", "return", {"version": 1, "reason": "材料不全，请补充"}),
    ("GET", "send-back", None),
    ("POST", "take-back", {"reason": "材料不全，请补充"}),
)


def test_who_counts_task_numbers_up_reads_no_title_in_a_refusal(season: Bench, browse: Browse) -> None:
    """A title says which organisation it is about and how far it has come: nobody else learns that before it is posted."""
    stranger, case = browse("stranger"), season.submitted()
    with season.desk.store.read() as tx:
        tasks = tx.tasks.select(case_id=case)
    assert {task.state for task in tasks} == {"open", "done"}
    for task in tasks:
        for method, act, body in ASKED_OF_A_TASK:
            path = f"/api/v1/tasks/{task.id}/{act}"
            answer = stranger.get(path) if body is None else stranger.send(method, path, body)
            assert answer.status_code in (403, 409, 422), (path, answer.text)
            assert task.title not in answer.text, (path, answer.text)
        page = stranger.post(f"/tasks/{task.id}", {"do": "submit", "version": "1"})
        assert page.status_code == 403
        assert task.title not in page.text


def test_nobody_completes_a_task_of_another_role(season: Bench, browse: Browse) -> None:
    case_id = start_case(season.desk, season.stranger, PACKAGE, "application", None, {"ready": True})
    (task,) = season.tasks(case_id)
    for who in ("applicant", "office", "admin"):
        answer = browse(who).post(f"/tasks/{task.id}", {"founded_on": "2010-05-01", "do": "submit", "version": "1"})
        assert answer.status_code == 403, who
    assert [t.state for t in season.tasks(case_id)] == ["open"]


def test_personal_data_are_masked_and_revealing_them_goes_on_record(season: Bench, browse: Browse) -> None:
    office = browse("office")
    with season.desk.store.read() as tx:
        form = next(f for f in tx.forms.of_case(1) if f.form == "application")
    page = office.get(f"/cases/1/forms/{form.id}")
    assert page.status_code == 200
    revealed = office.post(f"/cases/1/forms/{form.id}/reveal")
    assert "张三丰" in revealed.text
    with season.desk.store.read() as tx:
        events = [a.action for a in tx.history.newest(1)]
        assert tx.history.verify(1) is None
    assert events[0] == "revealed"
    own = browse("applicant").get(f"/cases/1/forms/{form.id}").text
    assert "张三丰" in own
