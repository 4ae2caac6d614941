"""A finished round becomes a sealed folder that anybody can verify; what is personal is for whom it concerns."""

from __future__ import annotations

import hashlib
import io
import json
import warnings
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from service.casework.archives.gather import Masks, start_archive
from service.casework.archives.view import as_zip, open_archive
from service.casework.tasks.complete import complete_task
from service.cli.main import laurel
from service.domain.audit.archive_check import check_archive
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.forms import compile_form
from service.domain.proof.audit_chain import AuditEvent
from service.store import Store
from service.store.models import SittingMemberRow, SittingRow
from tests.support.desks import Bench, make_bench

PERSON = "张三丰"


@pytest.fixture
def bench(sqlite_store: Store) -> Bench:
    """The small award."""
    return make_bench(sqlite_store)


def ended(bench: Bench) -> int:
    """An application that was refused, with a document."""
    case = bench.submitted(PERSON)
    [task] = bench.tasks(case)
    form = {"decision": "fail", "reason": "材料不全"}
    complete_task(bench.desk, bench.office, task.id, task.version, form)
    bench.drain()
    assert bench.case(case).status == "ended"
    return case


def packed(bench: Bench, ident: int) -> zipfile.ZipFile:
    _, files = open_archive(bench.desk, bench.office, ident)
    return zipfile.ZipFile(io.BytesIO(b"".join(as_zip(bench.desk.store, files))))


def sat(bench: Bench, case: int) -> None:
    """A sitting about a case to which one of two came."""
    now, me = bench.clock.now(), int(bench.office.person_id or 0)
    row = SittingRow(
        jurisdiction="testville", case_id=case, role="office", title="第一次会议", room="三楼", starts_at=now,
        agenda=["听取汇报", f"约谈{PERSON}"], words="会议同意。", state="closed", made_at=now, closed_at=now,
    )  # fmt: skip
    people = [me, bench.people["second"]]
    with bench.desk.store.write() as tx:
        members = [SittingMemberRow(sitting_id=0, person_id=one, name=f"委员{one}", body="办公室") for one in people]
        tx.sitting_members.change_where(
            {"sitting_id": tx.sittings.call(row, members), "person_id": me}, state="present", at=now
        )


def sealed(bench: Bench, *, full: bool) -> zipfile.ZipFile:
    case = ended(bench)
    sat(bench, case)
    ident = start_archive(bench.desk, bench.office, case, "移交档案室", full=full)
    bench.drain()
    return packed(bench, ident)


def test_an_archive_holds_data_history_and_documents_and_verifies(bench: Bench) -> None:
    archive = sealed(bench, full=True)
    names = archive.namelist()
    assert {"index.html", "manifest.json", "SHA256SUMS"} <= set(names)
    assert any(name.endswith(".docx") for name in names)
    [history] = [name for name in names if name.endswith("办理记录.json")]
    assert json.loads(archive.read(history))[0]["seq"] == 1
    [data] = [json.loads(archive.read(name)) for name in names if name.endswith("数据.json")]
    assert data["表单"][-1]["data"] or data["办件"]["outcome"]
    assert any(form["data"].get("contact") == PERSON for form in data["表单"])
    [sitting] = data["会议"]
    assert [one["came"] for one in sitting["members"]] == ["present", "called"]
    [told] = [archive.read(name).decode() for name in names if name.endswith("/index.html")]
    for said in (
        "<h2>会议</h2>",
        "出席（1人）",
        "未签到（1人）",
        "<td>不通过</td>",
        "会议同意。",
        "1. 听取汇报；2. 约谈",
    ):
        assert said in told
    clauses = archive.read("依法办理清单.html").decode()
    assert "填写申报书" in clauses
    page = archive.read("index.html").decode()
    assert "<script" not in page
    assert quote("依法办理清单.html") in page
    assert "甲公司" in page
    report = check_archive(names, archive.open)
    assert report.faults == ()
    with bench.desk.store.read() as tx:
        [event] = [e for e in tx.history.select(case_id=1) if e.action == "archived"]
        assert tx.history.verify(1) is None
    assert event.data["manifest"] == report.seal
    assert "移交档案室" in event.text


