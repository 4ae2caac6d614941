"""Comparing everything with the log: every night and when asked for; what was found is on record among the acts."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.book.kinds import BOOKED
from service.casework.access.guards import GUARDS, guarded
from service.casework.desk.desk import Desk
from service.casework.soundness.checks import find_misindexed_cases
from service.casework.soundness.prove import prove
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

    ``count`` may be more than the ``faults`` that are kept.
    """

    at: datetime | None
    count: int
    faults: Sequence[Text]
    asked_at: datetime | None


@guarded("records.view")
def view_verification(desk: Desk, actor: Actor) -> VerificationView:
    """Return what the newest comparison found; raises NotAllowed for who is security administrator of a city alone."""
    GUARDS["records.view"].demand(actor, "*")
    with desk.store.read() as tx:
        report, request = newest_report(tx), _find_newest_act(tx, ASKED)
    result = report_of(report)
    waits = request is not None and (report is None or report.at < request.at)
    return VerificationView(
        None if report is None else report.at,
        int(result.get("count", 0)),
        [text_of(fault) for fault in result.get("wrong", ())],
        request.at if request is not None and waits else None,
    )


@guarded(ASKED)
def ask_verification(desk: Desk, actor: Actor) -> None:
    """Have everything compared again, in the background; raises NotAllowed as `view_verification` does."""
    GUARDS[ASKED].demand(actor, "*")
    describe_current_act("", place="*")
    with desk.store.write():
        pass  # the act itself is entered, and whoever looks for it begins


def verify_when_due(desk: Desk) -> bool:
    """Compare everything where the night's comparison is due or one was asked for; returns whether it was."""
    with desk.store.alone_at("verification") as alone:
        if not alone or not _is_due(desk):
            return False
        enter_verification(desk, SYSTEM)
    return True


@guarded(VERIFIED)
def enter_verification(desk: Desk, actor: Actor) -> None:
    """Compare everything and enter what was found among the acts."""
    proof = prove(desk, actor, lambda _what, _count: time.sleep(_REST))
    faults = [Text(f"{f.what.zh}：{f.found.zh}", f"{f.what.en}: {f.found.en}") for part in proof for f in part.faults]
    count = sum(part.count for part in proof)
    describe_current_act(
        f"核对记录链、记录头、结果数据与办件：{'没有不符' if not count else f'{count} 处不符'}",
        place="*",
        after={
            "looked_at": sum(part.looked_at for part in proof),
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


def _is_due(desk: Desk) -> bool:
    now = desk.clock.now()
    with desk.store.read() as tx:
        report, request = newest_report(tx), _find_newest_act(tx, ASKED)
    if request is not None and (report is None or report.at < request.at):
        return True
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
