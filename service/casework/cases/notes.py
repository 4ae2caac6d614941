"""Write beside a case what only offices read: a note (批注), an instruction (批示), a copy (抄送), an answer to these (回复)."""

from __future__ import annotations

from service.casework.access.actor import BUILT_IN, Actor, acting
from service.casework.access.guards import guarded
from service.casework.access.secrets import may_read_notes, require_length, require_notes
from service.casework.cases.readable_file import readable_file
from service.casework.desk.desk import Desk
from service.casework.reading.notes import ANSWER, COPY, INSTRUCTION, KINDS, NOTE, written
from service.casework.step.history import append_case_event
from service.casework.step.post import add_page_link, letter_rows, put
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseNoteRow, CaseRow, PageNoteRow


@guarded("note.write")
def write_note(
    desk: Desk,
    actor: Actor,
    case_id: int,
    words: str,
    kind: str = NOTE,
    to_id: int | None = None,
) -> int:
    """Write a note beside a case; an instruction and a copy are for one person, who gets a message. Returns its number.

    An answer goes to who wrote to the actor beside this case, whose words count as read then.
    The history says who wrote to whom, never what.

    Raises:
        NotAllowed: the actor may not look at the case, is no office's, or only administers and would instruct.
        Invalid: no words or too many, no person, or one who may not look at the case or works in no office; an answer to
            somebody who wrote nothing to the actor.
    """
    now = desk.clock.now()
    note_text = words.strip()
    _require_words(note_text, kind, to_id)
    with desk.store.write() as tx:
        case = tx.cases.get(case_id)
        require_notes(actor, case, tx)
        _require_instructing(actor, kind)
        to = _get_receiver(desk, tx, case, to_id) if to_id is not None else None
        if kind == ANSWER:
            _mark_notes_answered(desk, tx, actor, case_id, to_id)
        row = CaseNoteRow(
            case_id=case_id,
            kind=kind,
            person_id=actor.signed_in_id,
            to_id=to_id,
            words=note_text,
            at=now,
        )
        number = tx.case_notes.insert(row)
        whom = f"给{to.name}" if to is not None else ""
        text = written(actor.name, kind, whom)
        append_case_event(desk, tx, case_id, actor, "noted", text)
        if to is not None and to.person_id is not None:
            _notify_receiver(desk, tx, actor, case, row, number)
    return number


def _require_words(note_text: str, kind: str, to_id: int | None) -> None:
    """Raise Invalid for a note of no kind, without words or with too many, or for nobody where it is for somebody."""
    if kind not in KINDS:
        raise Invalid(Text(f"没有“{kind}”这一种批注。", f"There is no note of the kind “{kind}”."))
    if not note_text and kind != COPY:
        raise Invalid(Text("请写明内容。", "Write what you have to say."))
    require_length(note_text)
    if kind != NOTE and to_id is None:
        raise Invalid(Text(f"请选择{KINDS[kind].zh}给谁。", "Choose whom it is for."))


def _require_instructing(actor: Actor, kind: str) -> None:
    if kind == INSTRUCTION and all(seat.role in BUILT_IN for seat in actor.seats):
        raise NotAllowed(
            Text(
                "管理员只维护系统，不作批示；需要留言的，请写批注。",
                "Who only administers gives no instructions: write a note.",
            )
        )


def _mark_notes_answered(desk: Desk, tx: Transaction, actor: Actor, case_id: int, author: int | None) -> None:
    """Mark as read what ``author`` wrote to the actor beside a case; raises Invalid where that is nothing."""
    received_notes = [
        r for r in tx.case_notes.list_of_case(case_id) if (r.person_id, r.to_id) == (author, actor.person_id)
    ]
    if not received_notes:
        raise Invalid(
            Text(
                "只能回复写给您的批示、抄送或者回复；要告知别人的，请用“抄送”。",
                "Only what was written to you can be answered: send a copy to let somebody know.",
            )
        )
    for row in received_notes:
        _mark_read(desk, tx, actor, row)


def _mark_read(desk: Desk, tx: Transaction, actor: Actor, row: CaseNoteRow) -> None:
    if row.read_at is None:
        tx.case_notes.change(row.id, read_at=desk.clock.now())
        append_case_event(desk, tx, row.case_id, actor, "noted", f"{actor.name}已阅{KINDS[row.kind].zh}")


