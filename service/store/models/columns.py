"""Tables made of row classes: the fields of the class are the columns of the table.

A field's type is the column's, ``| None`` lets it be empty, its default is the column's. What else there is to say
stands in ``Annotated``: a type of SQLAlchemy, `refers`, options of a column (a dict), and a comment: a string, or the words
that it may hold (`OneOf`).
A row that is not stored yet has the id 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, dataclass_transform, get_args, get_origin, get_type_hints

import sqlalchemy as sa

from service.domain.values.bounds import OneOf
from service.store import types
from service.store.types import Encrypted

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All tables, with names for all constraints, so that migrations can address them."""

PRIMARY: Mapping[str, Any] = {"primary_key": True}
INDEXED: Mapping[str, Any] = {"index": True}
UNIQUE: Mapping[str, Any] = {"unique": True}
LARGE: Mapping[str, Any] = {"info": {"large": True}}
"""A column that lists leave out."""
UNIQUE_INDEX: Mapping[str, Any] = {"unique": True, "index": True}


@dataclass(frozen=True)
class _Refers:
    column: str


def refer_to_column(column: str) -> _Refers:
    """Note that a column holds what stands in ``column`` ("table.column") of another table, and has its type."""
    return _Refers(column)


Id = Annotated[int, types.Key, PRIMARY]
Number = Annotated[int, types.Key]
Big = Annotated[int, sa.BigInteger()]
Json = Annotated[Any, types.Json]
"""A JSON value: None, bool, int, float, str, list or dict of JSON values."""
OptionalJson = Annotated[Any, types.Json, {"nullable": True}]
SettledJson = Annotated[Any, types.Settled()]
PersonalJson = Annotated[Any, Encrypted(types.Kind.JSON)]
"""A JSON value with what people wrote: encrypted in the database, so that no query looks into it."""
OptionalPersonalJson = Annotated[Any, Encrypted(types.Kind.JSON), {"nullable": True}]
PersonalBytes = Annotated[bytes, Encrypted(types.Kind.BYTES)]
Personal40 = Annotated[str, Encrypted(types.Kind.TEXT, 40)]
Personal80 = Annotated[str, Encrypted(types.Kind.TEXT, 80)]
Personal200 = Annotated[str, Encrypted(types.Kind.TEXT, 200)]
PersonalText = Annotated[str, Encrypted(types.Kind.TEXT)]

Chars2 = Annotated[str, sa.String(2)]
Chars12 = Annotated[str, sa.String(12)]
Chars14 = Annotated[str, sa.String(14)]
Chars16 = Annotated[str, sa.String(16)]
Chars20 = Annotated[str, sa.String(20)]
Chars32 = Annotated[str, sa.String(32)]
Chars36 = Annotated[str, sa.String(36)]
Chars40 = Annotated[str, sa.String(40)]
Chars60 = Annotated[str, sa.String(60)]
Chars64 = Annotated[str, sa.String(64)]
Chars80 = Annotated[str, sa.String(80)]
Chars100 = Annotated[str, sa.String(100)]
Chars120 = Annotated[str, sa.String(120)]
Chars200 = Annotated[str, sa.String(200)]
Chars300 = Annotated[str, sa.String(300)]

AwardId = Annotated[int, refer_to_column("award_record.id")]
BatchId = Annotated[int, refer_to_column("intervention_batch.id")]
BallotId = Annotated[int, refer_to_column("ballot.id")]
BodyId = Annotated[int, refer_to_column("body.id")]
CaseId = Annotated[int, refer_to_column("case_instance.id")]
DraftId = Annotated[int, refer_to_column("package_draft.id")]
DrawId = Annotated[int, refer_to_column("expert_draw.id")]
ExpertId = Annotated[int, refer_to_column("expert.id")]
NoticeId = Annotated[int, refer_to_column("notice.id")]
PanelId = Annotated[int, refer_to_column("panel.id")]
PersonId = Annotated[int, refer_to_column("person.id")]
TaskId = Annotated[int, refer_to_column("task.id")]
VersionId = Annotated[str, refer_to_column("definition.version")]

