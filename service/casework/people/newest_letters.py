"""The newest messages to people, and those of them that somebody else wrote."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain.text import Text
from service.store import Transaction

_NEWEST = 500
"""So many are looked at every few minutes; all of them with the daily comparison."""


def written_of_newest(tx: Transaction) -> Iterator[Text]:
    """Name those of the newest messages that lack the seal of this installation, in words."""
    yield from (words_of_letter(row.id) for row in tx.mail.newest(_NEWEST) if tx.mail.lacks_seal(row))


def words_of_letter(ident: int) -> Text:
    """Return what is said of a message that somebody else wrote."""
    return Text(
        f"表 mail 第{ident}行（消息）不是由本系统写入的，或者收件人、标题、正文、附件被改动，不予显示，也不发送",
        f"row {ident} of table mail (a message) was not written by this program, or its reader, subject, text or files were"
        " changed: it is neither shown nor sent",
    )
