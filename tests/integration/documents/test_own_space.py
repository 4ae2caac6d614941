"""One person sends so much within a day, and a case holds so much: what is more is refused in a sentence, nothing is lost."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest

from service.casework.desk.premises import OwnSpace
from service.casework.tasks.attach_upload import attach_upload
from service.casework.tasks.own_space import OwnSpaceUsedUp
from service.domain.forms import UploadRules
from service.store import Store
from tests.support.browsers import Browser, make_app
from tests.support.desks import Bench, make_bench

FILE = b"%PDF-1.7 licence"


@pytest.fixture
def bench(sqlite_store: Store) -> Bench:
    bench = make_bench(sqlite_store)
    bench.desk = replace(bench.desk, own_space=OwnSpace(of_day=2 * len(FILE), of_case=10**6))
    return bench


def begun(bench: Bench) -> int:
    case = bench.started()
    [task] = bench.tasks(case)
    return task.id


def attach(bench: Bench, task: int | None) -> str:
    return attach_upload(bench.desk, bench.applicant, task, "licence", "执照.pdf", io.BytesIO(FILE), UploadRules()).id


def test_a_person_sends_so_much_within_a_day(bench: Bench) -> None:
    task = begun(bench)
    attach(bench, task), attach(bench, task)
    kept = list(bench.desk.store.files.names())
    with pytest.raises(OwnSpaceUsedUp, match="一天内最多"):
        attach(bench, task)
    assert list(bench.desk.store.files.names()) == kept
    page, applicant = f"/tasks/{task}", Browser(make_app(bench), bench, "applicant")
    sent = {"file": (io.BytesIO(FILE), "执照.pdf")}
    answer = applicant.post(f"{page}/uploads?field=licence", sent, page, content_type="multipart/form-data")
    assert (answer.status_code, "明天再传" in answer.text) == (429, True)
    bench.clock.move_to(bench.clock.now() + timedelta(days=1, minutes=1))
    attach(bench, task)


def test_a_case_holds_so_much(bench: Bench) -> None:
    task = begun(bench)
    bench.desk = replace(bench.desk, own_space=OwnSpace(of_day=10**6, of_case=len(FILE)))
    ident = attach(bench, task)
    with bench.desk.store.write() as tx:
        case = tx.tasks.get(task).case_id
        tx.uploads.claim([ident], case, task)
        assert tx.uploads.total("size", case_id=case, removed_at=None) == len(FILE)
    with pytest.raises(OwnSpaceUsedUp, match="本件的附件合计"):
        attach(bench, task)
    with bench.desk.store.write() as tx:
        tx.uploads.remove(ident, bench.clock.now())
    attach(bench, task)
