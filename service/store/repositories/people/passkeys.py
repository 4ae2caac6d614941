"""Passkeys: each challenge is answered once, and no counter goes back, whoever asks at the same moment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, among, one
from service.store.rows import AnsweredChallengeRow, PasskeyRow
from service.store.rows.passkeys import answered_challenge, passkey

_ONE = one(passkey, "credential")
_OF_PEOPLE = sa.select(passkey).where(among(passkey.c.person_id, "people"))
_OF = sa.select(passkey).where(passkey.c.person_id == sa.bindparam("person")).order_by(passkey.c.id)


class PasskeyRepository(Repository):
    """Passkeys of people."""

    def of(self, person_id: int) -> list[PasskeyRow]:
        """Return the passkeys of a person, in the order in which they were added."""
        return self._all(PasskeyRow, _OF, person=person_id)

    def of_people(self, person_ids: Collection[int]) -> list[PasskeyRow]:
        """Return the passkeys of several people."""
        return self._all(PasskeyRow, _OF_PEOPLE, people=sorted(person_ids)) if person_ids else []

    def by_credential(self, credential: str) -> PasskeyRow | None:
        """Return the passkey that an authenticator calls so."""
        return self._first(PasskeyRow, _ONE, credential=credential)

    def add(self, row: PasskeyRow) -> int:
        """Keep a passkey; returns its number."""
        return self._insert(passkey, row)

    def rename(self, key_id: int, person_id: int, name: str) -> bool:
        """Call a passkey of a person otherwise; False where they have none of that number."""
        mine = (passkey.c.id == key_id, passkey.c.person_id == person_id)
        return self._change(sa.update(passkey).where(*mine).values(name=name)) == 1

    def remove(self, key_id: int, person_id: int) -> bool:
        """Forget a passkey of a person; False where they have none of that number."""
        mine = (passkey.c.id == key_id, passkey.c.person_id == person_id)
        return self._change(sa.delete(passkey).where(*mine)) == 1

    def remove_all(self, person_id: int) -> int:
        """Forget the passkeys of a person; returns how many there were."""
        return self._change(sa.delete(passkey).where(passkey.c.person_id == person_id))

    def take_counter(self, key_id: int, counter: int, at: datetime) -> bool:
        """Note a sign-in; False where the counter did not grow (0 and 0: the authenticator does not count)."""
        grown = sa.or_(passkey.c.counter < counter, sa.and_(passkey.c.counter == 0, sa.literal(counter == 0)))
        mine = (passkey.c.id == key_id, grown)
        return self._change(sa.update(passkey).where(*mine).values(counter=counter, used_at=at)) == 1

    def take_challenge(self, mark: str, until: datetime, now: datetime) -> bool:
        """Note that a challenge was answered; False where it was before. Those that are over are forgotten."""
        self._change(sa.delete(answered_challenge).where(answered_challenge.c.until < now))
        row = AnsweredChallengeRow(mark=mark, until=until)
        return bool(self._insert_new(answered_challenge, [row], "mark"))
