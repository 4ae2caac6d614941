"""A document is handed out by the files that are on record alone, whatever its row says meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.access.altered_state import RowAltered
from service.casework.access.book.enter import enter_records
from service.casework.cases.start import start_case
from service.casework.digests.before import record_before
from service.casework.documents.produce_document import printed
from service.casework.people.seals.row_seals import seal_rows
from service.casework.queries.downloads.files import open_document, open_document_pdf, open_upload
from service.casework.records.compare import LATER, SECRET, WHOLE
from service.casework.soundness.digests import digests
from service.casework.soundness.fault import Unsound
from service.casework.tasks.complete import complete_task
from service.store import digest_of, name_of_row, told_at
from service.store.rows import DocumentRow, UploadRow
from service.store.seals.state_seal import STATES_WHOLE
from tests.support.desks import PACKAGE, Bench
from tests.support.first_start import first_start

FORM = {"founded_on": "2010-05-01", "contact": "张三"}


def executed(bench: Bench, sql: str, **values: Any) -> list[Any]:
    """Do what somebody does who has the database alone."""
    with bench.desk.store.write() as tx:
        done = tx._connection.execute(sa.text(sql), values)
        return list(done.all()) if done.returns_rows else []


@contextmanager
def meanwhile(bench: Bench, row: DocumentRow, column: str, value: object) -> Iterator[None]:
    """Let a document hold ``value``, and put back afterwards what it held."""
    change = f"update document set {column} = :value where id = :row"
    executed(bench, change, value=value, row=row.id)
    yield
    executed(bench, change, value=getattr(row, column), row=row.id)


def issued(bench: Bench) -> DocumentRow:
    """Refuse an application, whose document is produced."""
    case_id = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    for actor, form in ((bench.applicant, FORM), (bench.office, {"decision": "fail", "reason": "材料不全"})):
        [task] = bench.tasks(case_id)
        complete_task(bench.desk, actor, task.id, task.version, form)
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=1))
    bench.drain()
    with bench.desk.store.read() as tx:
        [row] = tx.documents.of_case(case_id)
    return row


def faults(bench: Bench) -> list[str]:
    return [one.found.en for one in digests(bench.desk) if isinstance(one, Unsound)]


def stands_as_printed(bench: Bench, row: DocumentRow) -> DocumentRow:
    """Return the document with a PDF, where this machine has no Chinese font as well."""
    if row.pdf_sha256 is None:
        with bench.desk.store.write() as tx:
            tx.documents.mark_printed(row.id, row.sha256 or "", row.size or 0)
    with bench.desk.store.read() as tx:
        return tx.documents.get(row.id)


@pytest.mark.parametrize(
    ("column", "value"), [("pdf_sha256", "f" * 64), ("pdf_size", 7), ("sha256", "f" * 64), ("title", "另一份")]
)
def test_no_other_file_is_handed_out_in_place_of_a_document(bench: Bench, column: str, value: object) -> None:
    row = stands_as_printed(bench, issued(bench))
    first_start(bench.desk)
    assert faults(bench) == []
    with meanwhile(bench, row, column, value):
        for download in (open_document, open_document_pdf):
            with pytest.raises(RowAltered, match=f"文书{row.id}在系统之外被改动，正在核查.*请联系审计管理员"):
                download(bench.desk, bench.applicant, row.id)
        (found,) = faults(bench)
        assert f"column {column} in row {row.id} of table document is not what was recorded" in found
    with bench.desk.store.read() as tx:
        (told,) = tx.incidents.list_open()
    assert f"column {column} in row {row.id} of table document" in told.what["en"]
    open_document(bench.desk, bench.applicant, row.id).content.close()
    open_document_pdf(bench.desk, bench.applicant, row.id).content.close()
    assert printed(bench.desk, row) == row


def test_a_pdf_that_an_older_program_printed_is_handed_out(bench: Bench) -> None:
    """It records nothing of the PDF, whose absence the new program recorded with the document."""
    row = issued(bench)
    first_start(bench.desk)
    change = "update document set pdf_sha256 = :file, pdf_size = :size where id = :row"
    with bench.desk.store.write() as tx:
        copy = tx.documents.insert(
            DocumentRow(**{**_columns(row), "number": None, "pdf_sha256": None, "pdf_size": None})
        )
    executed(bench, change, file=row.sha256, size=row.size, row=copy)
    open_document_pdf(bench.desk, bench.applicant, copy).content.close()
    assert [found for found in faults(bench) if f"row {copy} " in found] == []


def _columns(row: DocumentRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in DocumentRow.__dataclass_fields__ if name != "id"}


def sent(bench: Bench, row: DocumentRow) -> None:
    """Let the applicant have sent a file, the same as a document."""
    file = UploadRow(
        id="u1", case_id=row.case_id, task_id=None, field="x", name="方案.pdf", kind="application/pdf", size=row.size or 0,
        sha256=row.sha256 or "", person_id=bench.applicant.person_id, at=row.issued_at,
    )  # fmt: skip
    with bench.desk.store.write() as tx:
        tx.uploads.insert(file)


def test_no_other_file_is_handed_out_in_place_of_what_somebody_sent(bench: Bench) -> None:
    sent(bench, issued(bench))
    first_start(bench.desk)
    open_upload(bench.desk, bench.office, "u1").content.close()
    executed(bench, "update upload set sha256 = 'f'")
    with pytest.raises(RowAltered, match="附件 u1在系统之外被改动"):
        open_upload(bench.desk, bench.office, "u1")


def recorded_without_its_field(bench: Bench) -> None:
    """Record the file as a program before did."""
    desk, now = bench.desk, bench.clock.now()
    key = desk.ballot_keys.secret(SECRET)
    with desk.store.write() as tx:
        [row] = tx.digests.at("upload", [("u1",)])
        name = name_of_row("upload", row.key)
        told = {
            column: digest_of(key, name, column, value) for column, value in row.values.items() if column != "field"
        }
        enter_records(tx, now, SYSTEM, told_at(key, now, {name: told}))


def test_a_file_stands_in_no_other_field_by_writing_it_there(bench: Bench) -> None:
    """Also one that a program before recorded without its field: the first start of this one takes it as it stands, once."""
    row, store = issued(bench), bench.desk.store
    keeping, store.key_of_digests = store.key_of_digests, None
    sent(bench, row)
    store.key_of_digests = keeping
    recorded_without_its_field(bench)
    for name in (WHOLE, STATES_WHOLE, LATER):
        bench.desk.ballot_keys.secret(name)
    assert record_before(bench.desk, SYSTEM) == 1
    assert record_before(bench.desk, SYSTEM) == 0
    seal_rows(bench.desk, SYSTEM)
    assert faults(bench) == []
    open_upload(bench.desk, bench.office, "u1").content.close()
    executed(bench, "update upload set field = 'y'")
    (found,) = faults(bench)
    assert "column field in row u1 of table upload is not what was recorded" in found
    with pytest.raises(RowAltered, match="附件 u1在系统之外被改动"):
        open_upload(bench.desk, bench.office, "u1")
