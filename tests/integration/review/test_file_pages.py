"""Files of an application are read page by page on the page itself; notes at them are the reader's alone."""

from __future__ import annotations

import io
import logging
import re
import struct
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import typst
from docx import Document

from service.casework.documents.file_pages import drawing
from service.casework.queries.downloads.file_pages import open_page, own_page_notes, view_pages
from service.casework.soundness.drawn_pages import drawn_pages
from service.casework.soundness.fault import Unsound
from service.domain.errors import NotAllowed
from service.office.sandbox import Sandbox, SandboxLimits
from service.store.rows import FormResultRow, UploadRow
from service.web import create_app
from tests.integration.review.test_recusal import recuse
from tests.support.browsers import Browser, settings_for_tests
from tests.support.review import DECLARED, ReviewBench

PDF, PNG = "application/pdf", "image/png"


@cache
def report(pages: int = 3) -> bytes:
    made = typst.compile(
        (
            "#set page(width: 80mm, height: 50mm)\n" + "#pagebreak()\n".join(f"page {n}" for n in range(1, pages + 1))
        ).encode()
    )
    assert isinstance(made, bytes)
    return made


def costly() -> bytes:
    """A small PDF of two pages, the second of which draws a hundred million lines."""

    def stream(head: str, content: str) -> str:
        return f"<<{head}/Length {len(content)}>>stream\n{content}\nendstream"

    def form(below: str) -> str:
        return f"/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<<{below}>>>>"

    shapes = [stream(form(f"/F {n} 0 R"), "/F Do " * 100) for n in (7, 8, 9)]
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Resources<</XObject<</F 6 0 R>>>>/Contents 5 0 R>>",
        stream("", "/F Do " * 100), *shapes, stream(form(""), "0 0 m 99 99 l S " * 100),
    ]  # fmt: skip
    body = "".join(f"{n} 0 obj\n{one}\nendobj\n" for n, one in enumerate(objects, 1))
    return f"%PDF-1.4\n{body}trailer<</Root 1 0 R>>\n%%EOF".encode()


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
        tx.uploads.insert(row)
        data = {"merit": "特色", "report": {"id": ident, "name": row.name, "size": size}}
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


def faults(bench: ReviewBench) -> list[str]:
    return [found.found.zh for found in drawn_pages(bench.desk) if isinstance(found, Unsound)]


def test_a_file_is_read_beside_the_sheet_and_its_pictures_are_kept(expert: ReviewBench) -> None:
    ident, hand, task = hand_in(expert, "r1", report()), browser(expert), expert.tasks("score")[0].id
    page = hand.get(f"/tasks/{task}?beside=0").text
    assert f'value="beside:f{ident}"' in page
    page = hand.get(f"/tasks/{task}?beside=f{ident}").text
    assert [f"page {n}" in page for n in (1, 2, 3, 4)] == [True, True, True, False]
    pictures = re.findall(r'src="(/uploads/r1/pages/\d/picture\?mark=\w+)"', page)
    assert len(pictures) == 3
    answer = hand.get(pictures[1])
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, PNG)
    assert answer.data.startswith(b"\x89PNG")
    dossier = hand.get(f"/cases/{expert.case()}/dossier?beside=f{ident}").text
    assert "page 3" in dossier
    assert 'class="beside-rest"' in dossier
    saved = hand.post(f"/tasks/{task}", {"do": f"beside:f{ident}.1", "beside": "0", "i_4_1_2.percent": "60"})
    assert saved.headers["Location"] == f"/tasks/{task}?beside=f{ident}.1"
    assert '<input value="60"' in hand.get(saved.headers["Location"]).text
    with expert.desk.store.read() as tx:
        kept = tx.file_pages.between(tx.uploads.get(ident).sha256, 1, 9)
    assert faults(expert) == []
    files, lost = expert.desk.store.files, str(kept[0].picture)
    files.drop(lost, files.stamp(lost))
    assert ["不在" in fault for fault in faults(expert)] == [True]
    assert hand.get(pictures[0]).status_code == 200
    assert faults(expert) == []


