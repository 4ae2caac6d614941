"""One intervention over a selection of cases: tried in each, then done, by the runner of all batches.

The result of a case is written in the commit that changes it; whoever kills the program in between finds every case
either changed and noted, or neither, and the next start goes on with the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from service.casework.access.actor import Actor, office_role
from service.casework.access.guards import guarded
from service.casework.batches.run_chunk import build_batch_work, run_chunk
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import CaseChange, Effect
from service.casework.interventions.intervene import (
    AlreadyDone,
    InterventionAsked,
    require_administrator,
    require_reason,
)
from service.casework.interventions.kinds import INTERVENTIONS, RETRY, UNDO, intervention_of, title_of
from service.casework.step.post import add_page_link, letter_rows, put
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.text import Text, text_of
from service.domain.values.bounds import BATCH_STATES, OneOf
from service.store import Transaction
from service.store.models import InterventionBatchRow, InterventionResultRow, WorkItemRow

_NAMED = 20
"""Cases named in a message; of more the number is told, each case says it in its own history."""


def tell_offices(desk: Desk, tx: Transaction, row: InterventionBatchRow, changed: Sequence[int], now: datetime) -> None:
    """Queue one message to the office of each place of the cases that the batch changed."""
    author = tx.people.named({row.person_id}).get(row.person_id, "")
    for (place, role), cases in _by_office(desk, tx, changed).items():
        subject, text = _write_letter(row, author, tx.cases.titles(cases[:_NAMED]), len(cases))
        people = tx.deputies.reached(place, role, None, now)
        rows = letter_rows(people, None, f"news:intervened:{row.id}:{place}:{role}", subject, text, now)
        tx.work.enqueue_many(put(desk, tx, rows, now), now)


def _by_office(desk: Desk, tx: Transaction, cases: Sequence[int]) -> Mapping[tuple[str, str], list[int]]:
    cases_by_office: dict[tuple[str, str], list[int]] = {}
    roles: dict[str, str] = {}
    for ident, (place, version) in tx.cases.definitions_of(cases).items():
        if version not in roles:
            roles[version] = office_role(desk.packages.get(version, tx))
        cases_by_office.setdefault((place, roles[version]), []).append(ident)
    return cases_by_office


def _write_letter(row: InterventionBatchRow, author: str, titles: Mapping[int, str], count: int) -> tuple[Text, Text]:
    what = title_of(row.kind)
    subject = Text(f"管理员干预：{what.zh}，{count}件", f"An administrator intervened: {what.en}, cases: {count}")
    remaining = count - len(titles)
    named_zh, named_en = (
        "、".join(f"“{title}”" for title in titles.values()),
        ", ".join(f"“{title}”" for title in titles.values()),
    )
    text = Text(
        f"{what.zh}，共{count}件：{named_zh}{f'，另有{remaining}件' if remaining else ''}。\n原因：{row.reason}（{author}）\n"
        "如有异议，请联系管理员；每一件的经过见其办理记录。",
        f"{what.en}, cases: {count}: {named_en}{f' and {remaining} more' if remaining else ''}.\nWhy: {row.reason} ({author})\n"
        "If you object, ask the administrator; the history of each case tells all.",
    )
    return subject, add_page_link(text, "/cases")


WORK = "intervention"
"""Kind of the work items of a batch."""
MOST = 10_000
MOST_NAMED = 200
DONE, REFUSED, WAITING = "done", "refused", "waiting"

STOPPED = Text("发起人已停止这一批，这件没有办理。", "Who began it stopped it: nothing was done in this case.")
_SPENT = Text(
    "这次试算的内容已经办理过，没有再办一次。需要再办的，请重新选择办件并试算。",
    "What was tried is done already and was not done again: choose the cases and try anew.",
)


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked of several cases: the kind with what it needs, and why; ``tried`` is the batch that tried it."""

    kind: str
    cases: Sequence[int]
    reason: str
    given: Mapping[str, str]
    dry: bool = True
    tried: int | None = None
    public: bool = False
    excluded: Sequence[int] = ()
    """Those of ``cases`` that are left out by name; others are not looked at."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What a batch came to in one case: refused with a sentence, or what is (or would be) otherwise."""

    case_id: int
    title: str
    state: Annotated[str, OneOf((DONE, REFUSED, WAITING))]
    why: Text | None
    changes: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class BatchView:
    """How far a batch is, with one page of results; ``after`` continues it."""

    row: InterventionBatchRow
    title: Text
    grave: bool
    author: str
    counts: Mapping[str, int]
    results: tuple[CaseResult, ...]
    after: int | None
    excluded: tuple[str, ...] = ()
    """Titles of the cases that fit as well and were left out."""

    @property
    def total(self) -> int:
        """How many cases it is about."""
        return sum(self.counts.values())

    @property
    def over(self) -> bool:
        """Whether every case has a result."""
        return not self.counts.get(WAITING)

    @property
    def state(self) -> Annotated[str, OneOf(BATCH_STATES)]:
        """How far it is."""
        return "done" if self.over else "running"


