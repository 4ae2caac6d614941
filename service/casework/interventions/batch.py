"""One intervention over a selection of cases: each case by itself, as work in the database, so that a kill loses nothing.

The result of a case is written in the commit that changes it; whoever kills the program in between finds every case
either changed and noted, or neither, and the next start goes on with the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.interventions.author import author_of, demand_still_administrator
from service.casework.interventions.effect import Effect
from service.casework.interventions.intervene import InterventionAsked, demand_administrator, demand_reason
from service.casework.interventions.kinds import InterventionKind, intervention_of
from service.casework.interventions.tried import AlreadyDone
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.domain.text import Text, text_of
from service.engine import StepFailed
from service.store import NewWork, Stale, Transaction
from service.store.rows import InterventionBatchRow, InterventionResultRow, WorkItemRow

WORK = "intervention"
"""Kind of the work items, one per case of a batch."""
MOST = 10_000
MOST_NAMED = 200
DONE, REFUSED, WAITING = "done", "refused", "waiting"


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
    state: str
    why: Text | None
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchView:
    """How far a batch is, with one page of results; ``after`` continues it."""

    row: InterventionBatchRow
    kind: InterventionKind
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
    left_out = sorted(set(chosen.cases) & set(chosen.excluded))[:MOST_NAMED]
    if not kind.many:
        raise Invalid(Text(f"“{kind.title.zh}”只能逐件办理。", f"“{kind.title.en}” is done case by case."))
    if not cases or len(cases) > MOST:
        raise Invalid(Text(f"请选择办件，一次最多 {MOST} 件。", f"Choose cases, {MOST} at most."))
    with desk.store.write() as tx:
        for place in tx.cases.places_of([*cases, *left_out]):
            demand_administrator(actor, place)
        row = InterventionBatchRow(
            kind=kind.id,
            given=dict(chosen.given),
            reason=demand_reason(chosen.reason),
            dry=chosen.dry,
            tried_id=chosen.tried,
            public=chosen.public,
            excluded=left_out or None,
            person_id=actor.person_id or 0,
            at=desk.clock.now(),
        )
        batch = tx.interventions.begin(row, cases)
        if chosen.tried is not None and not tx.interventions.spend(chosen.tried, batch):
            raise AlreadyDone(_SPENT)
        now = desk.clock.now()
        work = [NewWork(WORK, case, f"{WORK}:{batch}:{case}", {"batch": batch}, now) for case in cases]
        tx.work.enqueue_many(work, now)
    return batch


@guarded("case.intervene")
def do_tried(desk: Desk, actor: Actor, batch: int) -> int:
    """Do what a batch has tried, in the cases that did not refuse; returns the new batch's number. Raises Conflict."""
    with desk.store.read() as tx:
        row = _own(tx, actor, batch)
        counts = tx.interventions.counts(batch)
        cases = [r.case_id for r in tx.interventions.results(batch, DONE, limit=MOST)]
    if not row.dry or counts.get(WAITING):
        raise Conflict(Text("试算还没有结束，或者已经办理。", "It is not tried to the end yet, or was done already."))
    left_out: Sequence[int] = row.excluded or ()
    return start_batch(
        desk, actor,
        Selection(
            row.kind, [*cases, *left_out], row.reason, row.given, dry=False, tried=batch, public=row.public,
            excluded=left_out,
        ),
    )  # fmt: skip


@guarded("case.intervene")
def view_batch(desk: Desk, actor: Actor, batch: int, after: int = 0) -> BatchView:
    """Return how far a batch is; raises NotFound for another person's."""
    with desk.store.read() as tx:
        row = _own(tx, actor, batch)
        rows = tx.interventions.results(batch, after=after, limit=101)
        titles = tx.cases.titles([r.case_id for r in rows])
        author = tx.people.named({row.person_id}).get(row.person_id, "")
        results = tuple(_result(r, titles.get(r.case_id, "")) for r in rows[:100])
        counts = tx.interventions.counts(batch)
        excluded = tuple(tx.cases.titles(row.excluded or ()).values())
    more = rows[99].case_id if len(rows) > 100 else None
    return BatchView(row, intervention_of(row.kind), author, counts, results, more, excluded)


@guarded("work.run")
def run_batched(desk: Desk, actor: Actor, item: WorkItemRow) -> None:  # noqa: ARG001  the guard reads the actor
    """Change the case of a claimed item as its batch asks; its result and the end of the item are the same commit."""
    assert item.case_id is not None
    case_id, batch, now = item.case_id, int(item.payload["batch"]), desk.clock.now()
    with desk.store.read() as tx:
        row, place = tx.interventions.get(batch), tx.cases.get(case_id).jurisdiction
        author = author_of(tx, row.person_id, now)

    def finish(tx: Transaction, effect: Effect) -> None:
        tx.interventions.note(batch, case_id, DONE, {"changes": _words(effect)}, now)
        tx.work.finish(item, now)

    try:
        demand_still_administrator(author, place)
        effect = intervention_of(row.kind).run(
            desk, author, case_id, InterventionAsked(row.reason, row.dry, finish, row.public), row.given
        )
    except Stale:
        raise
    except (NotAllowed, NotFound, Invalid, Conflict, StepFailed) as refusal:
        with desk.store.write() as tx:
            tx.interventions.note(batch, case_id, REFUSED, refusal.message.as_json(), now)
            tx.work.finish(item, now)
        return
    if row.dry:  # nothing of it was kept, neither was what it would have noted
        with desk.store.write() as tx:
            finish(tx, effect)


def _words(effect: Effect) -> list[str]:
    lines = [
        f"{c.what.zh} {c.name}：{c.before.zh if c.before else '—'} → {c.after.zh if c.after else '取消'}"
        for c in effect.changes
    ]
    return [*lines, f"告知 {effect.informed} 人"]


def _own(tx: Transaction, actor: Actor, batch: int) -> InterventionBatchRow:
    row = tx.interventions.get(batch)
    if row.person_id != actor.person_id:
        raise NotFound(Text("没有这一批干预，或者不是您发起的。", "There is no such batch, or it is not yours."))
    return row


def _result(row: InterventionResultRow, title: str) -> CaseResult:
    said: Mapping[str, Any] = row.said
    why = text_of(said) if row.state == REFUSED else None
    return CaseResult(row.case_id, title, row.state, why, tuple(said.get("changes", ())))
