"""One's own passkeys: added with the password, named, listed, removed; the last second factor stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act, exclude_from_act
from service.casework.access.book.enter import enter_refused
from service.casework.access.guards import guarded
from service.casework.access.sign_in_proof import require_fresh_sign_in
from service.casework.desk.desk import Desk
from service.casework.people.factors.codes import (
    end_other_sessions,
    has_codes,
    has_second_factor,
    new_recovery_codes,
    recovery_mark,
    require_code,
)
from service.casework.people.factors.passkey_proofs import (
    PasskeySite,
    WrongPasskey,
    handle_of,
    is_ours,
    new_challenge,
    options_to_add,
    parse_claimed_key,
    prove_new,
    take_challenge,
)
from service.casework.people.factors.tell import OwnChange, tell_of_means
from service.casework.people.signing_in.prove_again import require_present_password
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PasskeyRow, PersonRow

MOST_KEYS = 10
LONGEST_NAME = 80
_KEEP = "second_factor.keep"


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """A passkey of the reader; ``used`` is the last sign-in with it, None before the first."""

    id: int
    name: str
    since: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class OwnPasskeys:
    """The reader's passkeys, whether they have one-time codes, and how many recovery codes are ``left``."""

    keys: tuple[OwnPasskey, ...]
    by_code: bool
    left: int


@guarded(_KEEP)
def get_actor_passkeys(desk: Desk, actor: Actor) -> OwnPasskeys:
    """Return the actor's passkeys in the order in which they were added."""
    person_id = actor.signed_in_id
    with desk.store.read() as tx:
        keys = tuple(
            OwnPasskey(row.id, row.name, row.created_at, row.used_at) for row in tx.passkeys.select(person_id=person_id)
        )
        return OwnPasskeys(keys, has_codes(tx, person_id), tx.recovery_codes.count_rows(person_id=person_id))


@guarded(_KEEP)
def begin_passkey(desk: Desk, actor: Actor, site: PasskeySite, password: str, name: str, code: str = "") -> str:
    """Return what the browser is asked to make (JSON); ``code`` is a one-time code where the actor has them.

    Raises:
        Invalid: no name, or a long one.
        ProofNeeded: the sign-in is too old; whoever has a second factor proves by it who they are.
        Conflict: there are ten already.
        WrongPassword: ``password`` is not the present one.
        WrongCode: ``code`` is none of those in force.
        TooManyTries: after several wrong ones, until the pause is over.
    """
    _good_name(name)
    require_fresh_sign_in()
    person = require_present_password(actor, desk, password, _KEEP)
    with desk.store.read() as tx:
        passkeys, by_code = tx.passkeys.select(person_id=person.id), has_codes(tx, person.id)
    _require_room(passkeys)
    if by_code:
        require_code(person, desk, code, _KEEP, actor)
    return options_to_add(
        site, person, handle_of(person.id, desk), new_challenge(_format_purpose(person), desk), passkeys
    )


@guarded(_KEEP)
def confirm_passkey(
    desk: Desk, actor: Actor, site: PasskeySite, name: str, answer: str, keep_token: str
) -> tuple[str, ...]:
    """Keep the key that the browser made; every other session ends, and its owner is told.

    Returns ten recovery codes, shown this once, where it is the first second factor, else none.

    Raises:
        WrongPasskey: the answer proves no key made here, just now, after the password was shown, by a verified owner.
        Conflict: the key is known already, or there are ten.
        Invalid: no name, or a long one.
    """
    called, person_id, now = _good_name(name), actor.signed_in_id, desk.clock.now()
    with desk.store.read() as tx:
        person = tx.people.get(person_id)
    try:
        challenge = parse_claimed_key(answer).challenge
        if not is_ours(challenge, _format_purpose(person), desk):
            raise WrongPasskey
        key = prove_new(site, answer, challenge)
        with desk.store.write() as tx:
            if not take_challenge(tx, desk, challenge):
                raise WrongPasskey
            _require_room(tx.passkeys.select(person_id=person_id))
            if tx.passkeys.find(credential=key.credential) is not None:
                raise Conflict(Text("这个通行密钥已经添加过。", "This passkey is known already."))
            codes = () if has_second_factor(tx, person_id) else new_recovery_codes()
            row = PasskeyRow(
                person_id=person_id, credential=key.credential, public_key=key.public_key,
                counter=key.counter, name=called, created_at=now,
            )  # fmt: skip
            tx.passkeys.insert(row)
            if codes:
                tx.second_factors.renew_recovery(person_id, [recovery_mark(person_id, desk, code) for code in codes])
            end_other_sessions(desk, tx, person_id, keep_token)
            describe_current_act(f"添加通行密钥：{called}")
            tell_of_means(desk, tx, person_id, OwnChange.PASSKEY_ADDED, called)
    except WrongPasskey:
        with exclude_from_act(), desk.store.write() as tx:
            enter_refused(tx, _KEEP, actor, now, WrongPasskey.code)
        raise
    return codes


