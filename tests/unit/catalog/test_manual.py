""""""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from types import ModuleType

import pytest

from service.catalog.bpmn import structure
from service.catalog.check import check_path
from service.catalog.feel import FUNCTIONS, compiled
from service.catalog.forms import form_structure
from service.catalog.manual import MANUAL, up_to_date
from service.catalog.manual.functions import EXAMPLES, Example
from service.catalog.scenarios import scenario_words
from service.cli.check import whole_checker
from service.cli.simulate import play_file
from service.sdk import Operation, operations
from tests.unit.catalog.conftest import MINIATURE


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


@pytest.mark.parametrize(
    ("module", "maker", "place"),
    [(structure, "report", 1), (form_structure, "FormFault", 1), (scenario_words, "_fault", 3)],
)
def test_every_rule_of_reading_is_told_with_a_sentence(module: ModuleType, maker: str, place: int) -> None:
    made = [call for call in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(call, ast.Call)]
    named = [call.args[place] for call in made if isinstance(call.func, ast.Name) and call.func.id == maker]
    told = MANUAL.read_text("utf-8")

    assert {str(word.value) for word in named if isinstance(word, ast.Constant)} == set(module.RULES)
    assert [sentence for sentence in module.RULES.values() if sentence not in told] == []


SCENARIOS = sorted(MINIATURE.rglob("scenarios/*.yaml"))


def test_the_worked_example_of_the_manual_has_no_problems() -> None:
    assert check_path(MINIATURE, checker=whole_checker()) == ()


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_its_scenarios_play_as_written(path: Path) -> None:
    played = play_file(path)
    assert played.passed, [str(unmet) for unmet in played.unmet]
