"""The generated client, over a real connection: what a page can do a program can do, with the same refusals."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any

import pytest
from werkzeug.serving import make_server

from service.casework.archives import view as archives
from service.casework.cases.start import start_case
from service.casework.desk.repeated_requests import MarkedRequest
from service.casework.queries.law import view_moves
from service.casework.queries.monitoring import list_batches
from service.casework.queries.people import experts
from service.casework.queries.public import portal
from service.casework.register import confirm_same
from service.casework.retention import view as retention
from service.casework.review import keep_appointments
from service.casework.simulate.stage.stage import PlayState
from service.casework.studio.drafts import discard_draft
from service.store import NewWork, Store, Transaction
from service.store.rows import (
    AppointmentRow,
    ArchiveRow,
    ErasureRow,
    ExpertRow,
    InterventionBatchRow,
    MoveBatchRow,
    NoticeRow,
    PackageDraftRow,
)
from tests.support import records
from tests.support.ballots import make_hall, paper
from tests.support.browsers import PASSWORD, give_password, make_app
from tests.support.desks import PACKAGE, Bench
from tests.support.exampleton import PACKAGE as EXAMPLETON
from tests.support.exampleton import season
from tests.support.generated_client import generated_client
from tests.support.review import make_review

PDF = base64.b64encode(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n").decode()
As = Callable[..., Any]
MANUAL = Path(__file__).parents[3] / "deploy" / "README.md"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The client as a program has it: the file alone."""
    return generated_client(tmp_path_factory.mktemp("client"))


@contextmanager
def answering(town: Any, generated: ModuleType) -> Iterator[As]:
    """Serve ``town``; yields what signs a person in, None being a visitor."""
    server = make_server("127.0.0.1", 0, make_app(town), threaded=True)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def sign_in(login: str | None = None) -> Any:
        client = generated.Laurel(f"http://127.0.0.1:{server.port}")
        if login is not None:
            give_password(town, login)
            with town.desk.store.read() as tx:
                name = tx.people.person(town.people[login]).login
            client.token = client.begin_session(login=name, password=PASSWORD)["token"]
        return client

    yield sign_in
    server.shutdown()


@pytest.fixture
def sign_in(bench: Bench, generated: ModuleType) -> Iterator[As]:
    with answering(bench, generated) as found:
        yield found


