"""A new city from the browser's forms: three steps to a draft that passes the check, or a copy of another place."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import combinations

import pytest

from service.casework.access.actor import SYSTEM, Actor, Seat
from service.casework.cases.start import start_case
from service.casework.definitions.deploy import deploy_package
from service.casework.simulate.playing.play import Unmet, play
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import DraftTree, package_of, tree_of
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.start_city import city_choices, copy_started, start_city
from service.casework.studio.drafts.take_in import take_in
from service.casework.studio.drafts.view_draft import list_drafts, open_file, view_draft
from service.casework.studio.law.assist_clause import write_assistance
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.publication.publish_draft import publish_draft
from service.casework.studio.publication.review_draft import review_draft
from service.casework.studio.publication.submit_draft import submit_draft
from service.casework.studio.publication.view_publication import view_publication
from service.casework.studio.scenarios.play_scenarios import read_file
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.coverage.coverage import citations, coverage
from service.catalog.law.law import Clause
from service.catalog.law_text.kinds import guessed_kind
from service.catalog.new_city.copied import CopiedCity
from service.catalog.new_city.outline import CityOutline, OutlinedTier
from service.catalog.new_city.site import Recommender
from service.catalog.new_city.steps import CHOSEN_AT_START, CityStep
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.web.frame.page import names
from service.web.studio.new_city.city_steps import guessed_clauses
from tests.support.browsers import Browser
from tests.support.lakeside import KEY, Lakeside

Browse = Callable[..., Browser]
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
    made = designer.post("/studio/new", {**FIRST, **ROWS, **CITED})
    assert made.status_code == 302
    draft = int(made.headers["Location"].split("/")[3])
    assert [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"] == []
    package = package_of(town.desk, draft)
    assert (package.key, len(package.law.clauses)) == ("lanshan/quality_award", 6)
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


STEPPED = {
    **FIRST, "steps": ["scoring", "objection", "approval"], "government": "兰山县人民政府", "objection_days": "4",
    "cited-objection": "LN-5-1", "cited-scoring": "LN-2-1", "cited-approval": "LN-6-1",
}  # fmt: skip


@pytest.mark.parametrize("count", range(5))
def test_whatever_steps_are_ticked_the_draft_has_no_errors_and_its_season_is_green(town: Lakeside, count: int) -> None:
    for number, steps in enumerate(
        combinations((s for s in CHOSEN_AT_START if s is not CityStep.RECOMMENDATION), count)
    ):
        outline = replace(OUTLINE, id=f"lanshan_{number}", name=f"兰山{number}县", steps=steps)
        draft = start_city(town.desk, town.designer, outline)
        assert [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"] == []
        with town.desk.store.read() as tx:
            tree = tree_of(town.desk, tx, draft)
        scenario = read_file(tree.filled, f"processes/{tree.package.key}/scenarios/first_season.yaml").scenario
        assert scenario is not None
        with empty_store() as store:
            played = play(store, tree.package, scenario, town.desk.calendars, town.desk.operations)
        assert [unmet.message.zh for unmet in played.unmet] == []


CORRECTION = TypedAssistance(
    AssistKind.CORRECTION, "LN-1", "correction_working_days", "补正", "working_days", "5", "maximum"
)
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
    with town.desk.store.read() as tx:
        tree = tree_of(town.desk, tx, draft)
    path = f"processes/{tree.package.key}/scenarios/first_season.yaml"
    season = tree.filled[path].decode()
    unmet = [
        unmet.message.zh
        for text in (season, season.replace("{decision: refuse,", "{decision: recommend,"))
        for unmet in _played(town, tree, path, text)
    ]
    write_assistance(town.desk, town.designer, draft, CORRECTION)  # what is drawn later leaves it as it is
    now = check_draft(town.desk, town.designer, draft).problems
    assert [(p.file, p.element, p.message.zh) for p in now if p.severity.name == "ERROR"] == []
    assert {"recommend", "correct_material"} <= set(
        package_of(town.desk, draft).diagrams[f"processes/{tree.package.key}/application.bpmn"].elements
    )
    assert bool(unmet) == (units == (EAST,))
    assert not unmet or "推荐名额已经用完" in unmet[0]


def test_who_recommends_is_read_from_the_text_asked_and_kept_when_it_is_refused(browse: Browse, town: Lakeside) -> None:
    designer = browse("designer")
    said = "申报组织由所在县（市、区）市场监督管理局在8个工作日内审核推荐，每个单位推荐不超过3个。"
    rows = {
        **ROWS,
        "row": [*ROWS["row"], "7"],
        "keep-7": "on",
        "place-7": "第七条",
        "numbers-7": "7",
        "text-7": said,
        "kind-7": "other",
    }
    ticked = {**FIRST, "steps": ["recommendation"]}
    assert designer.post("/studio/new/law", {**ticked, "text": TEXT}).status_code == 200
    third = designer.post("/studio/new/steps", {**ticked, **rows}).text
    assert ">县（市、区）市场监督管理局 3</textarea>" in third
    assert "第七条写明" in third
    assert 'name="recommend_days" value="8"' in re.sub(r' (?!name|value)[\w-]+="[^"]*"', "", third)
    sent = {**ticked, **rows, **CITED, "recommend_days": "8", "cited-recommendation": "LN-7-1"}
    for wrong, why in (("", "请写明由谁审核推荐"), ("东区局 0", "名额至少1"), ("东区局 2\n东区局", "写了两次")):
        refused = designer.post("/studio/new", {**sent, "recommenders": wrong})
        assert refused.status_code == 422
        assert why in refused.text
        assert f">{wrong}</textarea>" in refused.text
    made = designer.post("/studio/new", {**sent, "recommenders": "东区局 3 东区的组织\n西区局\nNorth Bureau 2"})
    package = package_of(town.desk, int(made.headers["Location"].split("/")[3]))
    recommend = package.element("lanshan_application", "recommend")
    assert (recommend.clauses, recommend.properties["body"]) == (("LN-7-1",), "case.recommender")
    assert package.award.parameters["recommendation_working_days"].values[-1].value == 8
    assert [body.text.zh for body in package.jurisdiction.bodies_with("recommending_unit")] == [
        "东区局",
        "西区局",
        "North Bureau",
    ]


def _played(town: Lakeside, tree: DraftTree, path: str, text: str) -> tuple[Unmet, ...]:
    scenario = read_file({**tree.filled, path: text.encode()}, path).scenario
    assert scenario is not None
    with empty_store() as store:
        return play(store, tree.package, scenario, town.desk.calendars, town.desk.operations).unmet


def test_steps_that_are_ticked_are_asked_for_their_clauses_and_drawn(browse: Browse, town: Lakeside) -> None:
    designer = browse("designer")
    text = f"{TEXT}第七条 对拟奖名单有异议的，可以书面提出异议。\n第八条 县人民政府审定名单。\n第九条 专家评分。\n"
    assert "政府审定" in designer.get("/studio/new").text
    assert "审定的人民政府" in designer.post("/studio/new/law", {**STEPPED, "government": "", "text": text}).text
    third = designer.post("/studio/new/steps", {**STEPPED, **ROWS})
    assert 'name="cited-objection"' in third.text
    made = designer.post("/studio/new", {**STEPPED, **ROWS, **CITED})
    draft = int(made.headers["Location"].split("/")[3])
    package = package_of(town.desk, draft)
    assert "LN-5-1" in package.element("lanshan_objection", "handle_objection").clauses
    assert package.award.parameters["objection_reply_working_days"].values[-1].value == 4
    assert {"approval", "objections_over"} <= set(
        package.diagrams["processes/lanshan/quality_award/round.bpmn"].elements
    )
    assert "6条条款中，6条已有环节引用" in designer.get(made.headers["Location"]).text


def test_more_places_than_the_text_gives_are_told_with_the_article(browse: Browse) -> None:
    law = {**ROWS, "text-1": "每届质量奖不超过2个，提名奖不超过10个。"}
    asked = browse("designer").post("/studio/new/steps", {**FIRST, **law}).text
    assert "质量奖填写 5 个，第一条写的是 2 个" in asked
    assert "提名奖填写" not in asked
    fewer = browse("designer").post("/studio/new/steps", {**FIRST, **law, "tiers": "质量奖 2\n提名奖 9"}).text
    assert "places-beyond" not in fewer


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


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"id": "兰山"}, "代号"),
        ({"tiers": "质量奖"}, "名称 名额"),
        ({"since": "明年"}, "不是日期"),
        ({"notice_days": "很久"}, "拟奖名单公示期：“很久”不是整数"),
        ({"office": ""}, "办公室"),
        ({"text": ""}, "粘贴或上传"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(browse: Browse, wrong: dict[str, str], said: str) -> None:
    answer = browse("designer").post("/studio/new/law", {**FIRST, "text": TEXT, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert "兰山县质量奖评审委员会" in answer.text


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


def test_a_copy_is_made_on_the_page(browse: Browse) -> None:
    sent = {"package": KEY, "copy_name": "兰山县", "copy_id": "lanshan", "copy_prefix": "LN"}
    assert browse("designer").post("/studio/new/copy", sent).status_code == 302
    assert (
        browse("designer").post("/studio/new/copy", {**sent, "copy_name": "兰陵县", "copy_id": "!"}).status_code == 422
    )
    designer = browse("designer")
    again = designer.post("/studio/new/copy", {**sent, "copy_id": "lanshan_second"})
    assert re.fullmatch(r"/studio/drafts/\d+", again.headers["Location"])
    assert "“兰山县”已经有一份还没有发布的草稿" in designer.get(again.headers["Location"]).text
    nameless = browse("designer").post("/studio/new/copy", {**sent, "copy_id": "", "copy_name": " "})
    assert (nameless.status_code, "请填写新地方的名称" in nameless.text) == (422, True)
    assert browse("office").get("/studio/new").status_code in (403, 404)


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
        office = tx.people.body_by_key("lanshan", "office")
        assert office is not None
        now = town.clock.now()
        held = {
            m.role
            for name in ("admin", "designer")
            for m in tx.people.memberships(town.people[name], now)
            if m.jurisdiction == "lanshan"
        }
    assert held == {"administrator", "designer"}
    clerk = Actor(
        town.people["office"], "office", (Seat("lanshan", "office", office.id, "office", office.name, "office"),)
    )
    form = {"round_name": "第一届", "deadline": "2026-04-01"}
    case = start_case(town.desk, clerk, "lanshan/quality_award", "round", None, form)
    assert town.case(case).facts["accepting"] is True


def test_a_place_that_was_just_published_is_called_by_its_names(
    browse: Browse, town: Lakeside, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = browse("admin")
    assert "兰山县" not in admin.get("/seats").text, "the names are read, and kept"
    made = browse("designer").post("/studio/new", {**FIRST, **ROWS, **CITED})
    draft = int(made.headers["Location"].split("/")[3])
    submit_draft(town.desk, town.designer, draft, "新建兰山县。")
    review_draft(town.desk, town.checker, draft, approved=True, reason="情景另行核对。")
    publish_draft(town.desk, town.admin, draft, None)
    monkeypatch.setattr(names, "_AGAIN", 0.0)
    page = admin.get("/seats").text
    assert "· 兰山县" in page
    assert "· lanshan" not in page


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


UNSEEN = """第一条 县长质量奖分为组织奖和班组奖。
第二条 每届组织奖不超过3个，班组奖不超过5个。
第三条 申报组织奖应当在本县登记注册，正常运营四年以上。申报班组奖应当有质量改进成果。
第四条 办公室应当自收到材料之日起12个工作日内完成资格审查。
第五条 资格审查通过的名单应当向社会公示6个工作日。
第六条 领导小组会议表决。
第七条 审议通过的名单在县政府门户网站公示7日。
第八条 颁发证书。
第九条 县长质量奖每两年评选一次。
"""
_GROUP = "兰山县质量奖评审领导小组"
BARE = {key: value for key, value in FIRST.items() if not key.endswith(("_days", "_years")) and key != "tiers"}


def test_what_nobody_typed_is_taken_from_the_text_with_its_article_and_categories_are_told_from_ranks(
    browse: Browse, town: Lakeside
) -> None:
    designer = browse("designer")
    second = designer.post("/studio/new/law", {**BARE, "text": UNSEEN})
    assert second.status_code == 200
    assert ">组织奖 3\n班组奖 5</textarea>" in second.text
    lines = [line.split(" ", 1) for line in UNSEEN.splitlines()]
    rows = {"row": [str(n) for n in range(1, 10)]} | {
        f"{key}-{n}": value
        for n, (place, text) in enumerate(lines, 1)
        for key, value in {"keep": "on", "place": place, "numbers": str(n), "text": text, "kind": ""}.items()
    }
    third = designer.post("/studio/new/steps", {**BARE, "tiers": "组织奖 3\n班组奖 5", **rows}).text
    assert 'name="cited-cycle" value="LN-9-1" checked' in third
    for told in ("第三条：4", "第四条：12", "第七条：7", "第九条：2", "正文里没有找到；空着就按5拟定"):
        assert told in third
    assert third.count('name="cited-vote" value="LN-2-1" checked') == 1, "the clause of the places"
    assert 'value="calendar_days" selected' in third
    assert 'value="categories" checked' in third
    assert 'name="cited-notice" value="LN-7-1" checked' in third
    sent = {"founded_years": "4", "acceptance_days": "12", "notice_days": "7", "vote_days": "", "cycle_years": "2"}
    sent |= {
        "committee": _GROUP,
        "notice_unit": "calendar_days",
        "tiers_are": "categories",
        "tiers": "组织奖 3\n班组奖 5",
    }
    cited = {"cited-conditions": "LN-3-1", "cited-vote": "LN-6-1", "cited-notice": "LN-7-1", "cited-cycle": "LN-9-1"}
    made = designer.post("/studio/new", {**BARE, **rows, **sent, **cited})
    package = package_of(town.desk, int(made.headers["Location"].split("/")[3]))
    assert package.award.parameters["winners_notice_calendar_days"].values[-1].value == 7
    assert package.award.parameters["ballot_working_days"].source.value == "default"
    vote = package.element("lanshan_round", "vote")
    roles = package.jurisdiction.roles
    assert (vote.name, roles["committee"].name, roles["chair"].name) == ("领导小组表决", "领导小组", "组长")
    cycle = package.award.parameters["cycle_years"]
    assert (cycle.values[-1].value, cycle.clauses, cycle.source.value) == (2, ("LN-9-1",), "stated")
    assert package.element("lanshan_round", "cycle_over").clauses == ("LN-9-1",)
    assert "set_category" in package.diagrams["processes/lanshan/quality_award/application.bpmn"].elements


def test_what_the_text_leaves_open_or_says_twice_is_to_be_chosen(browse: Browse) -> None:
    designer = browse("designer")
    more = ("受理名单公示6个工作日。", "采取无记名投票。")
    rows = {**ROWS, "row": [*ROWS["row"], "7", "8"], "text-5": "候选名单公示5个工作日。"}
    for number, text in enumerate(more, 7):
        rows |= {f"keep-{number}": "on", f"place-{number}": f"第{number}条", f"numbers-{number}": str(number)}
        rows |= {f"text-{number}": text, f"kind-{number}": "other"}
    ticked = {**BARE, "tiers": "质量奖 5"}
    third = designer.post("/studio/new/steps", {**ticked, **rows}).text
    assert '<option value="true" selected>无记名投票</option>' in third
    assert "第五条“候选名单公示5个工作日”；第7条“受理名单公示6个工作日”" in third
    assert 'value="LN-5-1" checked' not in third.partition("cited-notice")[2].partition("</fieldset>")[0]
    sent = {
        **ticked,
        **rows,
        **CITED,
        "founded_years": "3",
        "acceptance_days": "10",
        "vote_base": "",
        "vote_secret": "true",
    }
    refused = designer.post("/studio/new", {**sent, "notice_days": ""})
    assert refused.status_code == 422
    assert "请选择“拟奖名单公示期”" in refused.text
    refused = designer.post("/studio/new", {**sent, "notice_days": "5"})
    assert refused.status_code == 422
    assert "请选择“得票比例是谁的几分之几”" in refused.text


STRICT = """第一条 申报时间不少于30日。
第二条 拟奖名单公示不少于10个工作日。
第三条 评审委员会投票表决。
第四条 弄虚作假的，由评审委员会提请县人民政府审定后撤销奖励，异议由专家复核。
第五条 本办法自2026年3月1日起施行。
"""


def test_what_the_text_asks_for_at_least_is_kept_and_what_is_revoked_is_no_step(browse: Browse, town: Lakeside) -> None:
    designer, typed = browse("designer"), {**BARE, "tiers": "质量奖 1", "steps": ["objection", "approval", "scoring"]}
    typed |= {"government": "兰山县人民政府"}
    early = designer.post("/studio/new/law", {**typed, "text": STRICT})
    assert (early.status_code, "第五条写明自2026年3月1日起施行" in early.text) == (422, True)
    typed |= {"since": "2026-03-01"}
    rows = {"row": [str(n) for n in range(1, 6)]} | {
        f"{key}-{n}": value
        for n, line in enumerate(STRICT.splitlines(), 1)
        for key, value in {
            "keep": "on", "place": line.split()[0], "numbers": str(n), "text": line.split()[1], "kind": "",
        }.items()
    }  # fmt: skip
    third = designer.post("/studio/new/steps", {**typed, **rows}).text
    assert "第一条：30" in third
    assert 'name="cited-apply" value="LN-1-1" checked' in third
    assert 'value="LN-4-1" checked' not in third
    cited = {"cited-apply": "LN-1-1", "cited-notice": "LN-2-1", "cited-vote": "LN-3-1"}
    said = {"window_days": "30", "notice_days": "10", "notice_unit": "working_days"}
    for short, told in (("window_days", "申报时间不能是5"), ("notice_days", "公示期不能是5")):
        refused = designer.post("/studio/new", {**typed, **rows, **cited, **said, short: "5"})
        assert (refused.status_code, told in refused.text) == (422, True), refused.text[:2000]
    made = designer.post("/studio/new", {**typed, **rows, **cited, **said})
    draft = int(made.headers["Location"].split("/")[3])
    tree = package_of(town.desk, draft)
    assert tree.award.parameters["application_window_calendar_days"].values[-1].value == 30
    assert tree.form("open_round")["properties"]["rule"].startswith("deadline >= (if get value(param")
    wrong = [p for p in check_draft(town.desk, town.designer, draft).problems if p.rule != "uncovered_clause"]
    assert [p for p in wrong if p.severity.value == "error"] == []


def test_a_mistake_in_a_call_is_named_to_who_draws_a_place_that_begins(town: Lakeside, browse: Browse) -> None:
    """Nobody has a role in the new place yet: those of its author's place count."""
    draft = start_city(town.desk, town.designer, OUTLINE)
    headed = [place.city.zh for place in list_drafts(town.desk, town.designer) if place.drafts]
    assert headed == [view_draft(town.desk, town.designer, draft).row.title]
    answer = browse("designer").send("PUT", f"/api/v1/drafts/{draft}/file", {"nobody reads this": True})
    assert answer.status_code == 422, answer.text
    assert "nobody reads this" in answer.text


