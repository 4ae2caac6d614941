"""Time limits that end on another day: found by counting them twice, put in words, and told to whoever must act."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.casework.access.actor import office_role
from service.casework.step.fill import in_english, in_words
from service.casework.step.limits.days import last_day_before
from service.casework.step.limits.running import Counted, RunningLimit, count_limit, running_limits
from service.casework.step.post import add_page_link, list_responsible_people, queue_to
from service.casework.step.step import Step
from service.domain.calendar import Window
from service.domain.calendar.clock import format_full_day
from service.domain.text import Text, join_sentences
from service.store.models import PersonRow, TaskRow


@dataclass(frozen=True, slots=True)
class LimitChange:
    """A time limit that ends on another day: what a page, a trial, the history and a message show of it.

    ``key`` names it in the case ("task:…", "timer:…", "notice:…"); ``passed``: the new day is over already. Whoever holds
    ``task``, or a task at ``attached_to``, must act by it, else the office.
    """

    key: str
    name: str
    old: date
    new: date
    due: datetime
    window: Window | None = None
    passed: bool = False
    task: TaskRow | None = None
    attached_to: str = ""

    @property
    def words(self) -> Text:
        """What changes, for a list."""
        old, new = format_full_day(self.old).en, format_full_day(self.new).en
        return Text(
            f"“{self.name}”的期限：{in_words(self.old)} → {in_words(self.new)}",
            f"limit of “{self.name}”: {old} → {new}",
        )

    @property
    def record(self) -> str:
        """What changes, for the history."""
        days = (
            f"由{in_words(self.old)}改为{in_words(self.new)}" if self.old != self.new else f"仍为{in_words(self.old)}"
        )
        return f"“{self.name}”的期限{days}"


def change_of(step: Step, limit: RunningLimit, counted: Counted) -> LimitChange:
    """Return what changes where a limit comes to another day."""
    due, window = counted
    old, new = last_day_before(limit.at), last_day_before(due)
    return LimitChange(limit.ident, limit.name, old, new, due, window, due <= step.now, limit.row, limit.bounds)


def compare_limits(before: Step, after: Step) -> Iterator[LimitChange]:
    """Yield the limits that ``after`` counts otherwise, of those that ``before`` counts as they stand.

    What neither comes to was set by a person: it stays.
    """
    former = {limit.ident: limit for limit in running_limits(before)}
    for limit in running_limits(after):
        usual = count_limit(before, former[limit.ident]) if limit.ident in former else None
        counted = count_limit(after, limit) if usual is not None and usual[0] == limit.at else None
        if counted is not None and counted[0] != limit.at:
            yield change_of(after, limit, counted)


MOVED = "limit_moved"
"""Action of the audit entry that says from which day to which a limit moved, by its key."""


def record_change(step: Step, change: LimitChange, why: str, articles: Sequence[str] = ()) -> None:
    """Put on record that a limit ends on another day, or is sure to end on this one, and why."""
    days = {"key": change.key, "from": change.old.isoformat(), "to": change.new.isoformat()}
    step.audit(MOVED, f"{change.record}：{why}", None, {**days, **({"articles": list(articles)} if articles else {})})


def tell_changes(step: Step, changes: Sequence[LimitChange], why: Text, *, recorded: bool = True) -> None:
    """Queue one letter per person about what moved in this step, in its transaction; nothing where no day changed.

    ``recorded``: the history says so in a line of its own; else the line of what moved it does.
    """
    lines_by_person: dict[int, tuple[PersonRow, dict[str, tuple[str, LimitChange]]]] = {}
    for change in changes:
        for name, person in _iterate_audience(step, change) if change.old != change.new else ():
            _, lines = lines_by_person.setdefault(person.id, (person, {}))
            lines.setdefault(f"{name}/{change.old}/{change.new}", (name, change))
    for person, lines in lines_by_person.values():
        _send_letter(step, person, list(lines.values()), why)
    if lines_by_person and recorded:
        step.audit("told", f"期限有变动，已告知{len(lines_by_person)}人：{why.zh}")


def _iterate_audience(step: Step, change: LimitChange) -> Iterator[tuple[str, PersonRow]]:
    tasks = [change.task] if change.task else _list_bounded_tasks(step, change)
    for task in tasks:
        for person in list_responsible_people(step.tx, step.package, step.case, task, step.now):
            yield task.title, person
    if not tasks:
        for person in step.tx.deputies.reached(step.case.jurisdiction, office_role(step.package), None, step.now):
            yield change.name, person


def _list_bounded_tasks(step: Step, change: LimitChange) -> list[TaskRow]:
    rows = step.tx.tasks.open_of_case(step.case.id) if change.attached_to else []
    return [row for row in rows if row.element == change.attached_to]


def _send_letter(step: Step, person: PersonRow, lines: Sequence[tuple[str, LimitChange]], why: Text) -> None:
    name, first = lines[0]
    more, more_en = (f"等{len(lines)}项", f", {len(lines)} limits") if len(lines) > 1 else ("", "")
    subject = Text(
        f"期限变更：“{name}”改为{in_words(first.new)}{more}",
        f"Time limit changed: “{name}” is due {in_english(first.new)}{more_en}",
    )
    sentences = [
        Text(
            f"“{name}”（{step.case.title}）的期限由{in_words(change.old)}改为{in_words(change.new)}。",
            f"“{name}” ({step.case.title}) was due {in_english(change.old)}, is now due {in_english(change.new)}.",
        )
        for name, change in lines
    ]
    text = join_sentences([*sentences, Text(f"原因：{why.zh}", f"Why: {why.en}")], "\n")
    queue_to(step, [person], f"moved:{step.case.version}", subject, add_page_link(text, f"/cases/{step.case.id}"))