@guarded(_KEEP)
def rename_passkey(desk: Desk, actor: Actor, key_id: int, name: str) -> None:
    """Call one of the actor's passkeys otherwise; raises Invalid, NotFound."""
    called, person_id = _good_name(name), actor.signed_in_id
    with desk.store.write() as tx:
        before = _get_passkey(tx, person_id, key_id).name
        tx.passkeys.change_where({"id": key_id, "person_id": person_id}, name=called)
        describe_current_act(f"更改通行密钥的名称：{called}", before={"name": before}, after={"name": called})


@guarded(_KEEP)
def remove_passkey(desk: Desk, actor: Actor, key_id: int, password: str, keep_token: str) -> None:
    """Forget one of the actor's passkeys; every other session ends, and they are told.

    Raises:
        Conflict: it is the last second factor: nobody switches their own off.
        NotFound: they have no such key.
        ProofNeeded: the sign-in is too old; whoever has a second factor proves by it who they are.
        WrongPassword, TooManyTries: as `begin_passkey`.
    """
    require_fresh_sign_in()
    person = require_present_password(actor, desk, password, _KEEP)
    with desk.store.write() as tx:
        row = _get_passkey(tx, person.id, key_id)
        if tx.passkeys.select(person_id=person.id) == [row] and not has_codes(tx, person.id):
            raise Conflict(
                Text(
                    "这是您唯一的第二验证方式，不能自行移除：请先添加另一个通行密钥或者设置动态口令；遗失的，请管理员移除。",
                    "This is your only second factor and stays: add another passkey or one-time codes first; if it is lost,"
                    " ask an administrator.",
                )
            )
        tx.passkeys.delete(id=key_id, person_id=person.id)
        end_other_sessions(desk, tx, person.id, keep_token)
        describe_current_act(f"移除通行密钥：{row.name}")
        tell_of_means(desk, tx, person.id, OwnChange.PASSKEY_REMOVED, row.name)


def _get_passkey(tx: Transaction, person_id: int, key_id: int) -> PasskeyRow:
    passkey = next((row for row in tx.passkeys.select(person_id=person_id) if row.id == key_id), None)
    if passkey is None:
        raise NotFound(Text("没有这个通行密钥，可能已移除。", "There is no such passkey; it may be removed already."))
    return passkey


def _good_name(name: str) -> str:
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME:
        raise Invalid(
            Text(
                f"请给通行密钥起个名字（{LONGEST_NAME} 字以内），例如“办公电脑”或“蓝色U盾”。",
                f"Name the passkey in {LONGEST_NAME} characters, such as “office computer” or “blue USB key”.",
            )
        )
    return called


def _require_room(passkeys: list[PasskeyRow]) -> None:
    if len(passkeys) >= MOST_KEYS:
        raise Conflict(
            Text(
                f"最多添加 {MOST_KEYS} 个通行密钥，请先移除不用的。",
                f"There are {MOST_KEYS} passkeys already: remove one that you do not use.",
            )
        )


def _format_purpose(person: PersonRow) -> str:
    """Return what a challenge to add a key is for: it ends with the password that was shown for it."""
    return f"to add one of {person.id}, whose password is {person.password}"