def test_the_example_of_the_manual_lists_ones_tasks(
    sign_in: As,
    bench: Bench,
    generated: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    [task] = bench.tasks(case)
    [example] = re.findall(r"```python\n(from laurel_client .*?)```", MANUAL.read_text(), re.DOTALL)
    with bench.desk.store.read() as tx:
        login = tx.people.person(bench.people["applicant"]).login
    for written, meant in (
        ("https://quality.example.gov.cn", sign_in("applicant").address),
        ('login="office"', f'login="{login}"'),
        ('password="…"', f'password="{PASSWORD}"'),
    ):
        assert written in example
        example = example.replace(written, meant)
    monkeypatch.setitem(sys.modules, "laurel_client", generated)
    exec(example, {})
    assert capsys.readouterr().out == f"{task.id} {task.title}\n"


def test_a_timer_tells_the_moment_at_which_it_fires(sign_in: As, bench: Bench) -> None:
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    [task] = bench.tasks(case)
    due = bench.clock.now() + timedelta(days=3, hours=2)
    with bench.desk.store.write() as tx:
        place = {"process_id": task.process_id, "element": task.element}
        tx.work.enqueue_many([NewWork("timer", case, "t", place, due)], bench.clock.now())
    [timer] = sign_in("office").monitor_timers()["timers"]
    assert (timer["case_id"], datetime.fromisoformat(timer["due_at"])) == (case, due)


def test_a_case_goes_its_whole_way_by_calls(sign_in: As, generated: ModuleType) -> None:
    applicant, office = sign_in("applicant"), sign_in("office")
    [option] = applicant.start_options()["options"]
    assert (option["package"], option["process"], option["name"]["zh"]) == (PACKAGE, "application", "申报")
    form = applicant.start_form("testville", "prize", "application")
    assert [field["path"] for field in form["fields"]] == ["ready"]
    case = applicant.begin_case(package=PACKAGE, process="application", values={"ready": True})["case_id"]
    [task] = applicant.tasks_of_case(case)["tasks"]
    kept = applicant.attach_to_task(task["id"], field="licence", name="执照.pdf", content=PDF)
    values = {"founded_on": "2010-05-01", "licence": [kept]}
    applicant.keep_draft(task["id"], values={"founded_on": "2010-05-01"})
    with pytest.raises(generated.Refused) as missing:
        applicant.complete(task["id"], values={})
    assert [error["path"] for error in missing.value.errors] == ["founded_on"]
    applicant.complete(task["id"], values=values)
    assert applicant.uploaded_file(kept["id"])["content"] == PDF
    [review] = office.tasks(scope="visible")["tasks"]
    office.claim(review["id"], version=review["version"])
    office.release_claim(review["id"])
    assert applicant.take_task_back(task["id"])["task_id"] != task["id"]
    [action] = applicant.actions_of_case(case)["actions"]
    assert [f["path"] for f in applicant.action_form(case, action["id"])["fields"]] == ["reason"]
    applicant.do_action(case, action["id"], values={"reason": "材料有误，重新准备"})
    assert applicant.case(case)["status"] == "ended"
    assert office.verify_history(case) == {"first_broken": None}


def test_refusals_are_those_of_the_pages(sign_in: As, generated: ModuleType, bench: Bench) -> None:
    applicant, stranger, visitor = sign_in("applicant"), sign_in("stranger"), sign_in()
    case = applicant.begin_case(package=PACKAGE, process="application", values={"ready": True})["case_id"]
    for call, status in (
        (lambda: visitor.begin_case(package=PACKAGE, process="application"), 401),
        (lambda: stranger.tasks_of_case(case), 403),
        (lambda: stranger.do_action(case, "withdraw", values={"reason": "x"}), 403),
        (lambda: applicant.people(), 403),
        (lambda: applicant.complete_tasks(task_ids=[10**30]), 422),
        (lambda: applicant.complete_tasks(task_ids=[1], values={"ready": [{"n": -(10**25)}]}), 422),
        (lambda: applicant.begin_case(package=PACKAGE, process="nothing"), 404),
        (lambda: applicant.do_action(case, "nothing"), 404),
        (lambda: applicant.attach_to_task(bench.tasks(case)[0].id, field="licence", name="x.exe", content=PDF), 422),
        (lambda: applicant.attach_to_task(bench.tasks(case)[0].id, field="licence", name="x.pdf", content="?"), 422),
    ):
        with pytest.raises(generated.Refused) as refusal:
            call()
        assert (refusal.value.status, bool(refusal.value.zh), bool(refusal.value.en)) == (status, True, True)


def test_an_administrator_keeps_people_by_calls(sign_in: As, generated: ModuleType) -> None:
    admin = sign_in("admin")
    page = admin.people()
    seat = next(one for one in page["choices"] if one["role"] == "office")
    made = admin.open_account(
        login="zhou",
        name="周某",
        password=PASSWORD,
        seat={key: seat[key] for key in ("jurisdiction", "role", "body_id")},
    )["person_id"]
    zhou = sign_in("office").__class__(admin.address)
    zhou.token = zhou.begin_session(login="zhou", password=PASSWORD)["token"]
    with pytest.raises(generated.Refused, match="password_to_change"):
        zhou.messages()
    zhou.change_own_password(old=PASSWORD, new=f"{PASSWORD}-own")
    assert [told["subject"][:4] for told in zhou.messages()["messages"]] == ["请留意："], "of the new password"
    admin.set_account_active(made, active=False)
    with pytest.raises(generated.Refused, match="401"):
        zhou.messages()
    with pytest.raises(generated.Refused, match="409"):
        admin.register_applicant(name="甲公司", code="91650100MA77000001")


def test_a_member_votes_once_and_the_receipt_holds(
    sqlite_url: str, open_store: Callable[[str], Store], generated: ModuleType
) -> None:
    hall = make_hall(open_store(sqlite_url))
    _, ballot = hall.open()
    with answering(hall, generated) as sign_in:
        member = sign_in("member1")
        [part] = member.ballot(ballot)["parts"]
        assert len(part["asks"]) == 3
        told = paper("yyn")
        assert member.read_ballot_paper(ballot, paper=told)["paper"] == told
        assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", member.vote_now(ballot, paper=told)["receipt"])
        with pytest.raises(generated.Refused, match="already_voted"):
            member.vote_now(ballot, paper=told)
        with pytest.raises(generated.Refused, match="403"):
            sign_in("member2").close_early(ballot, reason="x")


def test_an_objection_without_an_account_is_lodged_and_followed(
    sqlite_url: str, open_store: Callable[[str], Store], tmp_path: Path, generated: ModuleType
) -> None:
    stage: PlayState = season(open_store(sqlite_url), tmp_path / "root")
    with stage.desk.store.read() as tx:
        notice = next(n.id for n in tx.notices.of_case(stage.case("届")) if n.kind == "winners")
    with answering(stage, generated) as sign_in:
        visitor, kind = sign_in(), {"package": EXAMPLETON, "process": "objection", "notice": notice}
        form = visitor.objection_form(*EXAMPLETON.split("/"), "objection", notice=str(notice))
        target = next(one["id"] for one in form["targets"] if one["id"] == stage.case("甲"))
        papers = {
            field: [visitor.attach_to_objection(**kind, field=field, name=f"{field}.pdf", content=PDF)]
            for field in ("identity_proof", "evidence")
        }
        said = {
            "kind": "person", "name": "李某", "telephone": "13900000000", "address": "北区一号", "signature": "李某",
            "content": "去年发生重大质量事故。", "evidence_list": "事故通报", "declared": True, **papers,
        }  # fmt: skip
        receipt = visitor.lodge_objection(**kind, target=target, values=said)
        where = visitor.track_objection(code=receipt["code"])
    assert (where["number"], where["running"]) == (receipt["number"], True)
    assert "李某" not in str(where)


def test_a_request_that_is_sent_again_takes_effect_once(sign_in: As, generated: ModuleType) -> None:
    applicant = sign_in("applicant")
    with pytest.raises(generated.Refused, match="404"):
        applicant.begin_case(package=PACKAGE, process="nothing", key="first")
    begin = {"package": PACKAGE, "process": "application", "values": {"ready": True}, "key": "first"}
    assert applicant.begin_case(**begin) == applicant.begin_case(**begin) == {"case_id": 1}
    with pytest.raises(generated.Refused, match="409") as other:
        applicant.begin_case(**{**begin, "values": {}})
    assert "另一项请求" in other.value.zh
    assert applicant.begin_case(**{**begin, "key": "second"}) == {"case_id": 2}
    assert sign_in("stranger").begin_case(**begin) == {"case_id": 3}  # a key belongs to its sender


def test_an_account_is_opened_once_and_nothing_of_its_password_is_kept(
    sign_in: As, bench: Bench, generated: ModuleType
) -> None:
    admin = sign_in("admin")
    seat = {"jurisdiction": "testville", "role": "office", "body_id": bench.office.seats[0].body_id}
    sent = {"login": "li.hua", "name": "李华", "seat": seat, "key": "new"}
    first = admin.open_account(**sent, password="一次性的新口令-2026")
    assert admin.open_account(**sent, password="另一个新的口令-2026") == first  # of the password nothing is compared
    with pytest.raises(generated.Refused, match="409"):
        admin.open_account(**{**sent, "name": "李桦"}, password="一次性的新口令-2026")


def test_nothing_of_a_vote_is_kept_with_a_key(
    sqlite_url: str, open_store: Callable[[str], Store], generated: ModuleType
) -> None:
    hall = make_hall(open_store(sqlite_url))
    _, ballot = hall.open()
    with answering(hall, generated) as sign_in:
        member, body = sign_in("member1"), {"paper": paper("yyn")}
        for call in ("check", "vote"):
            with pytest.raises(generated.Refused, match="不接受 Idempotency-Key"):
                member._send("POST", f"/ballots/{ballot}/{call}", {}, body, "k")
        with pytest.raises(generated.Refused, match="不接受 Idempotency-Key"):
            member._send("POST", "/session", {}, {"login": "x", "password": "y"}, "k")
    assert hall.ballot(ballot).cast == 0


def test_what_is_told_once_is_kept_nowhere_and_what_was_sent_only_under_a_secret(sign_in: As, bench: Bench) -> None:
    applicant = sign_in("applicant")
    sent = {"package": PACKAGE, "process": "application", "values": {"ready": True}}
    applicant.begin_case(**sent, key="first")
    request = MarkedRequest(f"person {bench.people['applicant']}", "/api/v1/cases?", "first", b"")
    with bench.desk.store.read() as tx:
        row = tx.requests.get(request.mark)
    assert row is not None
    plain = {hashlib.sha256(json.dumps({**sent, **more}).encode()).hexdigest() for more in ({}, {"parent_id": None})}
    assert row.content not in plain


def test_the_office_keeps_experts_by_calls(
    sqlite_url: str, open_store: Callable[[str], Store], generated: ModuleType
) -> None:
    review = make_review(open_store(sqlite_url))
    review.actor("office")
    with answering(review, generated) as sign_in:
        office = sign_in("office")
        place = office.experts()["jurisdiction"]
        person = {
            "jurisdiction": place,
            "login": "expert.yi",
            "name": "易某",
            "employer": "大学",
            "education": "doctor",
        }
        made = office.register_expert(**person, practising_since="2010-01-01")["expert_id"]
        office.note_training(made, title="评审员培训", held_on="2026-01-10")
        [line] = office.experts(q="易某")["experts"]
        assert (line["id"], line["last_training"], line["status"]) == (made, "2026-01-10", "active")
        told = office.change_expert_status(made, version=line["version"], status="suspended", reason="出国")
        assert told == {"touched": 0}
        assert office.experts(q="易某")["experts"][0]["barred"]["zh"]
        assert office.appointments()["appointments"] == []
        with pytest.raises(generated.Refused, match="422"):
            office.awards(after="gestern")
        with pytest.raises(generated.Refused, match="401"):
            sign_in().experts()


def test_how_the_law_is_carried_out_is_told_to_programs(sign_in: As, generated: ModuleType) -> None:
    office, admin = sign_in("office"), sign_in("admin")
    lines = {line["id"]: line for line in office.coverage("testville")["lines"]}
    assert lines["TV-2"]["status"] in ("CARRIED_OUT", "UNPROVED")
    assert all(place["file"] for place in lines["TV-2"]["places"])
    admin.set_parameter("testville", "prize", "notice_days", value=7, since="2026-06-01", reason="公示期延长")
    with pytest.raises(generated.Refused, match="422"):
        admin.set_parameter("testville", "prize", "notice_days", value=3, since="2026-07-01", reason="缩短")
    found = {one["id"]: one for one in office.settings("testville", "prize")["settings"]}
    assert found["notice_days"]["typed"] == "5"
    [version] = office.versions("testville", "prize")["versions"]
    assert version["current"] is True


PAGED = (
    (experts, "PAGE", "experts", (), "experts"),
    (keep_appointments, "PAGE", "appointments", (), "appointments"),
    (archives, "PAGE", "list_archives", (), "archives"),
    (confirm_same, "PAGE", "doubts", (), "doubts"),
    (discard_draft, "PAGE", "discarded_drafts", (), "drafts"),
    (view_moves, "BATCHES", "move_batches", ("testville", "prize"), "batches"),
    (portal, "PAGE", "notices", (), "past"),
    (list_batches, "MOST", "all_batches", (), "batches"),
    (retention, "PAGE", "show_retention", (), "erasures"),
)
"""Lists: the module and name of the size of its page, the operation, its place, and the field that a cursor continues."""


READ_IN_PAGES = {"appointments": "appointment", "doubts": "body", "discarded_drafts": "package_draft"}
"""Lists of which some rows are another reader's: as many as a page has are read at once, and more where it is not full."""


def three_of_each(tx: Transaction, bench: Bench, case: int) -> None:
    """Put three of what `PAGED` lists on record."""
    version = tx.cases.get(case).definition
    now, day, here = bench.clock.now(), date(2026, 3, 2), "testville"
    admin, last = bench.people["admin"], timedelta(days=3)
    for n in range(1, 4):
        person = records.person(tx, f"expert.{n}")
        body = tx.people.upsert_body("*", f"K{n}", kind="organisation", name="同名公司")
        fixed = {"person_id": person, "practising_since": day, "term_from": day, "created_at": now, "changed_at": now}
        tx.experts.insert(ExpertRow(jurisdiction=here, employer="大学", education="doctor", **fixed))
        times = {"starts_at": now + timedelta(hours=n // 2), "ends_at": now + last, "made_at": now}
        tx.panels.insert_appointment(
            AppointmentRow(jurisdiction=here, case_id=case, stage="s", body_id=body, room="一室", **times)
        )
        tx.archives.begin(
            ArchiveRow(case_id=case, jurisdiction=here, title="届", full=False, purpose="p", cases=1, begun_at=now)
        )
        tx.moves.begin(
            MoveBatchRow(
                package=PACKAGE, target=version, reason="r", dry=True, person_id=admin, begun_at=now, state="done"
            )
        )
        tx.interventions.begin(
            InterventionBatchRow(kind="suspend", at=now, person_id=admin, reason="r", given={}, dry=True, public=False),
            [case],
        )
        tx.erasures.ask(
            ErasureRow(case_id=case, jurisdiction=here, person_id=admin, parts=["personal"], reason="r", asked_at=now)
        )
        tx.package_drafts.insert(
            PackageDraftRow(
                package=PACKAGE, title="稿", sources=b"", person_id=admin, author="管", state="discarded",
                created_at=now, changed_at=now,
            )
        )  # fmt: skip
        tx.notices.insert(
            NoticeRow(
                jurisdiction=here, case_id=case, element="e", kind="k", title="公示", content={}, fingerprint="f",
                posted_at=now, first_day=day, last_day=day, ends_at=now, period={}, state="closed",
            )
        )  # fmt: skip


def test_every_list_is_read_to_its_end_page_by_page(sign_in: As, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    with bench.desk.store.write() as tx:
        three_of_each(tx, bench, case)
    admin, office = sign_in("admin"), sign_in("office")
    for module, size, operation, place, field in PAGED:
        who = office if operation == "doubts" else admin
        [whole] = who.pages(operation, *place)
        monkeypatch.setattr(module, size, 1)
        with bench.desk.store.statements() as seen:
            pages = [page[field] for page in who.pages(operation, *place)]
        table = READ_IN_PAGES.get(operation)
        assert table is None or any(f"FROM {table}" in sql and "LIMIT" in sql for sql, _ in seen), operation
        read = [one for page in pages for one in page]
        if operation == "all_batches":  # of each page what runs comes first
            read, whole[field] = (
                sorted(each, key=lambda one: (one["kind"], one["id"])) for each in (read, whole[field])
            )
        assert read == whole[field], operation
        assert len(whole[field]) == (6 if operation == "all_batches" else 3), operation
        assert len(pages) >= 2, operation
