"""Years of the working calendar that were typed here, beside the files that come with the program."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarYearRow:
    """A year's days off of one layer, as a notice has them; the newest in force decides, then the file of the year."""

    id: col.Id = 0
    layer: Annotated[col.Chars60, "cn, cn-xinjiang"]
    year: int
    state: Annotated[col.Chars20, "proposed, in_force, returned, withdrawn"] = "proposed"
    title: Annotated[col.Chars300, "of the source document"]
    number: col.Chars100 = ""
    issued: Annotated[col.Chars20, "an ISO date, or empty"] = ""
    text: Annotated[str, "the document as it was pasted"]
    content: Annotated[str, "the file of the year"]
    working_days: int
    person_id: col.PersonId
    author: col.Chars200
    at: datetime
    details: Annotated[col.OptionalJson, "who decided and who withdrew, when, what they said"] = None


calendar_year = col.table_of(
    CalendarYearRow,
    "calendar_year",
    sa.Index("ix_calendar_year_state", "state", "layer", "year"),
)
