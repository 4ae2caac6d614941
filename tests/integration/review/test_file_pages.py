"""Files of an application are read page by page on the page itself; notes at them are the reader's alone."""

from __future__ import annotations

import re
import struct
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
import typst

from service.casework.documents.received_files import note_fault
from service.casework.queries.downloads.files import open_preview_file, view_file_reader
from service.casework.reading.replaced_files import standing_of
from service.domain.errors import NotAllowed
from service.domain.files.uploads import FileKind
from service.store.models import FormResultRow, PageNoteRow, UploadRow
from service.web import create_app
from tests.integration.review.test_recusal import recuse
from tests.support.browsers import Browser, settings_for_tests
from tests.support.review import DECLARED, ReviewBench

PDF = "application/pdf"


@cache
def report(pages: int = 3) -> bytes:
    made = typst.compile(
        (
            "#set page(width: 80mm, height: 50mm)\n" + "#pagebreak()\n".join(f"page {n}" for n in range(1, pages + 1))
        ).encode()
    )
    assert isinstance(made, bytes)
    return made


def hand_in(bench: ReviewBench, ident: str, content: bytes, kind: str = PDF, secret: str | None = None) -> str:
    """Let 甲 submit its evidence anew, with one file."""
    with bench.desk.store.write() as tx:
        case = tx.cases.get(bench.case())
        sha256, size = bench.desk.store.files.put(content)
        person = bench.actor("甲").person_id
        row = UploadRow(
            id=ident, case_id=case.id, field="report", name=f"{ident}.pdf", kind=kind, size=size, sha256=sha256,
            secret=secret, person_id=person, at=bench.desk.clock.now(),
        )  # fmt: skip
        tx.uploads.add(row)
        data = {"merit": "特色", "report": [{"id": ident, "name": row.name, "size": size}]}
        tx.forms.insert(
            FormResultRow(
                case_id=case.id, element="fill", form="apply", data=data, body_id=case.subject_id,
                person_id=person, at=bench.desk.clock.now(),
            )
        )  # fmt: skip
    return ident


@pytest.fixture
def expert(here: ReviewBench) -> ReviewBench:
    here.play(DECLARED)
    here.people["expert"] = int(here.tasks("score")[0].assignee_id or 0)
    return here


def browser(bench: ReviewBench, who: str = "expert") -> Browser:
    return Browser(create_app(bench.desk, settings_for_tests()), bench, who)  # type: ignore[arg-type]


def test_a_file_is_read_beside_the_sheet(expert: ReviewBench) -> None:
    ident, hand, task = hand_in(expert, "r1", report()), browser(expert), expert.tasks("score")[0].id
    page = hand.get(f"/tasks/{task}?beside=0").text
    assert f'value="beside:f{ident}"' in page
    page = hand.get(f"/tasks/{task}?beside=f{ident}").text
    content = re.search(r'data-content="(/uploads/r1/shown\?mark=\w+)"', page)
    assert content
    answer = hand.get(content[1])
    assert (answer.status_code, answer.headers["Content-Type"], answer.data) == (200, PDF, report())
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    dossier = hand.get(f"/cases/{expert.case()}/dossier?beside=f{ident}").text
    assert 'class="reader' in dossier
    assert 'class="beside-rest"' in dossier
    saved = hand.post(f"/tasks/{task}", {"do": f"beside:f{ident}", "beside": "0", "i_4_1_2.percent": "60"})
    assert saved.headers["Location"] == f"/tasks/{task}?beside=f{ident}"
    assert '<input value="60"' in hand.get(saved.headers["Location"]).text


def test_what_cannot_be_shown_is_a_sentence_and_the_download(expert: ReviewBench) -> None:
    large = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 12500, 8000) + b"\x08\x02\0\0\0"
    hand = browser(expert)
    for ident, content, kind, said in (
        ("d1", b"%PDF-1.4\n%%EOF", FileKind.PDF, "已损坏"), ("d2", large, FileKind.PNG, "10000万像素"),
        ("d3", b"PK\3\4", FileKind.ZIP, "请下载"), ("d4", b"PK\3\4\0", FileKind.DOCX, "请下载"),
    ):  # fmt: skip
        hand_in(expert, ident, content, kind.media_type)
        with expert.desk.store.read() as tx:
            sha256 = tx.uploads.get(ident).sha256
        note_fault(expert.desk, sha256, kind, content)
        page = hand.get(f"/uploads/{ident}/pages")
        assert page.status_code == 200
        assert said in page.text
        assert f'href="/uploads/{ident}"' in page.text
        assert 'class="reader' not in page.text
        refused = hand.get(f"/uploads/{ident}/shown", headers={"Accept": "application/json"})
        assert (refused.status_code, said in refused.json["detail_zh"]) == (404, True)


