from __future__ import annotations

import pytest

from service.catalog.feel import FUNCTIONS, compiled
from service.catalog.manual import MANUAL, up_to_date
from service.catalog.manual.functions import EXAMPLES, Example
from service.sdk import Operation, operations


def ours() -> dict[str, Operation]:
    """The operations of handlers; tests register some of their own."""
    return {ident: o for ident, o in operations().items() if o.call.__module__.startswith("handlers.")}


def test_the_manual_says_what_the_program_knows() -> None:
    assert up_to_date(ours()), "run: python -m service.catalog.manual"


def test_every_function_is_explained_once() -> None:
    names = [example.name for example in EXAMPLES]
    assert sorted(set(names)) == sorted(names)
    assert set(FUNCTIONS.names) <= set(names)


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.value], ids=lambda example: example.name)
def test_examples_have_the_value_the_manual_gives(example: Example) -> None:
    assert compiled(example.expression).evaluate({}) == compiled(example.value).evaluate({})


def test_every_operation_is_described() -> None:
    text = MANUAL.read_text("utf-8")
    assert [ident for ident in ours() if f"**`{ident}`**" not in text] == []