@guarded("note.write")
def take_back_note(desk: Desk, actor: Actor, note_id: int) -> int:
    """Take back what one wrote, so that nobody reads it any more; returns the number of the case.

    Raises:
        NotAllowed: another's, or the actor may not read the notes of the case any more.
        Conflict: taken back already.
    """
    with desk.store.write() as tx:
        row = tx.case_notes.get(note_id)
        if row.person_id != actor.person_id:
            raise NotAllowed(Text("只能撤下自己写的批注。", "Only one's own notes can be taken back."))
        if row.removed_at is not None:
            raise Conflict(Text("这条批注已经撤下。", "This note was taken back already."))
        require_notes(actor, tx.cases.get(row.case_id), tx)
        tx.case_notes.change(note_id, removed_at=desk.clock.now())
        append_case_event(desk, tx, row.case_id, actor, "noted", f"{actor.name}撤下一条{KINDS[row.kind].zh}")
        return row.case_id


@guarded("note.write")
def note_read(desk: Desk, actor: Actor, note_id: int) -> int:
    """Say that one has read what is for oneself (已阅); returns the number of the case."""
    with desk.store.write() as tx:
        row = tx.case_notes.get(note_id)
        if row.to_id != actor.person_id:
            raise NotAllowed(Text("这一条不是给您的。", "This is not for you."))
        if row.removed_at is not None:
            raise Conflict(Text("这一条已被写的人撤下。", "Its author has taken it back."))
        require_notes(actor, tx.cases.get(row.case_id), tx)
        _mark_read(desk, tx, actor, row)
        return row.case_id


def _get_receiver(desk: Desk, tx: Transaction, case: CaseRow, person_id: int) -> Actor:
    to = acting(tx, person_id, desk.clock.now())
    if not may_read_notes(to, case, tx):
        raise Invalid(
            Text(
                f"{to.name}不是可以查看这个办件的办理人员，不能发送。请从名单中选择。",
                f"{to.name} is nobody who handles this case: choose somebody from the list.",
            )
        )
    return to


def _notify_receiver(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow, row: CaseNoteRow, number: int) -> None:
    assert row.to_id is not None
    now, word = desk.clock.now(), KINDS[row.kind]
    suffix = f"：{row.words}" if row.words else "。"
    zh = f"{actor.name}就“{case.title}”{word.zh}给您{suffix}\n请在办件的“内部批注”中查看并点“已阅”。"
    en = f"{actor.name} wrote to you about “{case.title}” ({word.en.lower()}). It stands under Notes of the case."
    subject = Text(f"{word.zh}：{case.title}", f"{word.en}: {case.title}")
    text = add_page_link(Text(zh, en), f"/cases/{case.id}")
    rows = letter_rows([tx.people.get(row.to_id)], case.id, f"note:{number}", subject, text, now)
    tx.work.enqueue_many(put(desk, tx, rows, now), now)


MOST_WORDS = 1000
_MOST_PAGES = 100_000
MOST_QUOTED = 500
_LONGEST_ITEM = 40
MOST_NOTES = 500
"""Notes that one person keeps in one case."""


@guarded("page_note.keep")
def write_page_note(
    desk: Desk, actor: Actor, upload_id: str, page: int, words: str, quote: str = "", item: str = ""
) -> int:
    """Note ``words`` at a page of a file; returns the number of the note.

    They are about ``quote``, a passage, and ``item``, the number of an item of a score sheet; "" for none.

    Raises:
        NotFound, NotAllowed: the file is gone, or is not the actor's to read.
        Invalid: no words or too many, no such page, or the file belongs to no case yet.
        Conflict: there are as many notes as one may keep in a case.
    """
    note_text, passage = words.strip(), " ".join(quote.split())
    if not note_text:
        raise Invalid(Text("请写明笔记内容。", "Write what you want to note."))
    for text, most in ((note_text, MOST_WORDS), (passage, MOST_QUOTED)):
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
        if (
            len(tx.page_notes.select(limit=MOST_NOTES, person_id=actor.person_id, case_id=row.case_id, removed_at=None))
            >= MOST_NOTES
        ):
            raise Conflict(
                Text(
                    f"一个办件最多保留{MOST_NOTES}条笔记，请先删除不用的。",
                    f"At most {MOST_NOTES} notes are kept in a case: remove some first.",
                )
            )
        return tx.page_notes.insert(PageNoteRow(
                case_id=row.case_id, upload_id=row.id, page=page, quote=passage, words=note_text, item=item.strip()[:_LONGEST_ITEM],
                person_id=actor.person_id, at=desk.clock.now(),
            ))  # fmt: skip


@guarded("page_note.keep")
def remove_page_note(desk: Desk, actor: Actor, note_id: int) -> None:
    """Remove one's own note; raises NotFound, NotAllowed for another's, Conflict where it is removed already."""
    with desk.store.write() as tx:
        row = tx.page_notes.get(note_id)
        if row.person_id != actor.person_id:
            raise NotAllowed(Text("只能删除本人的笔记。", "Only one's own notes can be removed."))
        if row.removed_at is not None:
            raise Conflict(Text("这条笔记已经删除。", "This note was removed already."))
        tx.page_notes.change(note_id, removed_at=desk.clock.now())
