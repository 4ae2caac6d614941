"""Throttling of password guessing, counted in the database: it survives a restart and holds for all processes."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from service.casework.desk.desk import Desk
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store import Transaction
from service.store.models import WrongPasswordRow

FREE_TRIES = 5
"""Wrong passwords in a row before the first pause."""

FREE_FROM_ADDRESS = 40
"""Wrong passwords from one address within a day, whatever the names: whole offices share an address.

Not counted are those of browsers in which the person signed in before, nor those after which the same name got in.
"""

_PAUSE, _LONGEST = timedelta(seconds=30), timedelta(minutes=15)
_DOUBLED = 5
"""How often a pause doubles at most: thirty seconds are past a quarter of an hour then; a count has no bound."""

_FORGET = timedelta(hours=1)
_FORGET_ADDRESS = timedelta(days=1)
_SECRET = "throttle"  # noqa: S105  the name of a secret, not a secret


class TooManyTries(LaurelError):
    """Too many wrong passwords: a guess, or a forgotten one."""

    code = "too_many_tries"

    def __init__(self, message: Text, seconds: float) -> None:
        super().__init__(message)
        self.retry_after = max(1, math.ceil(seconds))


def keyed_hash(desk: Desk, words: str) -> str:
    """Return a mark for ``words`` that cannot be computed without the installation's secret (HMAC-SHA-256)."""
    return hmac.new(desk.ballot_keys.secret(_SECRET), words.encode(), hashlib.sha256).hexdigest()


class Throttle(NamedTuple):
    """How many wrong tries are ``free`` of a pause, and what is said in it, by the minutes that are left."""

    free: int
    words: Callable[[int], Text]


PASSWORDS = Throttle(
    FREE_TRIES,
    lambda minutes: Text(
        f"密码多次输入错误，请在 {minutes} 分钟后再试。忘记密码请联系管理员重置。",
        f"Too many wrong passwords; try again in {minutes} minute(s), or ask an administrator to set a new one.",
    ),
)
ADDRESSES = Throttle(
    FREE_FROM_ADDRESS,
    lambda minutes: Text(
        f"您所在的网络今天输错密码的次数过多，请 {minutes} 分钟后再试；在以前登录过的电脑和浏览器上不受影响。",
        f"Too many wrong passwords came from your network today: try again in {minutes} minute(s), or now in a "
        "browser in which you signed in before.",
    ),
)
CODES = Throttle(
    FREE_TRIES,
    lambda minutes: Text(
        f"验证码多次输入错误，请在 {minutes} 分钟后再试。手机和恢复码都不在手边的，请联系管理员移除。",
        f"Too many wrong codes: try again in {minutes} minute(s). Without telephone and recovery"
        " codes ask an administrator to remove them.",
    ),
)


def require_not_throttled(tx: Transaction, mark: str, now: datetime, throttle: Throttle = PASSWORDS) -> None:
    """Raise TooManyTries while the pause after the last wrong try under ``mark`` lasts."""
    row = tx.wrong_passwords.find(mark=mark, forget_at__gt=now)
    if row is None:
        return
    left = (_waits_until(row, throttle.free) - now).total_seconds()
    if left > 0:
        raise TooManyTries(throttle.words(max(1, -(-int(left) // 60))), left)


def address_mark(desk: Desk, origin: str) -> str:
    """Return the mark under which the wrong passwords of one address are counted."""
    return keyed_hash(desk, f"wrong passwords from {origin}")


def count_wrong_from_address(desk: Desk, mark: str, name: str, now: datetime) -> None:
    """Count a wrong password from an address, and for ``name`` from there; the day runs from the first of them.

    While the address has to wait nothing is counted: what was sent at the same moment makes the pause no longer.
    """
    with desk.store.write() as tx:
        whole = tx.wrong_passwords.find(mark=mark, forget_at__gt=now)
        if whole is not None and now < _waits_until(whole, FREE_FROM_ADDRESS):
            return
        for each in (mark, _name_mark(desk, mark, name)):
            row = tx.wrong_passwords.find(mark=each, forget_at__gt=now)
            wrong, until = (row.count + 1, row.forget_at) if row is not None else (1, now + _FORGET_ADDRESS)
            counted = WrongPasswordRow(mark=each, count=wrong, last_at=now, forget_at=until)
            tx.wrong_passwords.put(counted)


def forgive_address(desk: Desk, tx: Transaction, mark: str, name: str, now: datetime) -> None:
    """Take back from the count of an address what ``name`` mistyped there before getting in; sprayed names never do."""
    name_mark = _name_mark(desk, mark, name)
    mistyped, row = (
        tx.wrong_passwords.find(mark=name_mark, forget_at__gt=now),
        tx.wrong_passwords.find(mark=mark, forget_at__gt=now),
    )
    if mistyped is None:
        return
    tx.wrong_passwords.delete(mark=name_mark)
    if row is not None:
        tx.wrong_passwords.put(replace(row, count=max(0, row.count - mistyped.count)))


def _name_mark(desk: Desk, address: str, name: str) -> str:
    return keyed_hash(desk, f"wrong passwords of {name} from {address}")


def count_wrong(desk: Desk, mark: str, now: datetime) -> None:
    """Count a wrong password; the hour runs from the last of them.

    While a pause lasts nothing is counted: what was sent at the same moment makes it no longer.
    """
    with desk.store.write() as tx:
        row = tx.wrong_passwords.find(mark=mark, forget_at__gt=now)
        if row is not None and now < _waits_until(row, FREE_TRIES):
            return
        wrong, until = row.count + 1 if row is not None else 1, now + _FORGET
        tx.wrong_passwords.put(WrongPasswordRow(mark=mark, count=wrong, last_at=now, forget_at=until))


def _waits_until(row: WrongPasswordRow, free: int) -> datetime:
    """Return the end of the pause after the last wrong try: it doubles from the one after ``free`` until the longest."""
    beyond = row.count - free
    if beyond < 0:
        return row.last_at
    return row.last_at + min(_PAUSE * (1 << min(beyond, _DOUBLED)), _LONGEST)
