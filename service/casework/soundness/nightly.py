"""Comparing everything with the log: every night and when asked for; what was found is on record among the acts."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.book.acting import describe_current_act, exclude_from_act
from service.casework.access.book.kinds import BOOKED
from service.casework.access.guards import GUARDS, guarded
from service.casework.desk.desk import Desk
from service.casework.soundness.checks import find_misindexed_cases
from service.casework.soundness.prove import NAMES, PART_NAMES, prove
from service.domain.calendar import CHINA, local_date
from service.domain.text import Text, text_of
from service.store import Transaction
from service.store.models import ActRow

VERIFIED, ASKED = "records.verify", "records.ask"
HOUR = 2
"""From then on, in China, the day's comparison is made: at night where the server runs at night."""
_REST = 0.02
"""Seconds between two pages: requests and due work have the processor in between."""
_NAMED = 50
"""So many faults are kept one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class VerificationView:
    """What the newest comparison found, ``at`` None before the first; ``asked_at`` is when one was asked for that is not over.

    ``count`` may be more than the ``faults`` that are kept; ``looked_at`` is how many things of which kind. Of the one
    asked for: when it ``began``, and which part is looked at ``now``, the ``number``th of ``parts``.
    """

    at: datetime | None
    count: int
    faults: Sequence[Text]
    asked_at: datetime | None
    began: datetime | None = None
    now: Text | None = None
    number: int = 0
    looked_at: Sequence[tuple[Text, int]] = ()
    parts: int = len(PART_NAMES)


@guarded("records.view")
def view_verification(desk: Desk, actor: Actor) -> VerificationView:
    """Return what the newest comparison found; raises NotAllowed for who is security administrator of a city alone."""
    GUARDS["records.view"].demand(actor, "*")
    with desk.store.read() as tx:
        report, asked_at = newest_report(tx), _find_open_request(tx)
        beats = tx.operation.select(name=[_name_beat(n) for n in range(len(PART_NAMES))]) if asked_at else []
    result = report_of(report)
    fresh = sorted(row.name for row in beats if asked_at and row.at >= asked_at)
    number = len(fresh) and int(fresh[-1].rpartition(".")[2]) + 1
    return VerificationView(
        None if report is None else report.at,
        int(result.get("count", 0)),
        [text_of(fault) for fault in result.get("wrong", ())],
        asked_at,
        min((row.at for row in beats if row.name in fresh), default=None),
        PART_NAMES[number - 1] if number else None,
        number,
        [(NAMES[name], count) for name, count in result.get("parts", {}).items()],
    )


def _find_open_request(tx: Transaction) -> datetime | None:
    """Return when a comparison was asked for that is not over."""
    report, request = newest_report(tx), _find_newest_act(tx, ASKED)
    return request.at if request is not None and (report is None or report.at < request.at) else None


def _name_beat(part: int) -> str:
    return f"verification.{part}"


@guarded(ASKED)
def ask_verification(desk: Desk, actor: Actor) -> None:
    """Have everything compared again, in the background, unless that waits or runs; raises NotAllowed as `view_verification` does."""
    GUARDS[ASKED].demand(actor, "*")
    with desk.store.read() as tx:
        if _find_open_request(tx) is not None:
            return
    describe_current_act("", place="*")
    with desk.store.write():
        pass  # the act itself is entered, and whoever looks for it begins


def verify_when_due(desk: Desk, *, nightly: bool = True) -> bool:
    """Compare everything where one was asked for or, if ``nightly``, the night's is due; returns whether it was."""
    with desk.store.alone_at("verification") as alone:
        if not alone or not _is_due(desk, nightly=nightly):
            return False
        enter_verification(desk, SYSTEM)
    return True


@guarded(VERIFIED)
def enter_verification(desk: Desk, actor: Actor) -> None:
    """Compare everything and enter what was found among the acts."""
    begun: set[Text] = set()

    def report_progress(what: Text, _count: int) -> None:
        if what not in begun:
            begun.add(what)
            with exclude_from_act(), desk.store.write() as tx:
                tx.operation.beat(_name_beat(PART_NAMES.index(what)), desk.clock.now())
        time.sleep(_REST)

    proof = prove(desk, actor, report_progress)
    faults = [Text(f"{f.what.zh}：{f.found.zh}", f"{f.what.en}: {f.found.en}") for part in proof for f in part.faults]
    count = sum(part.count for part in proof)
    describe_current_act(
        f"核对记录链、记录头、结果数据与办件：{'没有不符' if not count else f'{count} 处不符'}",
        place="*",
        after={
            "looked_at": sum(part.looked_at for part in proof),
            "parts": {part.name: part.looked_at for part in proof},
            "count": count,
            "wrong": [fault.as_json() for fault in faults[:_NAMED]],
        },
    )
    with desk.store.write():
        pass  # the act itself is entered


def newest_report(tx: Transaction) -> ActRow | None:
    """Return the act about the newest comparison that came to its end."""
    return _find_newest_act(tx, VERIFIED)


def report_of(report: ActRow | None) -> Mapping[str, Any]:
    """Return what a comparison found; nothing where there is none."""
    result: Mapping[str, Any] = {} if report is None else report.data.get("after", {})
    return result


def _is_due(desk: Desk, *, nightly: bool) -> bool:
    now = desk.clock.now()
    with desk.store.read() as tx:
        report, asked_at = newest_report(tx), _find_open_request(tx)
    if asked_at is not None or not nightly:
        return asked_at is not None
    return now.astimezone(CHINA).hour >= HOUR and (report is None or local_date(report.at) < local_date(now))


def _find_newest_act(tx: Transaction, action: str) -> ActRow | None:
    return tx.acts.find("-seq", chain=BOOKED[action].chain, action=action)


@guarded("soundness.prove")
def rebuild_search_table(desk: Desk, actor: Actor) -> None:  # noqa: ARG001  the guard reads the actor
    """Make the search table as the rows say; the service must stand still meanwhile."""
    with desk.store.write() as tx:
        for case_id, findable in find_misindexed_cases(desk, tx):
            tx.cases.change(case_id, findable=findable)
        tx.soundness.rebuild_search_table()
