"""What nobody does on the word of an outside identity provider alone: whoever runs it could sign in as anybody."""

from __future__ import annotations

from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.recent_proof import CLOSED_OTHERWISE, READ_OTHERWISE, read_only
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction

OWN_SIGN_IN = CLOSED_OTHERWISE | READ_OTHERWISE | {"identity.keep", "second_factor.keep"}
"""Whatever asks for a fresh proof but one's own address, and further ways to sign in: a passkey set up so would be the person's own."""


class OwnSignInNeeded(NotAllowed):
    """The session began at an outside identity provider, and this takes the password that the person has here."""

    code = "own_sign_in_needed"


def demand_own_sign_in(action: str, actor: Actor) -> None:
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


def given_by_groups(tx: Transaction, person_id: int, role: str | None, now: datetime) -> bool:
    """Return whether a person holds ``role`` (None: any) by a provider's groups alone: no two administrators gave it."""
    given = {(int(ident), str(since)) for row in tx.outside_identities.of(person_id) for ident, since in row.given}
    if not given:
        return False
    held = tx.people.memberships(person_id, now)
    return any((m.id, m.since.isoformat()) in given for m in held if role in (None, m.role))