_PLAIN: Mapping[object, type[sa.types.TypeEngine[Any]]] = {
    int: sa.Integer,
    str: sa.Text,
    bool: sa.Boolean,
    bytes: sa.LargeBinary,
    date: sa.Date,
    datetime: types.Instant,
}


Kind = TypeVar("Kind")

TABLES: dict[type, sa.Table] = {}
"""The table of each kind of row."""


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def row(
    name: str, *parts: sa.Index | sa.UniqueConstraint, named: tuple[str, str] = ("记录", "record")
) -> Callable[[type[Kind]], type[Kind]]:
    """Make a class the rows of the table ``name``; ``parts`` are what its columns have in common.

    ``named``: how people are told, in Chinese and English, of a row that is not there.
    """

    def make_table(declared: type[Kind]) -> type[Kind]:
        kind: type[Any] = dataclass(frozen=True, slots=True, kw_only=True)(declared)
        hints = get_type_hints(kind, include_extras=True)
        columns = [_build_column(name, each, list(_iterate_facts(hints[each.name]))) for each in fields(kind)]
        info = {"row": kind, "named": named}
        TABLES[kind] = sa.Table(
            name, metadata, *columns, *parts, comment=(declared.__doc__ or "").partition("\n")[0], info=info
        )
        return kind

    return make_table


def brief_columns(table: sa.Table) -> list[sa.ColumnElement[Any]]:
    """Return the columns of a table for a list: those that are `LARGE` are empty in it."""
    return [_build_empty(column) if column.info.get("large") else column for column in table.c]


def _build_empty(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    return (sa.null() if column.nullable else sa.literal(b"", sa.LargeBinary)).label(column.name)


def _build_column(table: str, declared: Field[Any], facts: list[object]) -> sa.Column[Any]:
    options: dict[str, Any] = {"nullable": NoneType in facts}
    kinds: list[Any] = [_PLAIN[fact] for fact in facts if isinstance(fact, type) and fact in _PLAIN]
    for fact in facts:
        if isinstance(fact, Mapping):
            options.update(fact)
        elif isinstance(fact, str):
            options["comment"] = fact
        elif isinstance(fact, OneOf):
            options["comment"] = ", ".join(fact.words)
        elif isinstance(fact, Encrypted):
            kinds = [fact.at(f"{table}.{declared.name}")]
        elif isinstance(fact, sa.types.TypeEngine):
            kinds = [fact]
        elif isinstance(fact, _Refers):
            kinds = [sa.ForeignKey(fact.column)]
    if declared.default_factory is not MISSING:
        options["default"] = declared.default_factory
    elif declared.default is not MISSING and not options.get("primary_key"):
        options["default"] = declared.default
    return sa.Column(declared.name, *kinds, **options)


def _iterate_facts(hint: Any) -> Iterator[object]:
    """Yield every type that ``hint`` is made of, and what is noted on it."""
    if get_origin(hint) is Annotated:
        yield from _iterate_facts(hint.__origin__)
        yield from hint.__metadata__
    elif get_origin(hint) in (Union, UnionType):
        for part in get_args(hint):
            yield from _iterate_facts(part)
    else:
        yield hint


_WHERE = "where"


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
    """Return an index over the rows that ``where`` selects: SQL, or the name of a column that is true.

    SQLite has no booleans: queries ask for 1 there, and an index must say so in the same words.
    """
    sqlite = f"{where} = 1" if where.isidentifier() else where
    return sa.Index(name, *columns, unique=unique, sqlite_where=sa.text(sqlite), info={_WHERE: where})


def tell_postgresql() -> None:
    """Let PostgreSQL know which rows partial indexes select; said late, since that loads all there is about it."""
    for table in metadata.tables.values():
        for index in table.indexes:
            if _WHERE in index.info:
                index.dialect_options["postgresql"]["where"] = sa.text(index.info[_WHERE])
