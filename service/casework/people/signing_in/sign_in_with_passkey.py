"""Sign in with a passkey: without typing a name, or as the second step after the password."""

from __future__ import annotations

from contextlib import suppress

from service.casework.access.actor import Actor
from service.casework.access.book.acting import exclude_from_act
from service.casework.access.book.enter import EVERYWHERE, enter_refused
from service.casework.desk.desk import Desk
from service.casework.people.factors.passkey_proofs import (
    PasskeySite,
    WrongPasskey,
    handle_of,
    is_ours,
    new_challenge,
    options_to_sign,
    parse_claimed_key,
    take_challenge,
    verify_key_possession,
)
from service.casework.people.factors.password_throttle import (
    ADDRESSES,
    address_mark,
    count_wrong_from_address,
    require_not_throttled,
)
from service.casework.people.factors.sessions import BY_CODE, find_device_name
from service.casework.people.factors.tell import OwnChange, tell_of_means
from service.casework.people.place_of import place_of
from service.casework.people.signing_in.sessions import begin_session
from service.casework.people.signing_in.sign_in import person_of_ticket
from service.store.models import PasskeyRow, PersonRow

_ANY_KEY = "a passkey"
"""The name under which wrong answers of authenticators are counted for an address."""


def passkey_question(desk: Desk, site: PasskeySite, ticket: str = "") -> str:
    """Return what the browser is asked (JSON): any key for this site, after a password those of its owner.

    Raises:
        WrongPassword: ``ticket``, which testifies to the password, is too old: sign in anew.
    """
    challenge = new_challenge(_format_purpose(ticket), desk)
    if not ticket:
        return options_to_sign(site, challenge)
    person = person_of_ticket(ticket, desk)
    with desk.store.read() as tx:
        return options_to_sign(site, challenge, tx.passkeys.select(person_id=person.id))


def sign_in_with_passkey(
    desk: Desk, site: PasskeySite, answer: str, hours: int, origin: str = "", ticket: str = "", device: str = ""
) -> str:
    """Begin a session for whoever holds a passkey and was verified by it; returns its token.

    Raises:
        WrongPasskey: the answer proves nothing, or not what is asked after the password of ``ticket``.
        WrongPassword: ``ticket`` is too old: sign in anew.
        TooManyTries: after many wrong tries from the address, until the pause is over.
    """
    now = desk.clock.now()
    whence = address_mark(desk, origin) if origin and not _at_home(desk, answer, device) else ""
    if whence:
        with desk.store.read() as tx:
            require_not_throttled(tx, whence, now, ADDRESSES)
    expected = person_of_ticket(ticket, desk) if ticket else None
    try:
        person, row = require_passkey(desk, site, answer, _format_purpose(ticket), expected)
    except WrongPasskey:
        if whence:
            count_wrong_from_address(desk, whence, _ANY_KEY, now)
        _enter_wrong(desk, answer)
        raise
    return begin_session(desk, person, f"（通行密钥“{row.name}”）", hours, device, {BY_CODE: True})


def require_passkey(
    desk: Desk, site: PasskeySite, answer: str, purpose: str, expected: PersonRow | None
) -> tuple[PersonRow, PasskeyRow]:
    """Take the ``answer`` of an authenticator to a challenge made for ``purpose``; returns whose key it is, and the key.

    Raises WrongPasskey where it proves nothing, or is not that of ``expected``.
    """
    read = parse_claimed_key(answer)
    with desk.store.read() as tx:
        row = tx.passkeys.find(credential=read.credential)
        person = tx.people.get(row.person_id) if row is not None else None
    if row is None or person is None or not person.active or expected not in (None, person):
        raise WrongPasskey
    if not is_ours(read.challenge, purpose, desk):
        raise WrongPasskey
    counter = verify_key_possession(site, answer, read.challenge, row.public_key, handle_of(person.id, desk))
    with desk.store.write() as tx:
        if not take_challenge(tx, desk, read.challenge):
            raise WrongPasskey
    _require_grown(desk, row, counter)
    return person, row


def _require_grown(desk: Desk, row: PasskeyRow, counter: int) -> None:
    """Raise WrongPasskey where the counter of a key did not grow: another device may hold a copy; its owner is told."""
    now = desk.clock.now()
    with exclude_from_act(), desk.store.write() as tx:
        if tx.passkeys.take_counter(row.id, counter, now):
            return
        tell_of_means(desk, tx, row.person_id, OwnChange.PASSKEY_COPIED, row.name)
    raise WrongPasskey


def _at_home(desk: Desk, answer: str, device: str) -> bool:
    """Return whether the owner of the key that is claimed signed in before in the browser of the cookie ``device``."""
    row = _claimed_row(desk, answer) if device else None
    return row is not None and bool(find_device_name(desk, row.person_id, device))


def _claimed_row(desk: Desk, answer: str) -> PasskeyRow | None:
    with suppress(WrongPasskey), desk.store.read() as tx:
        return tx.passkeys.find(credential=parse_claimed_key(answer).credential)
    return None


def _enter_wrong(desk: Desk, answer: str) -> None:
    """Enter a failure: by the account whose key was claimed, where there is one."""
    now, about, place = desk.clock.now(), "没有这个通行密钥", EVERYWHERE
    row = _claimed_row(desk, answer)
    with desk.store.write() as tx:
        if row is not None:
            about = f"登录名：{tx.people.get(row.person_id).login}（通行密钥“{row.name}”）"
            place = place_of(tx, row.person_id, now)
        enter_refused(tx, "session.begin", Actor(None, "未登录"), now, WrongPasskey.code, about=about, place=place)


def _format_purpose(ticket: str) -> str:
    return f"to sign in after {ticket}" if ticket else "to sign in"
