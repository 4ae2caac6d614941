"""The recordings that go on in this process: one per person and draft, each used by one request at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from weakref import WeakKeyDictionary

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.simulate.recording import Recording
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import Store

MOST = 12
"""So many recordings go on at once; the one unused for longest gives way."""
IDLE = timedelta(hours=8)
Key = tuple[int, int]


@dataclass(slots=True)
class _Held:
    recording: Recording
    used: datetime
    lock: Lock = field(default_factory=Lock)


_HELD: WeakKeyDictionary[Store, dict[Key, _Held]] = WeakKeyDictionary()
_LOCK = Lock()


class NoRecording(NotFound):
    """The person records nothing in this draft, or not any more."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "没有正在进行的录制：可能已保存、放弃，或者程序重新启动过。请重新开始录制。",
                "No recording goes on: it was saved or given up, or the program was restarted. Begin anew.",
            )
        )


@guarded("draft.edit")
def keep_recording(desk: Desk, actor: Actor, draft: int, recording: Recording) -> None:
    """Keep what ``actor`` now records in ``draft``; what they recorded there before is given up."""
    drop_recording(desk, actor, draft)
    now = desk.clock.now()
    with _LOCK:
        held = _HELD.setdefault(desk.store, {})
        for key in [k for k, one in held.items() if now - one.used > IDLE]:
            held.pop(key).recording.close()
        while len(held) >= MOST:
            held.pop(min(held, key=lambda k: held[k].used)).recording.close()
        held[_key(actor, draft)] = _Held(recording, now)


@guarded("draft.view")
def records(desk: Desk, actor: Actor, draft: int) -> bool:
    """Tell whether ``actor`` records something in ``draft``."""
    with _LOCK:
        return _key(actor, draft) in _HELD.get(desk.store, {})


@guarded("draft.edit")
def drop_recording(desk: Desk, actor: Actor, draft: int) -> None:
    """Give up what ``actor`` records in ``draft``, where there is something."""
    with _LOCK:
        held = _HELD.get(desk.store, {}).pop(_key(actor, draft), None)
    if held is not None:
        with held.lock:
            held.recording.close()


@guarded("draft.edit")
@contextmanager
def recording_of(desk: Desk, actor: Actor, draft: int) -> Iterator[Recording]:
    """Give what ``actor`` records in ``draft``, for this request alone; raises NoRecording."""
    with _LOCK:
        held = _HELD.get(desk.store, {}).get(_key(actor, draft))
    if held is None:
        raise NoRecording
    with held.lock:
        held.used = desk.clock.now()
        yield held.recording


def _key(actor: Actor, draft: int) -> Key:
    return draft, actor.person_id or 0
