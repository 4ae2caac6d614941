"""What people chose for themselves."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

import sqlalchemy as sa

from service.store.repositories.base import Repository, among
from service.store.rows import Json, PersonSettingRow
from service.store.rows.preferences import person_setting
from service.store.usual_statements import upsert

_CHOSEN = sa.select(person_setting.c.key, person_setting.c.value).where(
    person_setting.c.person_id == sa.bindparam("person"), among(person_setting.c.key, "keys")
)

_OF_PEOPLE = sa.select(person_setting.c.person_id, person_setting.c.value).where(
    among(person_setting.c.person_id, "people"), person_setting.c.key == sa.bindparam("key")
)


class PreferenceRepository(Repository):
    """One JSON value for each person and key."""

    def chosen(self, person_id: int, *keys: str) -> dict[str, Json]:
        """Return what the person chose under ``keys``, by key; what was never chosen is left out."""
        return {row[0]: row[1] for row in self._told_rows(_CHOSEN, person=person_id, keys=sorted(keys))}

    def of_people(self, people: Collection[int], key: str) -> dict[int, Json]:
        """Return what each of the people chose under ``key``, by person; who chose nothing is left out."""
        return {row[0]: row[1] for row in self._told_rows(_OF_PEOPLE, people=sorted(people), key=key)}

    def keep(self, row: PersonSettingRow) -> None:
        """Let ``row`` be what the person chose under its key."""
        given = {"person_id": row.person_id, "key": row.key, "value": row.value, "at": row.at}
        self._connection.execute(_keeping(self._connection.dialect.name), given)


@cache
def _keeping(dialect: str) -> sa.Executable:
    new = upsert(dialect, person_setting)
    return new.on_conflict_do_update(
        index_elements=["person_id", "key"], set_={"value": new.excluded.value, "at": new.excluded.at}
    )
