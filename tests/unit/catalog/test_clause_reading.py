"""Numbers in the words of a clause: which the assistant takes over, and where it takes none."""

from __future__ import annotations

import pytest

from service.catalog.assistants.clause_reading import read_clause
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law_text.numbers import numbers_in
from tests.support.tables import rows


@pytest.mark.parametrize(("kind", "text", "fields"), rows("clauses", "read"))
def test_what_a_clause_says_is_taken_over_where_it_says_one_thing(kind: str, text: str, fields: dict[str, str]) -> None:
    read = read_clause(AssistKind(kind), text)
    assert dict(read.fields) == fields
    assert set(read.words) == set(fields) - {"unit", "bound", "stage", "recovery_unit", "at_1", "at_2"}, (
        "each field tells the words it was read from"
    )


def test_days_of_the_calendar_and_articles_are_no_numbers() -> None:
    assert numbers_in("依第十二条第3项，2026年12月31日以前，六月三十日，2026年度，每年一次。") == ()


@pytest.mark.parametrize(("kind", "text", "left"), rows("clauses", "left"))
def test_what_no_field_took_is_said(kind: str, text: str, left: list[str]) -> None:
    assert list(read_clause(AssistKind(kind), text).unread) == left