def test_personal_values_are_masked_in_rows_numbers_and_history(bench: Bench) -> None:
    source = {
        "type": "default", "id": "staff", "components": [
            {"type": "dynamiclist", "path": "staff", "label": "人员", "components": [
                {"type": "textfield", "key": "name", "label": "姓名", "properties": {"personal": "true"}},
                {"type": "number", "key": "phone", "label": "电话", "properties": {"personal": "true"}}]}]}  # fmt: skip
    form = compile_form(source)
    masks = Masks([(form, {"staff": [{"name": "李四光", "phone": 13912345678}]})], ["王五"])
    told = masks.anywhere({"a": "由李四光、王五办理", "b": [13912345678, True, 7]})
    assert told == {"a": "由李**、王*办理", "b": ["139****5678", True, 7]}
    case = ended(bench)
    with bench.desk.store.write() as tx:  # somebody wrote a name where none should be
        tx.history.record(case, [AuditEvent(bench.clock.now(), PERSON, "x", f"{PERSON}来电")])
    ident = start_archive(bench.desk, bench.office, case, "备查", full=False)
    bench.drain()
    archive = packed(bench, ident)
    [path] = [name for name in archive.namelist() if name.endswith("办理记录.json")]
    last = json.loads(archive.read(path))[-1]
    assert (last["masked"], last["text"]) == (True, "张**来电")
    assert check_archive(archive.namelist(), archive.open).faults == ()


def test_who_may_archive_what(bench: Bench) -> None:
    case = ended(bench)
    with pytest.raises(NotAllowed):
        start_archive(bench.desk, bench.admin, case, "备查", full=True)
    with pytest.raises(NotAllowed):
        start_archive(bench.desk, bench.applicant, case, "备查", full=False)
    with pytest.raises(Invalid):
        start_archive(bench.desk, bench.office, case, " ", full=False)
    with pytest.raises(Conflict, match="没有办结"):
        start_archive(bench.desk, bench.office, bench.submitted(PERSON), "备查", full=False)
    ident = start_archive(bench.desk, bench.admin, case, "备查", full=False)
    with pytest.raises(Conflict, match="正在归档"):
        start_archive(bench.desk, bench.admin, case, "备查", full=False)
    with pytest.raises(Conflict, match="还没有完成"):
        open_archive(bench.desk, bench.admin, ident)


