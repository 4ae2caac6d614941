"""Files of an application are read page by page on the page itself; notes at them are the reader's alone."""

from __future__ import annotations

from functools import cache

import pytest
import typst

from service.casework.queries.downloads.file_pages import open_page, view_pages
from service.domain.errors import NotAllowed
from service.store.rows import FormResultRow, PageNoteRow, UploadRow
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


def test_pages_are_read_by_whom_the_file_is_and_a_secret_is_noted_once(expert: ReviewBench) -> None:
    ident, stranger = hand_in(expert, "r1", report()), browser(expert, "乙") if expert.actor("乙") else None
    assert stranger is not None
    for path in (f"/uploads/{ident}/pages", f"/uploads/{ident}/pages/1/picture"):
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


def own_notes(expert: ReviewBench) -> list[PageNoteRow]:
    with expert.desk.store.read() as tx:
        return tx.page_notes.own(expert.people["expert"], expert.case(), 10)


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
    (note,) = own_notes(expert)
    assert note.page == 2
    assert browser(expert, "other").post(f"/uploads/{ident}/notes", {"remove": str(note.id)}).status_code == 403
    assert hand.post(f"/uploads/{ident}/notes", {"page": "2", "remove": str(note.id)}).status_code == 303
    assert own_notes(expert) == []
