"""Conditions on long lists of numbers: a database takes so many values in a statement and no more, but one text of any length."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

_MOST = 300
"""So many values are written into the statement, where the database sees them when it plans."""


class numbers_of(GenericFunction[str]):  # noqa: N801  a function of SQL
    """The numbers in a text that lists them (JSON), a row each."""

    name = "numbers_of"
    inherit_cache = True


@compiles(numbers_of, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **given)})"


@compiles(numbers_of, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **given: Any) -> str:
    return f"jsonb_array_elements_text(CAST({compiler.process(element.clauses, **given)} AS jsonb))"


def is_among(column: sa.ColumnElement[Any], numbers: Collection[int]) -> sa.ColumnElement[bool]:
    """Return the condition that a column holds one of ``numbers``, however many they are."""
    return column.in_(_asked(numbers))


def is_none_of(column: sa.ColumnElement[Any], numbers: Collection[int]) -> sa.ColumnElement[bool]:
    """Return the condition that a column holds none of ``numbers``; one that holds nothing does not fulfil it."""
    return column.not_in(_asked(numbers))


def _asked(numbers: Collection[int]) -> Any:
    ordered = sorted(numbers)
    if len(ordered) <= _MOST:
        return ordered
    listed = sa.func.numbers_of(json.dumps(ordered)).table_valued("value")
    return sa.select(sa.cast(listed.c.value, sa.BigInteger))
