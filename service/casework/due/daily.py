"""Daily work: versions begin, deputies end, lapsed claims go back, bodies hear of new tasks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.guards import guarded
from service.casework.definitions.publish import (
    APPROVED,
    PUBLISHED,
    begin_version,
    current_in_turn,
    places_in_force,
    record_event,
)
from service.casework.desk.desk import Desk
from service.casework.people.rights.deputies import end_rows, list_lapsed_claims, return_lapsed_claims
from service.casework.people.rights.first_people import PUBLISHER, seat_first_people
from service.casework.reading.published import BEGUN, published
from service.casework.step.post import add_page_link, letter_rows, put
from service.domain.calendar import CHINA, add_working_days, local_date
from service.domain.calendar.clock import format_full_day
from service.domain.calendar.reminder_schedule import HOUR
from service.domain.text import Text, join_sentences
from service.store import NewWork, Transaction
from service.store.models import MailRow, PersonRow, WorkItemRow
from service.store.queries.tasks import ArrivedTasks


def begin_publication(desk: Desk, item: WorkItemRow) -> None:
    """Let new cases use the version, unless the draft was taken back or another version was published meanwhile.

    In the latter case the draft waits again, and the record says why.
    """
    now, version = desk.clock.now(), str(item.payload["version"])
    with desk.store.write() as tx:
        tx.work.finish(item, now)
        number = int(item.payload["draft"])
        tx.turns.take(f"draft {number}")
        draft = tx.package_drafts.brief(number)
        details = dict(draft.details or {})
        if draft.state != APPROVED or details.get("version") != version or not details.get("from"):
            return
        current = current_in_turn(tx, draft.package)
        if (current.version if current else None) != draft.base:
            other_details = {key: value for key, value in details.items() if key != "from"}
            tx.package_drafts.change(draft.id, details=other_details)
            text = "生效日之前另发布了版本，本草稿没有生效：请并入后重新评审。"
            record_event(tx, SYSTEM, now, draft.package, "publication_missed", text, draft.id, {"version": version})
            return
        package = desk.packages.get(version, tx)
        tx.package_drafts.change(draft.id, state=PUBLISHED, changed_at=now)
        begin_version(tx, package, now, places_in_force(desk, tx, package))
        seat_first_people(tx, draft, package, details.get(PUBLISHER), now)
        text = f"草稿“{draft.title}”自{format_full_day(local_date(now)).zh}起生效。"
        record_event(tx, SYSTEM, now, draft.package, BEGUN, text, draft.id, {"version": version})


def end_what_is_over(desk: Desk, item: WorkItemRow) -> None:
    """End what was lent up to now, unless it was ended before."""
    with desk.store.write() as tx:
        first = tx.deputies.get(int(item.payload["deputy"]))
        rows = [row for row in tx.deputies.of_act(first) if row.ended_at is None and row.until <= desk.clock.now()]
        if rows:
            end_rows(desk, tx, rows, SYSTEM, "委托期限届满", "the period is over")


WORK = "morning"
"""Kind of the work item of each day."""


@guarded("work.run")
def queue_morning_work(desk: Desk, actor: Actor) -> bool:  # noqa: ARG001  the guard looks at the actor
    """Queue what is done when offices open today, unless it was queued before; returns whether it was not."""
    now = desk.clock.now()
    key = f"{WORK}:{local_date(now).isoformat()}"
    with desk.store.read() as tx:
        if tx.work.find(effect_key=key) is not None:
            return False
    with desk.store.write() as tx:
        return bool(tx.work.enqueue_many([NewWork(WORK, None, key, {}, _open_offices(local_date(now)))], now))


def do_morning_work(desk: Desk, item: WorkItemRow) -> None:
    """Give back claims of who may act no more, each person's in a commit of its own, then tell bodies of what came."""
    with desk.store.read() as tx:
        holders = tx.tasks.holders(sorted(published(desk, tx).jurisdictions()))
        gone = [person_id for person_id in sorted(holders) if list_lapsed_claims(desk, tx, person_id)]
    for person_id in gone:
        with desk.store.write() as tx:
            return_lapsed_claims(desk, tx, person_id, SYSTEM)
    now = desk.clock.now()
    with desk.store.write() as tx:
        tx.work.enqueue_many(put(desk, tx, _write_arrivals(desk, tx, item.due_at, now), now), now)
        tx.work.finish(item, now)


def _write_arrivals(desk: Desk, tx: Transaction, morning: datetime, now: datetime) -> list[MailRow]:
    """Return a message to each who holds the seat of a body: what came to it since the last working morning, unopened.

    Nobody is written to on a rest day. An applicant's own tasks were told as they arrived.
    """
    people, lines = dict[int, PersonRow](), defaultdict[int, list[ArrivedTasks]](list)
    current, day = published(desk, tx), local_date(morning)
    for place in sorted(current.jurisdictions()):
        calendar, roles = current.calendar(desk, place), current.of(place)[0].jurisdiction.roles
        if not calendar.is_working(day):
            continue
        for arrived in tx.tasks.arrived(place, _open_offices(add_working_days(calendar, day, -1)), morning):
            role = roles.get(arrived.role)
            if role is not None and not role.subject:
                for person in tx.deputies.reached(place, arrived.role, arrived.body_id, now):
                    people[person.id] = person
                    lines[person.id].append(arrived)
    return [row for reader in people.values() for row in _write_arrived(reader, lines[reader.id], day, now)]


def _write_arrived(reader: PersonRow, arrived: Sequence[ArrivedTasks], day: date, now: datetime) -> list[MailRow]:
    total = sum(line.tasks for line in arrived)
    subject = Text(f"本单位新到{total}项待办，还没有人打开", f"New tasks of your body, not opened yet: {total}")
    lines = [Text(f"“{line.title}”{line.tasks}项", f"“{line.title}”: {line.tasks}") for line in arrived]
    text = add_page_link(join_sentences([subject, *lines], "\n"), "/tasks")
    return letter_rows([reader], None, f"{WORK}:{day}", subject, text, now)


def _open_offices(day: date) -> datetime:
    return datetime.combine(day, HOUR, tzinfo=CHINA).astimezone(UTC)
