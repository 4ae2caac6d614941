"""Make the files of an issued document, each once, and send them to its recipients."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.reading.corrections import message_of
from service.casework.step.history import append_case_event
from service.casework.step.limits.days import last_day_of
from service.casework.step.post import letter_rows, list_responsible_people, list_role_holders, put
from service.catalog import Package
from service.domain.errors import LaurelError
from service.domain.output.composed_document import chinese_date
from service.domain.text import Text
from service.domain.values.typed_text import clean_code
from service.office.word import OwnLayout, render_docx
from service.sdk import ORGANISATION, PERSON
from service.store import NEVER, Transaction
from service.store.models import BodyRow, CaseRow, DocumentRow, PersonRow, TaskRow, WorkItemRow

_ENOUGH, _MOST = 25, 200
"""Characters after which a full stop ends the opening, and the most of it."""

_ENDS = "。！？"


def message_words(row: DocumentRow, tasks: Sequence[TaskRow], items: str) -> str:
    """Return the lines of the message to one reader, who holds the tasks ``tasks``; ``items`` are those to be corrected.

    A line ``/tasks/N`` is the page of a task in this installation.
    """
    lines = [_request_words(task) for task in tasks]
    lines += [items] if items else [line for line in [get_document_opening(row.content)] if line]
    lines.append(f"全文见《{row.title}》（{row.content.get('number') or '无文号'}），也可在系统“办件—文书”中查看。")
    lines += [f"/tasks/{task.id}" for task in tasks]
    return "\n".join(lines)


def get_document_opening(content: Mapping[str, Any]) -> str:
    """Return how the text of a document begins: whole sentences, as far as they say something; "" where a table begins it."""
    opening_text = ""
    for item in content.get("paragraphs") or ():
        if not isinstance(item, str):
            break
        parted = "；" if opening_text and opening_text[-1].isalnum() else ""  # a line of a list ends without a sign
        opening_text += parted + "".join(item.split())
        if len(opening_text) >= _MOST or (len(opening_text) >= _ENOUGH and opening_text[-1] in _ENDS):
            break
    if len(opening_text) > _MOST:
        opening_text = _shorten_text(opening_text)
    return f"{opening_text[:-1]}，详见文书。" if opening_text.endswith(("：", ":")) else opening_text


def _shorten_text(text: str) -> str:
    end = max(text.rfind(mark, 0, _MOST) for mark in _ENDS)
    return text[: end + 1] if end >= _ENOUGH else f"{text[:_MOST]}……"


def _request_words(task: TaskRow) -> str:
    if task.due_at == NEVER:
        return f"请办理“{task.title}”。"
    reason = task.due_reason or {}
    day = chinese_date(last_day_of(task.due_at, reason).isoformat())
    return f"请办理“{task.title}”，最迟{day}{'（暂定）' if reason.get('provisional') else ''}提交。"


_LOG = logging.getLogger(__name__)


class NoPrinter(LaurelError):
    """This desk has no printer for PDF files."""

    code = "no_printer"


def produce_document(desk: Desk, item: WorkItemRow) -> None:
    """Produce the document once and queue the mails that carry it, in the commit that finishes the item.

    The PDF is made along with the .docx where the machine has a Chinese font; else when it is first asked for
    and there is one.
    """
    with desk.store.read() as tx:
        row = tx.documents.get(int(item.payload["document"]))
        package = desk.packages.get(tx.cases.get(row.case_id).definition, tx)
    layout_file = package.layout(f"{_get_layout(row)}.docx")
    word = render_docx(row.content, OwnLayout(layout_file, desk.sandbox) if layout_file is not None else None)
    sha256, size = desk.store.files.put(word)
    pdf = _put_pdf(desk, row, package)
    desk.store.crash_point("document-stored")
    now = desk.clock.now()
    with desk.store.write() as tx:
        if row.produced_at is None:
            tx.documents.change(row.id, sha256=sha256, size=size, produced_at=now)
            if pdf is not None:
                tx.documents.mark_printed(row.id, *pdf)
            _send_document(desk, tx, row)
        tx.work.finish(item, now)


def ensure_document_pdf(desk: Desk, row: DocumentRow) -> DocumentRow:
    """Return the row of a document with its PDF, made now if it has none; the first one made stays.

    Raises:
        NoPrinter: this desk makes no PDF.
        NoChineseFont, NotPrintable, BadLayout: no PDF can be made, and why.
    """
    if row.pdf_sha256 is not None:
        return row
    if desk.printer is None:
        raise NoPrinter(Text("此处不生成 PDF 文书，请下载 Word 文书。", "No PDF is made here: download the Word file."))
    with desk.store.read() as tx:
        package = desk.packages.get(tx.cases.get(row.case_id).definition, tx)
    content = desk.printer.print(row.content, package.layout(f"{_get_layout(row)}.typ"))
    sha256, size = desk.store.files.put(content)
    with desk.store.write() as tx:
        tx.documents.mark_printed(row.id, sha256, size)
        stored_row = tx.documents.get(row.id)
    return replace(row, pdf_sha256=stored_row.pdf_sha256, pdf_size=stored_row.pdf_size)


def _put_pdf(desk: Desk, row: DocumentRow, package: Package) -> tuple[str, int] | None:
    """Store the PDF; a failure must not hold back the document, and is reported to whoever asks for the PDF."""
    if desk.printer is None:
        return None
    try:
        return desk.store.files.put(desk.printer.print(row.content, package.layout(f"{_get_layout(row)}.typ")))
    except LaurelError as reason:
        _LOG.warning("document %s has no PDF: %s", row.id, reason.message.en)
        return None


def _get_layout(row: DocumentRow) -> str:
    return str(row.content.get("layout") or "official")


def _send_document(desk: Desk, tx: Transaction, row: DocumentRow) -> None:
    now = desk.clock.now()
    case = tx.cases.get(row.case_id)
    package = desk.packages.get(case.definition, tx)
    people_by_role = {str(role): _list_recipients(tx, package, case, str(role), now) for role in row.recipients}
    _record_unreached(desk, tx, row, package, [role for role, people in people_by_role.items() if not people])
    items = message_of(desk, tx, package, row.case_id, row.issued_at)
    tasks_by_person = _group_tasks_by_person(tx, package, case, row, now)
    people = {person.id: person for role in row.recipients for person in people_by_role[str(role)]}
    rows = [
        message
        for person in people.values()
        for message in letter_rows(
            [person],
            row.case_id,
            f"document:{row.id}",
            row.title,
            message_words(row, tasks_by_person.get(person.id, []), items),
            now,
            [row.id],
        )
    ]
    tx.work.enqueue_many(put(desk, tx, rows, now), now)


def _group_tasks_by_person(
    tx: Transaction, package: Package, case: CaseRow, row: DocumentRow, now: datetime
) -> dict[int, list[TaskRow]]:
    """Return the open tasks that came with the document, by the people who hold them."""
    tasks_by_person: dict[int, list[TaskRow]] = {}
    for task in tx.tasks.open_of_case(case.id):
        if task.created_at >= row.issued_at:
            for person in list_responsible_people(tx, package, case, task, now):
                tasks_by_person.setdefault(person.id, []).append(task)
    return tasks_by_person


def _list_recipients(
    tx: Transaction, package: Package, case: CaseRow, recipient: str, now: datetime
) -> list[PersonRow]:
    """Return who gets a document: everybody with the role, the one person that is named, or the people of an organisation."""
    if recipient.startswith(PERSON):
        return [tx.people.get(int(recipient.removeprefix(PERSON)))]
    if recipient.startswith(ORGANISATION):
        body = _find_organisation(tx, recipient)
        return tx.people.people_of(body.id, now) if body is not None else []
    return list_role_holders(tx, package, case, recipient, now)


def _find_organisation(tx: Transaction, recipient: str) -> BodyRow | None:
    return tx.bodies.find(jurisdiction="*", key=clean_code(recipient.removeprefix(ORGANISATION)))


def _record_unreached(desk: Desk, tx: Transaction, row: DocumentRow, package: Package, roles: Sequence[str]) -> None:
    """Record which recipients have no account: the office must serve the document on them itself."""
    jurisdiction = package.jurisdiction
    missed = [
        _find_organisation(tx, role)
        if role.startswith(ORGANISATION)
        else jurisdiction.roles.get(jurisdiction.bindings.get(role, role))
        for role in roles
    ]
    names = [one.name for one in missed if one is not None]
    if names:
        entry = f"《{row.title}》没有送达{'、'.join(names)}：无人有账户，请另行送达。"
        append_case_event(desk, tx, row.case_id, SYSTEM, "undelivered", entry, data={"document": row.id})
