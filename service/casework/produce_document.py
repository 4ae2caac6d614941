"""Make the .docx of an issued document and send it to its recipients."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.desk import Desk
from service.casework.docx import render_docx
from service.casework.post import holders, letter_rows
from service.store import NewWork, Transaction
from service.store.rows import DocumentRow, PersonRow, WorkItemRow


def produce_document(desk: Desk, item: WorkItemRow) -> None:
    """Produce the document once and queue the mails that carry it, in the commit that finishes the item."""
    with desk.store.read() as tx:
        row = tx.documents.get(int(item.payload["document"]))
    sha256, size = desk.store.files.put(render_docx(row.content))
    desk.store.crash_point("document-stored")
    now = desk.clock.now()
    with desk.store.write() as tx:
        if row.produced_at is None:
            tx.documents.mark_produced(row.id, sha256, size, now)
            _send(desk, tx, row)
        tx.work.finish(item, now)


def _send(desk: Desk, tx: Transaction, row: DocumentRow) -> None:
    now = desk.clock.now()
    case = tx.cases.get(row.case_id)
    package = desk.packages.get(case.definition, tx)
    people: Sequence[PersonRow] = [p for role in row.recipients for p in holders(tx, package, case, str(role), now)]
    text = f"《{row.title}》（{row.number or '无文号'}）见附件，也可在系统“办件—文书”中查看。"
    rows = letter_rows(people, row.case_id, f"document:{row.id}", row.title, text, now, [row.id])
    fresh = set(tx.mail.queue_many(rows))
    due = [str(r["effect_key"]) for r in rows if r["effect_key"] in fresh and r["address"]]
    tx.work.enqueue_many([NewWork("mail", row.case_id, key, {}, now) for key in due], now)
