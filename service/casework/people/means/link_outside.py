"""Identities of an outside provider linked to accounts, by their owner after the password."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import guarded
from service.casework.access.sign_in_proof import require_fresh_sign_in
from service.casework.desk.desk import Desk
from service.casework.people.factors.outside_marks import subject_mark
from service.casework.people.factors.sessions import token_hash
from service.casework.people.factors.tell import tell_of_link
from service.casework.people.signing_in.prove_again import require_present_password
from service.casework.people.signing_in.sign_in_outside import Arrived, WayOut, start_provider_sign_in
from service.domain.errors import Conflict, NotAllowed, NotFound
from service.domain.text import Text
from service.store.models import OutsideIdentityRow

_KEEP = "identity.keep"


@guarded(_KEEP)
def list_linked_identities(desk: Desk, actor: Actor) -> Sequence[OutsideIdentityRow]:
    """Return the identities linked to the actor's account, the oldest first."""
    with desk.store.read() as tx:
        return tx.outside_identities.select("linked_at mark", person_id=actor.signed_in_id)


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
    person_id, who, now = actor.signed_in_id, came.who, desk.clock.now()
    if came.link_to != person_id:
        raise NotAllowed(
            Text(
                "登录的账号在关联过程中换过，请重新关联。",
                "Another account was signed in meanwhile: begin to link anew.",
            )
        )
    mark = subject_mark(desk, who.issuer, who.subject)
    row = OutsideIdentityRow(mark=mark, provider=who.issuer[:200], name=who.name, person_id=person_id, linked_at=now)
    with desk.store.write() as tx:
        if not tx.outside_identities.insert_new(row):
            raise Conflict(
                Text(
                    "这个统一身份已经关联了账号，请先在原账号中解除。",
                    "That identity is linked to an account already: let it be removed there first.",
                )
            )
        tell_of_link(desk, tx, actor, person_id, who.name)
        describe_current_act(f"关联统一身份：{who.name}", after={"provider": who.issuer})


@guarded(_KEEP)
def unlink_actor_identity(desk: Desk, actor: Actor, key: str, keep_token: str) -> None:
    """Remove a link of the actor's account with the roles that its groups gave; every other session ends.

    Raises NotFound where there is no such link.
    """
    person_id = actor.signed_in_id
    with desk.store.write() as tx:
        row = tx.outside_identities.find(mark=key, person_id=person_id)
        if row is None:
            raise NotFound(Text("没有这一关联，可能已经解除。", "There is no such link; it may have been removed."))
        tx.outside_identities.delete(mark=key)
        tx.sessions.delete(person_id=person_id, id__ne=token_hash(desk, keep_token))
        describe_current_act(f"解除统一身份关联：{row.name}", before={"provider": row.provider})
