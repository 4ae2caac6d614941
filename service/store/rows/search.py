"""The search table, kept by the database itself."""

from dataclasses import dataclass
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchGramRow:
    """Two neighbouring characters of what a row is found by."""

    subject: Annotated[col.Chars12, col.PRIMARY, "case, document, ballot, body, person"]
    jurisdiction: Annotated[col.Chars60, col.PRIMARY, "* for what has none"]
    gram: Annotated[col.Chars2, col.PRIMARY]
    row_id: Annotated[col.Number, col.PRIMARY]


search_gram = col.table_of(SearchGramRow, "search_gram", comment="pairs of characters for searching, kept by triggers")
search_gram.dialect_options["sqlite"]["with_rowid"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FactValueRow:
    """A value that a fact has in some case of a place."""

    id: col.Id = 0
    mark: Annotated[col.Big, col.UNIQUE_INDEX, "of place, fact and text"]
    jurisdiction: Annotated[col.Chars60, col.INDEXED]
    fact: col.Chars120
    text: Annotated[str, "in words, in both languages"]


fact_value = col.table_of(
    FactValueRow,
    "fact_value",
    sa.Index("ix_fact_value_fact", "jurisdiction", "fact", "id"),
    comment="values of facts to search by, kept by triggers",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNameRow:
    """The name of a file that was handed in with a case."""

    id: col.Id = 0
    upload_id: Annotated[col.Chars36, col.UNIQUE_INDEX]
    case_id: col.Number
    jurisdiction: col.Chars60
    name: col.Chars300


file_name = col.table_of(FileNameRow, "file_name", comment="names of files of cases to search by, kept by triggers")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactValueCaseRow:
    """A case whose fact has a value."""

    value_id: Annotated[col.Number, col.PRIMARY]
    case_id: Annotated[col.Number, col.PRIMARY]


fact_value_case = col.table_of(
    FactValueCaseRow, "fact_value_case", comment="cases whose facts have a value, kept by triggers"
)
fact_value_case.dialect_options["sqlite"]["with_rowid"] = False
