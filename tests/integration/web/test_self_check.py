"""Whoever thinks of applying sees on the portal which conditions are met; the answers are kept nowhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import yaml

from service.casework.public.self_check import MET, NOT_MET, SelfChecked, check_oneself, questions_of
from service.casework.step.submission import FormInvalid
from service.domain.forms import Form, InputType
from service.store import Store
from service.web.frame.requests.current import VISITOR
from tests.support.browsers import Browser, make_app
from tests.support.city import PublishedCity, make_city
from tests.support.tree import PROJECT

CITIES = ("ganzhou", "kizilsu", "qingyuan", "urumqi", "yining")
ATTESTED = ("yining",)
"""Where the seasons played under the settings in force refuse only by what an office attests."""


def answers(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of ``values`` the questions ask; a file that was sent is ticked."""
    kept: dict[str, Any] = {}
    for field in form.fields():
        _copy(values, kept, field.path.split("."), field.type is InputType.CHECKBOX)
    return kept


def _copy(given: Any, kept: dict[str, Any], path: list[str], box: bool) -> None:
    name = path[0].removesuffix("[]")
    if not isinstance(given, Mapping) or given.get(name) is None:
        return
    value = given[name]
    if len(path) == 1:
        kept[name] = bool(value) if box else value.isoformat() if hasattr(value, "isoformat") else value
    elif path[0].endswith("[]"):
        rows = kept.setdefault(name, [{} for _ in value])
        for row, inner in zip(value, rows, strict=True):
            _copy(row, inner, path[1:], box)
    else:
        _copy(value, kept.setdefault(name, {}), path[1:], box)


def checked(city: PublishedCity, values: Mapping[str, Any]) -> SelfChecked:
    with city.desk.store.read() as tx:
        form = questions_of(city.desk, city.desk.packages.current(city.key, tx)).form
    return check_oneself(city.desk, VISITOR, city.key, answers(form, values), "here")


def refused(city: str) -> Iterator[tuple[str, date, dict[str, Any], list[str]]]:
    """Yield what was told in applications of the city's seasons of which some ground was found not met.

    What others attest stands in no application. As (where, last day for applications, start form and application, grounds not met).
    """
    for path in sorted((PROJECT / "processes" / city / "quality_award" / "scenarios").glob("*.yaml")):
        season = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        expected = [
            row
            for row in season.get("expect") or ()
            if row.get("result") == "not_met" and row.get("finding") and row.get("decided_by") != "attested"
        ]
        if not expected or set(season.get("parameters") or ()) - {"effective_date"}:
            continue
        days = [v for s in season["steps"] for k, v in (s.get("with") or {}).items() if "deadline" in k]
        last = next((day for day in days if isinstance(day, date)), date(2026, 3, 31))
        begun = {s.get("name"): s["with"] for s in season["steps"] if s.get("start") and s.get("with")}
        corrections = [s for s in season["steps"] if s.get("complete") == "submit_correction" and not s.get("refused")]
        for step in season["steps"]:
            grounds = [row["finding"] for row in expected if row["case"] == step.get("case")]
            if step.get("complete") == "fill_application" and not step.get("refused") and grounds:
                told = {**begun.get(step["case"], {}), **step["with"]}
                for who in (s["with"].get("organisation", {}) for s in corrections if s["case"] == step["case"]):
                    told["organisation"] = {**told["organisation"], **who}  # it said afterwards that it is another kind
                yield f"{path.stem} {step['case']}", last, told, grounds


@pytest.fixture
def city_of(sqlite_store: Store) -> Callable[[str], PublishedCity]:
    return lambda city: make_city(sqlite_store, city)


@pytest.mark.parametrize("name", CITIES)
def test_who_was_refused_is_not_told_to_meet_that_condition(city_of: Callable[[str], PublishedCity], name: str) -> None:
    city = city_of(name)
    told, found = [], 0
    for where, last, values, grounds in sorted(refused(name), key=lambda one: one[1]):
        city.clock.move_to(datetime.combine(last, time(1), UTC))
        try:
            states = {g.ground: g.state for g in checked(city, values).grounds}
        except FormInvalid as invalid:
            told.append(f"{where}: {invalid.errors}")
            continue
        found += sum(states.get(ground) == NOT_MET for ground in grounds)
        told += [f"{where}: {ground}" for ground in grounds if states.get(ground) == MET]
    assert not told
    assert found > 0 or name in ATTESTED


@pytest.mark.parametrize(
    ("name", "whose", "first"),
    [
        ("qingyuan", "three_years 丙", date(2028, 6, 1)),  # three years after an accident of 1 June 2025
        ("urumqi", "conditions 乙", date(2026, 4, 1)),  # founded on 1 April 2021, five years
        ("ganzhou", "conditions 丁", None),  # registered elsewhere: no waiting helps
    ],
)
def test_who_has_to_wait_learns_from_which_day_on(
    city_of: Callable[[str], PublishedCity], name: str, whose: str, first: date | None
) -> None:
    city = city_of(name)
    _, last, values, _ = next(one for one in refused(name) if one[0] == whose)
    city.clock.move_to(datetime.combine(last, time(1), UTC))
    result = checked(city, values)
    assert result.of(NOT_MET)
    assert result.possible_on == first


def test_a_visitor_asks_once_and_nothing_is_stored(city_of: Callable[[str], PublishedCity], sqlite_url: str) -> None:
    city = city_of("urumqi")
    visitor = Browser(make_app(city), city)  # type: ignore[arg-type]
    front = visitor.get("/portal/urumqi").text
    assert f'href="/portal/{city.key}/check"' in front
    before = rows_of(sqlite_url)
    answer = visitor.post(
        f"/portal/{city.key}/check",
        {"organisation.type": "legal_person", "organisation.district": "outside", "do": "submit"},
        page=f"/portal/{city.key}/check",
    )
    assert answer.status_code == 200
    assert "不符合 1 项" in answer.text
    assert "第九条" in answer.text
    assert visitor.get("/portal/urumqi/none/check").status_code == 404
    unanswered = visitor.post(f"/portal/{city.key}/check", {"do": "submit"}, page=f"/portal/{city.key}/check").text
    assert ("项没有回答，回答后才有结论。" in unanswered, "补齐以后可以申报" in unanswered) == (True, False)
    assert rows_of(sqlite_url) == before
    assert "laurel_session" not in (answer.headers.get("Set-Cookie") or "")


def test_a_date_that_is_none_gets_a_sentence(city_of: Callable[[str], PublishedCity]) -> None:
    city = city_of("urumqi")
    visitor = Browser(make_app(city), city)  # type: ignore[arg-type]
    path = f"/portal/{city.key}/check"
    answer = visitor.post(path, {"organisation.established_on": "2026-02-30", "do": "submit"}, page=path)
    assert answer.status_code == 422
    assert "登记成立日期" in answer.text
    assert visitor.get("/portal/urumqi/nothing/check").status_code == 404


def rows_of(url: str) -> dict[str, int]:
    """Return how many rows each table has; attempts are counted by network, without any answer."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        names = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        return {n: database.execute(f'select count(*) from "{n}"').fetchone()[0] for n in names if "attempt" not in n}
