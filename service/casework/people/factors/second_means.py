"""What stands beside a person's password: one-time codes or passkeys, with recovery codes for both."""

from __future__ import annotations

from dataclasses import replace

from service.casework.desk.desk import Desk
from service.casework.people.factors.sessions import BY_CODE, is_sealed_session, seal_session, token_hash
from service.store import Transaction


def has_codes(tx: Transaction, person_id: int) -> bool:
    """Return whether a person has one-time codes in force."""
    row = tx.second_factors.of(person_id)
    return row is not None and row.secret is not None


def has_second_factor(tx: Transaction, person_id: int) -> bool:
    """Return whether a person has one-time codes or a passkey: their password alone signs nobody in."""
    return has_codes(tx, person_id) or bool(tx.passkeys.of(person_id))


def end_other_sessions(desk: Desk, tx: Transaction, person_id: int, keep_token: str) -> None:
    """End every session of a person but that of ``keep_token``, which counts as begun with a second factor."""
    kept = tx.people.sessions.get(token_hash(desk, keep_token))
    if kept is None or kept.person_id != person_id or not is_sealed_session(kept, desk):
        tx.people.sessions.close_all(person_id)
        return
    tx.people.sessions.close_others(person_id, kept.id)
    proved = seal_session(replace(kept, details={**kept.details, BY_CODE: True}), desk)
    tx.people.sessions.update(kept.id, details=proved.details)
