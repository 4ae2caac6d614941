"""What the assistants make of the words of a clause, on the page of a city begun from blank: nothing half, nothing twice."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of, tree_of
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.assist_clause import propose_assistance, write_assistance
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.law.register_clauses import register_clauses
from service.casework.studio.law.typed_fields import TypedAssistance
from service.catalog import Basis
from service.catalog.assistants.revocation_grounds import label_of_ground
from service.catalog.clause_kinds.clause_assistants import ASSISTANTS, AssistKind
from service.catalog.law_text.pieces import LawPiece
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.parameter_entries import change_parameter
from service.domain.errors import Invalid
from tests.integration.studio.test_drawn_clauses import OUTLINE
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import Lakeside

PRIZES = "质量奖奖励50万元，提名奖奖励20万元。"
GROUNDS = (
    "以弄虚作假等不正当手段骗取奖项，或者在有效期内发生重大质量、安全事故的，由市人民政府撤销其称号，收回证书和奖金。"
    "被撤销的，自撤销之日起5年内不得再次申报。"
)


@pytest.fixture
def draft(town: Lakeside) -> int:
    return start_city(town.desk, town.designer, OUTLINE)


def chosen(page: str, name: str) -> str:
    """Return what is chosen in a list of the page before anybody chooses."""
    options = re.search(rf'<select[^>]* name="{name}"[^>]*>(.*?)</select>', page, re.S)
    found = re.search(r'value="([^"]*)" selected', options[1]) if options else None
    return found[1] if found else ""


def typed_in(page: str, name: str) -> str:
    """Return what stands in a field of the page before anybody types."""
    field = re.search(rf'<input[^>]* name="{name}"[^>]*>', page)
    value = re.search(r' value="([^"]*)"', field[0]) if field else None
    return value[1] if value else ""


def test_each_of_two_prizes_is_written_for_its_tier_and_none_is_forgotten(town: Lakeside, draft: int) -> None:
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": PRIZES})
    browser, here = Browser(make_app(town), town, "designer"), f"/studio/drafts/{draft}/clauses/LN-2/assist"
    page = browser.get(f"{here}?kind=prize").text
    assert (chosen(page, "tier"), typed_in(page, "value"), chosen(page, "bound")) == ("tier_1", "500000", "exactly")
    assert "untaken" not in page
    assert page.count("还没有写") == 2
    fields = {
        "kind": "prize",
        "parameter": "",
        "name": "质量奖奖金",
        "unit": "yuan",
        "value": "500000",
        "confirm": "yes",
    }
    refused = browser.post(here, {**fields, "tier": ""})
    assert refused.status_code == 422
    assert "质量奖50万元、提名奖20万元" in refused.text
    written = browser.post(here, {**fields, "tier": "tier_1", "bound": "exactly"})
    assert written.headers["Location"].endswith("tier=tier_2")
    page = browser.get(written.headers["Location"]).text
    assert (chosen(page, "tier"), typed_in(page, "value"), typed_in(page, "name")) == (
        "tier_2",
        "200000",
        "第2条提名奖奖金",
    )
    assert page.count("已经写了") == page.count("还没有写") == 1
    second = {**fields, "tier": "tier_2", "bound": "exactly", "name": "提名奖奖金", "value": "200000"}
    assert browser.post(here, second).headers["Location"].endswith("clause=LN-2")
    known = package_of(town.desk, draft).award.parameters.values()
    assert sorted(p.values[-1].value for p in known if "LN-2" in p.clauses and p.unit == "yuan") == [200000, 500000]
    parts = "奖金分两期拨付：授奖后拨付60%，满一年的拨付40%。"
    change_clause(town.desk, town.designer, draft, "LN-1", {"text": parts})
    page = browser.get(f"/studio/drafts/{draft}/clauses/LN-1/assist").text
    assert (chosen(page, "tier"), typed_in(page, "value")) == ("tier_1", "500000"), (
        "a clause on the parts says no amount"
    )
    assert (typed_in(page, "share_1"), typed_in(page, "share_2")) == ("60", "40")


def test_the_parts_of_a_prize_stay_where_its_amount_alone_is_written_again(town: Lakeside, draft: int) -> None:
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": "质量奖奖励50万元。"})
    parts = {"share_1": "60", "when_1": "decision", "share_2": "40", "when_2": "years", "at_2": "1", "pay_days": "30"}
    first = TypedAssistance(
        AssistKind.PRIZE, "LN-2", "", "质量奖奖金", "yuan", "500000", "exactly", tier="tier_1", answers=parts
    )
    write_assistance(town.desk, town.designer, draft, first)
    plan = package_of(town.desk, draft).award.parameters["prize_parts"]
    assert [row["share"] for row in plan.values[-1].value] == [0.6, 0.4]
    browser, here = Browser(make_app(town), town, "designer"), f"/studio/drafts/{draft}/clauses/LN-2/assist"
    page = browser.get(f"{here}?kind=prize").text
    fields = {key: typed_in(page, key) for key in ("parameter", "name", "value", *parts) if "when" not in key}
    fields |= {key: chosen(page, key) for key in ("tier", "unit", "bound", "when_1", "when_2", "when_3")}
    assert {key: fields[key] for key in parts} == parts
    assert fields["tier"] == "tier_1"
    sent = browser.post(here, {**fields, "kind": "prize", "confirm": "yes"})
    assert sent.status_code == 302, re.findall(r"note-late[^>]*>(.*?)<", sent.text)
    assert package_of(town.desk, draft).award.parameters["prize_parts"] == plan
    again = replace(first, parameter=fields["parameter"], answers={})
    write_assistance(town.desk, town.designer, draft, again)
    assert package_of(town.desk, draft).award.parameters["prize_parts"] == plan, "what is not answered stays"
    write_assistance(town.desk, town.designer, draft, replace(again, answers={"share_1": "100", "when_1": "decision"}))
    [row] = package_of(town.desk, draft).award.parameters["prize_parts"].values[-1].value
    assert row["share"] == 1


def test_what_is_given_to_a_tier_that_the_award_has_not_is_told(town: Lakeside, draft: int) -> None:
    text = "每届评选质量奖组织不超过5家、个人不超过2名，提名奖不超过10家。"
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": text})
    page = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/clauses/LN-2/assist?kind=quota").text
    assert (chosen(page, "tier"), typed_in(page, "value"), chosen(page, "bound")) == ("tier_1", "5", "maximum")
    assert "个人不超过2名" in page.partition('id="untaken"')[2]


def test_two_grounds_of_one_clause_are_one_revocation_with_one_bar(town: Lakeside, draft: int) -> None:
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": GROUNDS})
    browser, here = Browser(make_app(town), town, "designer"), f"/studio/drafts/{draft}/clauses/LN-2/assist"
    page = browser.get(here).text
    grounds = "以弄虚作假等不正当手段骗取奖项；在有效期内发生重大质量、安全事故"
    assert (typed_in(page, "ground"), typed_in(page, "value"), chosen(page, "bound")) == (grounds, "5", "exactly")
    fields = {
        "kind": "revocation", "parameter": "wrong_ban_years", "name": "", "unit": "years", "value": "5", "bound": "exactly", "ground": grounds,
        "proposer": "office", "decider": "government", "recover": ["certificate", "prize"], "recovery_unit": "calendar_days",
        "confirm": "yes",
    }  # fmt: skip
    sent = browser.post(here, fields)
    assert sent.status_code == 302, re.findall(r"note-late[^>]*>(.*?)<", sent.text)
    package = package_of(town.desk, draft)
    [bar] = [p for p in package.award.parameters.values() if "LN-2" in p.clauses and p.unit == "years"]
    assert label_of_ground(package, bar.id) == grounds
    said = package.element("lanshan_revocation", "set_revocation").operation
    assert said is not None
    assert said.parameters["values"].count("ban_years: param.wrong_ban_years") == 2
    again = browser.get(here).text
    assert typed_in(again, "parameter") == bar.id
    assert "不会再建一个" in again
    change_clause(town.desk, town.designer, draft, "LN-1", {"text": "拒不整改的；"})
    other = f"/studio/drafts/{draft}/clauses/LN-1/assist?kind=revocation"
    item = browser.get(f"{other}&parameter={bar.id}").text
    assert typed_in(item, "ground") == f"{grounds}；拒不整改", "an item of the list has the bar of the others"
    article = package.law.article("LN-2")
    for place, said, joins in (
        ("", "拒不整改的；", True),  # its list is that of the clause
        ("", "拒不整改的，2年内不得申报。", False),
        ("第九条", "拒不整改的；", False),
    ):
        piece = LawPiece(place or f"{article}第（三）项", (9, 3), said, "sanction", "")
        [made] = register_clauses(town.desk, town.designer, draft, "LN", [piece])
        page = browser.get(f"/studio/drafts/{draft}/clauses/{made.id}/assist?kind=revocation").text
        assert typed_in(page, "parameter") == (bar.id if joins else ASSISTANTS[AssistKind.REVOCATION].ident), (
            place,
            said,
        )
        assert typed_in(page, "ground") == (f"{grounds}；拒不整改" if joins else "拒不整改")


def test_a_notice_that_the_first_page_made_is_changed_and_no_second_one_made(town: Lakeside, draft: int) -> None:
    change_clause(town.desk, town.designer, draft, "LN-1", {"text": "拟奖名单应当公示，公示期不少于5个工作日。"})
    held = next(p for p in package_of(town.desk, draft).award.parameters.values() if "notice_working" in p.id)
    if "LN-1" not in held.clauses:
        known = TypedAssistance(AssistKind.NOTICE, "LN-1", held.id, "", "working_days", "5", "minimum")
        write_assistance(town.desk, town.designer, draft, known)
    page = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/clauses/LN-1/assist?kind=notice").text
    assert typed_in(page, "parameter") == held.id
    assert "不会再建一个" in page
    assert chosen(page, "bound") == "minimum"


def test_another_number_than_the_text_states_is_refused_with_the_article(town: Lakeside, draft: int) -> None:
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": "近3年内未发生重大质量事故。"})
    page = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/clauses/LN-2/assist").text
    assert (typed_in(page, "value"), chosen(page, "bound")) == ("3", "exactly")
    back = TypedAssistance(
        AssistKind.BAR, "LN-2", "no_accident_years", "近几年内没有事故", "years", "5",
        answers={"since": "event", "what": "发生重大质量事故"},
    )  # fmt: skip
    for bound in ("", "exactly", "minimum"):
        other = TypedAssistance(
            **{
                **{f: getattr(back, f) for f in ("kind", "clause", "parameter", "name", "unit", "value", "answers")},
                "bound": bound,
            }
        )
        with pytest.raises(Invalid, match="第2条写的是“3年”"):
            propose_assistance(town.desk, town.designer, draft, other)


def test_a_time_to_correct_is_not_the_time_to_examine_that_cites_the_same_clause(town: Lakeside, draft: int) -> None:
    text = "自收到材料之日起10个工作日内完成审查。申报者应当在5个工作日内补正。"
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": text})
    held = TypedAssistance(
        AssistKind.TIME_LIMIT, "LN-2", "acceptance_working_days", "", "working_days", "10", "maximum"
    )
    write_assistance(town.desk, town.designer, draft, held)
    browser, here = Browser(make_app(town), town, "designer"), f"/studio/drafts/{draft}/clauses/LN-2/assist"
    page = browser.get(f"{here}?kind=correction").text
    assert (typed_in(page, "parameter"), typed_in(page, "value")) == ("correction_working_days", "5")
    assert "不会再建一个" not in page


def test_a_number_that_the_clause_does_not_give_stays_a_proposal_of_the_place(town: Lakeside) -> None:
    outline = replace(
        OUTLINE, steps=(CityStep.OBJECTION,), cited={**OUTLINE.cited, "objection": ("LN-2",)},
        unsaid=frozenset({"objection_days"}),
    )  # fmt: skip
    draft = start_city(town.desk, town.designer, outline)
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": "收到异议后3个工作日内决定是否受理。"})
    reply = package_of(town.desk, draft).award.parameters["objection_reply_working_days"]
    assert reply.source is Basis.DEFAULT
    typed = TypedAssistance(
        AssistKind.OBJECTION_WINDOW, "LN-2", "", "", "working_days", "5", "maximum", answers={"acceptance": "3"}
    )
    write_assistance(town.desk, town.designer, draft, typed)
    after = package_of(town.desk, draft).award.parameters["objection_reply_working_days"]
    assert (after.source, after.maximum, after.values[-1].value) == (Basis.DEFAULT, None, 5)


LONGER = "评审办应当自收到异议之日起10个工作日内书面答复；情况复杂的，经评审办主要负责人批准，可以延长5个工作日。"


def test_who_grants_more_time_for_an_objection_is_read_and_may_be_chosen_anew(town: Lakeside, draft: int) -> None:
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": LONGER})
    browser, here = Browser(make_app(town), town, "designer"), f"/studio/drafts/{draft}/clauses/LN-2/assist"
    assert chosen(browser.get(f"{here}?kind=objection_window").text, "extended_by") == "office"
    answers = {"hold": "all", "counted": "receipt", "extension": "5", "extended_by": "chair"}
    typed = TypedAssistance(
        AssistKind.OBJECTION_WINDOW, "LN-2", "", "", "working_days", "10", "maximum", answers=answers
    )
    write_assistance(town.desk, town.designer, draft, typed)
    write_assistance(town.desk, town.designer, draft, replace(typed, answers={**answers, "extended_by": "office"}))
    held = package_of(town.desk, draft).award.parameters["objection_extension_decider"]
    assert held.values[-1].value == "office"
    assert {"office", "chair"} <= set(held.choices)
    page = browser.get(f"/studio/drafts/{draft}/parameters/objection_extension_decider").text
    assert '<option value="office" selected>办公室</option>' in page
    assert not [p for p in check_draft(town.desk, town.designer, draft).problems if "不在可选值中" in p.message.zh]


def test_a_value_that_was_no_choice_when_it_was_drawn_becomes_one(town: Lakeside, draft: int) -> None:
    answers = {"hold": "all", "counted": "receipt", "extension": "5", "extended_by": "chair"}
    typed = TypedAssistance(
        AssistKind.OBJECTION_WINDOW, "LN-2", "", "", "working_days", "10", "maximum", answers=answers
    )
    write_assistance(town.desk, town.designer, draft, typed)
    path = "processes/lanshan/quality_award/parameters.yaml"
    with town.desk.store.read() as tx:
        tree = tree_of(town.desk, tx, draft)
    text = change_parameter(tree.files[path].decode(), "objection_extension_decider", {"choices": ["chair"]})
    save_file(town.desk, town.designer, draft, path, text.encode(), sha256(tree.opened(path) or b"").hexdigest())
    write_assistance(town.desk, town.designer, draft, replace(typed, answers={**answers, "extended_by": "office"}))
    held = package_of(town.desk, draft).award.parameters["objection_extension_decider"]
    assert (held.values[-1].value, "office" in held.choices) == ("office", True)


@pytest.mark.parametrize(
    ("kind", "text", "typed"),
    [
        (
            AssistKind.CUT_OFF,
            "得分低于600分的，不进入现场评审。",
            TypedAssistance(
                AssistKind.CUT_OFF, "LN-2", "cut_off_points", "入围分数线", "points", "600", "minimum",
                answers={"before": "vote", "tie": "all"},
            ),
        ),
        (
            AssistKind.EXPERT_BAR,
            "评审专家与申报组织有利害关系的，应当主动回避。",
            TypedAssistance(AssistKind.EXPERT_BAR, "LN-2", "", value="4", answers={"limit": "interest"}),
        ),
    ],
)  # fmt: skip
def test_an_assistant_that_is_used_again_changes_what_it_wrote(
    town: Lakeside, kind: AssistKind, text: str, typed: TypedAssistance
) -> None:
    scored = replace(OUTLINE, steps=(CityStep.SCORING, CityStep.APPROVAL), government="兰山县人民政府")
    draft = start_city(town.desk, town.designer, scored)
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": text})
    write_assistance(town.desk, town.designer, draft, typed)
    browser, here = Browser(make_app(town), town, "designer"), f"/studio/drafts/{draft}/clauses/LN-2/assist"
    page = browser.get(f"{here}?kind={kind.value}").text
    known = package_of(town.desk, draft).award.parameters
    assert typed_in(page, "parameter") in known, "no second one is made"
    assert typed_in(page, "value") == typed.value


def test_an_interest_whose_years_the_text_does_not_name_may_be_left_empty(town: Lakeside, draft: int) -> None:
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": "评审专家与申报组织有利害关系的，应当主动回避。"})
    browser = Browser(make_app(town), town, "designer")
    page = browser.get(f"/studio/drafts/{draft}/clauses/LN-2/assist?kind=expert_bar").text
    [field] = re.findall(r'<input[^>]* name="value"[^>]*>', page)
    assert " required" not in field
