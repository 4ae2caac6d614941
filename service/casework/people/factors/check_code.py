"""Check a one-time or recovery code: each is taken once, wrong ones are counted and throttled."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.book.acting import aside
from service.casework.access.book.enter import EVERYWHERE, enter_refused
from service.casework.desk.desk import Desk
from service.casework.people.factors.one_time_codes import is_one_time_code, matching_step, secret_of, tidied
from service.casework.people.factors.password_throttle import (
    TooManyTries,
    count_wrong,
    demand_not_throttled,
    keyed_hash,
)
from service.casework.people.factors.tell_of_means import OwnChange, tell_of_means
from service.casework.people.place_of import place_of
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PersonRow


class WrongCode(LaurelError):
    """The code is wrong, was used already, or its time is over."""

    code = "wrong_code"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "验证码不正确、已用过或者已过期，请输入手机上当前显示的 6 位数字；恢复码每个只能用一次。",
                "The code is wrong, used or over: type the six digits shown now; a recovery code serves once.",
            )
        )


def recovery_mark(person_id: int, desk: Desk, code: str) -> str:
    """Return what is kept of a recovery code."""
    return keyed_hash(desk, f"recovery code of {person_id}: {tidied(code)}")


def demand_code(person: PersonRow, desk: Desk, code: str, action: str, who: Actor) -> bool:
    """Take a code of ``person``; returns whether it was one of the authenticator, False for a recovery code.

    Raises:
        WrongCode: it is none of theirs, or was taken before; the book has it as refused to ``who`` in ``action``.
        TooManyTries: after several wrong ones, until the pause is over.
    """
    now, typed = desk.clock.now(), tidied(code)
    mark = code_mark(person.id, desk)
    with aside():
        with desk.store.write() as tx:
            demand_codes_not_throttled(tx, mark, desk)
            if _taken(tx, person.id, desk, typed):
                tx.people.sessions.forget_wrong_passwords(mark)
                return is_one_time_code(typed)
        count_wrong(desk, mark, now)
        with desk.store.write() as tx:
            place = place_of(tx, person.id, now) or EVERYWHERE
            enter_refused(tx, action, who, now, WrongCode.code, about=f"登录名：{person.login}", place=place)
            if _served_last(tx, person.id, desk, typed):
                tell_of_means(desk, tx, person.id, OwnChange.CODE_AGAIN)
    raise WrongCode


def code_mark(person_id: int, desk: Desk) -> str:
    """Return the mark under which wrong codes of a person are counted."""
    return keyed_hash(desk, f"wrong codes of {person_id}")


def demand_codes_not_throttled(tx: Transaction, mark: str, desk: Desk) -> None:
    """Raise TooManyTries while the pause after the last wrong code lasts."""
    try:
        demand_not_throttled(tx, mark, desk.clock.now())
    except TooManyTries as pause:
        seconds = pause.retry_after or 1
        raise TooManyTries(
            Text(
                f"验证码多次输入错误，请在 {-(-int(seconds) // 60)} 分钟后再试。手机和恢复码都不在手边的，请联系管理员移除。",
                f"Too many wrong codes: try again in {-(-int(seconds) // 60)} minute(s). Without telephone and recovery"
                " codes ask an administrator to remove them.",
            ),
            seconds,
        ) from None


def _taken(tx: Transaction, person_id: int, desk: Desk, typed: str) -> bool:
    if not is_one_time_code(typed):
        return tx.second_factors.take_recovery(person_id, recovery_mark(person_id, desk, typed))
    row = tx.second_factors.of(person_id)
    if row is None or row.secret is None:
        return False
    secret = secret_of(row.secret, person_id)
    step = matching_step(secret, typed, desk.clock.now()) if secret is not None else None
    return step is not None and tx.second_factors.take_step(person_id, row.secret, step)


def _served_last(tx: Transaction, person_id: int, desk: Desk, typed: str) -> bool:
    """Return whether this is the very code that was taken last: somebody may have seen it."""
    row = tx.second_factors.of(person_id)
    if row is None or row.secret is None or not is_one_time_code(typed):
        return False
    secret = secret_of(row.secret, person_id)
    return secret is not None and matching_step(secret, typed, desk.clock.now()) == row.last_step
