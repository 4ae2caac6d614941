"""Marks of rows as the newest look found them: kept in the book, read by the security administrator, looked at anew on request.

The daily comparison looks at all of them, and so does a work item of its own that the security administrator asks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.book.acting import tell
from service.casework.access.book.kinds import BOOKED
from service.casework.access.guards import GUARDS, guarded
from service.casework.desk.desk import Desk
from service.casework.records.foreign import broken_behind, foreign_ends
from service.casework.soundness.digests import wrong_marks
from service.casework.soundness.running_ballots import stop_disagreeing
from service.domain.proof.row_mark import MarkMatter, RowMark
from service.domain.text import Text, text_of
from service.store import NewWork, RowSeals, Transaction
from service.store.rows import ActRow, WorkItemRow

WORK = "marks"
"""Kind of the work items."""

NOTED, ASKED = "marks.note", "marks.ask"
MOST = 500
"""So many are kept one by one; the others are counted."""


class Asking(Enum):
    """From when on rows must bear a mark."""

    AGREED = Text("没有不符", "every account, role, piece of work and choice was written by this program")
    NOT_BEGUN = Text(
        "服务第一次启动时补封并开始核对，还没有启动过",
        "sealed and compared from the first start of the service, which was not started yet",
    )
    BESIDE = Text(
        "升级后一天以内，旧程序所写的账号、角色、后台工作和设置照样承认，由本系统补封并记入操作日志；全部进程都已升级的，"
        "运行 laurel audit begin-seals，立即开始核对",
        "within a day after an upgrade, accounts, roles, work and choices that an older program writes still count; they are sealed"
        " and stand in the book. Once every process is new, laurel audit begin-seals asks for seals at once",
    )


@dataclass(frozen=True, slots=True)
class KeptMark:
    """A mark that does not hold, and ``since`` when looks found it so."""

    mark: RowMark
    since: datetime


@dataclass(frozen=True, slots=True)
class MarksView:
    """What the newest look found, ``at`` None before the first; ``count`` may be more than the ``rows`` that are kept.

    ``asked_at`` is when somebody asked for a look that has not come to its end.
    """

    asking: Asking
    at: datetime | None
    count: int
    rows: Sequence[KeptMark]
    asked_at: datetime | None


def asking_of(kept: RowSeals | None) -> Asking:
    """Return from when on rows must bear a mark here."""
    if kept is None or kept.asked_for:
        return Asking.AGREED
    return Asking.NOT_BEGUN if kept.first_sealed_at() is None else Asking.BESIDE


@guarded("marks.view")
def view_marks(desk: Desk, actor: Actor) -> MarksView:
    """Return what the newest look found; that it was read is entered in the book.

    Raises:
        NotAllowed: ``actor`` is security administrator of a city alone.
    """
    GUARDS["marks.view"].demand(actor, "*")
    tell("", place="*")
    with desk.store.read() as tx:
        noted, asked = _newest(tx, NOTED), _newest(tx, ASKED)
        spoilt = list(_spoilt_since(tx, noted, desk.clock.now()))
    waits = asked is not None and (noted is None or noted.at < asked.at)
    told = _told(noted)
    return MarksView(
        asking_of(desk.store.seals),
        None if noted is None else noted.at,
        int(told.get("count", 0)) + len(spoilt),
        [*spoilt, *map(_kept, told.get("rows", ()))],
        asked.at if asked is not None and waits else None,
    )


@guarded(ASKED)
def ask_marks(desk: Desk, actor: Actor) -> None:
    """Have all marks looked at again, in the background.

    Raises:
        NotAllowed: ``actor`` is security administrator of a city alone.
    """
    GUARDS[ASKED].demand(actor, "*")
    now = desk.clock.now()
    tell("", place="*")
    with desk.store.write() as tx:
        tx.work.enqueue_many([NewWork(WORK, None, f"{WORK}:{now:%Y-%m-%dT%H:%MZ}", {}, now)], now)


@guarded("work.run")
def look_at_marks(desk: Desk, actor: Actor, item: WorkItemRow) -> None:
    """Look at all marks, keep what is found, and end the item."""
    note_marks(desk, actor, [*wrong_marks(desk), *stop_disagreeing(desk).marks])
    with desk.store.write() as tx:
        tx.work.finish(item, desk.clock.now())


@guarded(NOTED)
def note_marks(desk: Desk, actor: Actor, found: Sequence[RowMark]) -> None:  # noqa: ARG001  the guard looks at the actor
    """Enter in the book which marks do not hold, each with since when it was found so; ends of chains are looked at here."""
    marks = list(dict.fromkeys((*found, *foreign_ends(desk))))
    with desk.store.read() as tx:
        before = {_place(one.mark): one.since for one in map(_kept, _told(_newest(tx, NOTED)).get("rows", ()))}
    now = desk.clock.now()
    rows = [_as_json(KeptMark(one, before.get(_place(one), now))) for one in marks[:MOST]]
    tell(
        f"核对行的印记：{'没有不符' if not marks else f'{len(marks)} 处不符'}",
        place="*",
        after={"count": len(marks), "rows": rows},
    )
    with desk.store.write():
        pass  # the act itself is entered


def _newest(tx: Transaction, action: str) -> ActRow | None:
    return tx.acts.newest_of(BOOKED[action].chain, action)


def _spoilt_since(tx: Transaction, noted: ActRow | None, now: datetime) -> Iterator[KeptMark]:
    """Name the first entry behind the look that others changed, took out or added: a newer look may have found something else."""
    chain = BOOKED[NOTED].chain
    broken = broken_behind(tx, chain, noted)
    if broken is not None:
        first, said = broken
        mark = RowMark(said.zh, said.en, table=f"book {chain}", row=f"{first}", matter=MarkMatter.FOREIGN)
        yield KeptMark(mark, now)


def _told(noted: ActRow | None) -> Mapping[str, Any]:
    told: Mapping[str, Any] = {} if noted is None else noted.data.get("after", {})
    return told


def _place(mark: RowMark) -> tuple[str, str, MarkMatter]:
    return mark.table, mark.row, mark.matter


def _as_json(kept: KeptMark) -> dict[str, Any]:
    one = kept.mark
    return {
        "table": one.table,
        "row": one.row,
        "matter": one.matter.name.lower(),
        "since": kept.since.isoformat(),
        "said": one.as_json(),
    }


def _kept(row: Mapping[str, Any]) -> KeptMark:
    said = text_of(row["said"])
    mark = RowMark(said.zh, said.en, said.others, row["table"], row["row"], MarkMatter[row["matter"].upper()])
    return KeptMark(mark, datetime.fromisoformat(row["since"]))
