"""What stands beside a person's password: one-time codes or passkeys, with recovery codes for both."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from service.casework.desk.desk import Desk
from service.casework.people.factors.passkey_marks import is_sealed
from service.casework.people.factors.sessions import BY_CODE, is_sealed_session, seal_session, token_hash
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import PasskeyRow, PersonRow


class SecondFactorGone(NotAllowed):
    """The second factor of a person was taken out of the database beside the program: their password alone is not enough."""

    code = "second_factor_gone"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "您登记的动态口令或者通行密钥不见了，不是由您或者管理员移除的，因此不能只凭密码办理。"
                "请联系管理员核对身份、移除第二验证方式，然后重新设置。",
                "Your one-time codes or passkeys are gone, and neither you nor an administrator removed them: the password"
                " alone is not enough. Ask an administrator to check who you are and to remove the second factor, then set one"
                " up anew.",
            )
        )


def has_codes(tx: Transaction, person_id: int) -> bool:
    """Return whether a person has one-time codes in force."""
    row = tx.second_factors.of(person_id)
    return row is not None and row.secret is not None


def has_second_factor(tx: Transaction, person_id: int) -> bool:
    """Return whether a person has one-time codes or a passkey: their password alone signs nobody in."""
    here = has_codes(tx, person_id) or bool(tx.passkeys.of(person_id))
    return here or tx.people.person(person_id).second_means > 0


def own_keys(tx: Transaction, person_id: int, desk: Desk) -> list[PasskeyRow]:
    """Return the passkeys of a person that this installation took."""
    return [row for row in tx.passkeys.of(person_id) if is_sealed(row, desk)]


def means_there(tx: Transaction, desk: Desk, person_ids: Collection[int]) -> Mapping[int, int]:
    """Return how many means beside the password each of these people has in the tables: codes are one, each passkey is one."""
    found = dict.fromkeys(person_ids, 0)
    for person_id in (
        *tx.second_factors.with_codes(person_ids),
        *(row.person_id for row in tx.passkeys.of_people(person_ids) if is_sealed(row, desk)),
    ):
        found[person_id] += 1
    return found


def demand_means(tx: Transaction, desk: Desk, person: PersonRow) -> None:
    """Raise SecondFactorGone where a person had a second factor and none is left in the tables."""
    if person.second_means and not (has_codes(tx, person.id) or own_keys(tx, person.id, desk)):
        raise SecondFactorGone


def end_other_sessions(desk: Desk, tx: Transaction, person_id: int, keep_token: str) -> None:
    """End every session of a person but that of ``keep_token``, which counts as begun with a second factor."""
    kept = tx.people.sessions.get(token_hash(desk, keep_token))
    if kept is None or kept.person_id != person_id or not is_sealed_session(kept, desk):
        tx.people.sessions.close_all(person_id)
        return
    tx.people.sessions.close_others(person_id, kept.id)
    proved = seal_session(replace(kept, details={**kept.details, BY_CODE: True}), desk)
    tx.people.sessions.update(kept.id, details=proved.details)
