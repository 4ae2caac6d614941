"""The seals of accounts: one that was opened again or unmarked in the database is closed.

A seal binds whether the account is open, who set its password last and who confirmed it, and how many means of signing
in its owner has beside the password, so that a mean that was taken out of the tables is missed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from service.store.repositories.base import Repository, one
from service.store.rows import PersonRow
from service.store.rows.people import person
from service.store.seals.choice_seals import PERSONS
from service.store.seals.row_seals import RowSeals, line_of, mark_of, marks_of

BOUND = (
    *("id", "login", "active", "password_given_at", "password_given_by", "password_owned_at"),
    *("password_confirmed_at", "password_confirmed_by", "second_means"),
)
"""The columns of a person that the seal binds, the number first."""

REACHED = ("name", "email", "telephone")
"""The columns under a second seal: what a person is called, and where they are reached."""

Holds = Callable[[Sequence[object], str], bool]

_LOCKED = one(person, "id").with_for_update()


def account_words(row: PersonRow) -> list[object]:
    """Return what the seal of an account binds."""
    return [getattr(row, name) for name in BOUND]


def accounts_in(seals: RowSeals | None) -> Holds:
    """Return what says of the bound columns of an account, and its seal, whether the account counts."""
    if seals is None:
        return lambda values, seal: True  # noqa: ARG005
    return lambda values, seal: seals.holds(person.name, values, seal)


def as_counted(seals: RowSeals | None, row: PersonRow) -> PersonRow:
    """Return a person as they count: an account that others wrote is closed.

    So is one whose name, e-mail or telephone others wrote, and nothing is sent there.
    """
    if not PERSONS.rows.counts(seals, row):
        return replace(row, active=False, email=None, telephone=None)
    if not row.active or accounts_in(seals)(account_words(row), row.seal):
        return row
    return replace(row, active=False)


class AccountRepository(Repository):
    """Accounts and their seals."""

    def change_second_means(self, person_id: int, by: int) -> None:
        """Note that a person has so many means beside the password more, or fewer."""
        row = self._locked_account(person_id)
        self._change_account(row, {"second_means": max(row.second_means + by, 0)})

    def forget_second_means(self, person_id: int) -> int:
        """Note that a person has the password alone; returns how many means there were."""
        row = self._locked_account(person_id)
        if row.second_means:
            self._change_account(row, {"second_means": 0})
        return row.second_means

    def lacks_account_seal(self, row: PersonRow) -> bool:
        """Return whether an account has no seal of this installation."""
        return self.seals is not None and not self.seals.is_sealed(person.name, account_words(row), row.seal)

    def seal_account(self, row: PersonRow, second_means: Callable[[], int]) -> None:
        """Seal an account of a program before, or of an old backup, as it stands now; one that was sealed since is left.

        ``second_means`` says how many there are, asked while nobody else changes the account.
        """
        now = self._as_it_is(PersonRow, person, row.id)
        if self.seals is None or now is None or (now != row and not self.lacks_account_seal(now)):
            return
        there = second_means()
        words = account_words(replace(now, second_means=there))
        self._alter(person, row.id, {"second_means": there, "seal": self.seals.made(person.name, words)})

    def renew_account(self, row: PersonRow, taken_away: Callable[[], int]) -> bool:
        """Seal an account anew that this installation wrote and changed later; False for any other.

        One that it closed since stays closed. ``taken_away`` says how many of its second means are there in the tables that
        were removed since.
        """
        now = self._as_it_is(PersonRow, person, row.id)
        if self.seals is None or now is None or not now.active or not self.lacks_account_seal(now):
            return False
        if not self.seals.was_made(person.name, account_words(now), now.seal) or not self.seals.goes_on(now.seal):
            return False
        means = max(now.second_means - taken_away(), 0)
        seal = self.seals.made(person.name, account_words(replace(now, second_means=means)), line_of(now.seal))
        self._alter(person, row.id, {"second_means": means, "seal": seal})
        return True

    def _locked_account(self, person_id: int) -> PersonRow:
        """Return an account, which nobody else changes meanwhile; raises NotFound."""
        return self._existing(PersonRow, ("人员", "person"), _LOCKED, person_id)

    def _known_anew(self, before: PersonRow, changes: dict[str, object]) -> dict[str, object]:
        """Return changes of name, e-mail or telephone with their seal; that of before is taken back.

        What others wrote gets no seal by a change of a part of it.
        """
        if self.seals is not None and before.name_seal:
            self.withdrawn.append(mark_of(before.name_seal))
        sealed = PERSONS.rows.renewed if changes.keys() >= {*REACHED} else PERSONS.rows.resealed
        return sealed(self.seals, before, changes)

    def _change_account(self, before: PersonRow, changes: dict[str, object]) -> None:
        """Change an account and seal it; the seal of before is taken back.

        One that others wrote gets no seal by this, unless it is opened or closed.
        """
        seals = self.seals
        if seals is not None and not changes.keys().isdisjoint(BOUND):
            after = replace(before, **changes)  # type: ignore[arg-type]  # each a column of it
            goes_on = "active" not in changes and accounts_in(seals)(account_words(before), before.seal)
            if before.seal:
                self.withdrawn += marks_of(before.seal, goes_on=goes_on)
            if "active" in changes or goes_on:
                line = line_of(before.seal) if goes_on else ""
                changes = {**changes, "seal": seals.made(person.name, account_words(after), line)}
        self._alter(person, before.id, changes)
