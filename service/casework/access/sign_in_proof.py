"""What is asked of a fresh sign-in only, and what nobody does by a password somebody else set or on the word of an outside provider."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import datetime, timedelta

from service.casework.access.actor import Actor
from service.domain.errors import LaurelError, NotAllowed
from service.domain.text import Text
from service.store.models import PersonRow

CLOSED_OTHERWISE = frozenset(
    {
        *("people.manage", "person_data.export", "rights.change", "rights.decide", "deputy.appoint"),
        *("ballot.cast", "ballot.tell", "ballot.close", "ballot.void"),
        *("draft.publish", "definition.publish", "calendar.decide"),
        "hold.resume",
    }
)
"""Accounts, roles and passwords of others, lending one's own; votes and counts; publications; resuming due work."""

READ_OTHERWISE = frozenset(
    {
        *("notice.correct", "notice.recall", "registration.decide", "register.import", "ballot.repeat"),
        *("settings.change", "retention.change", "amendment.apply", "calendar.correct"),
        *("case.terminate", "case.value", "due.change", "step.restart", "token.move", "incident.skip"),
        *("retention.erase", "archive.make", "offices.make"),
        *("case.suspend", "case.message", "task.reassign", "incident.hand_over"),
    }
)
"""What is published anew or taken back, who gets an account, what the law's values are, repairs, what is erased for good.

Their pages are read without a fresh proof, and in a session that an outside provider began.
"""

PROVED_EVERYWHERE = frozenset({"profile.change"})
"""Where one is reached oneself; a provider's word is proof enough of it."""

HANDED_OUT = frozenset(
    {"people.export", "experts.export", "applicants.export", "clauses.export", "scores.export", "book.export"}
)
"""Files with the personal data of many; asked for by a link, they take a fresh proof although nothing is sent."""

PROVED_FIRST = CLOSED_OTHERWISE | READ_OTHERWISE | PROVED_EVERYWHERE | HANDED_OUT
"""Every action that asks for a fresh proof, `HANDED_OUT` when it is read, the others when something is sent."""

_STALE: ContextVar[bool] = ContextVar("laurel_stale_sign_in", default=False)
_READING: ContextVar[bool] = ContextVar("laurel_reading", default=False)


class ProofNeeded(LaurelError):
    """The sign-in is too old for this: its owner proves again who they are, and nothing was done meanwhile."""

    code = "step_up_needed"

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(
            message
            or Text(
                "登录已有一段时间，办理此事以前须再次确认本人，尚未办理。请在“我的账号—再次确认本人”（/account/proof）"
                "中确认后再试。",
                "You signed in a while ago, and this asks for a fresh proof; nothing was done. Prove again who you are "
                "under “My account” (/account/proof; programs: POST /api/v1/session/proof) and try again.",
            )
        )


def set_stale(stale: bool) -> None:
    """Say of the request that is being answered whether its sign-in is too old for the actions `PROVED_FIRST`."""
    _STALE.set(stale)


def set_reading(reading: bool) -> None:
    """Say of the request that is being answered whether it only reads (RFC 9110, 9.2.1)."""
    _READING.set(reading)


def read_only(action: str) -> bool:
    """Return whether the request only reads what ``action`` shows, which is open without a fresh proof."""
    return _READING.get() and action in READ_OTHERWISE


def require_recent_proof(action: str) -> None:
    """Raise ProofNeeded where ``action`` asks for a fresh sign-in and that of the request is too old."""
    if action in PROVED_FIRST:
        require_fresh_sign_in()


def require_fresh_sign_in() -> None:
    """Raise ProofNeeded where the sign-in of the request is too old; who has a second factor proves themselves by that."""
    if _STALE.get():
        raise ProofNeeded


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


def has_temporary_password(person: PersonRow) -> bool:
    """Return whether the password in force was set by somebody else and not changed by its owner yet."""
    return person.password_given_at is not None and person.password_owned_at is None


def require_unexpired_password(person: PersonRow, now: datetime) -> None:
    """Raise GivenPasswordOver where somebody else set the password more than seven days ago and it was never changed."""
    proved_at = person.password_given_at
    if proved_at is not None and has_temporary_password(person) and now > proved_at + GIVEN_FOR:
        raise GivenPasswordOver(
            Text(
                f"管理员代设的一次性密码 {GIVEN_FOR.days} 天内有效，现已失效，请联系管理员重新设置。",
                f"A password set by an administrator holds for {GIVEN_FOR.days} days, which are over: ask for another one.",
            )
        )


def is_over(person: PersonRow, lasts: timedelta | None, now: datetime) -> bool:
    """Return whether the owner set the password longer than ``lasts`` ago (None: it lasts); nobody's, where there is none."""
    return lasts is not None and bool(person.password) and now > (person.password_set_at or person.created_at) + lasts


def require_changed_password(one_time: bool) -> None:
    """Raise OneTimePassword while the password in force is one that somebody else set."""
    if one_time:
        raise OneTimePassword(
            Text(
                "您现在的密码是他人代设的一次性密码，请先改成只有自己知道的密码，再办理其他事项。",
                "Your password was set by somebody else and serves once: change it first to one that only you know.",
            )
        )


OWN_SIGN_IN = CLOSED_OTHERWISE | READ_OTHERWISE | {"identity.keep", "second_factor.keep"}
"""Whatever asks for a fresh proof but one's own address, and further ways to sign in: a passkey set up so would be the person's own."""


class OwnSignInNeeded(NotAllowed):
    """The session began at an outside identity provider, and this takes the password that the person has here."""

    code = "own_sign_in_needed"


def require_local_sign_in(action: str, actor: Actor) -> None:
    """Raise OwnSignInNeeded where ``actor`` is somebody by the word of a provider and ``action`` takes more."""
    if actor.by_provider and action in OWN_SIGN_IN and not read_only(action):
        raise OwnSignInNeeded(
            Text(
                "您这次是用统一身份认证登录的。投票和计票、账号和权限、发布和更正、更改设置、干预办件、清除，"
                "以及设置动态口令、通行密钥和关联身份，须退出后用本系统的密码或通行密钥登录再办理。",
                "You signed in by single sign-on. Votes and counts, accounts and rights of people, publications and "
                "corrections, settings, interventions, erasures, codes, passkeys and links of identities take a sign-in "
                "with the password or passkey that you have here: sign out, and sign in so.",
            )
        )
