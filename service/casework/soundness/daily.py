"""Every day all chains, anchors and digests are compared with the data, a little at a time; what was found is in the book.

A piece of it is a work item of a fifth of a second, which queues the next one after a whole second: people's requests and
due work have the processor in between, a process that ends leaves the rest to another, and of several processes one does
each piece. It only reads, and stops ballots in which marks and papers do not agree; what seems wrong is
looked at once more while nobody may change it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from types import MappingProxyType
from typing import Any

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.book.acting import tell
from service.casework.access.book.kinds import BOOKED, ActKind
from service.casework.access.guards import guarded
from service.casework.definitions.package_events import first_wrong_event
from service.casework.desk.city_settings import first_broken_setting
from service.casework.desk.desk import Desk
from service.casework.desk.seals import SEAL, seal_of_progress
from service.casework.records.foreign import broken_behind, broken_words
from service.casework.records.unreadable import misread
from service.casework.soundness.anchors import compared, known_anchors
from service.casework.soundness.chains import page_of_chains
from service.casework.soundness.digests import page_of_digests, wrong_beside, wrong_marks
from service.casework.soundness.fault import WrongCase
from service.casework.soundness.marks import note_marks
from service.casework.soundness.newest import newest
from service.casework.soundness.running_ballots import stop_disagreeing
from service.casework.soundness.stamps import page_of_stamps
from service.casework.soundness.versions import altered_version, versions_stored
from service.domain.calendar import CHINA, local_date
from service.domain.proof.anchor import SignedAnchor
from service.domain.proof.same_text import is_same_text
from service.domain.text import Text
from service.store import MISREAD, NewWork, Transaction
from service.store.rows import ActRow, WorkItemRow

WORK = "verification"
"""Kind of the work items."""

ACTION = "records.verify"
_CHAIN = BOOKED[ACTION].chain
HOUR = time_of_day(2)
"""From then on, in China, the day's comparison is done: at night where the server runs at night."""

_SLICE = 0.2
"""Seconds after which a piece ends with the page that it is at."""
_PAUSE = timedelta(seconds=1)
_SETTLED = timedelta(minutes=10)
"""A server that starts in the day has its packages to load and people to serve first."""
_AT_ONCE = 50
_TOLD = 20
"""So many faults are told one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class _Page:
    """``mark`` is where to go on, None at the end of the part; JSON."""

    mark: Any
    looked_at: int
    wrong: list[Text] = field(default_factory=list)


@guarded("work.run")
def ask_verification(desk: Desk, actor: Actor) -> bool:  # noqa: ARG001  the guard looks at the actor
    """Queue the comparison of today unless it was queued before; returns whether it was not."""
    now = desk.clock.now()
    day = local_date(now)
    with desk.store.read() as tx:
        if tx.work.by_key(_key(day.isoformat(), 0)) is not None:
            return False
    due = max(now + _SETTLED, datetime.combine(day, HOUR, CHINA))
    with desk.store.write() as tx:
        return bool(tx.work.enqueue_many([_piece(desk, _begun(day.isoformat()), due)], now))


@guarded("work.run")
def verify_some(desk: Desk, actor: Actor, item: WorkItemRow) -> None:
    """Compare for a fifth of a second, and queue the rest; at the end enter in the book what was found."""
    progress = dict(item.payload)
    if not is_same_text(str(progress.pop(SEAL, "")), seal_of_progress(desk, item.payload)):
        progress = {**_begun(str(progress["day"])), "piece": progress["piece"]}  # somebody else wrote it
    end = time.monotonic() + _SLICE
    while progress["part"] is not None:
        _look(desk, progress)
        if time.monotonic() >= end:
            break
    if progress["part"] is None:
        enter_verification(desk, actor, item, progress)
        return
    now = desk.clock.now()
    progress["piece"] += 1
    with desk.store.write() as tx:
        tx.work.enqueue_many([_piece(desk, progress, now + _PAUSE)], now)
        tx.work.finish(item, now)


@guarded(ACTION)
def enter_verification(desk: Desk, actor: Actor, item: WorkItemRow, progress: Mapping[str, Any]) -> None:  # noqa: ARG001  the guard looks at the actor
    """Enter in the book what a day's comparison found, and end it."""
    count = int(progress["count"])
    tell(
        f"每日核对记录链、锚定与摘要：{'没有不符' if not count else f'{count} 处不符'}",
        place="*",
        after={name: progress[name] for name in ("day", "looked_at", "count", "wrong")},
    )
    with desk.store.write() as tx:
        tx.work.finish(item, desk.clock.now())


def newest_report(tx: Transaction) -> ActRow | None:
    """Return the entry of the book about the newest comparison that came to its end."""
    return tx.acts.newest_of(_CHAIN, ACTION)


def spoilt_since(tx: Transaction, report: ActRow | None) -> Text | None:
    """Say that the book was changed or cut where the ``report`` stands, or behind it: a newer one may have said something else."""
    broken = broken_behind(tx, _CHAIN, report)
    return None if broken is None else broken[1]


def _begun(day: str) -> dict[str, Any]:
    return {"day": day, "piece": 0, "part": next(iter(_PARTS)), "mark": None, "looked_at": 0, "count": 0, "wrong": []}


