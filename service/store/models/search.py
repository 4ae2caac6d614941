"""The search table, written by each unit of work."""

from dataclasses import dataclass
from typing import Annotated

from service.store.models import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchGramRow:
    """Two neighbouring characters of what a row is found by."""

    subject: Annotated[col.Chars12, col.PRIMARY, "a name of `SEARCHED`"]
    jurisdiction: Annotated[col.Chars60, col.PRIMARY, "* for what has none"]
    gram: Annotated[col.Chars2, col.PRIMARY]
    row_id: Annotated[col.Number, col.PRIMARY]


search_gram = col.table_of(SearchGramRow, "search_gram", comment="pairs of characters for searching")
search_gram.dialect_options["sqlite"]["with_rowid"] = False