def test_what_cannot_be_shown_is_a_sentence_and_the_download(expert: ReviewBench) -> None:
    large = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 12500, 8000) + b"\x08\x02\0\0\0"
    hand = browser(expert)
    for ident, content, kind, said in (
        ("d1", b"%PDF-1.4\n%%EOF", PDF, "已损坏"), ("d2", large, PNG, "10000万像素"), ("d3", b"PK\3\4", "application/zip", "请下载"),
    ):  # fmt: skip
        page = hand.get(f"/uploads/{hand_in(expert, ident, content, kind)}/pages")
        assert page.status_code == 200
        assert said in page.text
        assert f'href="/uploads/{ident}"' in page.text
        assert 'page-sheet"' not in page.text
        assert hand.get(f"/uploads/{ident}/pages/1/picture").status_code == 404
    long = hand_in(expert, "d4", report(120))
    page = hand.get(f"/uploads/{long}/pages?first=101").text
    assert re.search("第 101–120 页，共 120 页", page)
    assert hand.get(f"/uploads/{long}/pages/99999999999/picture").status_code == 404


def test_of_a_file_too_costly_to_draw_no_page_is_drawn_again(expert: ReviewBench) -> None:
    ident = hand_in(expert, "c1", costly())
    limited = Sandbox(SandboxLimits(processor=1), "page_child")
    reader = expert.member(expert.people["expert"])
    assert "过于复杂" in str(view_pages(replace(expert.desk, pager=limited), reader, ident).why)
    limited.close()
    assert view_pages(expert.desk, reader, ident).sheets == ()
    assert browser(expert).get(f"/uploads/{ident}/pages/2/picture").status_code == 404


def test_one_file_is_drawn_at_a_time_for_each_reader_and_that_is_no_fault(
    expert: ReviewBench, caplog: pytest.LogCaptureFixture
) -> None:
    hand, fresh, seen = browser(expert), hand_in(expert, "b1", report()), hand_in(expert, "b2", report(70))
    assert hand.get(f"/uploads/{seen}/pages").status_code == 200
    with caplog.at_level(logging.INFO), drawing(expert.people["expert"]):
        answer = hand.get(f"/api/v1/uploads/{fresh}/pages")
        assert (answer.status_code, answer.json["code"]) == (503, "pages_busy")
        assert "incident" not in answer.json
        assert hand.get(f"/uploads/{seen}/pages?first=51").status_code == 200
        assert hand.get(f"/uploads/{seen}/pages/1/picture").status_code == 200
        assert hand.get(f"/uploads/{seen}/pages/70/picture").status_code == 503
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []
    assert hand.get(f"/uploads/{seen}/pages/70/picture").status_code == 200


