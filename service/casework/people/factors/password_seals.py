"""Whether a password's hash was written by the program: one that was written into the database signs nobody in."""

from __future__ import annotations

import logging
from collections.abc import Callable

from service.casework.desk.desk import Desk
from service.casework.people.choice_seals import Late
from service.domain.proof.same_text import is_same_text
from service.store import mark_of_password, sealed_password
from service.store.rows import PersonRow

_LOG = logging.getLogger(__name__)
PASSWORD = "password"  # noqa: S105  under this name its seals begin
_AT_ONCE = 200


def is_sealed_here(desk: Desk, person: PersonRow) -> bool:
    """Return whether the hash of a person's password bears the seal of this installation, where it must."""
    key, seals = desk.store.key_of_digests, desk.store.seals
    if seals is not None and person.password and seals.is_withdrawn(mark_of_password(person.password)):
        _LOG.error("a password that %s has no more was put back beside the program and opens nothing", person.id)
        return False
    if key is None or seals is None or person.password is None or not seals.asks_for(PASSWORD):
        return True
    sealed = sealed_password(key(), person.login, person.password)
    if is_same_text(sealed, person.password):
        return True
    _LOG.error(
        "the password of %s was written beside the program and opens nothing: run laurel audit verify; after restoring a"
        " backup of an older program, laurel audit record-rows",
        person.id,
    )
    return False


def seal_all_passwords(desk: Desk, stopped: Callable[[], bool], late: Late) -> int:
    """Seal the hashes that have no seal, some people in a transaction; returns how many there were."""
    key = desk.store.key_of_digests
    count, after = 0, 0
    while key is not None and not stopped():
        with desk.store.write() as tx:
            people = tx.people.everybody(after, _AT_ONCE)
            lacking = [one for one in people if _lacks(key(), one)]
            for person in lacking:
                tx.people.update_person(person.id, password=person.password)
            if lacking:
                late(tx, "person.password", [person.id for person in lacking])
        count += len(lacking)
        if not people:
            break
        after = people[-1].id
    return count


def _lacks(key: bytes, person: PersonRow) -> bool:
    return bool(person.password) and sealed_password(key, person.login, str(person.password)) != person.password
