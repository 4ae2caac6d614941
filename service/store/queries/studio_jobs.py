"""Long work for drafts, and what the newest play of each scenario came to."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from service.store.models import ScenarioResultRow, StudioJobRow
from service.store.models.studio_jobs import scenario_result, studio_job
from service.store.queries.base import Repository, values_of

_OPEN = studio_job.c.ended_at.is_(None)
_WITHOUT_RESULT = [sa.null().label("result") if c.name == "result" else c for c in studio_job.c]
_WITHOUT_CONTENT = [
    sa.literal(b"", sa.LargeBinary).label("content") if c.name == "content" else c for c in scenario_result.c
]


class StudioJobRepository(Repository):
    """Jobs by draft and key, results of scenarios by draft and path."""

    def begin(self, row: StudioJobRow) -> int:
        """Keep a new job and return its id; those with its key that are not over are stopped, old ones go."""
        same = (studio_job.c.draft_id == row.draft_id, studio_job.c.key == row.key)
        self._change(sa.update(studio_job).where(*same, _OPEN).values(state="stopped", ended_at=row.begun_at))
        last = sa.select(sa.func.max(studio_job.c.id)).where(*same, studio_job.c.state == "done").scalar_subquery()
        self._change(sa.delete(studio_job).where(*same, ~_OPEN, studio_job.c.id < last))
        return self._insert(studio_job, row)

    def get(self, job: int) -> StudioJobRow | None:
        """Return a job with its result, None where there is none or it was forgotten."""
        return self._first(StudioJobRow, sa.select(studio_job).where(studio_job.c.id == job))

    def latest(self, draft: int, key: str) -> StudioJobRow | None:
        """Return the newest job of ``draft`` with ``key``, without its result."""
        same = (studio_job.c.draft_id == draft, studio_job.c.key == key)
        statement = sa.select(*_WITHOUT_RESULT).where(*same).order_by(studio_job.c.id.desc()).limit(1)
        return self._first(StudioJobRow, statement)

    def latest_done(self, draft: int, key: str) -> StudioJobRow | None:
        """Return the newest job of ``draft`` with ``key`` that was finished, with its result."""
        same = (studio_job.c.draft_id == draft, studio_job.c.key == key, studio_job.c.state == "done")
        return self._first(StudioJobRow, sa.select(studio_job).where(*same).order_by(studio_job.c.id.desc()).limit(1))

    def change(self, job: int, changes: Mapping[str, object]) -> bool:
        """Note ``changes`` of a job that is not over; returns whether it was not."""
        return self._change(sa.update(studio_job).where(studio_job.c.id == job, _OPEN).values(**changes)) == 1

    def count_open(self, person: int) -> int:
        """Return how many jobs of ``person`` are not over."""
        mine = sa.select(sa.func.count()).select_from(studio_job).where(_OPEN, studio_job.c.person_id == person)
        return int(self._scalar(mine))

    def keep_result(self, row: ScenarioResultRow) -> None:
        """Keep what a play came to, in the place of what the scenario came to before."""
        statement = self._upsert(scenario_result).values(values_of(row))
        changes = {name: value for name, value in values_of(row).items() if name not in ("draft_id", "path")}
        self._connection.execute(statement.on_conflict_do_update(index_elements=["draft_id", "path"], set_=changes))

    def results(self, draft: int, *, whole: bool = False) -> list[ScenarioResultRow]:
        """Return what the scenarios of a draft came to, by path; the steps of each are empty unless the ``whole`` is wanted."""
        columns = scenario_result.c if whole else _WITHOUT_CONTENT
        statement = sa.select(*columns).where(scenario_result.c.draft_id == draft)
        return self._all(ScenarioResultRow, statement.order_by(scenario_result.c.path))

    def result(self, draft: int, path: str) -> ScenarioResultRow | None:
        """Return what the scenario at ``path`` came to."""
        statement = sa.select(scenario_result).where(
            scenario_result.c.draft_id == draft, scenario_result.c.path == path
        )
        return self._first(ScenarioResultRow, statement)
