"""After a restore: what this installation wrote and changed later bears seals again, as the backup holds it."""

from __future__ import annotations

from functools import partial

from service.casework.desk.desk import Desk
from service.casework.people.factors.check_code import factor_key
from service.casework.people.factors.one_time_codes import unsealed
from service.casework.people.factors.passkey_marks import is_sealed
from service.store import Transaction

_AT_ONCE = 200


def renew_taken_back(desk: Desk, tx: Transaction) -> dict[str, int]:
    """Seal anew what this installation wrote and changed later; returns how many rows of each table.

    What others wrote has no seal that it made, and gets none. An account that it closed since stays closed, and a second
    factor that it removed since counts no more.
    """
    chosen = tx.choices.renew_taken_back()
    found = {
        **chosen,
        "person": _renew_accounts(desk, tx),
        "task": tx.tasks.renew_taken_back(_AT_ONCE),
        "row_count": tx.row_counts.renew_taken_back(),
        "sitting": chosen.get("sitting", 0) + tx.sittings.renew_taken_back(_AT_ONCE),
    }
    return {table: rows for table, rows in found.items() if rows}


def _renew_accounts(desk: Desk, tx: Transaction) -> int:
    count, page = 0, tx.people.everybody(0, _AT_ONCE)
    while page:
        for row in (one for one in page if tx.people.lacks_account_seal(one)):
            count += tx.people.renew_account(row, partial(_taken_away, desk, tx, row.id))
        page = tx.people.everybody(page[-1].id, _AT_ONCE)
    return count


def _taken_away(desk: Desk, tx: Transaction, person_id: int) -> int:
    """Return how many second factors of a person the backup brought back that were removed since."""
    keys = [key for key in tx.passkeys.taken_back(person_id) if is_sealed(key, desk)]
    secret = tx.second_factors.taken_back(person_id)
    codes = secret is not None and unsealed(secret, factor_key(desk), person_id) is not None
    return len(keys) + codes
