"""Move all running cases of an award to its current version, or look what that would do to each: chunk by chunk, resumable.

A chunk is a work item; each case moves in a transaction of its own, which notes what became of it. A process that is
killed in between repeats the chunk: what was noted is passed over. Nothing is held in memory but one case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.amendments.move_case import carry_out
from service.casework.amendments.move_plan import MovePlan, plan_move
from service.casework.amendments.renames import Renames
from service.casework.desk.desk import Desk
from service.casework.due.restart_altered import demand_alone, restart_on
from service.casework.interventions.author import author_of, demand_still_administrator
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.terminate import terminate_case
from service.casework.step.fill import in_words
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed
from service.domain.text import Text
from service.store import NewWork, Transaction
from service.store.rows import CaseMoveRow, MoveBatchRow, WorkItemRow

WORK = "moves"
"""Kind of the work item that moves a chunk."""

CHUNK = 20
"""Cases of one work item: well below the time for which it is claimed."""

STAY, END, RESTART = "stay", "end", "restart"
_MOST_REASON = 300
_LOOKED = {"moved": "moves", "stayed": "stays", "restarted": "restarts", "ended": "ends"}


@dataclass(frozen=True, slots=True)
class BatchWish:
    """What to do with the running cases of an award; ``choice`` is for those that have reached what was altered."""

    version: str
    reason: str
    renames: Renames
    choice: str = STAY
    dry: bool = True


@guarded("amendment.apply")
def begin_batch(desk: Desk, actor: Actor, package: str, wish: BatchWish) -> int:
    """Begin to move every running case of ``package`` to its current version; returns the batch's id.

    Raises NotFound, NotAllowed, Invalid without a reason, Conflict where another version is current or a batch runs.
    """
    place, award = package.split("/")
    if not actor.administers(place):
        raise NotAllowed(
            Text("批量迁移由本辖区管理员办理。", "Only an administrator of the jurisdiction may move its cases.")
        )
    if not 1 <= len(wish.reason.strip()) <= _MOST_REASON:
        raise Invalid(
            Text(
                f"请写明理由，不超过{_MOST_REASON}字，会记入每个办件的记录。",
                f"Say why, in {_MOST_REASON} characters; the reason goes on record in every case.",
            )
        )
    if wish.choice not in (STAY, END, RESTART):
        raise Invalid(Text("请选择已到过改动之处的办件怎么办。", "Choose what becomes of cases that reached a change."))
    now = desk.clock.now()
    with desk.store.write() as tx:
        if desk.packages.current(package, tx).version != wish.version:
            raise Conflict(_OVERTAKEN)
        if any(batch.state == "running" for batch in tx.moves.batches(package)):
            raise Conflict(
                Text("还有一批在进行，请等它结束或者先停止。", "Another batch runs: wait, or stop it first.")
            )
        assert actor.person_id is not None
        ident = tx.moves.begin(
            MoveBatchRow(
                package=package, target=wish.version, renames={p: dict(n) for p, n in wish.renames.items()},
                choice=wish.choice, reason=wish.reason.strip(), dry=wish.dry, person_id=actor.person_id, begun_at=now,
                total=tx.cases.count_behind(place, award, wish.version),
            )
        )  # fmt: skip
        tx.work.enqueue_many([_chunk(ident, 0, desk)], now)
    return ident


@guarded("amendment.apply")
def stop_batch(desk: Desk, actor: Actor, batch: int) -> None:
    """Stop a batch after the case it is at; raises NotFound, NotAllowed, Conflict where it is over."""
    with desk.store.write() as tx:
        row = tx.moves.batch(batch)
        if not actor.administers(row.package.split("/")[0]):
            raise NotAllowed(Text("由本辖区管理员停止。", "An administrator of the jurisdiction may stop it."))
        if not tx.moves.end(batch, "stopped", desk.clock.now()):
            raise Conflict(Text("这一批已经结束。", "This batch is over."))


def move_chunk(desk: Desk, item: WorkItemRow) -> None:
    """Move the next cases of a batch, and leave the work item that goes on."""
    ident, after = int(item.payload["batch"]), int(item.payload["after"])
    with desk.store.read() as tx:
        batch = tx.moves.batch(ident)
        place, award = batch.package.split("/")
        cases = tx.cases.behind(place, award, batch.target, after, CHUNK) if batch.state == "running" else []
        actor = author_of(tx, batch.person_id, desk.clock.now())
        current = desk.packages.current(batch.package, tx).version == batch.target
    for case in cases if current else ():
        _one(desk, actor, batch, case)
    now = desk.clock.now()
    with desk.store.write() as tx:
        if not current:
            tx.moves.end(ident, "stopped", now)
        elif len(cases) < CHUNK:
            tx.moves.end(ident, "done", now)
        else:
            tx.work.enqueue_many([_chunk(ident, cases[-1], desk)], now)
        tx.work.finish(item, now)


_OVERTAKEN = Text(
    "您查看之后又发布了新版本，请重新查看会改变什么。",
    "Another version was published since you looked: look again at what would change.",
)


def _chunk(batch: int, after: int, desk: Desk) -> NewWork:
    return NewWork(WORK, None, f"{WORK}:{batch}:{after}", {"batch": batch, "after": after}, desk.clock.now())


def _one(desk: Desk, actor: Actor, batch: MoveBatchRow, case_id: int) -> None:
    mark = f"{batch.id}:{case_id}"
    try:
        with desk.store.write() as tx:
            if tx.moves.by_mark(mark) is not None:
                return
            demand_still_administrator(actor, batch.package.split("/")[0])
            row = replace(_moved(desk, tx, actor, batch, case_id, mark), batch_id=batch.id)
            if row.verdict != "ended":
                tx.moves.add(row)
                return
        asked = InterventionAsked(batch.reason, also=lambda tx, _effect: tx.moves.add(row))
        terminate_case(desk, actor, case_id, asked, {"basis": batch.reason})
    except LaurelError as refusal:
        with desk.store.write() as tx:
            case = tx.cases.get(case_id)
            tx.moves.add(_noted(desk, case_id, case.definition, mark, "failed", (refusal.message,), batch.id))


def _moved(desk: Desk, tx: Transaction, actor: Actor, batch: MoveBatchRow, case_id: int, mark: str) -> CaseMoveRow:
    case = tx.cases.lock(case_id)
    target = desk.packages.get(batch.target, tx)
    above = tx.moves.by_mark(f"{batch.id}:{case.parent_id}") if batch.dry else None
    moved = {case.parent_id} if above and above.verdict == "moves" and case.parent_id is not None else set()
    plan = plan_move(desk, tx, actor, case, target, moved, batch.renames)
    verdict = _verdict(batch, plan)
    if batch.dry:
        if verdict in ("restarted", "ended"):
            demand_alone(tx, case)
        return _noted(desk, case_id, case.definition, mark, _LOOKED[verdict], _why(plan), batch.id)
    if verdict == "moved":
        return carry_out(desk, tx, actor, plan, batch.reason, mark)
    if verdict == "restarted":
        return replace(restart_on(desk, tx, actor, plan, batch.reason, mark), why=[r.as_json() for r in plan.reasons])
    return _noted(desk, case_id, case.definition, mark, verdict, plan.reasons, batch.id)


def _verdict(batch: MoveBatchRow, plan: MovePlan) -> str:
    if plan.moves:
        return "moved"
    return {RESTART: "restarted", END: "ended"}.get(batch.choice, "stayed") if plan.altered else "stayed"


def _why(plan: MovePlan) -> tuple[Text, ...]:
    """Return why a case would stay, or what would change for it."""
    if not plan.moves:
        return plan.reasons
    values = [
        Text(f"{v.name.zh}：{v.old.zh} → {v.new.zh}", f"{v.name.en}: {v.old.en} → {v.new.en}") for v in plan.values
    ]
    dates = [
        Text(f"“{d.name}”的期限：{in_words(d.old)} → {in_words(d.new)}", f"limit of “{d.name}”: {d.old} → {d.new}")
        for d in plan.dates
    ]
    return (*values, *dates)


def _noted(
    desk: Desk, case_id: int, version: str, mark: str, verdict: str, why: tuple[Text, ...], batch: int
) -> CaseMoveRow:
    return CaseMoveRow(
        mark=mark, batch_id=batch, case_id=case_id, verdict=verdict, why=[one.as_json() for one in why],
        from_version=version, at=desk.clock.now(),
    )  # fmt: skip
