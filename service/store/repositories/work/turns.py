"""Whose turn it is to count: steps of different cases that would count the same things at the same moment."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.repositories.base import Repository
from service.store.rows import CaseRow

_WAIT = sa.select(
    sa.func.pg_advisory_xact_lock(0x4C_41_55_54, sa.func.hashtext(sa.bindparam("what", type_=sa.Text)))
)  # fmt: skip
"""Takes PostgreSQL's advisory lock of what is counted; the end of the transaction gives it back."""


class TurnRepository(Repository):
    """Turns that a unit of work keeps until its end; one that only reads takes none, and SQLite has one writer anyway.

    A case is locked while it moves, and those beside it move meanwhile: two steps that count the same places and then
    take one each would take more than there are. A step asks for its turn after it has locked its case and locks no
    case beside it afterwards, so that none waits for another in a ring.
    """

    def count_beside(self, case: CaseRow) -> None:
        """Wait until no other step counts the cases beside ``case``: of one parent, or at the top of one award and kind."""
        of = (case.parent_id,) if case.parent_id is not None else (case.jurisdiction, case.award, case.process)
        self._take(f"cases {of}")

    def draw_panel(self, case: CaseRow) -> None:
        """Wait until no other panel of the jurisdiction of ``case`` is drawn: both draws could take the same expert.

        The turn to count beside the case comes first, for a condition of the draw may count there too.
        """
        self.count_beside(case)
        self._take(f"panels {case.jurisdiction}")

    def retry_cause(self, jurisdiction: str, cause: str) -> None:
        """Wait until no other begins to retry the incidents of a cause: the second of two clicks finds what the first began."""
        self._take(f"retries {jurisdiction} {cause}")

    def correct_days(self, person_id: int) -> None:
        """Wait until a person begins no other correction of days: the second of two clicks finds what the first began."""
        self._take(f"corrections {person_id}")

    def move_cases(self, package: str) -> None:
        """Wait until nobody else begins to move the cases of a package: one batch at a time moves them."""
        self._take(f"moves {package}")

    def _take(self, what: str) -> None:
        if self.told is None and self._connection.dialect.name == "postgresql":
            self._connection.execute(_WAIT, {"what": what})
