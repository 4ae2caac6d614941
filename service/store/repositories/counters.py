"""Numbers that are never given twice."""

from __future__ import annotations

from service.store.repositories.base import Repository
from service.store.tables import counter


class Counters(Repository):
    """Named counters; a number is taken when the unit of work is committed, and free again when it is not."""

    def next(self, name: str) -> int:
        """Return the next number of ``name``, from 1, without gaps; others wait for the end of this unit of work."""
        new = self._upsert(counter).values(name=name, value=1)
        counted = new.on_conflict_do_update(index_elements=["name"], set_={"value": counter.c.value + 1})
        return int(self._scalar(counted.returning(counter.c.value)))
