"""Issued documents: numbered once, produced once, the same bytes for ever; on both databases."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2
import pytest

from service.casework.documents.produce_document import NoPrinter, ensure_document_pdf, produce_document
from service.casework.queries.cases.case_diagram import print_diagram
from service.casework.queries.downloads.files import open_document, open_document_pdf
from service.casework.tasks.complete import complete_task
from service.domain.errors import LaurelError, NotAllowed
from service.domain.text import Text
from service.office.fonts import NoChineseFont
from service.store.models import DocumentRow
from tests.support.browsers import Browser, make_app
from tests.support.desks import Bench

FORM = {"founded_on": "2010-05-01", "contact": "张三"}


class NoFonts:
    """A printer on a machine without Chinese typefaces."""

    def describe(self) -> Text:
        raise NoChineseFont(Text("没有中文字体", "no Chinese font"))

    def print(self, content: object, layout: bytes | None = None) -> bytes:
        raise NoChineseFont(Text("没有中文字体", "no Chinese font"))


def refuse(bench: Bench) -> int:
    case_id = bench.started()
    for actor, form in ((bench.applicant, FORM), (bench.office, {"decision": "fail", "reason": "材料不全"})):
        bench.complete(case_id, actor, form)
    return case_id


def document(bench: Bench, case_id: int) -> DocumentRow:
    with bench.desk.store.read() as tx:
        [row] = tx.documents.select(case_id=case_id)
    return row


def needs_fonts(bench: Bench) -> None:
    try:
        bench.desk.printer.describe()
    except NoChineseFont as missing:
        pytest.skip(missing.message.zh)


def test_both_files_are_kept_under_their_hash(bench: Bench) -> None:
    needs_fonts(bench)
    case_id = refuse(bench)
    assert document(bench, case_id).sha256 is None
    bench.drain()
    row = document(bench, case_id)
    for opener, sha256, size, start in (
        (open_document, row.sha256, row.size, b"PK"),
        (open_document_pdf, row.pdf_sha256, row.pdf_size, b"%PDF-"),
    ):
        download = opener(bench.desk, bench.applicant, row.id)
        content = download.content.read()
        assert (hashlib.sha256(content).hexdigest(), len(content), download.size) == (sha256, size, size)
        assert content.startswith(start)
        with pytest.raises(NotAllowed):
            opener(bench.desk, bench.stranger, row.id)
    told = Browser(make_app(bench), bench, "applicant").get(f"/api/v1/documents/{row.id}/pdf").json
    assert hashlib.sha256(base64.b64decode(told["content"])).hexdigest() == row.pdf_sha256


def test_producing_again_changes_nothing(bench: Bench) -> None:
    case_id = refuse(bench)
    item = bench.desk.store.claim(bench.clock.now(), "test")
    while item is not None and item.kind != "document":
        item = bench.desk.store.claim(bench.clock.now(), "test")
    assert item is not None
    produce_document(bench.desk, item)
    before = document(bench, case_id)
    with pytest.raises(LaurelError):  # the item is finished: whoever holds it still has lost it
        produce_document(bench.desk, item)
    assert document(bench, case_id) == before
    with bench.desk.store.read() as tx:
        assert len(tx.mail.select(case_id=case_id)) == 1


def test_a_document_without_a_font_is_printed_when_first_asked_for_and_stays(bench: Bench) -> None:
    needs_fonts(bench)
    bare = replace(bench, desk=replace(bench.desk, printer=NoFonts()))
    case_id = refuse(bare)
    bare.drain()
    row = document(bench, case_id)
    assert row.sha256 is not None
    assert row.pdf_sha256 is None
    with pytest.raises(NoChineseFont):
        open_document_pdf(bare.desk, bench.applicant, row.id)
    with pytest.raises(NoPrinter):
        ensure_document_pdf(replace(bench.desk, printer=None), row)
    first = ensure_document_pdf(bench.desk, row)
    with bench.desk.store.write() as tx:
        tx.documents.mark_printed(row.id, "f" * 64, 1)
    assert document(bench, case_id).pdf_sha256 == first.pdf_sha256


def test_numbers_follow_each_other_and_none_is_given_twice(bench: Bench) -> None:
    cases = [refuse(bench), refuse(bench)]
    numbers = [document(bench, case_id).number for case_id in cases]
    assert numbers == ["测质告〔2026〕1号", "测质告〔2026〕2号"]
    bench.clock.move_to(datetime(2027, 1, 4, 1, tzinfo=UTC))
    assert document(bench, refuse(bench)).number == "测质告〔2027〕1号", "each year begins anew"
    row = document(bench, cases[0])
    again = {"title": row.title, "content": {}, "issued_at": row.issued_at, "template": row.template}
    with pytest.raises(Exception, match=r"(?i)unique"), bench.desk.store.write() as tx:
        tx.documents.insert(DocumentRow(jurisdiction=row.jurisdiction, case_id=cases[1], number=row.number, **again))


def test_a_number_whose_unit_of_work_failed_is_given_to_the_next(bench: Bench) -> None:
    refuse(bench)
    case_id = bench.started()
    bench.complete(case_id, bench.applicant, FORM)
    [task] = bench.tasks(case_id)

    def fail_after_counting() -> None:
        with bench.desk.store.write() as tx:
            tx.counters.next("document:testville:测质告〔2026〕#号")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_counting()
    complete_task(bench.desk, bench.office, task.id, task.version, {"decision": "fail", "reason": "材料不全"})
    assert document(bench, case_id).number == "测质告〔2026〕2号"


def test_a_diagram_of_a_case_is_printed_whole_with_where_it_stands(bench: Bench) -> None:
    bench.started()
    made = print_diagram(bench.desk, bench.office, 1, None, str, "zh")
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made.content.read()))
    assert "正在此处" in text
    assert "2026年3月2日" in "".join(text.split()), "the day as every page writes it"


def test_an_organisation_that_the_case_is_not_about_gets_the_document_too(bench: Bench) -> None:
    case_id = refuse(bench)
    row = document(bench, case_id)
    codes = ("91650100MA77000002", "91650100MA77000099")
    with bench.desk.store.write() as tx:
        tx.documents.change(row.id, recipients=[f"organisation:{code}" for code in codes])
        tx.bodies.upsert("*", codes[1], kind="organisation", name="丙公司", name_en=None, details={})
    bench.drain()
    with bench.desk.store.read() as tx:
        people = [m.person_id for m in tx.mail.select(case_id=case_id) if row.id in m.documents]
        entries = [e.text for e in tx.history.newest(case_id, 50) if e.action == "undelivered"]
    assert people == [bench.people["stranger"]]
    assert entries == [f"《{row.title}》没有送达丙公司：无人有账户，请另行送达。"]
