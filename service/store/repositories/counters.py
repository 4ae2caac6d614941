"""Numbers that are never given twice."""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa

from service.store.repositories.base import Repository
from service.store.rows.work import counter
from service.store.usual_statements import upsert


class CounterRepository(Repository):
    """Named counters; a number is taken when the unit of work is committed, and free again when it is not."""

    def next(self, name: str) -> int:
        """Return the next number of ``name``, from 1, without gaps; others wait for the end of this unit of work."""
        return int(self._scalar(_counting(self._connection.dialect.name), name=name, value=1))

    def skip(self, by: int) -> dict[str, tuple[int, int]]:
        """Let every counter go on ``by`` numbers further; returns the last number given before, and now, by name."""
        before = {str(name): int(value) for name, value in self._connection.execute(_ALL)}
        self._connection.execute(sa.update(counter).values(value=counter.c.value + by))
        return {name: (value, value + by) for name, value in before.items()}


_ALL = sa.select(counter.c.name, counter.c.value).order_by(counter.c.name)


@cache
def _counting(dialect: str) -> sa.Executable:
    new = upsert(dialect, counter)
    counted = new.on_conflict_do_update(index_elements=["name"], set_={"value": counter.c.value + 1})
    return counted.returning(counter.c.value)
