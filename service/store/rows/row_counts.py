"""How many rows of a table belong to an owner, under a seal: a row that somebody deletes is missed."""

from dataclasses import dataclass
from typing import Annotated

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCountRow:
    """How many rows an owner has of what is ``counted``."""

    counted: Annotated[col.Chars80, col.PRIMARY, "table and column that names the owner, such as case_party.case_id"]
    owner: Annotated[col.Chars80, col.PRIMARY, "what stands in that column"]
    amount: int
    seal: Annotated[col.Chars64, "keyed hash of all that: a row that others delete is missed, and named"] = ""


row_count = col.table_of(
    RowCountRow,
    "row_count",
    comment="how many rows an owner has, sealed: what is decided or shown by them asks whether one is missing",
)
