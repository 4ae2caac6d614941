"""After an upgrade: every running case is loaded once by the new program, and one that cannot be becomes an incident."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.case_loading import STRANDED, CaseLoading
from service.casework.soundness.persisting import persisting
from service.domain.proof.audit_chain import AuditEvent
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import IncidentRow, ProgramLookRow

_AT_ONCE = 20
"""How many cases are loaded before others get a turn, and after how many it is noted how far this came."""
_CONSEQUENCE = Text(
    "办件停在原处：任务办不了，期限到了也不处理；存储的内容没有改动",
    "the case stands where it is: no task can be done and no time limit is worked off; what is stored is unchanged",
)
_REMEDY = Text(
    "装回升级前的程序，或请提供程序的人员修好后再升级；换上的程序启动后会再读一次，读得出的自动销号，也可以点“重试”立即再读",
    "put the program of before back, or ask who provides it for a corrected one; whichever is started next loads the case"
    " again, and so does a retry; the incident is settled where that goes well",
)


@guarded("soundness.prove")
def load_once(desk: Desk, actor: Actor, program: str, stopped: Callable[[], bool] = bool) -> bool:
    """Load what runs unless ``program`` (its SHA-256) has done so already; returns whether it has by now.

    It goes on where it was interrupted. Of several processes one does so, and the others are told False until it has.
    """
    loading = CaseLoading(desk)
    with desk.store.alone_at("load once") as alone:
        while alone and not stopped():
            look = _look(desk, program)
            if look.done_at is not None:
                return True
            persisting(partial(_load_some, desk, actor, loading, look))
    return False


@guarded("soundness.prove")
def is_known(desk: Desk, actor: Actor, program: str) -> bool:  # noqa: ARG001  the guard reads the actor
    """Return whether ``program`` has loaded everything that runs before."""
    return _look(desk, program).done_at is not None


def _look(desk: Desk, program: str) -> ProgramLookRow:
    with desk.store.read() as tx:
        kept = tx.installation.look()
    return kept if kept and kept.program == program else ProgramLookRow(program=program, since=desk.clock.now())


def _load_some(desk: Desk, actor: Actor, loading: CaseLoading, look: ProgramLookRow) -> int:
    with desk.store.read() as tx:
        page = tx.cases.stored_states(look.after, _AT_ONCE)
        suspects = {row.id for row in page if loading.fault(tx, row)}
    with desk.store.write() as tx:
        stranded = {ident: why for ident in sorted(suspects) if (why := loading.fault_held(tx, ident))}
        known = tx.incidents.open_among([row.id for row in page], STRANDED)
        for row in known:
            if row.case_id not in stranded:
                tx.incidents.resolve(row.id, desk.clock.now(), None)
        for ident in sorted(stranded.keys() - {row.case_id for row in known}):
            _report(desk, tx, actor, ident, stranded[ident], look.program)
        after, done = (page[-1].id, None) if page else (look.after, desk.clock.now())
        tx.installation.note_look(replace(look, after=after, done_at=done))
    return len(page)


def _report(desk: Desk, tx: Transaction, actor: Actor, case_id: int, why: Text, program: str) -> None:
    mark, row, now = program[:8], tx.cases.get(case_id), desk.clock.now()
    what = Text(
        f"升级到程序 {mark} 以后，这件办件不能继续办理：{why.zh}（流程版本 {row.definition[:8]}）",
        f"since the upgrade to program {mark} this case cannot go on: {why.en} (version {row.definition[:8]})",
    )
    tx.incidents.open(
        IncidentRow(
            jurisdiction=row.jurisdiction, case_id=case_id, kind=STRANDED, what=what.as_json(), since=now,
            consequence=_CONSEQUENCE.as_json(), remedy=_REMEDY.as_json(), detail=program,
        )
    )  # fmt: skip
    tx.history.record(case_id, [AuditEvent(now, actor.name, "incident", what.zh)])
