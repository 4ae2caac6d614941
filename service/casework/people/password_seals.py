"""Whether a password's hash was written by the program: one that was written into the database signs nobody in."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.store import mark_of_password, sealed_password
from service.store.rows import PersonRow

_LOG = logging.getLogger(__name__)
SEALED = "passwords-sealed"
"""Name of the secret that is there once the hashes of a program before have seals, too: from then on each must have one."""

_AT_ONCE = 200


def is_sealed_here(desk: Desk, person: PersonRow) -> bool:
    """Return whether the hash of a person's password bears the seal of this installation, where it must."""
    key, seals = desk.store.key_of_digests, desk.store.seals
    if seals is not None and person.password and seals.is_withdrawn(mark_of_password(person.password)):
        _LOG.error("a password that %s has no more was put back beside the program and opens nothing", person.id)
        return False
    if key is None or person.password is None or desk.ballot_keys.known_secret(SEALED) is None:
        return True
    sealed = sealed_password(key(), person.login, person.password)
    if hmac.compare_digest(sealed, person.password):
        return True
    _LOG.error(
        "the password of %s was written beside the program and opens nothing: run laurel audit verify; after restoring a"
        " backup of an older program, laurel audit record-rows",
        person.id,
    )
    return False


@guarded("records.keep")
def seal_passwords(desk: Desk, actor: Actor, stopped: Callable[[], bool] = bool, *, again: bool = False) -> int:  # noqa: ARG001
    """Seal the hashes that a program before wrote, some people in a transaction; returns how many there were.

    It is done once; ``again`` for those of a backup that is older than seals, or after the key was lost.
    """
    key = desk.store.key_of_digests
    if key is None or (not again and desk.ballot_keys.known_secret(SEALED) is not None):
        return 0
    count, after = 0, 0
    while not stopped():
        with desk.store.write() as tx:
            people = tx.people.everybody(after, _AT_ONCE)
            for person in people:
                if person.password and sealed_password(key(), person.login, person.password) != person.password:
                    tx.people.update_person(person.id, password=person.password)
                    count += 1
        if not people:
            desk.ballot_keys.secret(SEALED)
            return count
        after = people[-1].id
    return count
