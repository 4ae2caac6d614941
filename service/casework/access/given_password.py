"""A password that somebody else set: it opens nothing but its change, and no ballot until a second person looked."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.domain.errors import LaurelError, NotAllowed
from service.domain.text import Text
from service.store.rows import PersonRow

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


class AccountInDoubt(NotAllowed):
    """Somebody else could sign in as this person while the ballot ran."""

    code = "account_in_doubt"


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


def is_in_doubt(person: PersonRow, began: datetime) -> bool:
    """Return whether somebody else could sign in as ``person`` while a ballot of a case that began at ``began`` ran.

    So it is while a given password is unchanged, and where it was changed only since the case began, be it before
    the ballot opened: whoever gave the password can have changed it, knowing which ballot will come. It ends when a
    second person has seen that the owner has the account.
    """
    if person.password_given_at is None:
        return False
    owned = person.password_owned_at
    return owned is None or (owned >= began and person.password_confirmed_at is None)


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


def in_doubt(person: PersonRow, by: Text) -> AccountInDoubt:
    """Return the refusal of a ballot that somebody else could open in the name of ``person``; ``by`` is who confirms."""
    return AccountInDoubt(
        Text(
            f"{person.name}的密码由他人设定，在表决所属的办件开始以前没有改换，为防冒名投票，此账号暂不能打开表决。请先修改密码，"
            f"再请{by.zh}当面核实本人后，在表决页面确认；也可以到会场投纸质选票。",
            f"Somebody else set the password of {person.name}, unchanged when the case of this ballot began, so "
            f"the account cannot open it. Change the password, then let {by.en} see you in person and confirm on the "
            "ballot's page; or vote on paper in the hall.",
        )
    )
