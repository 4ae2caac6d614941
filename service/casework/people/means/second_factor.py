"""One's own second factor: set up with the password, confirmed by a first code, and taken away by administrators only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act, exclude_from_act
from service.casework.access.book.enter import enter_refused
from service.casework.access.guards import guarded
from service.casework.access.sign_in_proof import require_fresh_sign_in
from service.casework.desk.desk import Desk
from service.casework.people.factors.codes import (
    WrongCode,
    bind_secret,
    code_mark,
    end_other_sessions,
    has_second_factor,
    key_address,
    matching_step,
    new_recovery_codes,
    new_secret,
    normalise_code,
    recovery_mark,
    require_code,
    secret_of,
    written,
)
from service.casework.people.factors.password_throttle import CODES, count_wrong, require_not_throttled
from service.casework.people.factors.sessions import BY_CODE, OpenSession
from service.casework.people.factors.tell import OwnChange, tell_of_means
from service.casework.people.rights.people_shown import require_other_person
from service.casework.people.rights.rights import RightsChange, RightsWish, no_second_factor, put_through
from service.casework.people.signing_in.prove_again import require_present_password
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text

ISSUER = "Laurel"
MOST_WORDS = 500
_KEEP = "second_factor.keep"
IDENTIFIED = {
    "in_person": Text("当面核对身份证件", "their identity card was seen in person"),
    "by_body": Text("本单位盖章来函", "a sealed letter of their body"),
    "called_back": Text("拨打本单位登记的电话核实", "a call back to the number that their body registered"),
}
"""How an administrator found out that who asks is who the account belongs to."""


class SecondFactorToSetUp(NotAllowed):
    """A role asks for a second factor, and this session began without one."""

    code = "second_factor_to_set_up"


@dataclass(frozen=True, slots=True)
class OwnFactor:
    """``since`` when one-time codes are asked for (None: they are not), and how many recovery codes are ``left``."""

    since: datetime | None
    left: int


@dataclass(frozen=True, slots=True)
class OfferedFactor:
    """A secret to be put into an authenticator: as the ``address`` of a QR code, and ``written`` to be typed."""

    address: str
    written: str


@guarded(_KEEP)
def get_second_factor(desk: Desk, actor: Actor) -> OwnFactor:
    """Return whether the actor signs in with a code."""
    with desk.store.read() as tx:
        row = tx.second_factors.find(person_id=actor.signed_in_id)
        return OwnFactor(row.since if row else None, tx.recovery_codes.count_rows(person_id=actor.signed_in_id))


@guarded(_KEEP)
def begin_second_factor(desk: Desk, actor: Actor, password: str, code: str = "") -> OfferedFactor:
    """Offer a fresh secret, which holds once a code of it is confirmed; where there is one already, ``code`` is of that.

    Raises:
        ProofNeeded: the sign-in is too old; whoever has a second factor proves by it who they are.
        WrongPassword: ``password`` is not the present one.
        WrongCode: ``code`` is none of those in force.
        TooManyTries: after several wrong ones, until the pause is over.
    """
    require_fresh_sign_in()
    person = require_present_password(actor, desk, password, _KEEP)
    if get_second_factor(desk, actor).since is not None:
        require_code(person, desk, code, _KEEP, actor)
    secret = new_secret()
    with desk.store.write() as tx:
        tx.second_factors.offer(person.id, bind_secret(secret, person.id))
        describe_current_act("开始设置动态口令")
    return OfferedFactor(key_address(secret, person.login, ISSUER), written(secret))


@guarded(_KEEP)
def confirm_second_factor(desk: Desk, actor: Actor, code: str, keep_token: str) -> tuple[str, ...]:
    """Put the offered secret in force; returns ten recovery codes, shown this once. Every other session ends.

    Raises:
        Conflict: nothing is offered any more.
        WrongCode: the code is none of the offered secret.
        TooManyTries: after several wrong ones, until the pause is over.
    """
    person_id, now = actor.signed_in_id, desk.clock.now()
    mark, codes = code_mark(person_id, desk), new_recovery_codes()
    with desk.store.read() as tx:
        require_not_throttled(tx, mark, desk.clock.now(), CODES)
        row = tx.second_factors.find(person_id=person_id)
    if row is None or row.offered is None:
        raise _begin_again()
    secret = secret_of(row.offered, person_id)
    step = matching_step(secret, normalise_code(code), now) if secret is not None else None
    if step is None:
        with exclude_from_act():
            count_wrong(desk, mark, now)
            with desk.store.write() as tx:
                enter_refused(tx, _KEEP, actor, now, WrongCode.code)
        raise WrongCode
    marks = [recovery_mark(person_id, desk, recovery) for recovery in codes]
    with desk.store.write() as tx:
        require_not_throttled(tx, mark, desk.clock.now(), CODES)
        if not tx.second_factors.confirm(person_id, row.offered, step, now, marks):
            raise _begin_again()
        tx.wrong_passwords.delete(mark=mark)
        end_other_sessions(desk, tx, person_id, keep_token)
        describe_current_act("启用动态口令")
        tell_of_means(desk, tx, person_id, OwnChange.CODES)
    return codes


@guarded("rights.change")
def remove_second_factor(desk: Desk, actor: Actor, person_id: int, reason: str, identified: str) -> int | None:
    """Take a person's second factor away, as where the telephone is lost; they are told of it with the reason.

    ``identified`` is a key of `IDENTIFIED`: it goes on record with the reason, and a second administrator reads it.
    Returns the number of the request where a second administrator has to confirm it, else None.

    Raises:
        Invalid: no reason, or a long one, or it is not said how the person was identified.
        Conflict: the person has none.
    """
    require_other_person(actor, person_id)
    reason_text = reason.strip()
    if not reason_text or len(reason_text) > MOST_WORDS:
        raise Invalid(Text(f"请写明理由（{MOST_WORDS} 字以内）。", f"Give a reason in {MOST_WORDS} characters."))
    how = IDENTIFIED.get(identified)
    if how is None:
        raise Invalid(
            Text(
                "请选择怎样核实了提出请求的就是本人；没有核实的，不能移除。",
                "Say how you found out that it is the owner who asks; without that nothing is removed.",
            )
        )
    reason_text = f"{reason_text}（核实本人：{how.zh}）"
    with desk.store.write() as tx:
        number = put_through(desk, tx, actor, RightsWish(RightsChange.FACTOR, person_id, reason=reason_text))
        if number is not None and not has_second_factor(tx, person_id):
            raise no_second_factor()
        return number


def require_factor_of(session: OpenSession, roles: Collection[str]) -> None:
    """Raise SecondFactorToSetUp where one of ``roles`` is held by somebody who signed in without a code."""
    if not roles or session.details.get(BY_CODE) or not any(seat.role in roles for seat in session.actor.seats):
        return
    raise SecondFactorToSetUp(
        Text(
            "您的角色须用动态口令或者通行密钥登录：请先在“我的账号”中设置，再办理其他事项；已设置的请重新登录。",
            "Your role signs in with a one-time code or a passkey: set one up first under “My account”; if you have it, sign in"
            " again.",
        )
    )


def _begin_again() -> Conflict:
    return Conflict(Text("请重新开始设置动态口令。", "Begin anew to set up one-time codes."))
