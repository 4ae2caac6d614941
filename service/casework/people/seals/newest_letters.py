"""The newest messages to people, and those of them that somebody else wrote."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain.proof.row_mark import RowMark, matter_of
from service.store import Transaction
from service.store.rows import MailRow

_NEWEST = 500
"""So many are looked at every few minutes; all of them with the daily comparison."""


def written_of_newest(tx: Transaction) -> Iterator[RowMark]:
    """Name those of the newest messages that lack the seal of this installation, in words."""
    yield from (words_of_letter(row) for row in tx.mail.newest(_NEWEST) if tx.mail.lacks_seal(row))


def words_of_letter(row: MailRow) -> RowMark:
    """Return what is said of a message that somebody else wrote."""
    return RowMark(
        f"表 mail 第{row.id}行（消息）不是由本系统写入的，或者收件人、标题、正文、附件被改动，不予显示，也不发送",
        f"row {row.id} of table mail (a message) was not written by this program, or its reader, subject, text or files were"
        " changed: it is neither shown nor sent",
        table="mail",
        row=f"{row.id}",
        matter=matter_of(row.seal),
    )
