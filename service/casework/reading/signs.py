"""Signatures beside a task, as pages show them, and whether the task waits for any."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from service.casework.step.end_signs import ENDED
from service.casework.step.limits.days import last_day_of
from service.domain.calendar import local_date
from service.domain.signatures import AFTER, AGREED, ALL, BEFORE, DROPPED, FIRST, OPEN, REFUSED, SHARE, WAITING
from service.domain.text import Text
from service.domain.values.bounds import OneOf
from service.store import NEVER, Transaction
from service.store.models import SignAskRow, SignRow, TaskRow

SHOWN = 3
"""How many requests a task shows, the newest."""
KINDS = {BEFORE: Text("先签", "before"), AFTER: Text("后签", "after")}
MODES = {ALL: Text("全体", "all"), SHARE: Text("达到人数", "so many"), FIRST: Text("先到", "the first")}
SIGN_STATE_WORDS = {
    WAITING: Text("提交后签", "signs after submission"),
    OPEN: Text("未签", "not signed yet"),
    AGREED: Text("同意", "agrees"),
    REFUSED: Text("不同意", "disagrees"),
    DROPPED: Text("不用再签", "needed no more"),
}
STATES = {
    "open": Text("签署中", "being signed"),
    "agreed": Text("已同意", "agreed"),
    "refused": Text("未获同意", "not agreed"),
    "withdrawn": Text("已撤回", "withdrawn"),
    ENDED: Text("已终止", "ended: the step is not done as it was asked for"),
    "passed": Text("期限已到，未等签署", "submitted without, the last day had come"),
}


@dataclass(frozen=True, slots=True)
class SignView:
    """One who is asked: what they said, "" in ``words`` where they wrote nothing."""

    who: str
    said: Text
    state: Annotated[str, OneOf(tuple(SIGN_STATE_WORDS))]
    words: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class AskView:
    """Signatures asked for; ``running`` while any is awaited, ``awaited`` are the names of those."""

    id: int
    kind: Text
    mode: Text
    by: str
    words: str
    at: datetime
    state: Text
    running: bool
    sent_at: datetime | None
    signs: tuple[SignView, ...]

    @property
    def awaited(self) -> tuple[str, ...]:
        """Return the names of those who have not signed."""
        return tuple(sign.who for sign in self.signs if sign.state in (OPEN, WAITING))


def asks_of(tx: Transaction, task: TaskRow) -> tuple[AskView, ...]:
    """Return what was asked beside a task, newest first; no statement where nothing ever was."""
    if task.signs_open is None:
        return ()
    asks = tx.sign_asks.select("-id", limit=SHOWN, task_id=task.id)
    signs = {ask.id: tx.signs.select(ask_id=ask.id) for ask in asks}
    names = tx.people.named(
        {a.person_id for a in asks} | {s.person_id for ask_signs in signs.values() for s in ask_signs}
    )
    return tuple(_build_ask(ask, signs[ask.id], names, task) for ask in asks)


def _build_ask(ask: SignAskRow, signs: Iterable[SignRow], names: dict[int, str], task: TaskRow) -> AskView:
    sign_views = (
        SignView(names.get(s.person_id, ""), SIGN_STATE_WORDS[s.state], s.state, s.words, s.at) for s in signs
    )
    running = ask.state == OPEN and task.state == "open"
    number = Text(f" {ask.needed} 人", f" {ask.needed}") if ask.mode == SHARE else Text("", "")
    return AskView(
        ask.id,
        KINDS[ask.kind],
        Text(MODES[ask.mode].zh + number.zh, MODES[ask.mode].en + number.en),
        names.get(ask.person_id, ""),
        ask.words,
        ask.at,
        STATES[ask.state],
        running,
        ask.sent_at,
        tuple(sign_views),
    )


def last_day(task: TaskRow) -> date | None:
    """Return the last day of a task's time limit, or its last useful day where that is earlier; None without limit."""
    return last_day_of(task.due_at, task.due_reason) if task.due_at < NEVER else None


def last_day_has_come(task: TaskRow, now: datetime) -> bool:
    """Return whether today is the last day of a task's time limit, or later: then nobody need wait for signatures."""
    until = last_day(task)
    return until is not None and local_date(now) >= until


def awaited_names(tx: Transaction, ask: SignAskRow) -> str:
    """Return the names of those who have not signed, as a sentence lists them."""
    waits = [sign.person_id for sign in tx.signs.select(ask_id=ask.id) if sign.state in (OPEN, WAITING)]
    names = tx.people.named(set(waits))
    return "、".join(names.get(each, "") for each in waits)


def sent_reason(names: str) -> Text:
    """Return why a task that was submitted, and waits for signatures, cannot be changed."""
    return Text(
        f"已提交，正等待{names}签署，签齐后自动生效。需要修改的，请先撤回会签。",
        f"Submitted: it takes effect when {names} have signed. To change it, withdraw the request first.",
    )
