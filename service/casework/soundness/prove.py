"""Prove that the database is sound, part by part; nothing is written, and beside the server it may run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.audit.heads import NO_FOLDER, compare_heads
from service.casework.audit.intact import KEY_LOST, SECRET, differing_rows
from service.casework.desk.desk import Desk
from service.casework.reading.case_loading import describe_crash
from service.casework.soundness.checks import (
    broken_chains,
    check_effects,
    check_search_table,
    check_stored_files,
    running_cases,
)
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


def _check_chains(desk: Desk) -> Iterator[int | Unsound]:
    for name, broken in broken_chains(desk):
        if broken is not None:
            message = Text(f"第{broken}条起有改动或缺失", f"changed or missing from event {broken} on")
            yield _build_unsound(Text(f"记录链 {name}", f"chain {name}"), message)
        yield 1


def _check_rows(desk: Desk) -> Iterator[int | Unsound]:
    with desk.store.snapshot() as tx:
        if desk.ballot_keys.find_stored_secret(SECRET) is None and tx.log.holds_rows():
            yield _build_unsound(Text("结果数据", "Data that decide"), KEY_LOST)
        for difference in differing_rows(desk, tx):
            yield _build_unsound(Text("结果数据", "Data that decide"), difference.words)
    yield len(DECISIVE)


def _check_heads(desk: Desk) -> Iterator[int | Underway | Unsound]:
    if desk.premises.anchors is None:
        yield Underway(NO_FOLDER)
    for difference in compare_heads(desk):
        yield difference if isinstance(difference, int) else _build_unsound(Text("记录头", "Heads"), difference)


def _build_unsound(what: Text, message: Text) -> Unsound:
    return Unsound(what, Text(f"{message.zh}；{KEEP.zh}。", f"{message.en}; {KEEP.en}."))


_Part = tuple[str, Text, Callable[[Desk], Iterator[int | Underway | Unsound]]]

_FIRST: _Part = ("keys", KEYS, look_at_data_keys)
"""Without its key an encrypted value seems to be another one: it is said alone then."""

_PARTS: tuple[_Part, ...] = (
    ("running", Text("在办办件与待办、计时、消息", "Running cases and what waits in them"), running_cases),
    ("chains", Text("办理记录和操作日志的校验链", "Chains of the histories and of the book"), _check_chains),
    ("rows", Text("结果数据与记录相符", "Data that decide, as recorded"), _check_rows),
    ("heads", Text("库外签名的记录头", "Signed heads outside"), _check_heads),
    ("effects", Text("后台事项只生效一次", "Every effect once"), check_effects),
    ("files", Text("文书和附件", "Documents and uploads"), check_stored_files),
    ("summaries", Text("汇总数和检索表", "Sums and the search table"), check_search_table),
)

NAMES = {name: what for name, what, _ in (_FIRST, *_PARTS)}
PART_NAMES = tuple(what for _, what, _ in (_FIRST, *_PARTS))
"""What is looked at, part by part, in this order."""


@dataclass(frozen=True, slots=True)
class Soundness:
    """What looking at one part found: ``looked_at`` things, ``count`` faults, the first of them told."""

    name: str
    what: Text
    looked_at: int
    count: int
    faults: tuple[Unsound, ...]
    underway: tuple[Text, ...] = ()


def _ignore_progress(_what: Text, _count: int) -> None:
    """Tell nobody."""


@guarded("soundness.prove")
def prove(desk: Desk, actor: Actor, report_progress: Told = _ignore_progress) -> tuple[Soundness, ...]:  # noqa: ARG001  the guard reads the actor
    """Look at every case, chain, effect, file and sum."""
    keys = _prove_part(desk, _FIRST, report_progress)
    return (keys,) if keys.count else (*(_prove_part(desk, part, report_progress) for part in _PARTS), keys)


def _looked_at(what: Text, parts: Iterator[int | Underway | Unsound]) -> Iterator[int | Underway | Unsound]:
    """Yield what a part finds; a cell that holds what its column cannot hold ends the part, and is a fault itself."""
    try:
        yield from parts
    except UNREADABLE as error:
        yield _build_unsound(
            what, describe_crash("数据库中有内容读不出", "something in the database cannot be read", error)
        )


def _prove_part(desk: Desk, part: _Part, report_progress: Told) -> Soundness:
    name, what, look = part
    looked_at, count, faults, underway = 0, 0, list[Unsound](), list[Text]()
    for result in _looked_at(what, look(desk)):
        if isinstance(result, Unsound):
            count += 1
            faults += [result] if len(faults) < SHOWN else []
        elif isinstance(result, Underway):
            underway.append(result.said)
        else:
            looked_at += result
            report_progress(what, looked_at)
    return Soundness(name, what, looked_at, count, tuple(faults), tuple(underway))
