"""Prove again who one is, before what asks for a fresh sign-in: by the second factor where there is one, else the password."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act, exclude_from_act
from service.casework.access.book.enter import enter_refused
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.factors.codes import has_codes, require_code
from service.casework.people.factors.passkey_proofs import PasskeySite, WrongPasskey, new_challenge, options_to_sign
from service.casework.people.factors.password_throttle import count_wrong, keyed_hash, require_not_throttled
from service.casework.people.factors.passwords import password_matches
from service.casework.people.factors.sessions import note_proof
from service.casework.people.signing_in.sign_in import WrongPassword
from service.casework.people.signing_in.sign_in_with_passkey import require_passkey
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PersonRow


def present_mark(person_id: int, desk: Desk) -> str:
    """Return the mark under which wrong present passwords of a person are counted."""
    return keyed_hash(desk, f"present password of {person_id}")


def require_present_password(actor: Actor, desk: Desk, password: str, action: str) -> PersonRow:
    """Return the row of ``actor``; ``action`` is what the password is asked for.

    Raises:
        WrongPassword: it is not the present password.
        TooManyTries: after several wrong ones, until the pause is over: a session left open must not help to guess.
    """
    mark, now = present_mark(actor.signed_in_id, desk), desk.clock.now()
    with desk.store.read() as tx:
        require_not_throttled(tx, mark, now)
        person = tx.people.get(actor.signed_in_id)
    if not password_matches(person.password, password):
        with exclude_from_act():
            count_wrong(desk, mark, now)
            with desk.store.write() as tx:
                enter_refused(tx, action, actor, now, WrongPassword.code)
        raise WrongPassword(Text("现密码不正确，请重新输入。", "The present password is wrong; type it again."))
    return person


_PROVE = "session.prove"


@dataclass(frozen=True, slots=True)
class WaysToProve:
    """By what somebody proves who they are: ``code`` and ``key`` are second factors, ``password`` counts without them.

    A recovery code stands in for either factor. None of the three: who came from elsewhere signs in again.
    """

    code: bool
    key: bool
    password: bool

    @property
    def typed(self) -> bool:
        """Whether something can be typed: a code, a recovery code or the password."""
        return self.code or self.key or self.password


@guarded(_PROVE)
def ways_to_prove(desk: Desk, actor: Actor) -> WaysToProve:
    """Return by what the actor proves who they are."""
    with desk.store.read() as tx:
        return _list_ways(tx, tx.people.get(actor.signed_in_id))


@guarded(_PROVE)
def prove_again(desk: Desk, actor: Actor, token: str, credential: str) -> None:
    """Make the sign-in of ``token`` fresh by ``credential``: a code, or the present password of who has no second factor.

    Raises:
        WrongCode: it is no code of theirs.
        WrongPassword: it is not the present password.
        TooManyTries: after several wrong ones, until the pause is over.
        NotAllowed: there is nothing of theirs to type here: they sign in again.
    """
    with desk.store.read() as tx:
        person = tx.people.get(actor.signed_in_id)
        ways = _list_ways(tx, person)
    if ways.code or ways.key:
        require_code(person, desk, credential, _PROVE, actor)
    elif ways.password:
        require_present_password(actor, desk, credential, _PROVE)
        mark = present_mark(person.id, desk)
        with exclude_from_act(), desk.store.write() as tx:
            require_not_throttled(tx, mark, desk.clock.now())  # guesses sent at once all came past the first look
            tx.wrong_passwords.delete(mark=mark)
    else:
        raise NotAllowed(Text("请退出后重新登录，再办理此事。", "Sign out and in again, then go on."))
    _record_proof(desk, token)


@guarded(_PROVE)
def key_question(desk: Desk, actor: Actor, site: PasskeySite) -> str:
    """Return what the browser of the actor asks an authenticator (JSON), for `prove_by_key`."""
    with desk.store.read() as tx:
        person = tx.people.get(actor.signed_in_id)
        return options_to_sign(
            site, new_challenge(_format_purpose(person), desk), tx.passkeys.select(person_id=person.id)
        )


@guarded(_PROVE)
def prove_by_key(desk: Desk, actor: Actor, token: str, site: PasskeySite, answer: str) -> None:
    """Make the sign-in of ``token`` fresh by a passkey of the actor; raises WrongPasskey, which the book has."""
    with desk.store.read() as tx:
        person = tx.people.get(actor.signed_in_id)
    try:
        with exclude_from_act():
            require_passkey(desk, site, answer, _format_purpose(person), person)
    except WrongPasskey:
        with exclude_from_act(), desk.store.write() as tx:
            enter_refused(tx, _PROVE, actor, desk.clock.now(), WrongPasskey.code)
        raise
    _record_proof(desk, token)


def _record_proof(desk: Desk, token: str) -> None:
    describe_current_act("再次确认本人")
    note_proof(desk, token)


def _format_purpose(person: PersonRow) -> str:
    return f"to prove again that it is {person.id}"


def _list_ways(tx: Transaction, person: PersonRow) -> WaysToProve:
    code, key = has_codes(tx, person.id), bool(tx.passkeys.select(person_id=person.id))
    return WaysToProve(code, key, person.password is not None and not (code or key))