def test_an_office_file_is_a_pdf_where_libreoffice_is_and_made_once(
    expert: ReviewBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made.pdf").write_bytes(report())
    program = tmp_path / "soffice"
    program.write_text(
        f'#!/bin/sh\nfor word in "$@"; do last="$word"; done\necho once >> {tmp_path}/runs\n'
        f'cp {tmp_path}/made.pdf "$(dirname "$last")/file.pdf"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    hand, ident = browser(expert), hand_in(expert, "w2", b"PK\3\4 words", FileKind.DOCX.media_type)
    assert 'class="reader' in hand.get(f"/uploads/{ident}/pages").text
    for _ in range(2):
        answer = hand.get(f"/uploads/{ident}/shown")
        assert (answer.headers["Content-Type"], answer.data) == (PDF, report())
    assert (tmp_path / "runs").read_text() == "once\n"
    with expert.desk.store.read() as tx:
        known = tx.shown_files.find(sha256=tx.uploads.get(ident).sha256)
    assert known is not None
    files, lost = expert.desk.store.files, str(known.pdf)
    files.drop(lost, files.stamp(lost))
    assert hand.get(f"/uploads/{ident}/shown").data == report()
    (tmp_path / "made.pdf").unlink()
    other = hand_in(expert, "w3", b"PK\3\4 too much", FileKind.XLSX.media_type)
    refused = hand.get(f"/uploads/{other}/shown", headers={"Accept": "application/json"})
    assert (refused.status_code, "过于复杂" in refused.json["detail_zh"]) == (404, True)
    assert "过于复杂" in hand.get(f"/uploads/{other}/pages").text


def test_pages_are_read_by_whom_the_file_is_and_a_secret_is_noted_once(expert: ReviewBench) -> None:
    ident, stranger = hand_in(expert, "r1", report()), browser(expert, "乙") if expert.actor("乙") else None
    assert stranger is not None
    for path in (f"/uploads/{ident}/pages", f"/uploads/{ident}/shown"):
        assert stranger.get(path).status_code == 403, path
    assert stranger.post(f"/uploads/{ident}/notes", {"note_page": "1", "note_words": "x"}).status_code == 403
    reader, secret = expert.member(expert.people["expert"]), hand_in(expert, "s1", report(), secret="trade_secret")

    def noted() -> int:
        with expert.desk.store.read() as tx:
            return sum(event.action == "revealed" for event in tx.history.newest(expert.case()))

    view = view_file_reader(expert.desk, reader, secret)
    open_preview_file(expert.desk, reader, secret, view.mark).content.close()
    assert noted() == 1
    open_preview_file(expert.desk, reader, secret, "from elsewhere").content.close()
    assert noted() == 2
    pages = browser(expert).get(f"/uploads/{secret}/pages").text
    assert f'data-watermark="{reader.name}　' in pages
    assert "data-watermark" not in browser(expert).get(f"/uploads/{ident}/pages").text
    for path in (f"/uploads/{secret}", f"/uploads/{secret}/shown"):
        assert browser(expert).get(path).headers["Cache-Control"] == "no-store", path
    with pytest.raises(NotAllowed):
        view_file_reader(expert.desk, expert.actor("乙"), secret)
    recuse(expert, expert.people["expert"])
    gone = browser(expert)
    for path in (f"/uploads/{ident}/pages", f"/uploads/{ident}/shown", f"/uploads/{ident}"):
        assert gone.get(path).status_code == 403, path
    assert gone.post(f"/uploads/{ident}/notes", {"note_page": "1", "note_words": "x"}).status_code == 403


def own_notes(expert: ReviewBench) -> list[PageNoteRow]:
    with expert.desk.store.read() as tx:
        return tx.page_notes.select(limit=10, person_id=expert.people["expert"], case_id=expert.case(), removed_at=None)


def test_notes_are_ones_own_and_say_when_the_file_was_replaced(expert: ReviewBench) -> None:
    ident, hand = hand_in(expert, "r1", report()), browser(expert)
    refused = hand.post(f"/uploads/{ident}/notes", {"note_page": "2", "note_words": " ", "note_quote": "留下"})
    assert (refused.status_code, "留下" in refused.text) == (422, True)
    assert hand.post(f"/uploads/{ident}/notes", {"note_page": "999999", "note_words": "无此页"}).status_code == 422
    typed = {"note_page": "2", "note_words": "数据与附件不符", "note_quote": "page  2"}
    sent = hand.post(f"/uploads/{ident}/notes", typed)
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/uploads/{ident}/pages?page=2")
    page = hand.get(f"/uploads/{ident}/pages").text
    assert "<q>page 2</q>" in page
    assert "数据与附件不符" in page
    other = next(one for one in expert.tasks("score") if one.assignee_id != expert.people["expert"])
    expert.people["other"] = int(other.assignee_id or 0)
    assert "数据与附件不符" not in browser(expert, "other").get(f"/uploads/{ident}/pages").text
    newer = hand_in(expert, "r2", report(2))
    page = hand.get(f"/uploads/{newer}/pages").text
    assert "写在已更换的文件上" in page
    assert "数据与附件不符" in page
    old = hand.get(f"/uploads/{ident}/pages").text
    assert "这个文件已被更换" in old
    assert "写在已更换的文件上" in old
    assert f'href="/uploads/{newer}/pages"' in old
    (note,) = own_notes(expert)
    assert note.page == 2
    assert browser(expert, "other").post(f"/uploads/{ident}/notes", {"remove": str(note.id)}).status_code == 403
    assert hand.post(f"/uploads/{ident}/notes", {"remove": str(note.id)}).status_code == 303
    assert own_notes(expert) == []


@pytest.mark.both_databases
def test_a_reader_takes_a_file_with_state_secrets_out_of_circulation(expert: ReviewBench) -> None:
    ident, reader, owner = hand_in(expert, "z1", report()), browser(expert), browser(expert, "甲")
    assert f"/uploads/{ident}/stop" in reader.get(f"/uploads/{ident}/pages").text
    assert "停止流转" in reader.get(f"/uploads/{ident}/stop").text
    assert expert.actor("乙")
    for who in (owner, browser(expert, "乙")):
        assert who.post(f"/uploads/{ident}/stop").status_code == 403
    assert reader.post(f"/uploads/{ident}/stop").status_code == 303
    for who in (reader, owner):
        for path in ("", "/pages", "/shown", "/stop"):
            assert who.get(f"/uploads/{ident}{path}").status_code == 403, path
    refused = owner.get(f"/uploads/{ident}").text
    assert "已停止流转" in refused
    assert f'href="/uploads/{ident}/replace"' in refused
    assert "/replace" not in reader.get(f"/uploads/{ident}").text
    with expert.desk.store.read() as tx:
        assert [event.data["uploads"] for event in tx.history.newest(expert.case()) if event.action == "stopped"] == [
            [ident]
        ]
        assert [
            m.subject
            for m in tx.mail.select(case_id=expert.case(), person_id=expert.actor("甲").person_id)
            if "涉密" in m.subject
        ]
    assert "更换附件" in owner.get(f"/uploads/{ident}/replace").text
    assert reader.get(f"/uploads/{ident}/replace").status_code == 403
    fresh = {"report": (BytesIO(report()), "换过的.pdf")}
    assert owner.post(f"/uploads/{ident}/replace", fresh).status_code == 303
    assert owner.get(f"/uploads/{ident}/replace").status_code == 409
    with expert.desk.store.read() as tx:
        taken = next(row for row in tx.uploads.list_of_case(expert.case()) if row.name == "换过的.pdf")
        assert standing_of(tx, expert.case()).instead_of(ident) == taken.id
    assert reader.get(f"/uploads/{taken.id}/pages").status_code == 200
