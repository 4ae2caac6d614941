"""Sign in by an outside identity provider: no account opens by itself, and what a role needs beside it is still asked."""

from __future__ import annotations

import base64
import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from service.casework.access.actor import Actor
from service.casework.access.book.enter import EVERYWHERE, enter_refused
from service.casework.desk.desk import Desk
from service.casework.people.factors.codes import WrongCode, has_codes, require_code
from service.casework.people.factors.outside_marks import linked_person, subject_mark, the_provider
from service.casework.people.factors.password_throttle import (
    ADDRESSES,
    address_mark,
    count_wrong_from_address,
    keyed_hash,
    require_not_throttled,
)
from service.casework.people.factors.sessions import BY_CODE, BY_PROVIDER, find_device_name
from service.casework.people.signing_in.sessions import begin_session
from service.casework.people.signing_in.sign_in import SecondFactorNeeded
from service.domain.errors import LaurelError
from service.domain.proof.signing import is_same_text
from service.domain.text import Text
from service.identity import Errand, NotVouched, ProviderUnreachable, Vouched
from service.store.models import PersonRow

LOG = logging.getLogger("laurel.identity")
_STEP = timedelta(minutes=10)
_VISITOR = Actor(None, "未登录")
_CAUSE = re.compile(r"[a-z_]{1,40}")


class NotLinked(LaurelError):
    """The provider vouches for somebody who is linked to no account."""

    code = "not_linked"
    in_book = True
    sentence = Text(
        "统一身份认证已确认您的身份，但还没有关联本系统的账号。",
        "Single sign-on knows you, but no account here is linked to you yet.",
    )


