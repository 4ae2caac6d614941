"""Organisations that ask for an account by themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, among, one
from service.store.rows import RegistrationRow
from service.store.rows.registrations import registration
from service.store.rows.work import mail
from service.store.seals.choice_seals import CONTACTS
from service.store.seals.counted_rows import LETTERS
from service.store.seals.row_seals import mark_of

_ONE, _BY_LINK = one(registration, "id"), one(registration, "link")
_WAITING = registration.c.state == "waiting"
_SAME = sa.select(registration).where(
    registration.c.code == sa.bindparam("code"),
    registration.c.jurisdiction == sa.bindparam("place"),
    _WAITING,
)
_MANY = sa.select(sa.func.count()).where(registration.c.jurisdiction == sa.bindparam("place"), _WAITING)
_OF_OFFICE = among(registration.c.jurisdiction, "places")
_OF_BODY = among(registration.c.body_id, "bodies")
_AFTER = registration.c.id > sa.bindparam("after")
_OPEN = sa.union(
    sa.select(registration.c.id).where(_OF_OFFICE, _WAITING, _AFTER),
    sa.select(registration.c.id).where(_OF_BODY, _WAITING, _AFTER),
)
_LISTED = (
    sa.select(registration).where(registration.c.id.in_(_OPEN)).order_by(registration.c.id).limit(sa.bindparam("most"))
)
_COUNTED = sa.select(sa.func.count()).select_from(_OPEN.subquery())


_LINKS = (
    sa.select(registration)
    .where(registration.c.id > sa.bindparam("after"), registration.c.link.is_not(None))
    .order_by(registration.c.id)
    .limit(sa.bindparam("most"))
)


def _bound(row: RegistrationRow) -> list[object]:
    """Return what the seal of a link to a first password binds."""
    return [row.id, row.person_id, row.link, row.link_until]


class RegistrationRepository(Repository):
    """Requests for accounts."""

    def add(self, row: RegistrationRow) -> int:
        """Write one down and return its number."""
        return self._insert(registration, CONTACTS.rows.sealed(self.seals, row))

    def get(self, number: int) -> RegistrationRow:
        """Return one; raises NotFound."""
        return self._existing(RegistrationRow, ("注册申请", "registration"), _ONE, number)

    def by_link(self, link: str) -> RegistrationRow | None:
        """Return the one whose link has this mark and was not used; None where others wrote whose it is, or its end."""
        row = self._first(RegistrationRow, _BY_LINK, link=link)
        if row is None or self.seals is None:
            return row
        own = not self.lacks_contact(row) and self.seals.holds(registration.name, _bound(row), row.seal)
        return row if own else None

    def lacks_contact(self, row: RegistrationRow) -> bool:
        """Return whether telephone or e-mail of one were written by others."""
        asked = self.seals is not None and self.seals.asks_for(CONTACTS.rows.table)
        return asked and CONTACTS.rows.lacks(self.seals, row)

    def waiting(self, code: str, jurisdiction: str) -> list[RegistrationRow]:
        """Return what waits for this credit code in a place."""
        return self._all(RegistrationRow, _SAME, code=code, place=jurisdiction)

    def count_waiting(self, jurisdiction: str) -> int:
        """Return how many wait in a place."""
        return int(self._scalar(_MANY, place=jurisdiction))

    def listed(self, places: Collection[str], bodies: Collection[int], after: int, most: int) -> list[RegistrationRow]:
        """Return what waits in these places or for these bodies, oldest first; ``after`` is the last of the page before."""
        given = {"places": sorted(places), "bodies": sorted(bodies), "after": after, "most": most}
        return self._all(RegistrationRow, _LISTED, **given)

    def count_listed(self, places: Collection[str], bodies: Collection[int]) -> int:
        """Return how many `listed` has on all its pages."""
        return int(self._scalar(_COUNTED, places=sorted(places), bodies=sorted(bodies), after=0))

    def take(self, number: int, person_id: int, link: str, link_until: datetime, **changes: object) -> bool:
        """Note the account that was opened for one that waits, and the link to its first password; as `decide` returns."""
        bound = [number, person_id, link, link_until]
        seal = "" if self.seals is None else self.seals.made(registration.name, bound)
        given = {"person_id": person_id, "link": link, "link_until": link_until, "seal": seal}
        return self.decide(number, **given, **changes)

    def page_of_links(self, after: int, most: int) -> list[RegistrationRow]:
        """Return the next above number ``after`` whose links were not used."""
        return self._all(RegistrationRow, _LINKS, after=after, most=most)

    def lacks_seal(self, row: RegistrationRow) -> bool:
        """Return whether the link of one has no seal of this installation."""
        return self.seals is not None and not self.seals.is_sealed(registration.name, _bound(row), row.seal)

    def seal_link(self, row: RegistrationRow) -> None:
        """Seal a link of a program before, or of an old backup, as it stands now; one that was used since is left."""
        now = self._as_it_is(RegistrationRow, registration, row.id)
        if self.seals is not None and now is not None and now.link is not None and self.lacks_seal(now):
            self._alter(registration, row.id, {"seal": self.seals.made(registration.name, _bound(now))})

    def decide(self, number: int, **changes: object) -> bool:
        """Note what became of one that waits; False where somebody else was faster."""
        statement = sa.update(registration).where(registration.c.id == number, _WAITING).values(changes)
        return self._change(statement) == 1

    def use_link(self, link: str) -> bool:
        """Let the link open nothing any more; False where it was used already."""
        used = sa.update(registration).where(registration.c.link == link).values(link=None, answers="")
        gone = self._connection.execute(used.returning(registration.c.seal)).all()
        self.withdrawn += [mark_of(seal) for (seal,) in gone if seal]
        return len(gone) == 1

    def erase(self, number: int, at: datetime, keys: Collection[str]) -> None:
        """Erase whom and where to reach, the reason, the answers taken along, and the mails under these effect keys."""
        erased = {
            "contact": "",
            "telephone": "",
            "email": "",
            "reason": "",
            "link": None,
            "answers": "",
            "erased_at": at,
        }
        self._alter(registration, number, CONTACTS.rows.renewed(self.seals, self.get(number), erased))
        gone = sa.delete(mail).where(mail.c.effect_key.in_(list(keys))).returning(mail.c.person_id)
        self.counted += [
            (LETTERS.name, str(person), -1) for person in self._connection.scalars(gone) if person is not None
        ]
