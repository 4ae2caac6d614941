"""Notify a case that its ballot is complete, unless it was counted meanwhile; destroy keys after the count."""

from __future__ import annotations

from datetime import timedelta

from service.casework.ballots.box import COUNTED, VOID
from service.casework.ballots.standing import is_awaited
from service.casework.desk.desk import Desk
from service.casework.desk.urns import urns_of
from service.casework.step.messages import receive_case_message
from service.casework.step.step import Step
from service.domain.text import Text
from service.store import KeyFolderGone
from service.store.models import BallotRow, WorkItemRow

FOLDER_AWAY = timedelta(minutes=10)
"""So long the destruction of keys waits where their folder was moved away, of which the checks tell meanwhile."""

_REMEDY = Text(
    "本系统只在计票或者作废以后才排这项工作，这一项是在系统之外写进数据库的。请审计管理员运行 laurel doctor --deep，查明是谁写的；"
    "查明后写明理由点“跳过”",
    "The program queues this after a count or a void ballot alone: it was written into the database beside the program. The"
    " audit administrator runs laurel doctor --deep and finds out who wrote it; then skip this with a reason.",
)


def notify_ballot_complete(step: Step, item: WorkItemRow) -> None:
    """Deliver the message; after the count it is dropped, since it would end the next ballot of the series.

    So it is where the case stands at the count already, which is tried again as the case settles.
    """
    row = step.tx.ballots.get(int(item.payload["ballot"]))
    if row.state not in (COUNTED, VOID) and not is_awaited(row):
        receive_case_message(step, item.effect_key, str(item.payload["message"]), {"ballot": row.id})


def destroy_keys(desk: Desk, item: WorkItemRow) -> None:
    """Destroy what is left of a counted ballot's keys; done again until it is done, however long their folder is away.

    Keys of a ballot that is neither counted nor void are kept: nobody of the program asks for that, and an incident says so.
    """
    box = str(item.payload["box"])
    with desk.store.read() as tx:
        row = tx.ballots.find(box=box)
    if row is None or row.state not in (COUNTED, VOID):
        with desk.store.write() as tx:
            tx.work.give_up(item, _describe_early_destruction(row), _REMEDY, desk.clock.now())
        return
    try:
        urns_of(desk).destroy(box)
    except KeyFolderGone as gone:
        with desk.store.write() as tx:
            tx.work.wait_on(item, gone.message.zh, desk.clock.now() + FOLDER_AWAY)
        return
    with desk.store.write() as tx:
        tx.work.finish(item, desk.clock.now())


def _describe_early_destruction(row: BallotRow | None) -> Text:
    if row is None:
        return Text(
            "要销毁的表决密钥不属于任何表决，没有销毁",
            "keys that belong to no ballot were to be destroyed: they were kept",
        )
    return Text(
        f"要销毁“{row.title}”的密钥，而这次表决既没有计票也没有作废，没有销毁，表决照常进行",
        f"the keys of “{row.title}” were to be destroyed, which is neither counted nor void: they were kept, the ballot goes on",
    )
