"""Rate how a case was handled (好差评), once it has ended; and answer a bad rating."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.casework.access.actor import Actor
from service.casework.access.case_access import require_case
from service.casework.access.guards import guarded
from service.casework.access.secrets import require_length
from service.casework.desk.desk import Desk
from service.casework.reading.ratings import BAD, GRADES, MOST, find_rating_deadline, may_rate_case
from service.casework.step.history import append_case_event
from service.casework.step.post import add_page_link, letter_rows, put
from service.domain.calendar import Window, end_of_day, local_date, working_window
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import NewWork, Transaction
from service.store.models import CaseRow, PersonRow, RatingRow

WORK = "rating_reminder"
"""Kind of the work that reminds the office of a bad rating."""
_RATED = Text("评价", "rated")
_WARN_DAYS = 2


@guarded("case.rate")
def rate_case(desk: Desk, actor: Actor, case_id: int, grade: int, words: str = "") -> None:
    """Rate the handling of case ``case_id`` from 1 (very dissatisfied) to 5, once; a bad rating says why in ``words``.

    A bad rating waits for the office's answer, within working days that no regulation says (`Desk.rating_days`); the
    office gets a message at once, before the last day and after it.

    Raises:
        NotAllowed: the case is not about the actor's organisation.
        Conflict: it runs still, ended long ago, or was rated.
        Invalid: no such grade, a bad one without words, or too many words.
    """
    now, comment = desk.clock.now(), words.strip()
    if grade not in GRADES:
        raise Invalid(Text("请在五个等级中选择一个。", "Choose one of the five grades."))
    if grade in BAD and not comment:
        raise Invalid(
            Text("请写明哪里不满意，办公室据此整改并答复您。", "Say what was wrong, so that the office can mend it.")
        )
    require_length(comment, MOST)
    with desk.store.write() as tx:
        case = tx.cases.lock(case_id)
        require_case(actor, case, tx)
        _require_open(actor, case, now)
        if tx.ratings.find(case_id=case_id) is not None:
            raise Conflict(Text("这个办件已经评价过，一个办件评价一次。", "This case was rated; each is rated once."))
        due = _compute_due_window(desk, tx, case, now) if grade in BAD else None
        assert case.subject_id is not None
        row = RatingRow(
            case_id=case_id,
            jurisdiction=case.jurisdiction,
            body_id=case.subject_id,
            person_id=actor.signed_in_id,
            grade=grade,
            words=comment,
            at=now,
            reply_by=due.last_day if due else None,
            reason={"zh": due.reason.zh, "en": due.reason.en, "provisional": due.provisional} if due else None,
        )
        tx.ratings.add(row)
        append_case_event(desk, tx, case_id, actor, "rated", f"{actor.name}评价本件的办理：{GRADES[grade].zh}")
        if due is not None:
            _tell_office(desk, tx, case, row)
            tx.work.enqueue_many(_build_reminders(desk, row, due), now)


@guarded("rating.answer")
def answer_rating(desk: Desk, actor: Actor, case_id: int, words: str) -> None:
    """Answer a bad rating; who rated gets a message and reads the words on the page of the case.

    Raises:
        NotAllowed: the actor does not belong to the office of the place, or is recused.
        Conflict: nothing waits for an answer.
        Invalid: no words, or too many.
    """
    now, answer_text = desk.clock.now(), words.strip()
    if not answer_text:
        raise Invalid(Text("请写明怎样整改、怎样答复。", "Write what was done about it."))
    require_length(answer_text, MOST)
    with desk.store.write() as tx:
        case = tx.cases.lock(case_id)
        require_case(actor, case, tx)
        if not actor.in_office(case.jurisdiction):
            raise NotAllowed(Text("差评由当地办公室答复。", "A bad rating is answered by the office of the place."))
        row = tx.ratings.find(case_id=case_id)
        if row is None or row.reply_by is None:
            raise Conflict(Text("这个办件没有待答复的差评。", "No bad rating of this case waits for an answer."))
        if row.answered_at is not None:
            raise Conflict(Text("这条差评已经答复。", "This rating was answered already."))
        tx.ratings.change_where(
            {"case_id": case_id}, answer=answer_text, answered_by=actor.signed_in_id, answered_at=now
        )
        tx.work.cancel([_build_effect_key(case_id, name) for name in ("soon", "late")], now)
        append_case_event(desk, tx, case_id, actor, "rated", f"{actor.name}答复了差评")
        zh = f"办公室答复了您对“{case.title}”的评价：\n{answer_text}\n评价和答复在办件页可以查看。"
        en = f"The office answered your rating of “{case.title}”; it stands on the page of the case."
        _send_mail(
            desk,
            tx,
            [tx.people.get(row.person_id)],
            case,
            "answer",
            _build_subject("评价答复", "Your rating was answered", case),
            add_page_link(Text(zh, en), f"/cases/{case.id}"),
        )


def office_people(tx: Transaction, row: RatingRow, now: datetime) -> list[PersonRow]:
    """Return the people of the office of the place who are not recused from the organisation that rated."""
    seated = tx.role_holders.seated(row.jurisdiction, ["office"], [], now)
    away = {recusal.person_id for recusal in tx.recusals.select(body_id=row.body_id, lifted_at=None)}
    people = tx.people.by_id({seat.person_id for seat in seated} - away)
    return [people[ident] for ident in sorted(people)]


def _require_open(actor: Actor, case: CaseRow, now: datetime) -> None:
    if case.status != "ended":
        raise Conflict(Text("办件办结后才能评价。", "A case is rated once it has ended."))
    if not may_rate_case(actor, case):
        raise NotAllowed(Text("只有本件的申报组织可以评价。", "Only the organisation of the case may rate it."))
    until = find_rating_deadline(case)
    if until is None or now >= until:
        raise Conflict(Text("评价期已过，不能再评价。", "The time for rating this case is over."))


def _compute_due_window(desk: Desk, tx: Transaction, case: CaseRow, now: datetime) -> Window:
    calendar = desk.calendar(desk.packages.get(case.definition, tx).jurisdiction.calendar)
    return working_window(calendar, now, desk.rating_days, event=_RATED)


def _build_reminders(desk: Desk, row: RatingRow, due: Window) -> list[NewWork]:
    """Return the work of reminding: when two days are left, where there are, and when the last day is over."""
    end, payload = end_of_day(due.last_day), {"case": row.case_id}
    soon = max(end - timedelta(days=_WARN_DAYS + 1), end_of_day(local_date(desk.clock.now())))
    moments = (("soon", soon), ("late", end))
    return [
        NewWork(WORK, None, _build_effect_key(row.case_id, name), {**payload, "name": name}, at) for name, at in moments
    ]


def _build_effect_key(case_id: int, name: str) -> str:
    return f"rating:{case_id}:{name}"


def _tell_office(desk: Desk, tx: Transaction, case: CaseRow, row: RatingRow) -> None:
    assert row.reply_by is not None
    day = f"{row.reply_by.year}年{row.reply_by.month}月{row.reply_by.day}日"
    zh = f"“{case.title}”的申报组织评价为“{GRADES[row.grade].zh}”。请于{day}前核实并答复。"
    en = f"“{case.title}” was rated “{GRADES[row.grade].en}”: answer it by {format_full_day(row.reply_by).en}."
    people = office_people(tx, row, desk.clock.now())
    text = add_page_link(Text(zh, en), f"/cases/{case.id}/rating")
    _send_mail(
        desk, tx, people, case, "new", _build_subject("差评待答复", "A bad rating waits for an answer", case), text
    )


def _build_subject(zh: str, en: str, case: CaseRow) -> Text:
    return Text(f"{zh}：{case.title}", f"{en}: {case.title}")


def _send_mail(
    desk: Desk, tx: Transaction, people: list[PersonRow], case: CaseRow, name: str, subject: Text, text: Text
) -> None:
    now = desk.clock.now()
    rows = letter_rows(people, case.id, _build_effect_key(case.id, name), subject, text, now)
    tx.work.enqueue_many(put(desk, tx, rows, now), now)
