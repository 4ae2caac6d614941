"""What people chose for themselves: how their lists look, what comes by mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSettingRow:
    """A choice that a person made for themselves; nothing of a procedure depends on it."""

    person_id: Annotated[col.PersonId, col.PRIMARY]
    key: Annotated[col.Chars60, col.PRIMARY, "what is chosen: tasks.views"]
    value: col.Json
    at: Annotated[datetime, "when it was chosen last"]


person_setting = col.table_of(
    PersonSettingRow,
    "person_setting",
    comment="what people chose for themselves, kept over sign-out",
)
