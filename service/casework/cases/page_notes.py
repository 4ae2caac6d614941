"""Note for oneself at a page of a file, or at a passage of it: nobody else reads it, and no sheet holds it."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.cases.readable_file import readable_file
from service.casework.desk.desk import Desk
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store.models import PageNoteRow

MOST_WORDS = 1000
_MOST_PAGES = 100_000
MOST_QUOTED = 500
MOST_NOTES = 500
"""Notes that one person keeps in one case."""


@guarded("page_note.keep")
def write_page_note(desk: Desk, actor: Actor, upload_id: str, page: int, words: str, quote: str = "") -> int:
    """Note ``words`` at a page of a file, ``quote`` being the passage they are about; returns the number of the note.

    Raises:
        NotFound, NotAllowed: the file is gone, or is not the actor's to read.
        Invalid: no words or too many, no such page, or the file belongs to no case yet.
        Conflict: there are as many notes as one may keep in a case.
    """
    said, passage = words.strip(), " ".join(quote.split())
    if not said:
        raise Invalid(Text("请写明笔记内容。", "Write what you want to note."))
    for text, most in ((said, MOST_WORDS), (passage, MOST_QUOTED)):
        if len(text) > most:
            raise Invalid(
                Text(
                    f"有{len(text)}个字，最多{most}个字，请缩短。",
                    f"{len(text)} characters: at most {most}, make it shorter.",
                )
            )
    with desk.store.write() as tx:
        row, _ = readable_file(desk, tx, actor, upload_id)
        if row.case_id is None or actor.person_id is None:
            raise Invalid(Text("这个附件还没有提交，不能做笔记。", "This file is not submitted yet."))
        if not 1 <= page <= _MOST_PAGES:
            raise Invalid(Text(f"这个文件没有第{page}页。", f"This file has no page {page}."))
        if len(tx.page_notes.own(actor.person_id, row.case_id, MOST_NOTES)) >= MOST_NOTES:
            raise Conflict(
                Text(
                    f"一个办件最多保留{MOST_NOTES}条笔记，请先删除不用的。",
                    f"At most {MOST_NOTES} notes are kept in a case: remove some first.",
                )
            )
        return tx.page_notes.add(
            PageNoteRow(
                case_id=row.case_id, upload_id=row.id, page=page, quote=passage, words=said,
                person_id=actor.person_id, at=desk.clock.now(),
            )
        )  # fmt: skip


@guarded("page_note.keep")
def remove_page_note(desk: Desk, actor: Actor, note_id: int) -> None:
    """Remove one's own note; raises NotFound, NotAllowed for another's, Conflict where it is removed already."""
    with desk.store.write() as tx:
        row = tx.page_notes.get(note_id)
        if row.person_id != actor.person_id:
            raise NotAllowed(Text("只能删除本人的笔记。", "Only one's own notes can be removed."))
        if row.removed_at is not None:
            raise Conflict(Text("这条笔记已经删除。", "This note was removed already."))
        tx.page_notes.remove(note_id, desk.clock.now())
