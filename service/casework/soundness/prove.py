"""Prove that the database is sound, part by part; nothing is written, and beside the server it may run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.audit.heads import compare_heads
from service.casework.audit.intact import KEY_LOST, SECRET, differing_rows
from service.casework.desk.desk import Desk
from service.casework.reading.case_loading import crashed
from service.casework.soundness.checks import broken_chains, check_stored_files, effects, running_cases, summaries
from service.casework.soundness.data_keys import KEYS, look_at_data_keys
from service.casework.soundness.fault import Underway, Unsound
from service.domain.text import Text
from service.store import DECISIVE, UNREADABLE

Told = Callable[[Text, int], object]
"""Hears how many of a part were looked at so far."""

SHOWN = 200
"""Faults of a part that are told one by one; the others are counted."""

KEEP = Text(
    "保留现状，与最近的备份核对，查明是谁改动的",
    "keep things as they are, compare them with a backup and find out who did it",
)


def _chains(desk: Desk) -> Iterator[int | Unsound]:
    for name, broken in broken_chains(desk):
        if broken is not None:
            found = Text(f"第{broken}条起有改动或缺失", f"changed or missing from event {broken} on")
            yield _kept(Text(f"记录链 {name}", f"chain {name}"), found)
        yield 1


def _rows(desk: Desk) -> Iterator[int | Unsound]:
    with desk.store.snapshot() as tx:
        if desk.ballot_keys.known_secret(SECRET) is None and tx.log.holds_rows():
            yield _kept(Text("结果数据", "Data that decide"), KEY_LOST)
        for one in differing_rows(desk, tx):
            yield _kept(Text("结果数据", "Data that decide"), one.words)
    yield len(DECISIVE)


def _heads(desk: Desk) -> Iterator[int | Unsound]:
    for one in compare_heads(desk):
        yield one if isinstance(one, int) else _kept(Text("记录头", "Heads"), one)


def _kept(what: Text, found: Text) -> Unsound:
    return Unsound(what, Text(f"{found.zh}；{KEEP.zh}。", f"{found.en}; {KEEP.en}."))


_Part = tuple[str, Text, Callable[[Desk], Iterator[int | Underway | Unsound]]]

_FIRST: _Part = ("keys", KEYS, look_at_data_keys)
"""Without its key an encrypted value seems to be another one: it is said alone then."""

_PARTS: tuple[_Part, ...] = (
    ("running", Text("在办办件与待办、计时、消息", "Running cases and what waits in them"), running_cases),
    ("chains", Text("办理记录的校验链", "Chains of the log"), _chains),
    ("rows", Text("结果数据与记录相符", "Data that decide, as recorded"), _rows),
    ("heads", Text("库外签名的记录头", "Signed heads outside"), _heads),
    ("effects", Text("后台事项只生效一次", "Every effect once"), effects),
    ("files", Text("文书和附件", "Documents and uploads"), check_stored_files),
    ("summaries", Text("汇总数和检索表", "Sums and the search table"), summaries),
)


@dataclass(frozen=True, slots=True)
class Soundness:
    """What looking at one part found: ``looked_at`` things, ``count`` faults, the first of them told."""

    name: str
    what: Text
    looked_at: int
    count: int
    faults: tuple[Unsound, ...]
    underway: tuple[Text, ...] = ()


def _nobody(_what: Text, _count: int) -> None:
    """Tell nobody."""


@guarded("soundness.prove")
def prove(desk: Desk, actor: Actor, told: Told = _nobody) -> tuple[Soundness, ...]:  # noqa: ARG001  the guard reads the actor
    """Look at every case, chain, effect, file and sum."""
    keys = _proof(desk, _FIRST, told)
    return (keys,) if keys.count else (*(_proof(desk, part, told) for part in _PARTS), keys)


def _looked_at(what: Text, parts: Iterator[int | Underway | Unsound]) -> Iterator[int | Underway | Unsound]:
    """Yield what a part finds; a cell that holds what its column cannot hold ends the part, and is a fault itself."""
    try:
        yield from parts
    except UNREADABLE as error:
        yield _kept(what, crashed("数据库中有内容读不出", "something in the database cannot be read", error))


def _proof(desk: Desk, part: _Part, told: Told) -> Soundness:
    name, what, look = part
    looked_at, count, kept, underway = 0, 0, list[Unsound](), list[Text]()
    for found in _looked_at(what, look(desk)):
        if isinstance(found, Unsound):
            count += 1
            kept += [found] if len(kept) < SHOWN else []
        elif isinstance(found, Underway):
            underway.append(found.said)
        else:
            looked_at += found
            told(what, looked_at)
    return Soundness(name, what, looked_at, count, tuple(kept), tuple(underway))