@dataclass(frozen=True, slots=True)
class WayOut:
    """Where the browser is sent, and what it keeps until it comes back: signed, ten minutes, used once."""

    address: str
    keepsake: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who came back, to which page they wanted, and whose account they came to be linked to (None: to sign in)."""

    who: Vouched
    path: str
    link_to: int | None


def start_provider_sign_in(desk: Desk, back: str, path: str, origin: str, link_to: int | None = None) -> WayOut:
    """Begin a try: returns where to send the browser, which comes back to the address ``back``.

    Raises:
        NotFound: no provider is configured.
        ProviderUnreachable: it cannot be asked.
        TooManyTries: after many wrong tries from the address, until the pause is over.
    """
    provider = the_provider(desk)
    with desk.store.read() as tx:
        require_not_throttled(tx, address_mark(desk, origin), desk.clock.now(), ADDRESSES)
    errand = Errand(*(secrets.token_urlsafe(32) for _ in range(3)))
    until = int((desk.clock.now() + _STEP).timestamp())
    errand_values = [errand.state, errand.nonce, errand.verifier, path, link_to, until]
    try:
        address = provider.begin(errand, back, anew=link_to is not None)
    except ProviderUnreachable as trouble:
        LOG.warning("identity provider: %s", trouble.cause)
        raise
    return WayOut(address, _sign_values(desk, errand_values))


def finish_provider_sign_in(desk: Desk, back: str, keepsake: str, answer: Mapping[str, str], origin: str) -> Arrived:
    """Return who came back with ``answer`` to the try that the browser's ``keepsake`` tells of.

    Counted against the address is only what belongs to a try of this browser: whoever leads others' browsers here from
    a page of their own makes no address wait, and fills no book.

    Raises:
        NotFound: no provider is configured.
        NotVouched: the answer belongs to no try of this browser, or the provider does not stand by it.
        ProviderUnreachable: it cannot be asked.
        TooManyTries: after many wrong tries from the address, until the pause is over.
    """
    provider = the_provider(desk)
    now, whence = desk.clock.now(), address_mark(desk, origin)
    errand, path, link_to = _open_keepsake(desk, keepsake)
    if not is_same_text(answer.get("state", ""), errand.state):
        raise NotVouched("another_errand")
    with desk.store.read() as tx:
        require_not_throttled(tx, whence, now, ADDRESSES)
    try:
        who = provider.finish(errand, back, answer, now)
    except NotVouched as refusal:
        LOG.warning("identity provider: not vouched for: %s", refusal.cause.encode("unicode_escape").decode())
        count_wrong_from_address(desk, whence, "by single sign-on", now)
        cause = refusal.cause if _CAUSE.fullmatch(refusal.cause) else "not_vouched"
        _enter_refusal(desk, NotVouched.code, f"统一身份认证：{cause}")
        raise
    except ProviderUnreachable as trouble:
        LOG.warning("identity provider: %s", trouble.cause)
        raise
    return Arrived(who, path, link_to)


def sign_in_outside(desk: Desk, who: Vouched, hours: int, device: str = "") -> str:
    """Begin a session of the person to whom an identity is linked; returns its token. ``device``: as `sign_in` has it.

    Raises:
        NotLinked: it is linked to nobody.
        NotVouched: the account is closed.
        SecondFactorNeeded: the person has codes or a passkey, and the provider saw no second factor that counts.
    """
    with desk.store.read() as tx:
        row = tx.outside_identities.find(mark=subject_mark(desk, who.issuer, who.subject))
        person = linked_person(tx, row) if row is not None else None
        by_code = person is not None and has_codes(tx, person.id)
        by_key = person is not None and bool(tx.passkeys.select(person_id=person.id))
    if row is None:
        _enter_refusal(desk, NotLinked.code, "统一身份认证：未关联账号")
        raise NotLinked
    if person is None:
        _enter_refusal(desk, NotVouched.code, "统一身份认证：账号已停用")
        raise NotVouched("a closed account")
    if (by_code or by_key) and not who.strong:
        ticket = _build_ticket(desk, person.id, int((desk.clock.now() + _STEP).timestamp()))
        raise SecondFactorNeeded(ticket, by_code=by_code, by_key=by_key)
    return _begin_session(desk, person, "", {BY_CODE: True} if who.strong else {}, hours, device)


def sign_in_outside_with_code(desk: Desk, ticket: str, code: str, hours: int, origin: str, device: str = "") -> str:
    """Begin a session of whom the provider vouched for, to which ``ticket`` testifies, and who knows a code.

    Raises:
        NotVouched: the ticket is too old: sign in anew.
        WrongCode: the code is wrong or was used.
        TooManyTries: after several wrong codes, or many wrong tries from the address, until the pause is over.
    """
    now, person = desk.clock.now(), _of_ticket(desk, ticket)
    whence = "" if find_device_name(desk, person.id, device) else address_mark(desk, origin)
    if whence:
        with desk.store.read() as tx:
            require_not_throttled(tx, whence, now, ADDRESSES)
    try:
        by_phone = require_code(person, desk, code, "session.begin", _VISITOR)
    except WrongCode:
        if whence:
            count_wrong_from_address(desk, whence, person.login.lower(), now)
        raise
    return _begin_session(desk, person, "，动态口令" if by_phone else "，恢复码", {BY_CODE: True}, hours, device)


def sign_out_address(desk: Desk, back: str) -> str | None:
    """Return where people sign out of the provider, too; None where there is none."""
    return desk.identity.farewell(back) if desk.identity is not None else None


def _begin_session(desk: Desk, person: PersonRow, how: str, details: Mapping[str, Any], hours: int, device: str) -> str:
    return begin_session(desk, person, f"（统一身份认证{how}）", hours, device, {BY_PROVIDER: True, **details})


def _enter_refusal(desk: Desk, code: str, about: str) -> None:
    with desk.store.write() as tx:
        enter_refused(tx, "session.begin", _VISITOR, desk.clock.now(), code, about=about, place=EVERYWHERE)


def _sign_values(desk: Desk, errand_values: list[Any]) -> str:
    text = base64.urlsafe_b64encode(orjson.dumps(errand_values)).decode()
    return f"{text}.{_compute_signature(desk, text)}"


def _open_keepsake(desk: Desk, keepsake: str) -> tuple[Errand, str, int | None]:
    text, _, mark = keepsake.rpartition(".")
    if not text or not is_same_text(_compute_signature(desk, text), mark):
        raise NotVouched("no_errand")
    state, nonce, verifier, path, link_to, until = orjson.loads(base64.urlsafe_b64decode(text))
    if desk.clock.now().timestamp() > until:
        raise NotVouched("errand_over")
    return Errand(state, nonce, verifier), path, link_to


def _compute_signature(desk: Desk, text: str) -> str:
    return keyed_hash(desk, f"errand to an identity provider {text}")


def _build_ticket(desk: Desk, person_id: int, until: int) -> str:
    return f"{person_id}.{until}.{keyed_hash(desk, f'code after the provider of {person_id} until {until}')}"


def _of_ticket(desk: Desk, ticket: str) -> PersonRow:
    ident, _, rest = ticket.partition(".")
    until, _, _ = rest.partition(".")
    if all(part.isascii() and part.isdigit() and len(part) < 15 for part in (ident, until)):
        right = is_same_text(_build_ticket(desk, int(ident), int(until)), ticket)
        if right and desk.clock.now().timestamp() <= int(until):
            with desk.store.read() as tx:
                person = tx.people.by_id({int(ident)}).get(int(ident))
            if person is not None and person.active:
                return person
    raise NotVouched("ticket_over")
