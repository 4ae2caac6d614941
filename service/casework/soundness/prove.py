"""Prove that the database is sound, part by part; nothing is written, and beside the server it may run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.records.unreadable import readable
from service.casework.soundness.acting_objects import OBJECTS, own_objects
from service.casework.soundness.chains import chains
from service.casework.soundness.digests import digests
from service.casework.soundness.drawn_pages import drawn_pages
from service.casework.soundness.effects import effects
from service.casework.soundness.fault import Underway, Unsound
from service.casework.soundness.newest import anchors
from service.casework.soundness.running_ballots import BALLOTS, running_ballots
from service.casework.soundness.running_cases import running_cases
from service.casework.soundness.seal_columns import KEYS, data_keys
from service.casework.soundness.stored_files import stored_files
from service.casework.soundness.summaries import summaries
from service.domain.proof.row_mark import RowMark
from service.domain.text import Text

Told = Callable[[Text, int], object]
"""Hears how many of a part were looked at so far."""

SHOWN = 200
"""Faults of a part that are told one by one; the others are counted."""

_Part = tuple[str, Text, Callable[[Desk], Iterator[int | Underway | Unsound]]]

_FIRST: _Part = ("keys", KEYS, data_keys)
"""Without its key an encrypted value seems to be another one: it is said alone then."""

_PARTS: tuple[_Part, ...] = (
    ("running", Text("在办办件与待办、计时、消息", "Running cases and what waits in them"), running_cases),
    ("chains", Text("办理记录的校验链", "Chains of the history"), chains),
    ("digests", Text("定案数据与记录相符", "Data that decide, as recorded"), digests),
    ("ballots", BALLOTS, running_ballots),
    ("anchors", Text("锚定", "Anchors"), anchors),
    ("objects", OBJECTS, own_objects),
    ("effects", Text("后台事项只生效一次", "Every effect once"), effects),
    ("files", Text("文书和附件", "Documents and uploads"), stored_files),
    ("pages", Text("附件的页面图片", "Pages of files"), drawn_pages),
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


def _proof(desk: Desk, part: _Part, told: Told) -> Soundness:
    name, what, look = part
    looked_at, count, kept, underway = 0, 0, list[Unsound](), list[Text]()
    for each in readable(desk, look(desk)):
        found = Unsound(what, each) if isinstance(each, RowMark) else each
        if isinstance(found, Unsound):
            count += 1
            kept += [found] if len(kept) < SHOWN else []
        elif isinstance(found, Underway):
            underway.append(found.said)
        else:
            looked_at += found
            told(what, looked_at)
    return Soundness(name, what, looked_at, count, tuple(kept), tuple(underway))
