"""Identities of an outside provider linked to accounts: by their owner after the password, or by two administrators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import guarded
from service.casework.access.sign_in_proof import require_fresh_sign_in
from service.casework.desk.desk import Desk
from service.casework.people.factors.outside_marks import WAITS, code_hash, link_identity, subject_mark
from service.casework.people.factors.password_throttle import count_wrong, keyed_hash, require_not_throttled
from service.casework.people.factors.sessions import token_hash
from service.casework.people.factors.tell import tell_of_link
from service.casework.people.place_of import place_of
from service.casework.people.rights.people_shown import require_other_person, require_visible, require_whole_person
from service.casework.people.rights.rights import RightsChange, RightsWish, put_through
from service.casework.people.signing_in.prove_again import require_present_password
from service.casework.people.signing_in.sign_in_outside import Arrived, WayOut, start_provider_sign_in
from service.domain.errors import Invalid, NotAllowed, NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import OutsideIdentityRow

MOST_WORDS = 500
_KEEP = "identity.keep"


@dataclass(frozen=True, slots=True)
class LinkedIdentity:
    """An identity linked to an account: its key, what the provider calls the person, since when and when seen last."""

    key: str
    name: str
    provider: str
    since: datetime | None
    seen_at: datetime


@guarded(_KEEP)
def list_linked_identities(desk: Desk, actor: Actor) -> Sequence[LinkedIdentity]:
    """Return the identities linked to the actor's account."""
    with desk.store.read() as tx:
        return linked_to(tx, _signed_in(actor))


@guarded(_KEEP)
def begin_link(desk: Desk, actor: Actor, password: str, back: str, path: str, origin: str) -> WayOut:
    """Send the actor to the provider to be linked; they sign in there anew, and show their password here before.

    Raises:
        ProofNeeded: the sign-in is too old; whoever has a second factor proves by it who they are.
        WrongPassword: ``password`` is not the present one.
        TooManyTries: after several wrong ones, until the pause is over.
        NotFound: no provider is configured.
        ProviderUnreachable: it cannot be asked.
    """
    require_fresh_sign_in()
    person = require_present_password(actor, desk, password, _KEEP)
    return start_provider_sign_in(desk, back, path, origin, person.id)


@guarded(_KEEP)
def link_actor_identity(desk: Desk, actor: Actor, came: Arrived) -> None:
    """Link whom the provider vouched for to the actor's account; they get a message.

    Raises:
        NotAllowed: another account began it.
        Conflict: the identity is linked to an account already.
    """
    person_id, who, now = _signed_in(actor), came.who, desk.clock.now()
    if came.link_to != person_id:
        raise NotAllowed(
            Text(
                "登录的账号在关联过程中换过，请重新关联。",
                "Another account was signed in meanwhile: begin to link anew.",
            )
        )
    mark = subject_mark(desk, who.issuer, who.subject)
    row = OutsideIdentityRow(mark=mark, provider=who.issuer[:200], name=who.name, seen_at=now)
    with desk.store.write() as tx:
        link_identity(desk, tx, person_id, row)
        tell_of_link(desk, tx, actor, person_id, who.name)
        describe_current_act(f"关联统一身份：{who.name}", after={"provider": who.issuer})


@guarded(_KEEP)
def unlink_actor_identity(desk: Desk, actor: Actor, key: str, keep_token: str) -> None:
    """Remove a link of the actor's account with the roles that its groups gave; every other session ends.

    Raises NotFound where there is no such link.
    """
    person_id = _signed_in(actor)
    with desk.store.write() as tx:
        row = _get_identity(tx, person_id, key)
        _unlink_identity(tx, row, token_hash(desk, keep_token))
        describe_current_act(f"解除统一身份关联：{row.name}", before={"provider": row.provider})


@guarded("rights.change")
def identities_of(desk: Desk, actor: Actor, person_id: int) -> tuple[str, Sequence[LinkedIdentity]]:
    """Return the name of one of the people the actor administers, and the identities linked to the account."""
    with desk.store.read() as tx:
        require_visible(tx, actor, person_id)
        return tx.people.get(person_id).name, linked_to(tx, person_id)


@guarded("rights.change")
def ask_link(desk: Desk, actor: Actor, person_id: int, code: str, reason: str) -> int | None:
    """Link an identity that waits under ``code`` to a person, or ask a second administrator to; returns the request.

    Raises:
        Invalid: no reason, or a long one, or nobody waits under the code.
        NotAllowed: the person is oneself, or not of one's place.
        TooManyTries: after several wrong codes, until the pause is over.
    """
    require_other_person(actor, person_id)
    reason_text, now = reason.strip(), desk.clock.now()
    if not reason_text or len(reason_text) > MOST_WORDS - 100:
        raise Invalid(
            Text("请写明怎样核实了本人（400 字以内）。", "Say how you made sure who it is, in 400 characters.")
        )
    mark = keyed_hash(desk, f"wrong link codes of {actor.person_id}")
    with desk.store.read() as tx:
        require_not_throttled(tx, mark, now)
        row = tx.outside_identities.find(code=code_hash(desk, code))
    if row is None or row.person_id is not None or row.seen_at + WAITS <= now:
        count_wrong(desk, mark, now)
        raise Invalid(
            Text(
                "关联码不正确或者已满 7 天，请让本人重新用统一身份认证登录，取得新的关联码。",
                "The code is wrong or older than seven days: let them sign in there again for a new one.",
            )
        )
    wish = RightsWish(RightsChange.LINK, person_id, secret=row.mark, reason=f"{row.name}：{reason_text}")
    with desk.store.write() as tx:
        return put_through(desk, tx, actor, wish)


@guarded("rights.change")
def unlink_person_identity(desk: Desk, actor: Actor, person_id: int, key: str) -> None:
    """Remove the link of a person's account, as where the identity is another's now; one administrator may.

    Raises:
        NotFound: there is no such link.
        NotAllowed: the person is not of one's place.
    """
    require_other_person(actor, person_id)
    with desk.store.write() as tx:
        require_visible(tx, actor, person_id)
        require_whole_person(tx, actor, person_id)
        row = _get_identity(tx, person_id, key)
        _unlink_identity(tx, row)
        name, place = tx.people.get(person_id).name, place_of(tx, person_id, desk.clock.now())
        describe_current_act(f"解除{name}的统一身份关联：{row.name}", place=place, before={"provider": row.provider})


def linked_to(tx: Transaction, person_id: int) -> tuple[LinkedIdentity, ...]:
    """Return the identities linked to an account, the oldest first."""
    rows = tx.outside_identities.select("linked_at mark", person_id=person_id)
    return tuple(LinkedIdentity(row.mark, row.name, row.provider, row.linked_at, row.seen_at) for row in rows)


def _unlink_identity(tx: Transaction, row: OutsideIdentityRow, remaining_session: str = "") -> None:
    assert row.person_id is not None
    tx.outside_identities.delete(mark=row.mark, person_id=row.person_id)
    tx.sessions.delete(person_id=row.person_id, id__ne=remaining_session)


def _get_identity(tx: Transaction, person_id: int, key: str) -> OutsideIdentityRow:
    row = next(
        (
            identity
            for identity in tx.outside_identities.select("linked_at mark", person_id=person_id)
            if identity.mark == key
        ),
        None,
    )
    if row is None:
        raise NotFound(Text("没有这一关联，可能已经解除。", "There is no such link; it may have been removed."))
    return row


def _signed_in(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotAllowed(Text("请先登录。", "Sign in first."))
    return actor.person_id
