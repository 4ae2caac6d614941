"""On which rolls somebody is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.store.repositories.base import Repository
from service.store.rows.ballots import ballot, ballot_roll


@dataclass(frozen=True, slots=True)
class VotersBallot:
    """A ballot, and the unit for which a voter is on its roll (None: themselves); ``mark`` is 0 until they vote.

    ``after`` is what stands after it, or why it was stopped.
    """

    id: int
    case_id: int
    title: str
    role: str
    state: str
    opened_at: datetime
    body_id: int | None
    mark: int
    after: Any = None


class RollRepository(Repository):
    """The rolls of ballots, read by voter."""

    def of_voter(
        self,
        person_id: int,
        body_ids: Sequence[int],
        roles: Sequence[str],
        places: Sequence[str],
        limit: int,
        before: int | None = None,
    ) -> list[VotersBallot]:
        """Return the ballots for these roles and places on whose roll a person or one of the units is, newest first.

        ``before`` is the last id of the page above.
        """
        b, r = ballot.c, ballot_roll.c
        statement = (
            sa.select(b.id, b.case_id, b.title, b.role, b.state, b.opened_at, r.body_id, r.state.label("mark"), b.after)
            .join_from(ballot, ballot_roll, r.ballot_id == b.id)
            .where(b.role.in_(roles), b.jurisdiction.in_(places))
            .where(sa.or_(r.person_id == person_id, r.body_id.in_(body_ids)))
        )
        if before is not None:
            statement = statement.where(b.id < before)
        return self._all(VotersBallot, statement.order_by(b.id.desc()).limit(limit))