def test_a_notice_and_an_answer_in_one_clause_leave_a_place_just_begun_without_errors(town: Lakeside) -> None:
    said = "拟奖名单公示不少于7个工作日，有异议的，办公室在5个工作日内答复。"
    clauses = (*OUTLINE.clauses, Clause("LN-2", "第二条", "notice", said, None, None))
    cited = {**OUTLINE.cited, "notice": ("LN-2",), "objection": ("LN-2",)}
    steps = (CityStep.OBJECTION, CityStep.APPROVAL)
    outline = replace(OUTLINE, clauses=clauses, cited=cited, steps=steps, notice_days=7)
    draft = start_city(town.desk, town.designer, outline)
    told = [p.element for p in check_draft(town.desk, town.designer, draft).problems if p.rule == "beyond_law"]
    assert told == []


def test_what_nobody_chose_is_to_be_cited_and_stays_open(town: Lakeside) -> None:
    said = "评审会议应当有7名以上委员出席方可表决。"
    clauses = (*OUTLINE.clauses, Clause("LN-2", "第二条", "vote", said, None, None))
    steps = (CityStep.OBJECTION, CityStep.SCORING, CityStep.APPROVAL)
    outline = replace(OUTLINE, clauses=clauses, cited={"vote": ("LN-2",)}, steps=steps, vote_ballots=2)
    draft = start_city(town.desk, town.designer, outline)
    found = check_draft(town.desk, town.designer, draft).problems
    package = package_of(town.desk, draft)
    assert {citation.clause for citation in citations(package)} == {"LN-2"}, "the first article is cited by nobody"
    assert coverage(package).uncovered == ("LN-1",)
    assert {p.element for p in found if p.rule == "to_be_cited"} == {
        "winners_notice",
        "review",
        "approval",
        "handle_objection",
    }
    told = [(p.rule, p.element) for p in found if p.severity.value == "error" and p.rule != "uncovered_clause"]
    assert told == [], "seven members who attend are no bound of how many ballots there are"
    assert package.award.parameters["vote_max_ballots"].values[-1].value == 2
    with town.desk.store.read() as tx:
        tree = tree_of(town.desk, tx, draft)
    path = f"processes/{tree.package.key}/scenarios/first_season.yaml"
    assert _played(town, tree, path, tree.filled[path].decode()) == ()
    attended = TypedAssistance(
        AssistKind.MAJORITY, "LN-2", "vote_threshold", "票数", "text", ">= 2/3", second="7", scenario=path
    )
    write_assistance(town.desk, town.designer, draft, attended)
    quorum = package_of(town.desk, draft).award.parameters["vote_quorum"]
    assert (quorum.unit.value, quorum.values[-1].value) == ("count", 7)
    with town.desk.store.read() as tx:
        tree = tree_of(town.desk, tx, draft)
    assert [unmet.message.zh for unmet in _played(town, tree, path, tree.filled[path].decode())] == []


