"""Send one queued mail, at least once; the key lets the receiver drop a repetition."""

from __future__ import annotations

from service.casework.desk.desk import Desk
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store.rows import MailRow, WorkItemRow


def send_mail(desk: Desk, item: WorkItemRow) -> None:
    """Hand the mail to the mailer with no database lock held, then mark it sent; raises OSError to be tried again."""
    with desk.store.read() as tx:
        row = tx.mail.by_key(item.effect_key)
    if row is None:
        raise NotFound(Text("要发送的邮件已不存在。", "The mail to be sent no longer exists."))
    files = _attachments(desk, row)
    if row.sent_at is None and row.address and desk.mailer is not None:
        desk.mailer.send(row.address, row.subject, row.text, row.effect_key, files)
        desk.store.crash_point("mail-sent")
    with desk.store.write() as tx:
        tx.mail.mark_sent(row.id, desk.clock.now())
        tx.work.finish(item, desk.clock.now())


def _attachments(desk: Desk, row: MailRow) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    with desk.store.read() as tx:
        for ident in row.documents:
            document = tx.documents.get(int(ident))
            for sha256, ending in ((document.sha256, "docx"), (document.pdf_sha256, "pdf")):
                if sha256:
                    with desk.store.files.open(sha256) as stream:
                        files[f"{document.title}.{ending}"] = stream.read()
    return files