@pytest.mark.parametrize("kind", ["changed", "missing", "added", "chain", "other seal"])
def test_verifying_names_what_is_not_as_it_was_sealed(bench: Bench, tmp_path: Path, kind: str) -> None:
    sealed(bench, full=True).extractall(tmp_path)
    [table] = tmp_path.glob("办件/*/index.html")
    words: list[str] = []
    if kind == "changed":
        raw = bytearray(table.read_bytes())
        raw[len(raw) // 2] ^= 1
        table.write_bytes(raw)
        words = ["index.html", "改动"]
    elif kind == "missing":
        table.unlink()
        words = ["index.html", "缺失"]
    elif kind == "added":
        (tmp_path / "新.txt").write_text("x")
        words = ["新.txt", "没有这个文件"]
    elif kind == "chain":  # a forger who writes the manifest anew still breaks the chain
        [path] = tmp_path.glob("办件/*/办理记录.json")
        path.write_text(path.read_text().replace("提交", "改写", 1).replace("甲公司", "乙公司"))
        manifest = json.loads((tmp_path / "manifest.json").read_text())
        for one in manifest["files"]:
            if one["path"].endswith("办理记录.json"):
                one["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        (tmp_path / "manifest.json").write_text(json.dumps(manifest))
        words = ["办理记录.json", "记录链"]
    arguments = ["audit", "verify", str(tmp_path)]
    if kind == "other seal":
        arguments += ["--seal", "0" * 64]
        words = ["manifest.json", "不符"]
    told = CliRunner().invoke(laurel, arguments)
    assert told.exit_code == 1
    assert all(word in told.output for word in words)


def repacked(place: Path, members: Iterable[tuple[str, bytes]]) -> Path:
    """Write an archive of ``members`` to a ZIP in ``place``, a name twice where it stands twice."""
    with zipfile.ZipFile(place / "archive.zip", "w") as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that stands twice
        for name, content in members:
            made.writestr(name, content)
    return place / "archive.zip"


def verified(file: Path, *options: str) -> tuple[int, str]:
    told = CliRunner().invoke(laurel, ["audit", "verify", str(file), *options])
    return told.exit_code, told.output


def test_a_changed_byte_of_any_member_is_named_and_one_left_out_added_or_twice(bench: Bench, tmp_path: Path) -> None:
    archive = sealed(bench, full=True)
    members = {name: archive.read(name) for name in archive.namelist()}
    assert verified(repacked(tmp_path, members.items()))[0] == 0
    assert {Path(name).suffix for name in members} >= {"", ".json", ".html", ".docx"}
    for name, content in members.items():
        middle = len(content) // 2
        other = {**members, name: content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]}
        code, words = verified(repacked(tmp_path, other.items()))
        assert (code > 0, name in words) == (True, True), words
        code, words = verified(repacked(tmp_path, ((n, c) for n, c in members.items() if n != name)))
        assert (code > 0, name in words) == (True, True), words
        code, words = verified(repacked(tmp_path, [*members.items(), (name, content)]))
        assert (code, f"✗ {name}：有两个同名文件" in words) == (1, True), words


def test_values_of_several_lines_are_found_in_history_and_documents() -> None:
    source = {"type": "default", "id": "person", "components": [
        {"type": "textarea", "key": "address", "label": "住址", "properties": {"personal": "true"}}]}  # fmt: skip
    masks = Masks([(compile_form(source), {"address": 'No. "1"\\2\n文化路三单元'})])
    said = {"text": '住在No. "1"\\2\n文化路三单元'}
    assert masks.touch(said)
    assert "三单元" not in str(masks.anywhere(said))
    assert masks.stands_in_document([{"paragraphs": ["住址", "文化路 三单元。"]}])
    assert not masks.stands_in_document(["文化路"])
    digest = "12" * 32
    named = Masks([], ["12", "张三", "张四"])
    assert named.anywhere({"张三": digest, "张四": "12", "x": 3}) == {"张*": digest, "张*′": "1*", "x": 3}


def test_individuals_of_any_case_of_the_round_are_masked_in_every_case(bench: Bench) -> None:
    top = ended(bench)
    with bench.desk.store.write() as tx:
        someone = tx.bodies.upsert("*", "110101199003078515", kind="individual", name="欧阳明月", registered_in=None)
        row = tx.cases.get(top)
        tx.cases.save(row, facts={**row.facts, "ranking": ["欧阳明月"], "欧阳明月": 3})
        child = replace(
            row, id=0, parent_id=top, subject_id=someone, title="欧阳明月的申请", audit_seq=0, audit_hash=""
        )
        tx.cases.insert(child)
    ident = start_archive(bench.desk, bench.office, top, "备查", full=False)
    bench.drain()
    archive = packed(bench, ident)
    assert not any("欧阳明月" in name for name in archive.namelist())
    for name in archive.namelist():
        if not name.endswith((".docx", ".pdf")):
            assert "欧阳明月" not in archive.read(name).decode(), name
    assert check_archive(archive.namelist(), archive.open).faults == ()


def test_who_is_recused_from_a_case_of_the_round_neither_makes_nor_takes_its_archive(bench: Bench) -> None:
    case = ended(bench)
    subject = bench.case(case).subject_id
    assert subject is not None
    away = replace(bench.office, recused=frozenset({subject}))
    with pytest.raises(NotAllowed, match="没有回避的同事"):
        start_archive(bench.desk, away, case, "备查", full=True)
    ident = start_archive(bench.desk, bench.office, case, "备查", full=True)
    bench.drain()
    with pytest.raises(NotAllowed, match="没有回避的同事"):
        open_archive(bench.desk, away, ident)
    assert open_archive(bench.desk, bench.office, ident)


def test_without_personal_data_no_file_holds_a_personal_value(bench: Bench) -> None:
    archive = sealed(bench, full=False)
    for name in archive.namelist():
        if not name.endswith((".docx", ".pdf")):
            assert PERSON not in archive.read(name).decode(), name
    assert json.loads(archive.read("manifest.json"))["personal_data"] is False
    assert check_archive(archive.namelist(), archive.open).faults == ()
