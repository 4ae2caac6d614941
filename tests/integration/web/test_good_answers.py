"""Operations that no other test lets succeed: each answers well once, and every good answer is held to the document."""

from __future__ import annotations

import base64
from collections.abc import Callable

from service.casework.cases.start import start_case
from service.casework.tasks.complete import complete_task
from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench

Browse = Callable[..., Browser]
API = "/api/v1"


def waiting(bench: Bench) -> int:
    """Return a task that waits for the office."""
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    (task,) = bench.tasks(case)
    complete_task(bench.desk, bench.applicant, task.id, task.version, {"founded_on": "2010-05-01"})
    return case


def done(who: Browser, method: str, path: str, body: dict[str, object]) -> None:
    answer = who.send(method, f"{API}{path}", body)
    assert answer.status_code in (200, 204), (path, answer.text[:300])


def test_a_task_is_handed_to_a_colleague_and_a_notice_corrected_and_fetched(bench: Bench, browse: Browse) -> None:
    case, office = waiting(bench), browse("office")
    (task,) = bench.tasks(case)
    done(office, "POST", f"/tasks/{task.id}/delegate", {"person_id": bench.people["second"], "reason": "休假"})
    (task,) = bench.tasks(case)
    complete_task(bench.desk, bench.second, task.id, task.version, {"decision": "pass"})
    with bench.desk.store.read() as tx:
        (notice,) = tx.notices.of_case(case)
    words = {"title": "公示", "text": "更正后的内容", "reason": "名称有误", "of_substance": False}
    done(office, "POST", f"/notices/{notice.id}/correct", words)
    with bench.desk.store.read() as tx:
        newest = tx.notices.of_case(case)[-1]
    assert office.get(f"{API}/notices/{newest.id}/files/docx").status_code == 200


def test_people_and_organisations_are_kept(bench: Bench, browse: Browse) -> None:
    admin, second = browse("admin"), bench.people["second"]
    with bench.desk.store.read() as tx:
        office = tx.people.body_by_key("testville", "office")
    assert office is not None
    done(admin, "PUT", f"/people/{second}/email", {"email": "second@example.cn"})
    done(admin, "PUT", f"/people/{second}/password", {"password": "临时密码-2026-07"})
    seat = {"jurisdiction": "testville", "role": "office", "body_id": office.id}
    done(admin, "POST", f"/people/{bench.people['stranger']}/seats", seat)
    done(admin, "POST", "/organisations", {"name": "新来的公司", "code": "91650100MA7800010B"})


def test_a_document_is_fetched(bench: Bench, browse: Browse) -> None:
    case = waiting(bench)
    (task,) = bench.tasks(case)
    complete_task(bench.desk, bench.office, task.id, task.version, {"decision": "fail", "reason": "材料不全"})
    bench.drain()
    with bench.desk.store.read() as tx:
        (document,) = tx.documents.of_case(case)
    answer = browse("office").get(f"{API}/documents/{document.id}")
    assert answer.status_code == 200, answer.text[:300]


def test_a_file_is_attached_and_taken_out_again(bench: Bench, browse: Browse) -> None:
    applicant = browse("applicant")
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    (task,) = bench.tasks(case)
    sent = {"field": "licence", "name": "执照.pdf", "content": base64.b64encode(b"%PDF-1.4 x").decode()}
    kept = applicant.send("POST", f"{API}/tasks/{task.id}/uploads", sent)
    assert kept.status_code == 200, kept.text[:300]
    assert applicant.get(f"{API}/uploads/{kept.json['id']}").status_code == 200
    done(applicant, "DELETE", f"/uploads/{kept.json['id']}", {})