def test_no_step_rests_on_the_purpose_or_scope_and_reviewers_stand_back_by_the_article_that_says_so() -> None:
    said = (
        "为推广专家评分的经验，制定本办法。",
        "本办法适用于质量奖的申报、推荐和公示。",
        "评审员对申报材料评分。",
        "与申报组织有利害关系的，应当回避。",
        "名单公示5日。",
    )
    law = tuple(Clause(f"LN-{n}", f"第{n}条", guessed_kind(text), text, None, None) for n, text in enumerate(said, 1))
    found = guessed_clauses(law, {"steps": "scoring recommendation", "cycle_years": ""})
    assert (found["scoring"], found["notice"], found["recommendation"]) == (("LN-3", "LN-4"), ("LN-5",), ())
    assert {"LN-1", "LN-2"}.isdisjoint(ident for cited in found.values() for ident in cited)


def test_the_first_version_of_a_city_shows_its_reviewer_everything(town: Lakeside, browse: Browse) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    with town.desk.store.read() as tx:
        tree = tree_of(town.desk, tx, draft)
    opened = open_file(town.desk, town.designer, draft, f"processes/{tree.package.key}/award.yaml")
    save_file(town.desk, town.designer, draft, opened.path, opened.content + b"# one line\n", opened.hash)
    own = {path for path in tree.filled if path.startswith(("processes/lanshan/", "forms/lanshan/"))}
    shown = view_publication(town.desk, town.designer, draft).compared
    assert {file.path for file in shown.files} >= own
    assert len(own) > 10
    assert {file.difference.change.value for file in shown.files} == {"added"}
    page = browse("designer").get(f"/studio/drafts/{draft}/publish").text
    assert f"{len(shown.files)} 个文件" in page
    assert browse("designer").get(f"/studio/drafts/{draft}/compare").status_code == 200
