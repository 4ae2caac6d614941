"""Whether two accounts may be one person's: somebody who set the password of both, or one the other's."""

from __future__ import annotations

from service.store import Transaction


def linked_by_passwords(tx: Transaction, one: int, other: int) -> bool:
    """Return whether one account set the other's password, in either direction, or a third set that of both.

    What was set is followed upwards, through accounts that set those accounts' passwords, up to a password that nobody
    else set.
    """
    return not _who_may_know(tx, one).isdisjoint(_who_may_know(tx, other))


def _who_may_know(tx: Transaction, person_id: int) -> set[int]:
    known: set[int] = set()
    link: int | None = person_id
    while link is not None and link not in known:
        known.add(link)
        person = tx.people.person(link)
        link = person.password_given_by
    return known