def _piece(desk: Desk, progress: Mapping[str, Any], due: datetime) -> NewWork:
    sealed = {**progress, SEAL: seal_of_progress(desk, progress)}
    return NewWork(WORK, None, _key(progress["day"], progress["piece"]), sealed, due)


def _key(day: str, piece: int) -> str:
    return f"{WORK}:{day}:{piece}"


def _look(desk: Desk, progress: dict[str, Any]) -> None:
    """Look at one page, and note in ``progress`` what was found and where to go on."""
    part = progress["part"]
    try:
        page = _PARTS[part](desk, progress["mark"])
    except MISREAD as error:
        page = _Page(None, 0, [*misread(desk, error)])
    progress["looked_at"] += page.looked_at
    progress["count"] += len(page.wrong)
    room = _TOLD - len(progress["wrong"])
    progress["wrong"] = [*progress["wrong"], *(one.as_json() for one in page.wrong[:room])]
    progress["mark"] = page.mark
    if page.mark is None:
        names = list(_PARTS)
        progress["part"] = names[names.index(part) + 1] if part != names[-1] else None


def _definitions(desk: Desk, _mark: Any) -> _Page:
    """Chains of packages and of their settings: short ones."""
    with desk.store.read() as tx:
        chains = {f"package {one}": first_wrong_event(tx, one) for one in tx.package_events.packages()}
        chains |= {
            f"setting {one}": first_broken_setting(tx.settings.of_package(one)) for one in tx.settings.packages()
        }
        wrong = [broken_words(tx, name, first) for name, first in chains.items() if first is not None]
    return _Page(None, len(chains), wrong)


def _versions(desk: Desk, mark: Any) -> _Page:
    """Published versions, one at a time: one that is not in memory must be read."""
    version = next((each for each in versions_stored(desk) if each > (mark or "")), None)
    return _Page(version, int(version is not None), list(altered_version(desk, version)) if version else [])


def _book(desk: Desk, mark: Any) -> _Page:
    """Chains of the book: ``mark`` is which, and its last entry that was looked at (seq, hash)."""
    kinds = list(ActKind)
    which, seq, hashed = mark or (0, 0, "")
    name = kinds[which].chain
    with desk.store.read() as tx:
        broken, last, end = tx.acts.verify_page(name, (seq, hashed))
    if broken is not None:
        with desk.store.write() as tx:
            broken, last, end = tx.acts.verify_page(name, (seq, hashed), held=True)
    if broken is None and last > seq:
        return _Page([which, last, end], last - seq)
    on = [which + 1, 0, ""] if which + 1 < len(kinds) else None
    with desk.store.read() as tx:
        return _Page(on, 0, [] if broken is None else [broken_words(tx, f"book {name}", broken)])


def _histories(desk: Desk, mark: Any) -> _Page:
    page, wrong = page_of_chains(desk, mark or 0, _AT_ONCE)
    return _Page(page[-1] if page else None, len(page), _of_cases(wrong))


def _digests(desk: Desk, mark: Any) -> _Page:
    roots, looked_at, wrong = page_of_digests(desk, mark or 0, _AT_ONCE)
    return _Page(roots[-1] if roots else None, looked_at, _of_cases(wrong))


def _register(desk: Desk, _mark: Any) -> _Page:
    """Rows of no case, such as awards and accounts, and running ballots: what every history says is read page by page, in one piece."""
    ballots = stop_disagreeing(desk)
    marks = [*wrong_marks(desk), *ballots.marks]
    note_marks(desk, SYSTEM, marks)
    return _Page(None, ballots.looked_at, [*wrong_beside(desk, marks), *ballots.not_compared])


def _anchors(desk: Desk, mark: Any) -> _Page:
    """Anchors by their time; what is wrong with themselves is looked at twice, for one may just be set."""
    known, wrong = known_anchors(desk, newest(desk))
    if mark is None and wrong:
        again = set(known_anchors(desk, newest(desk))[1])
        wrong = [one for one in wrong if one in again]
    found, count, end = ([] if mark is not None else wrong), 0, time.monotonic() + _SLICE
    for signed in sorted(known, key=_place):
        if mark is not None and _place(signed) <= tuple(mark):
            continue
        found += compared(desk, signed)
        count += 1
        if time.monotonic() >= end:
            return _Page(_place(signed), count, found)
    return _Page(None, count, found)


def _timestamps(desk: Desk, mark: Any) -> _Page:
    page = page_of_stamps(desk, mark, _SLICE)
    return _Page(page.mark, page.looked_at, list(page.wrong))


def _place(signed: SignedAnchor) -> tuple[str, str]:
    """Return by what anchors are put in their order: one that is set meanwhile passes none by."""
    return signed.anchor.at.astimezone(UTC).isoformat(timespec="microseconds"), signed.anchor.digest


def _of_cases(wrong: list[WrongCase]) -> list[Text]:
    """Return the sentences with the number of their case: its title may be a person's name."""
    return [
        Text(f"办件 {one.case_id}：{said.zh}", f"case {one.case_id}: {said.en}") for one in wrong for said in one.wrong
    ]


_PARTS: Mapping[str, Callable[[Desk, Any], _Page]] = MappingProxyType(
    {
        "definitions": _definitions,
        "versions": _versions,
        "book": _book,
        "histories": _histories,
        "digests": _digests,
        "register": _register,
        "anchors": _anchors,
        "timestamps": _timestamps,
    }
)
"""What is looked at, in this order."""