@guarded("case.intervene")
def start_batch(desk: Desk, actor: Actor, chosen: Selection) -> int:
    """Begin a batch and return its number; the work goes on by itself.

    Raises:
        Invalid: no case, too many, no reason, or a kind that is done singly.
        NotAllowed: a case of another place.
        NotFound: a case that does not exist.
        AlreadyDone: what was tried is done already.
    """
    kind, cases = intervention_of(chosen.kind), sorted(set(chosen.cases) - set(chosen.excluded))
    excluded_ids = sorted(set(chosen.cases) & set(chosen.excluded))[:MOST_NAMED]
    if not kind.many:
        why = kind.alone or Text("", "")
        raise Invalid(
            Text(f"“{kind.title.zh}”只能逐件办理：{why.zh}。", f"“{kind.title.en}” is done case by case: {why.en}.")
        )
    if not cases or len(cases) > MOST:
        raise Invalid(Text(f"请选择办件，一次最多 {MOST} 件。", f"Choose cases, {MOST} at most."))
    with desk.store.write() as tx:
        for place in {place for place, _ in tx.cases.definitions_of([*cases, *excluded_ids]).values()}:
            require_administrator(actor, place)
        row = InterventionBatchRow(
            kind=kind.id,
            given=dict(chosen.given),
            reason=require_reason(chosen.reason),
            dry=chosen.dry,
            tried_id=chosen.tried,
            public=chosen.public,
            excluded=excluded_ids or None,
            person_id=actor.person_id or 0,
            at=desk.clock.now(),
        )
        batch = tx.interventions.begin(row, cases)
        if chosen.tried is not None and not tx.interventions.change_where(
            {"id": chosen.tried, "tried_id": None}, tried_id=batch
        ):
            raise AlreadyDone(_SPENT)
        now = desk.clock.now()
        tx.work.enqueue_many([build_batch_work(WORK, batch, 0, now)], now)
    return batch


@guarded("case.intervene")
def do_tried(desk: Desk, actor: Actor, batch: int) -> int:
    """Do what a batch has tried, in the cases that did not refuse; returns the new batch's number.

    Raises:
        AlreadyDone: it was done already.
        Conflict: it is not tried to the end.
    """
    with desk.store.read() as tx:
        row = _get_actors_batch(tx, actor, batch)
        results = tx.intervention_results.select("case_id", batch_id=batch, limit=MOST)
    if row.dry and row.tried_id is not None:
        raise AlreadyDone(_SPENT)
    cases = [r.case_id for r in results if r.state == DONE]
    if not row.dry or any(r.state == WAITING for r in results):
        raise Conflict(Text("试算还没有结束，或者已经办理。", "It is not tried to the end yet, or was done already."))
    excluded_ids: Sequence[int] = row.excluded or ()
    return start_batch(
        desk, actor,
        Selection(
            row.kind, [*cases, *excluded_ids], row.reason, row.given,
            dry=False, tried=batch, public=row.public, excluded=excluded_ids,
        ),
    )  # fmt: skip


@guarded("case.intervene")
def stop_batch(desk: Desk, actor: Actor, batch: int) -> int:
    """Stop a batch after the case it is at, and return how many cases are left as they are; each says so.

    Raises NotFound for another person's, Conflict where no case waits any more.
    """
    with desk.store.write() as tx:
        _get_actors_batch(tx, actor, batch)
        waiting_count = tx.intervention_results.refuse_waiting(batch, STOPPED.as_json(), desk.clock.now())
        if not waiting_count:
            raise Conflict(Text("这一批已经办完。", "This batch is over."))
    return waiting_count


@guarded("case.intervene")
def view_batch(desk: Desk, actor: Actor, batch: int, after: int = 0) -> BatchView:
    """Return how far a batch is; raises NotFound for another person's."""
    with desk.store.read() as tx:
        row = _get_actors_batch(tx, actor, batch)
        rows = tx.intervention_results.select("case_id", batch_id=batch, after=after, limit=101)
        titles = tx.cases.titles([r.case_id for r in rows])
        author = tx.people.named({row.person_id}).get(row.person_id, "")
        results = tuple(_build_case_result(r, titles.get(r.case_id, "")) for r in rows[:100])
        counts = tx.intervention_results.count_by("state", batch_id=batch)
        excluded = tuple(tx.cases.titles(row.excluded or ()).values())
    more = rows[99].case_id if len(rows) > 100 else None
    grave = row.kind in INTERVENTIONS and INTERVENTIONS[row.kind].grave
    return BatchView(row, title_of(row.kind), grave, author, counts, results, more, excluded)


@guarded("work.run")
def run_batched(desk: Desk, actor: Actor, item: WorkItemRow) -> None:  # noqa: ARG001  the guard reads the actor
    """Change the next cases as a batch asks."""
    run_chunk(desk, item, _Interventions(desk))


