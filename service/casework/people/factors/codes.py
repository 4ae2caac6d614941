"""One-time codes by time (RFC 6238) and recovery codes: each is taken once, wrong ones are counted and throttled."""

from __future__ import annotations

import base64
import secrets
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from service.casework.access.actor import Actor
from service.casework.access.book.acting import exclude_from_act
from service.casework.access.book.enter import EVERYWHERE, enter_refused
from service.casework.desk.desk import Desk
from service.casework.people.factors.password_throttle import (
    CODES,
    count_wrong,
    keyed_hash,
    require_not_throttled,
)
from service.casework.people.factors.sessions import BY_CODE, is_sealed_session, seal_session, token_hash
from service.casework.people.factors.tell import OwnChange, tell_of_means
from service.casework.people.place_of import place_of
from service.domain.errors import LaurelError
from service.domain.proof.signing import is_same_text
from service.domain.text import Text
from service.domain.values.typed_text import clean_code
from service.store import Transaction
from service.store.models import PersonRow

DIGITS, SECONDS = 6, 30
RECOVERY_CODES = 10
_SECRET_BYTES, _PERSON_BYTES = 20, 8
_EARLIER_AND_LATER = (0, -1, 1)
"""Periods whose codes are taken: clocks differ, and typing takes a while (RFC 6238, 5.2)."""
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_HALF = 5


def new_secret() -> bytes:
    """Return a fresh secret of 160 bits (RFC 4226, 4)."""
    return secrets.token_bytes(_SECRET_BYTES)


def written(secret: bytes) -> str:
    """Return a secret as people type it into an authenticator: base32 in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def key_address(secret: bytes, login: str, issuer: str) -> str:
    """Return the otpauth address that an authenticator reads from a QR code."""
    parameters = {"secret": base64.b32encode(secret).decode(), "issuer": issuer, "digits": DIGITS, "period": SECONDS}
    return f"otpauth://totp/{quote(issuer)}:{quote(login)}?{urlencode(parameters, quote_via=quote)}"


def code_at(secret: bytes, step: int) -> str:
    """Return the code of a period of 30 seconds, counted from 1970."""
    totp = TOTP(secret, DIGITS, SHA1(), SECONDS)  # noqa: S303  what authenticators compute; no collision helps here
    return totp.generate(step * SECONDS).decode()


def step_of(now: datetime) -> int:
    """Return the period that ``now`` is in."""
    return int(now.timestamp()) // SECONDS


def matching_step(secret: bytes, code: str, now: datetime) -> int | None:
    """Return the period whose code this is, the present one or a neighbour; None for a wrong code."""
    present = step_of(now)
    steps = (present + offset for offset in _EARLIER_AND_LATER)
    return next((s for s in steps if is_same_text(code_at(secret, s), code)), None)


def new_recovery_codes() -> tuple[str, ...]:
    """Return ten codes of 49 bits each, written in two halves."""
    words = ("".join(secrets.choice(_LETTERS) for _ in range(2 * _HALF)) for _ in range(RECOVERY_CODES))
    return tuple(f"{word[:_HALF]}-{word[_HALF:]}" for word in words)


def normalise_code(code: str) -> str:
    """Return a typed code without spaces and hyphens, in capitals."""
    return clean_code(code).replace("-", "")


def is_authenticator_code(code: str) -> bool:
    """Return whether a tidied code is one of an authenticator, not a recovery code."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def bind_secret(secret: bytes, person_id: int) -> bytes:
    """Return a secret as its person's row holds it: moved into another's row it is nobody's."""
    return person_id.to_bytes(_PERSON_BYTES) + secret


def secret_of(bound: bytes, person_id: int) -> bytes | None:
    """Return the secret that a person's row holds; None where it is another's."""
    owner, secret = bound[:_PERSON_BYTES], bound[_PERSON_BYTES:]
    return secret if owner == person_id.to_bytes(_PERSON_BYTES) else None


class WrongCode(LaurelError):
    """The code is wrong, was used already, or its time is over."""

    code = "wrong_code"
    sentence = Text(
        "验证码不正确、已用过或者已过期，请输入手机上当前显示的 6 位数字；仍不正确的，请把手机设为自动校准时间。恢复码每个只能用一次。",
        "The code is wrong, used or over: type the six digits shown now; if they are refused again, let the telephone set its"
        " clock by itself. A recovery code serves once.",
    )


def recovery_mark(person_id: int, desk: Desk, code: str) -> str:
    """Return what is kept of a recovery code."""
    return keyed_hash(desk, f"recovery code of {person_id}: {normalise_code(code)}")


def require_code(person: PersonRow, desk: Desk, code: str, action: str, who: Actor) -> bool:
    """Take a code of ``person``; returns whether it was one of the authenticator, False for a recovery code.

    Raises:
        WrongCode: it is none of theirs, or was taken before; the book has it as refused to ``who`` in ``action``.
        TooManyTries: after several wrong ones, until the pause is over.
    """
    now, typed = desk.clock.now(), normalise_code(code)
    mark = code_mark(person.id, desk)
    with exclude_from_act():
        with desk.store.write() as tx:
            require_not_throttled(tx, mark, desk.clock.now(), CODES)
            if _take_code_step(tx, person.id, desk, typed):
                tx.wrong_passwords.delete(mark=mark)
                return is_authenticator_code(typed)
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


def _take_code_step(tx: Transaction, person_id: int, desk: Desk, typed: str) -> bool:
    if not is_authenticator_code(typed):
        return tx.recovery_codes.delete(person_id=person_id, mark=recovery_mark(person_id, desk, typed)) > 0
    row = tx.second_factors.find(person_id=person_id)
    if row is None or row.secret is None:
        return False
    secret = secret_of(row.secret, person_id)
    step = matching_step(secret, typed, desk.clock.now()) if secret is not None else None
    return step is not None and tx.second_factors.take_step(person_id, row.secret, step)


def _served_last(tx: Transaction, person_id: int, desk: Desk, typed: str) -> bool:
    """Return whether this is the very code that was taken last: somebody may have seen it."""
    row = tx.second_factors.find(person_id=person_id)
    if row is None or row.secret is None or not is_authenticator_code(typed):
        return False
    secret = secret_of(row.secret, person_id)
    return secret is not None and matching_step(secret, typed, desk.clock.now()) == row.last_step


def has_codes(tx: Transaction, person_id: int) -> bool:
    """Return whether a person has one-time codes in force."""
    row = tx.second_factors.find(person_id=person_id)
    return row is not None and row.secret is not None


def has_second_factor(tx: Transaction, person_id: int) -> bool:
    """Return whether a person has one-time codes or a passkey: their password alone signs nobody in."""
    return has_codes(tx, person_id) or bool(tx.passkeys.select(person_id=person_id))


def end_other_sessions(desk: Desk, tx: Transaction, person_id: int, keep_token: str) -> None:
    """End every session of a person but that of ``keep_token``, which counts as begun with a second factor."""
    session = tx.sessions.find(id=token_hash(desk, keep_token))
    if session is None or session.person_id != person_id or not is_sealed_session(session, desk):
        tx.sessions.delete(person_id=person_id)
        return
    tx.sessions.delete(person_id=person_id, id__ne=session.id)
    proved = seal_session(replace(session, details={**session.details, BY_CODE: True}), desk)
    tx.sessions.change_where({"id": session.id}, details=proved.details)
