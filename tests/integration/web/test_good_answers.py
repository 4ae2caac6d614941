"""Operations that no other test lets succeed: each answers well once, and every good answer is held to the document."""

from __future__ import annotations

import base64

from service.casework.definitions.publish import publish_package
from service.casework.tasks.complete import complete_task
from service.catalog import build_catalog
from service.catalog.tree import read_tree
from tests.support.browsers import Browse, Browser
from tests.support.desks import DATA, PACKAGE, Bench

API = "/api/v1"


def done(who: Browser, method: str, path: str, body: dict[str, object]) -> None:
    answer = who.send(method, f"{API}{path}", body)
    assert answer.status_code in (200, 204), (path, answer.text[:300])


def test_a_task_is_handed_to_a_colleague_and_a_notice_corrected_and_fetched(bench: Bench, browse: Browse) -> None:
    case, office = bench.submitted(), browse("office")
    (task,) = bench.tasks(case)
    done(office, "POST", f"/tasks/{task.id}/delegate", {"person_id": bench.people["second"], "reason": "休假"})
    (task,) = bench.tasks(case)
    complete_task(bench.desk, bench.second, task.id, task.version, {"decision": "pass"})
    with bench.desk.store.read() as tx:
        (notice,) = tx.notices.select(case_id=case)
    words = {
        "title": "公示",
        "text": "更正后的内容",
        "reason": "名称有误",
        "of_substance": False,
        "seen": notice.fingerprint,
    }
    assert office.send("POST", f"{API}/notices/{notice.id}/correct", {**words, "seen": "0" * 64}).status_code == 409
    done(office, "POST", f"/notices/{notice.id}/correct", words)
    with bench.desk.store.read() as tx:
        newest = tx.notices.select(case_id=case)[-1]
    assert office.get(f"{API}/notices/{newest.id}/files/docx").status_code == 200


def test_people_and_organisations_are_kept(bench: Bench, browse: Browse) -> None:
    admin, second = browse("admin"), bench.people["second"]
    with bench.desk.store.read() as tx:
        office = tx.bodies.find(jurisdiction="testville", key="office")
    assert office is not None
    profile = {"name": "二号", "email": "second@example.cn", "telephone": ""}
    done(admin, "PUT", f"/people/{second}/profile", profile)
    seat = {"jurisdiction": "testville", "role": "office", "body_id": office.id}
    done(admin, "POST", f"/people/{bench.people['stranger']}/seats", seat)
    done(admin, "POST", "/organisations", {"name": "新来的公司", "code": "91650100MA7800010B"})


def test_a_document_is_fetched(bench: Bench, browse: Browse) -> None:
    case = bench.submitted()
    (task,) = bench.tasks(case)
    complete_task(bench.desk, bench.office, task.id, task.version, {"decision": "fail", "reason": "材料不全"})
    bench.drain()
    with bench.desk.store.read() as tx:
        (document,) = tx.documents.select(case_id=case)
    answer = browse("office").get(f"{API}/documents/{document.id}")
    assert answer.status_code == 200, answer.text[:300]


def test_a_file_is_attached_and_fetched(bench: Bench, browse: Browse) -> None:
    applicant = browse("applicant")
    case = bench.started()
    (task,) = bench.tasks(case)
    sent = {"field": "licence", "name": "执照.pdf", "content": base64.b64encode(b"%PDF-1.4 x").decode()}
    kept = applicant.send("POST", f"{API}/tasks/{task.id}/uploads", sent)
    assert kept.status_code == 200, kept.text[:300]
    assert applicant.get(f"{API}/uploads/{kept.json['id']}").status_code == 200


def test_a_file_as_large_as_a_scan_is_attached(bench: Bench, browse: Browse) -> None:
    """The bound of a text is none of a file: in base64 a file of 40 kB is longer."""
    applicant = browse("applicant")
    case = bench.started()
    (task,) = bench.tasks(case)
    scan = b"%PDF-1.4\n" + bytes(3_000_000)
    sent = {"field": "licence", "name": "执照.pdf", "content": base64.b64encode(scan).decode()}
    kept = applicant.send("POST", f"{API}/tasks/{task.id}/uploads", sent)
    assert (kept.status_code, kept.json.get("size")) == (200, len(scan)), kept.text[:300]
    refused = applicant.send("POST", f"{API}/tasks/{task.id}/uploads", {**sent, "name": "长" * 60_000})
    assert (refused.status_code, "60000 个字符" in refused.json["detail_zh"]) == (422, True), refused.text[:300]


def test_a_file_is_attached_to_the_form_of_an_action(bench: Bench, browse: Browse) -> None:
    files = dict(read_tree(DATA))
    path, asked = (
        "forms/testville/withdraw.json",
        ', {"type": "upload", "id": "proof", "key": "proof", "label": "证明"}]}',
    )
    files[path] = files[path].decode().rstrip().removesuffix("]}").encode() + asked.encode()
    with bench.desk.store.write() as tx:
        publish_package(tx, build_catalog(files).package(PACKAGE), bench.clock.now(), "test")
    applicant = browse("applicant")
    case = bench.started()
    here = f"/cases/{case}/actions/withdraw"
    sent = {"field": "proof", "name": "证明.pdf", "content": base64.b64encode(b"%PDF-1.4 x").decode()}
    kept = applicant.send("POST", f"{API}{here}/uploads", sent)
    assert kept.status_code == 200, kept.text[:300]
    done(applicant, "POST", here, {"values": {"reason": "材料有误", "proof": [kept.json]}})
    with bench.desk.store.read() as tx:
        [file] = tx.uploads.list_of_case(case)
    assert (file.name, bench.case(case).status) == ("证明.pdf", "ended")
