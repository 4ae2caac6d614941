"""Why an application came out as it did: told to its organisation once it has ended, never who gave which mark."""

import re
from collections.abc import Callable

import pytest

from service.casework.queries.cases.reasons import Reasons, view_reasons
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.stage.stage import open_stage
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.errors import NotAllowed
from service.sdk import operations
from service.store import Store
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.half_seasons import whole_season
from tests.support.review import BEGIN, DECLARED, SCENARIOS, SCORED, ReviewBench, make_review, review_package

Open = Callable[[str], Store]
PUBLISHED = "parameters: {publish_item_scores: true}\nsteps:"
WHOLE = next(path for path in SCENARIOS if path.stem == "two_reviewed")


def played(store: Store, steps: str = "steps:") -> ReviewBench:
    text = WHOLE.read_text("utf-8").replace("steps:", steps, 1)
    scenario = read_scenario(text.encode(), WHOLE.name)
    stage = open_stage(store, review_package(), scenario, load_calendars(bundled_calendars()), operations())
    for move in scenario.moves:
        assert play_move(stage, move) == []
    return ReviewBench(stage)


@pytest.fixture
def over(sqlite_url: str, open_store: Open) -> ReviewBench:
    """Two applications reviewed, one of them beyond the only place."""
    return played(open_store(sqlite_url))


def reasons(bench: ReviewBench, who: str, nick: str) -> Reasons:
    return view_reasons(bench.desk, bench.actor(who), bench.case(nick))


def page(bench: ReviewBench, who: str, path: str) -> str:
    bench.actor(who)
    text = Browser(create_app(bench.desk, settings_for_tests()), bench, who).get(path).text  # type: ignore[arg-type]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))


def test_who_did_not_go_on_reads_how_many_points_were_missing(over: ReviewBench) -> None:
    found = reasons(over, "乙", "乙")
    (place,) = found.rankings
    assert (place.place, place.of, place.passing) == (2, 2, False)
    (inside,) = reasons(over, "office", "乙").rankings
    assert float(place.short) == pytest.approx(float(inside.lowest) - float(place.points))
    assert place.lowest == ""  # one alone went on: these would be its points
    shown = page(over, "乙", f"/cases/{over.case('乙')}")
    assert f"距进入下一环节的最低得分差{place.short}分。" in shown
    (first,) = reasons(over, "甲", "甲").rankings
    assert (first.short, first.lowest) == ("", "")


def test_points_by_item_are_told_only_where_the_city_says_so(over: ReviewBench) -> None:
    assert reasons(over, "甲", "甲").items == ()
    assert "各条款得分" not in page(over, "甲", f"/cases/{over.case('甲')}")
    assert reasons(over, "office", "甲").items != ()


def test_where_scores_are_not_disclosed_neither_place_nor_votes_are(sqlite_url: str, open_store: Open) -> None:
    stage = whole_season("yining/quality_award", "government_powers", open_store(sqlite_url))
    case = stage.case("乙")
    inside, outside = (view_reasons(stage.desk, stage.cast.actor(who), case) for who in ("office", "乙"))
    assert (bool(inside.rankings), bool(inside.votes), bool(inside.items)) == (True, True, True)
    assert (outside.rankings, outside.votes, outside.items) == ((), (), ())
    assert outside.strike is not None
    assert outside.strike.reason == "乙成效不足。"


def test_an_organisation_sees_the_panel_as_a_whole_and_nobody_in_it(sqlite_url: str, open_store: Open) -> None:
    bench = played(open_store(sqlite_url), PUBLISHED)
    (stage,) = reasons(bench, "甲", "甲").items
    first = stage.items[0]
    assert (stage.sheets, first.own) == (3, first.item.points * 60 / 100)
    assert {one.lowest for one in stage.items} == {None}  # of three sheets the spread would be the sheets
    shown = page(bench, "甲", f"/cases/{bench.case('甲')}")
    assert "各条款得分（3份评分表）" in shown
    assert not re.search("专家[一二三四五]", shown)
    agreed = reasons(bench, "乙", "乙").items[0]
    assert float(agreed.items[0].own) == float(agreed.items[0].item.points) * 0.5  # what the panel agreed on


def test_reasons_are_not_told_to_another_organisation(over: ReviewBench) -> None:
    with pytest.raises(NotAllowed):
        reasons(over, "甲", "乙")


def test_reasons_are_not_told_while_the_case_runs(sqlite_url: str, open_store: Open) -> None:
    bench = make_review(open_store(sqlite_url), *BEGIN)
    with pytest.raises(NotAllowed, match="办结后"):
        reasons(bench, "甲", "甲")


# The pages of the office: every one opens, refuses others, and does what its buttons say.


@pytest.fixture
def office(here: ReviewBench) -> Browser:
    here.play(DECLARED, SCORED)
    here.actor("office")
    here.actor("甲")
    return Browser(create_app(here.desk, settings_for_tests()), here, "office")  # type: ignore[arg-type]


def test_the_register_does_not_tell_whose_login_name_it_is(here: ReviewBench, office: Browser) -> None:
    """Login names are often telephone numbers: the register must not turn them into names."""
    with here.desk.store.read() as tx:
        other = tx.people.get(here.people["甲"])
    new = {"jurisdiction": "riverton", "login": other.login, "name": "试探", "employer": "某大学", "education": "doctor",
           "practising_since": "2001-07-01", "sectors": "机械", "term_from": "2026-01-01"}  # fmt: skip
    answer = office.post("/experts", new)
    assert (answer.status_code, "请核对姓名" in answer.text) == (409, True)
    assert f"属于{other.name}" not in answer.text


@pytest.mark.parametrize(
    ("act", "typed", "refused"),
    [
        ("/trainings", {"title": "现场评审方法", "held_on": "2026-02-31"}, "held_on"),
        ("/interests", {"body": "1", "kind": "paid_work", "text": "曾任其顾问", "last_day": "去年"}, "last_day"),
        ("/status", {"version": "1", "status": "suspended", "reason": "本人申请", "until": "2026.2.30"}, "until"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_told_at_its_field_and_nothing_typed_is_lost(
    here: ReviewBench, office: Browser, act: str, typed: dict[str, str], refused: str
) -> None:
    with here.desk.store.read() as tx:
        expert = tx.experts.select()[0].id
    page = office.post(f"/experts/{expert}{act}", typed, page=f"/experts/{expert}").text
    assert re.search(rf'id="{refused}-error">日期请写成', page)
    for name, value in typed.items() - {("body", "1"), ("version", "1")}:
        assert re.search(rf'name="{name}"[^>]*value="{value}"|<option value="{value}" selected', page), name


def test_the_days_of_an_expert_are_written_as_everywhere(here: ReviewBench, office: Browser) -> None:
    with here.desk.store.read() as tx:
        expert = tx.experts.select()[0].id
    office.post(f"/experts/{expert}/trainings", {"title": "现场评审方法", "held_on": "2026-02-27"})
    page = office.get(f"/experts/{expert}").text
    assert "2026年2月27日（周五）　现场评审方法" in page
    assert re.findall(r"\d{4}-\d\d-\d\d", re.sub(r"<[^>]*>", " ", page)) == []
