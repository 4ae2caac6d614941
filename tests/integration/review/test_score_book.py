"""The workbook of scores that goes with an archive computes every stage and every place again, and shows what was changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import handlers
from service.casework.archives.score_book import write_score_book
from service.casework.assemble import desk_over
from service.casework.simulate import read_scenario
from service.casework.simulate.playing.play import play
from service.catalog import Package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from tests.scenarios.mutants import package_of
from tests.support.formulas import Recalculated
from tests.support.review import SCENARIOS, review_package

handlers.load()
CITY = Path(__file__).parents[3] / "processes"
KINDS: dict[str, Callable[[], tuple[Package, Path]]] = {
    "two stages": lambda: (review_package(), next(path for path in SCENARIOS if path.stem == "two_reviewed")),
    "a whole season": lambda: (
        package_of("urumqi/quality_award"),
        CITY / "urumqi/quality_award/scenarios/whole_way.yaml",
    ),
}


def book_of(store: Store, kind: str) -> Recalculated:
    package, path = KINDS[kind]()
    scenario = read_scenario(path.read_bytes(), path.name)
    calendars = load_calendars(bundled_calendars())
    played = play(store, package, scenario, calendars, operations())
    assert played.passed
    desk = desk_over(store, calendars, operations())
    with store.read() as tx:
        first = tx.cases.get(1)
        cases = tx.cases.tree(first.id)
        content = write_score_book(desk, tx, cases, {case.id: case.title for case in cases})
    assert content is not None
    return Recalculated(content)


@pytest.mark.parametrize("kind", KINDS)
def test_the_formulas_come_to_what_is_on_record(kind: str, sqlite_store: Store) -> None:
    book = book_of(sqlite_store, kind)
    for sheet in ("评分表", "阶段得分", "排名"):
        rows = book.rows(sheet)
        assert rows, sheet
        assert {row[-1] for row in rows} == {"相符"}, [row for row in rows if row[-1] != "相符"]
    assert book.rows("抽取")
    assert all(len(row[5]) == 64 for row in book.rows("抽取"))


def test_a_changed_score_is_seen_from_its_sheet_to_the_ranking(sqlite_store: Store) -> None:
    book = book_of(sqlite_store, "two stages")
    items = book.book["条款得分"]
    for line in range(2, items.max_row + 1):
        if items.cell(line, 1).value == items.cell(2, 1).value and items.cell(line, 8).value is not None:
            items.cell(line, 8).value = 0
    for sheet in ("评分表", "阶段得分", "排名"):
        assert "不符" in {row[-1] for row in book.rows(sheet)}, sheet


def test_no_text_of_a_round_runs_as_a_formula(sqlite_store: Store) -> None:
    """An applicant may be called whatever it likes."""
    book = book_of(sqlite_store, "two stages")
    with sqlite_store.read() as tx:
        cases = tx.cases.tree(1)
        desk = desk_over(sqlite_store, load_calendars(bundled_calendars()), operations())
        content = write_score_book(desk, tx, cases, {case.id: "=1+1" for case in cases})
    assert content is not None
    named = {row[1] for row in Recalculated(content).rows("条款得分")}
    assert named == {"'=1+1"}
    assert book