def test_a_word_file_is_text_and_pages_where_libreoffice_is(
    expert: ReviewBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand, kind = browser(expert), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    written, whole = Document(), io.BytesIO()
    written.add_paragraph("质量管理的做法")
    written.save(whole)
    page = hand.get(f"/uploads/{hand_in(expert, 'w1', whole.getvalue(), kind)}/pages").text
    assert "质量管理的做法" in page
    assert "/pages/1/picture" not in page
    (tmp_path / "made.pdf").write_bytes(report())
    program = tmp_path / "soffice"
    program.write_text(
        f'#!/bin/sh\nfor word in "$@"; do last="$word"; done\ncp {tmp_path}/made.pdf "$(dirname "$last")/file.pdf"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    written.save(other := io.BytesIO(b""))
    ident = hand_in(expert, "w2", other.getvalue() + b"\0", kind)
    assert "page 3" in hand.get(f"/uploads/{ident}/pages").text
    assert hand.get(f"/uploads/{ident}/pages/2/picture").headers["Content-Type"] == PNG
    assert faults(expert) == []


def test_pages_are_read_by_whom_the_file_is_and_a_secret_is_noted_once(expert: ReviewBench) -> None:
    ident, stranger = hand_in(expert, "r1", report()), browser(expert, "乙") if expert.actor("乙") else None
    assert stranger is not None
    for path in (f"/uploads/{ident}/pages", f"/uploads/{ident}/pages/1/picture", f"/api/v1/uploads/{ident}/pages"):
        assert stranger.get(path).status_code == 403, path
    assert stranger.post(f"/uploads/{ident}/notes", {"page": "1", "words-1": "x"}).status_code == 403
    reader, secret = expert.member(expert.people["expert"]), hand_in(expert, "s1", report(), secret="trade_secret")

    def noted() -> int:
        with expert.desk.store.read() as tx:
            return sum(event.action == "revealed" for event in tx.history.of_case(expert.case()))

    view = view_pages(expert.desk, reader, secret)
    for number in (1, 2, 3):
        open_page(expert.desk, reader, secret, number, view.mark).content.close()
    assert noted() == 1
    open_page(expert.desk, reader, secret, 1, "from elsewhere").content.close()
    assert noted() == 2
    pages = browser(expert).get(f"/uploads/{secret}/pages").text
    assert pages.count('class="watermark"') == 3
    assert f"<span>{reader.name}　" in pages.split('class="watermark"')[1]
    assert "watermark" not in browser(expert).get(f"/uploads/{ident}/pages").text
    for path in (f"/uploads/{secret}", f"/uploads/{secret}/pages/1/picture"):
        assert browser(expert).get(path).headers["Cache-Control"] == "no-store", path
    with pytest.raises(NotAllowed):
        view_pages(expert.desk, expert.actor("乙"), secret)
    recuse(expert, expert.people["expert"])
    gone = browser(expert)
    for path in (f"/uploads/{ident}/pages", f"/uploads/{ident}/pages/1/picture", f"/uploads/{ident}"):
        assert gone.get(path).status_code == 403, path
    assert gone.post(f"/uploads/{ident}/notes", {"page": "1", "words-1": "x"}).status_code == 403
    notes = f"/api/v1/cases/{expert.case()}/page-notes"
    assert [one.get(notes).status_code for one in (gone, stranger)] == [403, 403]


def test_notes_are_ones_own_and_say_when_the_file_was_replaced(expert: ReviewBench) -> None:
    ident, hand = hand_in(expert, "r1", report()), browser(expert)
    hand.get(f"/uploads/{ident}/pages")
    assert hand.post(f"/uploads/{ident}/notes", {"page": "2", "words-2": " "}).status_code == 422
    assert hand.post(f"/uploads/{ident}/notes", {"page": "9", "words-9": "无此页"}).status_code == 422
    sent = hand.post(f"/uploads/{ident}/notes", {"page": "2", "words-2": "数据与附件不符", "quote-2": "page  2"})
    assert sent.status_code == 303
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
    assert "写在已更换的文件上" in old.split('id="page-2"')[1], (
        "the page alone comes back where a note is kept by script"
    )
    assert f'href="/uploads/{newer}/pages"' in old
    (note,) = own_page_notes(expert.desk, expert.member(expert.people["expert"]), expert.case())
    assert (note.page, note.replaced) == (2, True)
    assert browser(expert, "other").post(f"/uploads/{ident}/notes", {"remove": str(note.id)}).status_code == 403
    api = hand.get(f"/api/v1/cases/{expert.case()}/page-notes").json["notes"]
    assert [one["words"] for one in api] == ["数据与附件不符"]
    assert hand.get(f"/api/v1/uploads/{newer}/pages").json["pages"] == 2
    made = hand.send("POST", f"/api/v1/uploads/{newer}/notes", {"page": 1, "words": "再看"})
    assert made.status_code == 200, made.text
    assert hand.send("DELETE", f"/api/v1/page-notes/{made.json['id']}", {}).status_code == 204
    assert hand.post(f"/uploads/{ident}/notes", {"page": "2", "remove": str(note.id)}).status_code == 303
    assert own_page_notes(expert.desk, expert.member(expert.people["expert"]), expert.case()) == ()
