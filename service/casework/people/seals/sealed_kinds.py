"""The kinds of rows that bear the seal of this installation: how the next ones are read, and how each gets its seal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from service.casework.desk.desk import Desk
from service.casework.people.factors.second_means import means_there
from service.store import Transaction
from service.store.rows import (
    DeputyRow,
    MailRow,
    MembershipRow,
    OfficeLinkRow,
    PersonRow,
    RegistrationRow,
    TaskRow,
    WorkItemRow,
)

Row = TypeVar("Row", MembershipRow, DeputyRow, PersonRow, OfficeLinkRow, RegistrationRow, WorkItemRow, TaskRow, MailRow)


@dataclass(frozen=True, slots=True)
class SealedKind(Generic[Row]):
    """A kind of rows: the next ones above a number, whether one lacks its seal, and how it gets one."""

    table: str
    page: Callable[[int, int], list[Row]]
    lacks: Callable[[Row], bool]
    seal: Callable[[Row], None]


def accounts(desk: Desk, older: bool, tx: Transaction) -> SealedKind[PersonRow]:
    """Return accounts; with ``older`` also those whose second factors a program changed that counts none."""
    there: dict[int, int] = {}

    def page(after: int, most: int) -> list[PersonRow]:
        found = tx.people.everybody(after, most)
        there.update(means_there(tx, desk, {row.id for row in found}))
        return found

    def lacks(row: PersonRow) -> bool:
        return tx.people.lacks_account_seal(row) or (older and row.second_means != there[row.id])

    def seal(row: PersonRow) -> None:
        tx.people.seal_account(row, lambda: means_there(tx, desk, {row.id})[row.id])

    return SealedKind("person", page, lacks, seal)


def roles(tx: Transaction) -> SealedKind[MembershipRow]:
    """Return the roles that persons hold."""
    return SealedKind("membership", tx.people.page_of_memberships, tx.people.lacks_seal, tx.people.seal_membership)


def lent(tx: Transaction) -> SealedKind[DeputyRow]:
    """Return the roles that a person lent to a deputy."""
    return SealedKind("deputy", tx.deputies.page, tx.deputies.lacks_seal, tx.deputies.seal)


def office_links(tx: Transaction) -> SealedKind[OfficeLinkRow]:
    """Return the links that open an account of an office."""
    return SealedKind("office_link", tx.rights.page_of_links, tx.rights.lacks_seal, tx.rights.seal_link)


def first_passwords(tx: Transaction) -> SealedKind[RegistrationRow]:
    """Return the links by which a registered organisation sets its first password."""
    return SealedKind(
        "registration", tx.registrations.page_of_links, tx.registrations.lacks_seal, tx.registrations.seal_link
    )


def work(tx: Transaction) -> SealedKind[WorkItemRow]:
    """Return the work that waits to be done."""
    return SealedKind("work_item", tx.work.page_of_undone, tx.work.lacks_seal, tx.work.seal)


def tasks(tx: Transaction) -> SealedKind[TaskRow]:
    """Return the open tasks."""
    return SealedKind("task", tx.tasks.page, tx.tasks.lacks_seal, tx.tasks.seal)


def letters(tx: Transaction) -> SealedKind[MailRow]:
    """Return the messages to people."""
    return SealedKind("mail", tx.mail.page, tx.mail.lacks_seal, tx.mail.seal)
