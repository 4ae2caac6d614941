"""Queue messages to people: recipients, inbox rows and the mail queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from service.casework.desk.channels import Recipient
from service.casework.desk.desk import Desk
from service.casework.step.step import Step
from service.catalog import Package
from service.domain.calendar import CHINA
from service.domain.calendar.reminder_schedule import HOUR
from service.domain.text import Text, join_sentences
from service.sdk import Letter
from service.store import NewWork, Transaction
from service.store.models import CaseRow, MailRow, PersonRow, TaskRow

_AFTER = timedelta(minutes=30)
"""So long after the hour of reminders a day's mail waits, until all of them are written."""


def digest_work(case_id: int | None, person_id: int, now: datetime) -> NewWork:
    """Return the work of the mail of a day's reminders to a person; one is queued for each day, whoever asks for it.

    A reminder of the morning goes with the morning's mail; one that was held up goes within the hour, with all that came
    in that hour.
    """
    local = now.astimezone(CHINA)
    at = datetime.combine(local.date(), HOUR, tzinfo=CHINA) + _AFTER
    key = f"digest:{person_id}:{local.date()}"
    if local >= at:
        at, key = local + _AFTER, f"{key}:{local.hour}"
    return NewWork("digest", case_id, key, {"person": person_id}, at.astimezone(UTC))


def queue_letter(step: Step, letter: Letter, key: str) -> None:
    """Put ``letter`` into the inboxes of its recipients and queue the mails; ``key`` names it in the case."""
    roles = [t for t in _list_targets(letter.to) if "@" not in t]
    people = [p for role in roles for p in list_role_holders(step.tx, step.package, step.case, role, step.now)]
    name = f"mail:{step.case.id}:{key}"
    rows = letter_rows(people, step.case.id, name, letter.subject, letter.text, step.now, letter.documents)
    rows += [
        _build_message(step.case.id, f"{name}:{a}", a, None, letter.subject, letter.text, step.now, letter.documents)
        for a in _list_targets(letter.to)
        if "@" in a
    ]
    step.pending.work += put(step.desk, step.tx, rows, step.now)


def queue_to(step: Step, people: Iterable[PersonRow], key: str, subject: Text, text: Text) -> None:
    """Put news into the inbox of ``people`` and queue the mails; ``key`` names it in the case."""
    rows = letter_rows(people, step.case.id, f"news:{step.case.id}:{key}", subject, text, step.now)
    step.pending.work += put(step.desk, step.tx, rows, step.now)


def put(desk: Desk, tx: Transaction, messages: Sequence[MailRow], now: datetime) -> list[NewWork]:
    """Put messages into inboxes; returns the work of sending those that are new on every other channel that reaches them."""
    new = set(tx.mail.queue_many(messages))
    fresh = [Recipient(row, tx.people.get) for row in messages if row.effect_key in new]
    return [
        NewWork(
            channel.name,
            to.message.case_id,
            f"{to.message.effect_key}:{channel.name}",
            {"message": to.message.effect_key},
            now,
        )
        for channel in desk.channels
        for to in fresh
        if channel.address(to)
    ]


def letter_rows(
    people: Iterable[PersonRow],
    case_id: int | None,
    key: str,
    subject: Text | str,
    text: Text | str,
    now: datetime,
    documents: Sequence[int] = (),
) -> list[MailRow]:
    """Return one inbox row per person, each with an effect key of its own; a person named twice gets one.

    ``case_id`` is None where it is about no case. A `Text` reaches each in the language in which they read; what a
    package says is Chinese alone.
    """
    unique = {p.id: p for p in people}
    return [
        _build_message(case_id, f"{key}:{p.id}", p.email, p.id, _read_by(p, subject), _read_by(p, text), now, documents)
        for p in unique.values()
    ]


def add_page_link(text: Text, page: str) -> Text:
    """Return a message that ends with a page of this installation, such as ``/tasks/7``: there its reader acts."""
    return join_sentences([text, Text(page, page)], "\n")


def _read_by(person: PersonRow, words: Text | str) -> str:
    return words if isinstance(words, str) else words.pick(person.language)


def list_role_holders(tx: Transaction, package: Package, case: CaseRow, role: str, now: datetime) -> list[PersonRow]:
    """Return the people who hold ``role`` in ``case``: of the organisation, of the bound bodies, or of every body with it.

    With them come those who stand in for them.
    """
    bound = package.jurisdiction.bindings.get(role, role)
    role_info = package.jurisdiction.roles.get(bound)
    parties = tx.cases.parties(case.id)
    if role_info is not None and role_info.subject:
        named: list[int | None] = [body.id for body in parties.get(role, ())] or [case.subject_id]
        return [p for ident in named if ident is not None for p in tx.people.people_of(ident, now)]
    bodies = parties.get(bound)
    ids: list[int | None] = [b.id for b in bodies] if bodies else [None]
    return [p for body in ids for p in tx.deputies.reached(case.jurisdiction, bound, body, now)]


def list_responsible_people(
    tx: Transaction, package: Package, case: CaseRow, task: TaskRow, now: datetime
) -> list[PersonRow]:
    """Return who must do a task: the claimant, else everyone who holds it, each with who stands in for them."""
    if task.assignee_id is not None:
        alone = task.personal or task.kind == "ballot"
        others = [] if alone else tx.deputies.standing_in(task.assignee_id, task.jurisdiction, task.role, now)
        return [tx.people.get(task.assignee_id), *others]
    if task.body_id is not None:
        return tx.deputies.reached(task.jurisdiction, task.role, task.body_id, now)
    return list_role_holders(tx, package, case, task.role, now)


def _list_targets(to: str | Sequence[str]) -> list[str]:
    return [to] if isinstance(to, str) else list(to)


def _build_message(
    case_id: int | None,
    key: str,
    address: str | None,
    person_id: int | None,
    subject: str,
    text: str,
    now: datetime,
    documents: Sequence[int],
) -> MailRow:
    return MailRow(
        case_id=case_id,
        person_id=person_id,
        address=address,
        subject=subject,
        text=text,
        documents=list(documents),
        effect_key=key,
        queued_at=now,
    )
