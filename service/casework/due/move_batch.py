"""Move all running cases of an award to its current version, or look what that would do to each, by the runner of all batches.

Each case moves in a transaction of its own, which notes what became of it, with what undoes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.amendments.move_case import carry_out
from service.casework.amendments.move_plan import MovePlan, Renames, plan_move
from service.casework.batches.run_chunk import build_batch_work, run_chunk
from service.casework.desk.desk import Desk
from service.casework.due.settle_incident import require_alone, restart_on
from service.casework.interventions.batch import is_being_undone
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.terminate import terminate_case
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import Stale, Transaction
from service.store.models import CaseMoveRow, MoveBatchRow, WorkItemRow

WORK = "moves"
"""Kind of the work item that moves a chunk."""

STAY, END, RESTART = "stay", "end", "restart"
_MOST_REASON = 300
ANOTHER_RUNS = Text("还有一批在进行，请等它结束或者先停止。", "Another batch runs: wait, or stop it first.")
_LOOKED = {"moved": "moves", "stayed": "stays", "restarted": "restarts", "ended": "ends"}
VERDICTS = (*_LOOKED, *_LOOKED.values(), "failed")
"""What became of a case, and what would by a look."""


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

    The second of two clicks gets the batch of the first.

    Raises NotFound, NotAllowed, Invalid without a reason, Conflict where another version is current or a batch runs.
    """
    place, award = package.split("/")
    if not actor.secures(place):
        raise NotAllowed(
            Text(
                "批量迁移由本辖区安全管理员办理。",
                "Only a security administrator of the jurisdiction may move its cases.",
            )
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
        tx.turns.take(f"moves {package}")
        if desk.packages.current(package, tx).version != wish.version:
            raise Conflict(_OVERTAKEN)
        running = running_batches(tx, package)
        if running and _is_same_batch(running[0], wish, actor):
            return running[0].id
        if running or is_being_undone(tx, package):
            raise Conflict(ANOTHER_RUNS)
        ident = tx.move_batches.insert(MoveBatchRow(
                package=package, target=wish.version, renames={p: dict(n) for p, n in wish.renames.items()},
                choice=wish.choice, reason=wish.reason.strip(), dry=wish.dry, person_id=actor.signed_in_id, begun_at=now,
                total=tx.cases.count_behind(place, award, wish.version),
            ))  # fmt: skip
        tx.work.enqueue_many([build_batch_work(WORK, ident, 0, now)], now)
    return ident


@guarded("amendment.apply")
def begin_tried(desk: Desk, actor: Actor, batch: int) -> int:
    """Begin to move what the batch ``batch`` only looked at, with its elements, choice and reason; returns the new batch's id.

    Raises NotFound, Conflict where it was no look or is not over, and as `begin_batch`.
    """
    with desk.store.read() as tx:
        row = tx.move_batches.get(batch)
        if not row.dry or row.state != "done":
            raise Conflict(
                Text(
                    "这一批不是已经完成的试算：请重新试算，再迁移。",
                    "This is no finished trial: try it anew, then move the cases.",
                )
            )
    return begin_batch(desk, actor, row.package, BatchWish(row.target, row.reason, row.renames, row.choice, dry=False))


@guarded("amendment.apply")
def stop_batch(desk: Desk, actor: Actor, batch: int) -> None:
    """Stop a batch after the case it is at; raises NotFound, NotAllowed, Conflict where it is over."""
    with desk.store.write() as tx:
        row = tx.move_batches.get(batch)
        if not actor.secures(row.package.split("/")[0]):
            raise NotAllowed(
                Text("由本辖区安全管理员停止。", "A security administrator of the jurisdiction may stop it.")
            )
        if not tx.move_batches.change_where(
            {"id": batch, "state": "running"}, state="stopped", ended_at=desk.clock.now()
        ):
            raise Conflict(Text("这一批已经结束。", "This batch is over."))


def running_batches(tx: Transaction, package: str) -> list[MoveBatchRow]:
    """Return the batches that move cases of an award now, or look at them."""
    return tx.move_batches.select("-id", package=package, state="running")


def move_chunk(desk: Desk, item: WorkItemRow) -> None:
    """Move the next cases of a batch, and leave the work item that goes on."""
    run_chunk(desk, item, _Moves())


class _Moves:
    """How a move of all cases goes on, case by case."""

    work = WORK

    def read(self, tx: Transaction, ident: int) -> MoveBatchRow:
        return tx.move_batches.get(ident)

    def begun_by(self, row: MoveBatchRow) -> int:
        return row.person_id

    def goes_on(self, desk: Desk, tx: Transaction, row: MoveBatchRow) -> bool:
        """Return whether nobody stopped it and no other version was published since."""
        return row.state == "running" and desk.packages.current(row.package, tx).version == row.target

    def ahead(self, tx: Transaction, row: MoveBatchRow, after: int, limit: int) -> Sequence[int]:
        place, award = row.package.split("/")
        return tx.cases.behind(place, award, row.target, after, limit)

    def change(self, desk: Desk, author: Actor, row: MoveBatchRow, case_id: int, item: WorkItemRow) -> None:
        mark = f"{row.id}:{case_id}"
        with desk.store.write() as tx:
            if tx.moves.find(mark=mark) is not None:
                return
            moved = replace(_process_case(desk, tx, author, row, case_id, mark), batch_id=row.id)
            if moved.verdict != "ended":
                _record_result(tx, moved, item)
                return
        request = InterventionAsked(row.reason, also=lambda tx, _effect: _record_result(tx, moved, item))
        terminate_case(desk, author, case_id, request, {"basis": row.reason})

    def note_refusal(self, tx: Transaction, row: MoveBatchRow, case_id: int, why: Text, now: datetime) -> None:
        case = tx.cases.get(case_id)
        tx.moves.insert_new(
            _build_result_row(now, case_id, case.definition, f"{row.id}:{case_id}", "failed", (why,), row.id)
        )

    def end(self, tx: Transaction, row: MoveBatchRow, now: datetime, *, whole: bool) -> None:
        tx.move_batches.change_where(
            {"id": row.id, "state": "running"}, state="done" if whole else "stopped", ended_at=now
        )


def _record_result(tx: Transaction, moved: CaseMoveRow, item: WorkItemRow) -> None:
    """Note what became of a case; raises Stale where another process claimed the chunk, or noted it."""
    tx.work.require_claimed(item)
    if not tx.moves.insert_new(moved):
        raise Stale


def _is_same_batch(row: MoveBatchRow, wish: BatchWish, actor: Actor) -> bool:
    """Return whether a batch is what somebody asks for once more."""
    wish_key = (wish.version, {p: dict(n) for p, n in wish.renames.items()}, wish.choice, wish.reason.strip(), wish.dry)
    return (row.target, row.renames, row.choice, row.reason, row.dry, row.person_id) == (*wish_key, actor.person_id)


_OVERTAKEN = Text(
    "您查看之后又发布了新版本，请重新查看会改变什么。",
    "Another version was published since you looked: look again at what would change.",
)


def _process_case(
    desk: Desk, tx: Transaction, actor: Actor, batch: MoveBatchRow, case_id: int, mark: str
) -> CaseMoveRow:
    case = tx.cases.lock(case_id)
    target = desk.packages.get(batch.target, tx)
    above = tx.moves.find(mark=f"{batch.id}:{case.parent_id}") if batch.dry else None
    moved = {case.parent_id} if above and above.verdict == "moves" and case.parent_id is not None else set()
    plan = plan_move(desk, tx, actor, case, target, moved, batch.renames)
    verdict = _get_verdict(batch, plan)
    if batch.dry:
        if verdict in ("restarted", "ended"):
            require_alone(tx, case)
        return _build_result_row(
            desk.clock.now(), case_id, case.definition, mark, _LOOKED[verdict], _list_reasons(plan), batch.id
        )
    if verdict == "moved":
        carried = carry_out(desk, tx, actor, plan, batch.reason, mark)
        return replace(carried, why=[change.as_json() for change in _list_reasons(plan)])
    if verdict == "restarted":
        return replace(restart_on(desk, tx, actor, plan, batch.reason, mark), why=[r.as_json() for r in plan.reasons])
    return _build_result_row(desk.clock.now(), case_id, case.definition, mark, verdict, plan.reasons, batch.id)


def _get_verdict(batch: MoveBatchRow, plan: MovePlan) -> str:
    if plan.moves:
        return "moved"
    return {RESTART: "restarted", END: "ended"}.get(batch.choice, "stayed") if plan.altered else "stayed"


def _list_reasons(plan: MovePlan) -> tuple[Text, ...]:
    """Return why a case would stay, or what would change for it."""
    if not plan.moves:
        return plan.reasons
    values = [
        Text(f"{v.name.zh}：{v.old.zh} → {v.new.zh}", f"{v.name.en}: {v.old.en} → {v.new.en}") for v in plan.values
    ]
    return (*values, *(change.words for change in plan.dates), *plan.steps)


def _build_result_row(
    now: datetime, case_id: int, version: str, mark: str, verdict: str, why: tuple[Text, ...], batch: int
) -> CaseMoveRow:
    return CaseMoveRow(
        mark=mark, batch_id=batch, case_id=case_id, verdict=verdict, why=[reason.as_json() for reason in why],
        from_version=version, at=now,
    )  # fmt: skip
