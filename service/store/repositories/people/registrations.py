"""Organisations that ask for an account by themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, among, one
from service.store.rows import RegistrationRow
from service.store.rows.registrations import registration
from service.store.rows.work import mail

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


class RegistrationRepository(Repository):
    """Requests for accounts."""

    def add(self, row: RegistrationRow) -> int:
        """Write one down and return its number."""
        return self._insert(registration, row)

    def get(self, number: int) -> RegistrationRow:
        """Return one; raises NotFound."""
        return self._existing(RegistrationRow, ("注册申请", "registration"), _ONE, number)

    def by_link(self, link: str) -> RegistrationRow | None:
        """Return the one whose link has this mark and was not used."""
        return self._first(RegistrationRow, _BY_LINK, link=link)

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
        return self.decide(number, person_id=person_id, link=link, link_until=link_until, **changes)

    def decide(self, number: int, **changes: object) -> bool:
        """Note what became of one that waits; False where somebody else was faster."""
        statement = sa.update(registration).where(registration.c.id == number, _WAITING).values(changes)
        return self._change(statement) == 1

    def use_link(self, link: str) -> bool:
        """Let the link open nothing any more; False where it was used already."""
        used = sa.update(registration).where(registration.c.link == link).values(link=None, answers="")
        return self._change(used) == 1

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
        self._alter(registration, number, erased)
        self._change(sa.delete(mail).where(mail.c.effect_key.in_(list(keys))))
