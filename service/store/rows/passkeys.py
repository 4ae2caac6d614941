"""Passkeys: keys of one's own (WebAuthn) that sign a person in, and the challenges that were answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyRow:
    """A key pair of a person, of which the public half is kept."""

    id: col.Id = 0
    person_id: Annotated[col.PersonId, col.INDEXED]
    credential: Annotated[str, col.UNIQUE_INDEX, "id that the authenticator gave it, base64url"]
    public_key: Annotated[str, "COSE key, base64url"]
    counter: Annotated[col.Big, "of signatures, as the authenticator said last; 0: it does not count"] = 0
    name: Annotated[col.Chars80, "as its owner calls it"]
    created_at: datetime
    used_at: Annotated[datetime | None, "last sign-in"] = None


passkey = col.table_of(PasskeyRow, "passkey", comment="public keys of people who sign in with a device of theirs")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredChallengeRow:
    """A challenge that was answered: it is taken no second time."""

    mark: Annotated[col.Chars64, col.PRIMARY, "hash of the challenge"]
    until: Annotated[datetime, col.INDEXED, "after it the challenge is over by itself"]


answered_challenge = col.table_of(
    AnsweredChallengeRow, "answered_challenge", comment="challenges of passkeys that were answered, while they last"
)
