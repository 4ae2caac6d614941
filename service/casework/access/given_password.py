"""A password that somebody else set: it opens nothing but its change."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.domain.errors import LaurelError, NotAllowed
from service.domain.text import Text
from service.store.models import PersonRow

GIVEN_FOR = timedelta(days=7)
"""How long a password that somebody else set opens the account to its change (OWASP ASVS 4.0, 2.3.1)."""


class GivenPasswordOver(LaurelError):
    """A password that somebody else set was not used in time."""

    code = "given_password_over"


class OneTimePassword(NotAllowed):
    """The password in force is to be changed before anything else, as one is that somebody else set."""

    code = "password_to_change"


class PasswordOver(OneTimePassword):
    """The password is older than the installation lets one be: its owner changes it before anything else."""

    def __init__(self, lasts: timedelta) -> None:
        days = lasts.days
        super().__init__(
            Text(
                f"按本系统的规定，密码每 {days} 天须更换一次，您的密码已到期。请先修改密码，再办理其他事项。",
                f"Here a password is changed every {days} days, and yours is older: change it first, then go on.",
            )
        )


def is_one_time(person: PersonRow) -> bool:
    """Return whether the password in force was set by somebody else and not changed by its owner yet."""
    return person.password_given_at is not None and person.password_owned_at is None


def demand_given_in_time(person: PersonRow, now: datetime) -> None:
    """Raise GivenPasswordOver where somebody else set the password more than seven days ago and it was never changed."""
    given = person.password_given_at
    if given is not None and is_one_time(person) and now > given + GIVEN_FOR:
        raise GivenPasswordOver(
            Text(
                f"管理员代设的一次性密码 {GIVEN_FOR.days} 天内有效，现已失效，请联系管理员重新设置。",
                f"A password set by an administrator holds for {GIVEN_FOR.days} days, which are over: ask for another one.",
            )
        )


def is_over(person: PersonRow, lasts: timedelta | None, now: datetime) -> bool:
    """Return whether the owner set the password longer than ``lasts`` ago (None: it lasts); nobody's, where there is none."""
    return lasts is not None and bool(person.password) and now > (person.password_set_at or person.created_at) + lasts


def demand_own_password(one_time: bool) -> None:
    """Raise OneTimePassword while the password in force is one that somebody else set."""
    if one_time:
        raise OneTimePassword(
            Text(
                "您现在的密码是他人代设的一次性密码，请先改成只有自己知道的密码，再办理其他事项。",
                "Your password was set by somebody else and serves once: change it first to one that only you know.",
            )
        )
