"""A new city from the browser's forms: three steps to a draft that passes the check, or a copy of another place."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import combinations

import pytest

from service.casework.access.actor import SYSTEM, Actor, Seat
from service.casework.cases.start import start_case
from service.casework.definitions.deploy import deploy_package
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import city_choices, copy_started, start_city
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.take_in import take_in
from service.casework.studio.drafts.view_draft import open_file, view_draft
from service.casework.studio.publication.publish_draft import publish_draft, view_publication
from service.casework.studio.publication.review_draft import review_draft, submit_draft
from service.catalog.law.law import Clause
from service.catalog.new_city.copied import CopiedCity
from service.catalog.new_city.outline import CityOutline, OutlinedTier, Recommender
from service.catalog.new_city.steps import CHOSEN_AT_START, CityStep
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.browsers import Browse
from tests.support.lakeside import KEY, Lakeside
from tests.support.new_place import played, tree

TEXT = """第一条 质量奖每届不超过5个。
第二条 申报组织应当符合下列条件：成立满三年。
第三条 办公室自收到之日起10个工作日内决定是否受理。
第四条 评审委员会投票表决。
第五条 拟奖名单公示5个工作日。
第六条 颁发证书和奖金。
"""
FIRST = {
    "name": "兰山县", "id": "lanshan", "name_en": "Lanshan", "award_name": "兰山县质量奖", "calendar": "cn",
    "office": "兰山县市场监督管理局", "committee": "兰山县质量奖评审委员会", "tiers": "质量奖 5\n提名奖 10",
    "founded_years": "3", "acceptance_days": "10", "vote_days": "5", "notice_days": "5",
    "law_title": "兰山县质量奖管理办法", "since": "2026-01-01", "prefix": "LN",
}  # fmt: skip
OUTLINE = CityOutline(
    "lanshan", "兰山县", "", "cn", "兰山县质量奖", "兰山县质量奖管理办法", date(2026, 1, 1), "县市场监管局", "评审委员会",
    (OutlinedTier("tier_1", "质量奖", 5),), (Clause("LN-1", "第一条", "other", "申报。", None, None),),
    dict.fromkeys(("apply", "vote", "objection", "scoring", "approval"), ("LN-1",)), government="兰山县人民政府",
)  # fmt: skip
ROWS = {
    "row": ["1", "2", "3", "4", "5", "6"],
    **{
        f"{key}-{number}": value
        for number, line in enumerate(TEXT.splitlines(), 1)
        for key, value in (
            ("keep", "on"),
            ("place", line.split()[0]),
            ("numbers", str(number)),
            ("text", line.split()[1]),
            ("kind", "other"),
        )
    },
}
CITED = {
    "cited-conditions": "LN-2-1", "cited-acceptance": "LN-3-1", "cited-vote": ["LN-1-1", "LN-4-1"],
    "cited-notice": "LN-5-1", "cited-conferral": "LN-6-1",
}  # fmt: skip


def test_three_steps_make_a_draft_without_errors_that_its_author_goes_on_with(browse: Browse, town: Lakeside) -> None:
    designer = browse("designer")
    assert "兰山县" in designer.get("/studio/new").text
    second = designer.post("/studio/new/law", {**FIRST, "text": TEXT})
    assert second.status_code == 200
    assert "拟奖名单公示5个工作日" in second.text
    third = designer.post("/studio/new/steps", {**FIRST, **ROWS})
    assert third.status_code == 200
    made = designer.post("/studio/new", {**FIRST, **ROWS, **CITED, "voters_kind": "leading_group"})
    assert made.status_code == 302
    draft = int(made.headers["Location"].split("/")[3])
    assert [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"] == []
    package = package_of(town.desk, draft)
    assert (package.key, len(package.law.clauses)) == ("lanshan/quality_award", 6)
    assert [package.jurisdiction.roles[role].text.zh for role in ("committee", "chair")] == ["领导小组", "组长"]
    assert view_draft(town.desk, town.designer, draft).editable
    law = open_file(town.desk, town.designer, draft, "processes/lanshan/law.yaml")
    save_file(
        town.desk, town.designer, draft, law.path, law.content.replace("兰山".encode(), "兰陵".encode()), law.hash
    )
    with pytest.raises(NotFound):
        view_draft(town.desk, town.checker, draft)
    for ident in ("lanshan", "lanshan_second", ""):  # one place is drawn once, whatever it is called within
        again = designer.post("/studio/new", {**FIRST, **ROWS, **CITED, "id": ident})
        assert (again.status_code, again.headers["Location"]) == (302, f"/studio/drafts/{draft}")
        assert "“兰山县”已经有一份还没有发布的草稿" in designer.get(f"/studio/drafts/{draft}").text
    other = designer.post("/studio/new", {**FIRST, **ROWS, **CITED, "name": "兰陵县"})
    assert other.status_code == 409
    assert "已经用过" in other.text


@pytest.mark.parametrize("count", range(6))
def test_whatever_steps_are_ticked_the_draft_has_no_errors_and_its_season_is_green(town: Lakeside, count: int) -> None:
    for number, steps in enumerate(
        combinations((s for s in CHOSEN_AT_START if s is not CityStep.RECOMMENDATION), count)
    ):
        if CityStep.SEPARATE in steps and CityStep.OBJECTION not in steps:
            continue
        outline = replace(OUTLINE, id=f"lanshan_{number}", name=f"兰山{number}县", steps=steps)
        draft = start_city(town.desk, town.designer, outline)
        assert [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"] == []
        made = tree(town, draft)
        path = f"processes/{made.package.key}/scenarios/first_season.yaml"
        assert [unmet.message.zh for unmet in played(town, made.package, made.filled, path).unmet] == []


EAST, WEST = Recommender("recommender_1", "东区局", 1, "东区的组织"), Recommender("recommender_2", "西区局")


@pytest.mark.parametrize(
    ("steps", "units"),
    [
        ((), (EAST,)),
        ((CityStep.CATEGORIES,), (EAST, WEST)),
        (tuple(s for s in CHOSEN_AT_START if s is not CityStep.RECOMMENDATION), (EAST, WEST)),
    ],
    ids=["one_place_of_one_unit", "categories", "every_step"],
)
def test_authorities_recommend_within_their_places(
    town: Lakeside, steps: tuple[CityStep, ...], units: tuple[Recommender, ...]
) -> None:
    tiers = (*OUTLINE.tiers, OutlinedTier("tier_2", "提名奖", 5))
    cited = {**OUTLINE.cited, "recommendation": ("LN-1",)}
    outline = replace(
        OUTLINE, steps=(*steps, CityStep.RECOMMENDATION), recommenders=units, tiers=tiers, cited=cited, recommend_days=8
    )
    draft = start_city(town.desk, town.designer, outline)
    problems = check_draft(town.desk, town.designer, draft).problems
    assert [(p.file, p.element, p.message.zh) for p in problems if p.severity.name == "ERROR"] == []
    made = tree(town, draft)
    path = f"processes/{made.package.key}/scenarios/first_season.yaml"
    season = made.filled[path].decode()
    unmet = [
        unmet.message.zh
        for text in (season, season.replace("{decision: refuse,", "{decision: recommend,"))
        for unmet in played(town, made.package, {**made.filled, path: text.encode()}, path).unmet
    ]
    assert bool(unmet) == (units == (EAST,))
    assert not unmet or "推荐名额已经用完" in unmet[0]


def test_a_place_is_copied_with_everything_that_is_its_own(town: Lakeside) -> None:
    assert KEY in city_choices(town.desk, town.designer).packages
    draft = copy_started(town.desk, town.designer, KEY, CopiedCity("lanshan", "兰山县", "Lanshan", "LN"))
    package = package_of(town.desk, draft)
    assert (package.key, package.jurisdiction.name) == ("lanshan/star_award", "兰山县")
    assert set(package.law.clauses) == {f"LN-{number}" for number in range(1, 8)}
    assert "LN-4" in package.element("lanshan_application", "decide").clauses
    assert check_draft(town.desk, town.designer, draft).problems == ()
    with pytest.raises(Conflict):
        copy_started(town.desk, town.designer, KEY, CopiedCity("lanshan", "兰山县", "", "LN"))
    with pytest.raises(Invalid):
        copy_started(town.desk, town.designer, KEY, CopiedCity("兰山", "兰山县", "", "LN"))


@pytest.mark.parametrize("later", [False, True], ids=["today", "from_a_day_on"])
def test_a_new_city_is_reviewed_at_home_published_and_runs(browse: Browse, town: Lakeside, later: bool) -> None:
    made = browse("designer").post("/studio/new", {**FIRST, **ROWS, **CITED})
    draft = int(made.headers["Location"].split("/")[3])
    submit_draft(town.desk, town.designer, draft, "新建兰山县。")
    with pytest.raises(NotAllowed):
        review_draft(town.desk, town.designer, draft, approved=True, reason="情景另行核对。")
    review_draft(town.desk, town.checker, draft, approved=True, reason="情景另行核对。")
    publish_draft(town.desk, town.admin, draft, date(2026, 3, 9) if later else None)
    town.advance(datetime(2026, 3, 9, 1, tzinfo=UTC))
    with town.desk.store.write() as tx:
        office = tx.bodies.find(jurisdiction="lanshan", key="office")
        assert office is not None
        now = town.clock.now()
        held = {
            m.role
            for name in ("admin", "designer")
            for m in tx.memberships.list_valid(town.people[name], now)
            if m.jurisdiction == "lanshan"
        }
    assert held == {"administrator", "designer"}
    clerk = Actor(
        town.people["office"], "office", (Seat("lanshan", "office", office.id, "office", office.name, "office"),)
    )
    form = {"round_name": "第一届", "deadline": "2026-04-01"}
    case = start_case(town.desk, clerk, "lanshan/quality_award", "round", None, form)
    assert town.case(case).facts["accepting"] is True


def test_once_a_place_is_published_nobody_draws_there_by_a_role_elsewhere(browse: Browse, town: Lakeside) -> None:
    made = browse("designer").post("/studio/new", {**FIRST, **ROWS, **CITED})
    draft = int(made.headers["Location"].split("/")[3])
    package = package_of(town.desk, draft)
    deploy_package(town.desk, SYSTEM, package)
    for step in (
        lambda: view_draft(town.desk, town.designer, draft),
        lambda: take_in(town.desk, town.designer, draft, package.version, {}),
        lambda: submit_draft(town.desk, town.designer, draft, "改别处的办法。"),
    ):
        with pytest.raises(NotAllowed):
            step()


BARE = {key: value for key, value in FIRST.items() if not key.endswith(("_days", "_years")) and key != "tiers"}


STRICT = """第一条 申报时间不少于30日。
第二条 拟奖名单公示不少于10个工作日。
第三条 评审委员会投票表决。
第四条 弄虚作假的，由评审委员会提请县人民政府审定后撤销奖励，异议由专家复核。
第五条 本办法自2026年3月1日起施行。
"""


def test_the_usual_numbers_stand_in_the_fields_and_those_typed_become_parameters(
    browse: Browse, town: Lakeside
) -> None:
    designer, typed = browse("designer"), {**BARE, "tiers": "质量奖 1", "steps": ["objection", "approval", "scoring"]}
    typed |= {"government": "兰山县人民政府"}
    typed |= {"since": "2026-03-01"}
    rows = {"row": [str(n) for n in range(1, 6)]} | {
        f"{key}-{n}": value
        for n, line in enumerate(STRICT.splitlines(), 1)
        for key, value in {
            "keep": "on", "place": line.split()[0], "numbers": str(n), "text": line.split()[1],
        }.items()
    }  # fmt: skip
    third = designer.post("/studio/new/steps", {**typed, **rows}).text
    assert re.search(r'name="acceptance_days"[^>]* value="10"', third), "what is usual stands in the field"
    shown_first = third.partition('name="cited-vote"')[2].partition("<details>")[0]
    assert 'value="LN-3-1"' in shown_first, "it speaks of a vote"
    assert 'value="LN-2-1"' not in shown_first
    cited = {"cited-apply": "LN-1-1", "cited-notice": "LN-2-1", "cited-vote": "LN-3-1"}
    said = {"window_days": "30", "notice_days": "10", "notice_unit": "working_days"}
    made = designer.post("/studio/new", {**typed, **rows, **cited, **said})
    draft = int(made.headers["Location"].split("/")[3])
    package = package_of(town.desk, draft)
    assert package.award.parameters["application_window_calendar_days"].values[-1].value == 30
    assert package.form("open_round")["properties"]["rule"].startswith("deadline >= today() + duration")
    wrong = [p for p in check_draft(town.desk, town.designer, draft).problems if p.rule != "uncovered_clause"]
    assert [p for p in wrong if p.severity.value == "error"] == []


def test_the_first_version_of_a_city_shows_its_reviewer_everything(town: Lakeside, browse: Browse) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    made = tree(town, draft)
    opened = open_file(town.desk, town.designer, draft, f"processes/{made.package.key}/award.yaml")
    save_file(town.desk, town.designer, draft, opened.path, opened.content + b"# one line\n", opened.hash)
    own = {path for path in made.filled if path.startswith(("processes/lanshan/", "forms/lanshan/"))}
    shown = view_publication(town.desk, town.designer, draft).compared
    assert {file.path for file in shown.files} >= own
    assert len(own) > 10
    assert {file.difference.change.value for file in shown.files} == {"added"}
    page = browse("designer").get(f"/studio/drafts/{draft}/publish").text
    assert f"{len(shown.files)} 个文件" in page
    assert browse("designer").get(f"/studio/drafts/{draft}/compare").status_code == 200


def test_two_clicks_at_once_make_one_draft(browse: Browse, town: Lakeside) -> None:
    def clicked(ident: str) -> str:
        return browse("designer").post("/studio/new", {**FIRST, **ROWS, **CITED, "id": ident}).headers["Location"]

    with ThreadPoolExecutor(2) as clicks:
        led = list(clicks.map(clicked, ("", "lanshan_second")))
    with town.desk.store.read() as tx:
        drafts = [row.id for row in tx.package_drafts.alive() if row.title == "兰山县"]
    assert {place.split("/")[3] for place in led} == {str(draft) for draft in drafts}
    assert len(drafts) == 1


def test_a_place_that_is_drawn_already_is_not_begun_again_by_a_program(town: Lakeside) -> None:
    first = start_city(town.desk, town.designer, OUTLINE)
    for again in (
        lambda: start_city(town.desk, town.designer, replace(OUTLINE, id="lanshan_second")),
        lambda: copy_started(town.desk, town.designer, KEY, CopiedCity("lanshan_third", "兰山县", "", "LN")),
    ):
        with pytest.raises(Conflict, match=f"“兰山县”已经有一份还没有发布的草稿（第 {first} 号）"):
            again()
    assert start_city(town.desk, town.designer, replace(OUTLINE, id="lanling", name="兰陵县")) != first