class NotedBatch:
    """What batches have in common whose cases are chosen when they begin, each with its result."""

    def read(self, tx: Transaction, ident: int) -> InterventionBatchRow:
        """Return a batch; raises NotFound."""
        return tx.interventions.get(ident)

    def begun_by(self, row: InterventionBatchRow) -> int:
        """Return the person who began it."""
        return row.person_id

    def goes_on(self, desk: Desk, tx: Transaction, row: InterventionBatchRow) -> bool:  # noqa: ARG002
        """Return true: whoever stops it gives each case that waits a result."""
        return True

    def ahead(self, tx: Transaction, row: InterventionBatchRow, after: int, limit: int) -> Sequence[int]:
        """Return the next cases that wait."""
        return [
            result.case_id
            for result in tx.intervention_results.select(
                "case_id", batch_id=row.id, state=WAITING, after=after, limit=limit
            )
        ]

    def note_refusal(self, tx: Transaction, row: InterventionBatchRow, case_id: int, why: Text, now: datetime) -> None:
        """Note that a case was not changed, and why."""
        tx.intervention_results.note(row.id, case_id, REFUSED, why.as_json(), now)

    def end(self, tx: Transaction, row: InterventionBatchRow, now: datetime, *, whole: bool) -> None:
        """Note nothing: it is over once every case has a result."""


class _Interventions(NotedBatch):
    """How a batch of interventions goes on, case by case."""

    work = WORK

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def end(self, tx: Transaction, row: InterventionBatchRow, now: datetime, *, whole: bool) -> None:  # noqa: ARG002
        """Tell the offices what was done; a trial is told to nobody."""
        if not row.dry:
            changed = [
                result.case_id
                for result in tx.intervention_results.select("case_id", batch_id=row.id, state=DONE, limit=MOST)
            ]
            tell_offices(self._desk, tx, row, changed, now)

    def change(self, desk: Desk, author: Actor, row: InterventionBatchRow, case_id: int, item: WorkItemRow) -> None:
        def record_result(tx: Transaction, effect: Effect) -> None:
            details = {"changes": _list_change_texts(effect), **({"tried": effect.tried} if row.dry else {})}
            tx.work.require_claimed(item)
            tx.intervention_results.note(row.id, case_id, DONE, details, desk.clock.now())

        with desk.store.read() as tx:
            mark = _find_trial_mark(tx, row, case_id)
        request, kind = (
            InterventionAsked(row.reason, row.dry, record_result, row.public, among=True),
            intervention_of(row.kind),
        )
        effect = kind.do_tried(desk, author, case_id, request, row.given, mark)
        if row.dry:  # nothing of it was kept, neither was what it would have noted
            with desk.store.write() as tx:
                record_result(tx, effect)


def _find_trial_mark(tx: Transaction, row: InterventionBatchRow, case_id: int) -> str | None:
    """Return the mark of the trial of a case that a batch carries out; None where none was kept."""
    if row.dry or row.tried_id is None:
        return None
    result_rows = tx.intervention_results.select(
        "case_id", batch_id=row.tried_id, state=DONE, after=case_id - 1, limit=1
    )
    details = result_rows[0].said if result_rows and result_rows[0].case_id == case_id else {}
    return str(details["tried"]) if isinstance(details, dict) and details.get("tried") else None


def _list_change_texts(effect: Effect) -> list[Mapping[str, str]]:
    lines = [_format_change(change) for change in effect.changes]
    informed_line = Text(f"告知 {effect.informed} 人", f"told: {effect.informed}")
    return [line.as_json() for line in (*lines, informed_line)]


def _format_change(change: CaseChange) -> Text:
    before, after = change.before or Text("—", "—"), change.after or Text("取消", "gone")
    return Text(
        f"{change.what.zh} {change.name}：{before.zh} → {after.zh}",
        f"{change.what.en} {change.name}: {before.en} → {after.en}",
    )


def _get_actors_batch(tx: Transaction, actor: Actor, batch: int) -> InterventionBatchRow:
    row = tx.interventions.get(batch)
    shared = row.kind == RETRY and actor.administers(str(row.given.get("jurisdiction", "")))
    if row.person_id != actor.person_id and not shared:
        raise NotFound(Text("没有这一批干预，或者不是您发起的。", "There is no such batch, or it is not yours."))
    return row


def _build_case_result(row: InterventionResultRow, title: str) -> CaseResult:
    details: Mapping[str, Any] = row.said
    why = text_of(details) if row.state == REFUSED else None
    return CaseResult(row.case_id, title, row.state, why, tuple(map(text_of, details.get("changes", ()))))


def undo_of(tx: Transaction, moves: int) -> InterventionBatchRow | None:
    """Return the newest batch that undoes the batch of moves ``moves``; None where nobody began one."""
    page = tx.interventions.select("-id", limit=100, kind=UNDO)
    while page:
        undo_row = next((row for row in page if row.given["batch"] == moves), None)
        if undo_row is not None:
            return undo_row
        page = tx.interventions.select("-id", limit=100, kind=UNDO, after=page[-1].id)
    return None


def is_being_undone(tx: Transaction, package: str) -> bool:
    """Return whether moves of an award are being undone."""
    batches = (row.given["batch"] for row in tx.interventions.under_way(UNDO))
    return any(tx.move_batches.get(moves).package == package for moves in batches)
