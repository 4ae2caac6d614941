"""Accept the stored state and row of a case that somebody wrote beside the program, with the reason on record."""

from __future__ import annotations

from functools import partial

from service.casework.access.actor import Actor
from service.casework.access.book.acting import tell
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.case_state import without_rows
from service.casework.step.own_state import altered_columns
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.store import AuditEvent
from service.store.seals.state_seal import bound_columns


@guarded("records.keep")
def accept_state(desk: Desk, actor: Actor, case_id: int, reason: str) -> None:
    """Take what is stored of a case, state and row, as its own from now on: where the right one was put back as well as could be.

    It stands in the history of the case and in the book, with the reason.

    Raises:
        NotFound: there is no such case.
        Invalid: no reason is given.
        Conflict: the state is the one that the program saved last.
    """
    if not reason.strip():
        raise Invalid(Text("请写明理由，会记入办件的记录。", "Say why; the reason goes on record in the case."))
    with desk.store.write() as tx:
        case = tx.cases.lock(case_id)
        tell(case.title, place=case.jurisdiction, after={"case": case_id}, reason=reason.strip())
        columns = altered_columns(desk, tx, case)
        if not columns:
            raise Conflict(
                Text(
                    f"办件 {case_id} 存储的流程状态和登记内容就是本系统保存的，不需要确认。",
                    f"What is stored of case {case_id} is what the program saved: there is nothing to accept.",
                )
            )
        said = f"存储的{'、'.join(columns)}曾在系统之外被改动，确认按现状继续：{reason.strip()}"
        event = AuditEvent(desk.clock.now(), actor.name, "state_accepted", said, actor.person_id)
        row = {name: getattr(case, name) for name in bound_columns()}
        state = without_rows(case.state)  # what it says of forms and the like is compared anew
        if tx.written is not None:  # the event holds the digests of what is saved after it
            tx.written.announce("case_instance", case.id, {"state": state, **row})
        seq, head = tx.history.append(case.id, case.audit_seq, case.audit_hash, [event])
        tx.cases.save(case, state=state, audit_seq=seq, audit_hash=head)
        if desk.store.seals is not None:
            tx.after_commit(partial(desk.store.seals.heads.accept, case.id, desk.clock.now()))
