"""Seals of rows that give rights or let somebody in: who can only write the database makes none and brings none back.

A seal is keyed with the secret of digests and bears a number of its own, so that no two are alike. One that the program
took back (a role that ended, a passkey that was removed, a session that was closed) stands in a file beside the keys, which
no database holds: the same row put back again, byte for byte, is worth nothing.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import monotonic

from service.domain.proof.same_text import is_same_text
from service.store.seals.entry_macs import CHAIN_MARKS, EntryMacs
from service.store.seals.noted_heads import NotedHeads
from service.store.seals.noted_marks import Answered, PendingMarks, TakenBackMarks, hear_holds
from service.store.seals.told_rows import ToldRows
from service.store.seals.written import KeyOfDigests, digest_of
from service.store.secrecy.keys import KeyFiles, KeyFolderGone

_LOG = logging.getLogger(__name__)
SEALED = "rows-sealed"
"""Name of the secret that is there once the rows of a program before have seals, too: from then on each must have one."""

ROWS_OF_CASES = "case_instance.rows"
"""Rows of cases, whose marks stand in the states of these: a program before cannot read such a state."""

_OF_TABLE = {
    "person": "accounts-sealed",
    "work_item": "work-sealed",
    "intervention_result": "work-sealed",
    **dict.fromkeys(("setting", "retention_rule", "health_limits", "calendar_year", "sanction"), "choices-sealed"),
    **dict.fromkeys(("body", "body_role", "definition", "move_batch", "case_move"), "choices-sealed"),
    "password": "passwords-sealed",
    "approval": "approvals-sealed",
    "alarm": "alarms-sealed",
    "person.name": "persons-sealed",
    "task": "signs-sealed",
    "mail": "letters-sealed",
    "inbox": "messages-sealed",
    "upload": "uploads-sealed",
    "draft": "drafts-sealed",
    "case_party": "parties-sealed",
    **dict.fromkeys(("expert", "training", "interest", "recusal"), "experts-sealed"),
    **dict.fromkeys(("body.name", "definition.sources"), "names-sealed"),
    "registration.telephone": "registrations-sealed",
    **dict.fromkeys(("award_record", "award_holder"), "awards-sealed"),
    "standing": "standings-sealed",
    **dict.fromkeys(("paged_file", "file_page", "clock_hold", "epoch"), "pages-sealed"),
    **dict.fromkeys(("sitting", "sitting_member", "rating"), "minutes-sealed"),
    ROWS_OF_CASES: "rows-in-states",
    "row_count": "rows-counted",
    CHAIN_MARKS: "entries-keyed",
}
"""The same of tables whose rows have seals since later, of passwords, and of entries of chains."""

_WITHDRAWN = "withdrawn"
"""Name of the file of notes with the seals that were taken back."""

_WITHDRAWING = "withdrawing"
"""The same of those that a unit of work is about to take back."""

_SIGN, _LINE, _HOUR = ".", "~", 3600
_GOES_ON, _ENDED = "+", "!"
"""Behind the name of a line of seals: a seal of it gave way to the next one, or the last one to none."""
_SINCE = "sealing-since"
"""Name of the file of notes that says when rows of a program before were first sealed, until each must have one."""
_WHOLE = ";"


_WAIT = 60
"""So many seconds what is noted later may wait for the disk."""


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """Number and hash of the entry with which a process left a chain; ``alone`` while no other process came between."""

    seq: int
    hash: str
    alone: bool


class RowSeals:
    """Makes seals of rows and says whether one holds; those of a program before hold until they were sealed."""

    def __init__(self, key: KeyOfDigests, keys: KeyFiles) -> None:
        self._unnoted: dict[str, None] = {}
        self._key, self._keys, self._withdrawn = key, keys, TakenBackMarks(keys, _WITHDRAWN)
        self._pending = PendingMarks(keys, _WITHDRAWING)
        self._answered = Answered(keys)
        self.heads = NotedHeads(keys)
        """How far the histories of cases were seen to have come."""
        self.entries = EntryMacs(key)
        """The MACs of entries of chains."""
        self.kept_away: dict[tuple[int, str], tuple[frozenset[int], int]] = {}
        """What rows of recusals were found to say, whose seals hold."""
        self.ends: dict[str, ChainEnd] = {}
        """Where this process left each chain of the book."""
        self._begun, self._told, self._told_rows = set[str](), set[str](), ToldRows()
        self._unkept, self._note_at = False, monotonic() + _WAIT

    @property
    def asked_for(self) -> bool:
        """Whether each row of every table must have a seal."""
        return all(self._is_begun(name) for name in (SEALED, *_OF_TABLE.values()))

    def asks_for(self, table: str) -> bool:
        """Return whether each row of a table must have a seal."""
        return self._is_begun(_OF_TABLE.get(table, SEALED))

    def begin(self) -> None:
        """From now on each row must have a seal."""
        for name in (SEALED, *_OF_TABLE.values()):
            self._keys.secret(name)
        self._keys.note(_SINCE, None)

    def first_sealed_at(self) -> datetime | None:
        """Return since when rows of a program before are sealed that may still go on; None where it did not begin, or is over."""
        said = [line for line in self._keys.noted(_SINCE) if line.endswith(_WHOLE)]  # one may have broken off
        return datetime.fromisoformat(said[0].removesuffix(_WHOLE)) if said else None

    def note_first_sealed(self, at: datetime) -> None:
        """Note durably, beside the keys, that all rows that were there had a seal at ``at``."""
        self._keys.note(_SINCE, f"{at.astimezone(UTC).isoformat()}{_WHOLE}")

    def made(self, table: str, values: Sequence[object], line: str = "") -> str:
        """Return a new seal of a row that says ``values``, in the ``line`` of those that it follows."""
        number = f"{line}{_LINE if line else ''}{secrets.token_urlsafe(6)}"
        return f"{number}{_SIGN}{self._mac(table, number, values)}"

    def is_sealed(self, table: str, values: Sequence[object], seal: str) -> bool:
        """Return whether ``seal`` is one of this installation for the row and was not taken back."""
        return self.was_made(table, values, seal) and not self.is_withdrawn(mark_of(seal))

    def was_made(self, table: str, values: Sequence[object], seal: str) -> bool:
        """Return whether ``seal`` is one of this installation for the row, taken back or not."""
        number, _, mac = seal.partition(_SIGN)
        return is_same_text(self._mac(table, number, values), mac)

    def holds(self, table: str, values: Sequence[object], seal: str) -> bool:
        """Return whether a row counts; one that does not is told in the log, once."""
        if not self.asks_for(table) or self.is_sealed(table, values, seal):
            return True
        if self.tell_once(f"{table} {values[0]}"):
            self._told_rows.tell(table, values[0])
        return False

    def tell_missing(self, words: str) -> None:
        """Tell in the log, once, that rows were deleted beside the program."""
        if self.tell_once(words):
            _LOG.error("%s: run laurel audit verify", words)

    def tell_once(self, words: str) -> bool:
        """Return whether something is to be told: each is, once in a process."""
        known = words in self._told
        self._told.add(words)
        return not known

    def goes_on(self, seal: str) -> bool:
        """Return whether a seal was taken back for another one alone: none of its line was for good."""
        line = line_of(seal)
        return self.is_withdrawn(f"{line}{_GOES_ON}") and not self.is_withdrawn(f"{line}{_ENDED}")

    def is_withdrawn(self, mark: str) -> bool:
        """Return whether something was taken back."""
        return mark in self._withdrawn or mark in self._unnoted

    def withdraw(self, marks: Sequence[str]) -> bool:
        """Note durably that these were taken back, after the change of the rows was committed.

        While the folder of keys is away this process knows of them, and they are noted with what is taken back next.
        """
        waiting = self._unnoted | dict.fromkeys(marks)
        if not waiting:
            return self._keep_noted()
        try:
            self._withdrawn.add([*waiting])
        except KeyFolderGone:
            if waiting.keys() - self._unnoted.keys():
                _LOG.error("the folder of keys is away: %s marks of what is over wait to be noted there", len(waiting))
            self._unnoted |= waiting
            return False
        self._unkept = False
        for mark in waiting:
            self._unnoted.pop(mark, None)
        return True

    def _keep_noted(self) -> bool:
        """Wait for the disk where something is noted that did not wait for it."""
        if self._unkept:
            self._unkept = False
            try:
                self._withdrawn.keep()
            except OSError:
                self._unkept = True
                raise
        return True

    def withdraw_later(self, marks: Sequence[str]) -> None:
        """Let these be taken back in every process at once; the disk is waited for with what is noted next, or once in a minute.

        So only a loss of power within that minute lets them count again, and not the end of a process.
        """
        try:
            self._withdrawn.add_soon(marks)
            self._unkept = True
        except (KeyFolderGone, OSError):  # what is committed is done: this process knows of them
            self._unnoted |= dict.fromkeys(marks)
        if monotonic() >= self._note_at:
            self._note_at = monotonic() + _WAIT
            try:
                self.withdraw(())
            except OSError:  # nor does what is committed fail by it: the next minute tries again
                _LOG.exception("what is over cannot be noted beside the keys yet")

    def waiting(self) -> dict[str, str]:
        """Return which rows are noted to wait for a person, by table and number: doubts about the clock, and restores."""
        found = self._withdrawn.holds()
        hear_holds(found, self._unnoted)
        return found

    def taken_back(self) -> set[str]:
        """Return all that was taken back."""
        return self._withdrawn.every() | self._unnoted.keys()

    def prepare(self, unit: str, marks: Sequence[str]) -> None:
        """Note durably what a unit of work takes back if it is committed."""
        self._pending.add(unit, marks)

    def pending(self) -> dict[str, tuple[str, ...]]:
        """Return the units of work of which it is not noted whether they were committed, and what they take back."""
        return self._pending.open()

    def settle(self, unit: str, marks: Sequence[str]) -> None:
        """Note durably what a unit of work took back, nothing where it was undone; safe to repeat."""
        if self.withdraw(marks):
            self._pending.close(unit)

    def answer(self, at: int, mark: str) -> bool:
        """Note durably that what serves once, and belongs to the second ``at``, was answered; False where it was before."""
        return self._answered.take(at // _HOUR, mark)

    def _is_begun(self, name: str) -> bool:
        if name not in self._begun and self._keys.known_secret(name) is not None:
            self._begun.add(name)
        return name in self._begun

    def _mac(self, table: str, number: str, values: Sequence[object]) -> str:
        return digest_of(self._key(), f"seal of {table}", number, [in_words(value) for value in values])


def mark_of(seal: str) -> str:
    """Return what of a seal is noted when it is taken back."""
    return seal.partition(_SIGN)[2] or seal


def line_of(seal: str) -> str:
    """Return by what a seal and those that follow it are known."""
    return seal.partition(_SIGN)[0].partition(_LINE)[0]


def marks_of(seal: str, *, goes_on: bool) -> list[str]:
    """Return what is noted when a seal is taken back that may come back with a backup, where its line ``goes_on``."""
    return [mark_of(seal), f"{line_of(seal)}{_GOES_ON if goes_on else _ENDED}"]


def in_words(value: object) -> object:
    """Return a value as seals bind it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value
