"""Pieces of a draft from the browser's forms: entries of place and award, scenarios from blank, removing what nothing uses."""

from __future__ import annotations

import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import open_file, view_draft
from tests.support.browsers import Browse
from tests.support.lakeside import DIAGRAM, KEY, Lakeside

CITY, AWARD = "processes/lakeside/jurisdiction.yaml", f"processes/{KEY}/award.yaml"


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "基本设置")


@pytest.fixture
def here(draft: int) -> str:
    return f"/studio/drafts/{draft}"


def test_a_role_and_a_body_are_declared_and_the_page_shows_them(browse: Browse, town: Lakeside, draft: int) -> None:
    designer, here = browse("designer"), f"/studio/drafts/{draft}/basics"
    assert "办公室" in designer.get(here).text
    made = designer.post(f"{here}/roles", {"new": "yes", "id": "", "name": "监督员", "name_en": "Supervisor"})
    assert made.status_code == 302
    body = {"new": "yes", "id": "watch", "name": "湖滨县监督组", "kind": "supervisor", "roles": ["jian_du_yuan"]}
    assert designer.post(f"{here}/bodies", body).status_code == 302
    place = package_of(town.desk, draft).jurisdiction
    assert place.roles["jian_du_yuan"].name == "监督员"
    assert place.bodies[-1].roles == ("jian_du_yuan",)
    assert "湖滨县监督组" in designer.get(here).text
    assert designer.post(f"{here}/bodies", {"id": "watch", "do": "up"}).status_code == 302
    assert package_of(town.desk, draft).jurisdiction.bodies[-1].id != "watch"
    assert designer.post(f"{here}/bodies", {"id": "watch", "do": "remove"}).status_code == 302
    assert "watch" not in open_file(town.desk, town.designer, draft, CITY).content.decode()


def test_a_kind_of_case_is_changed_and_the_rest_keeps_its_bytes(browse: Browse, town: Lakeside, draft: int) -> None:
    designer, here = browse("designer"), f"/studio/drafts/{draft}/basics/processes"
    before = open_file(town.desk, town.designer, draft, AWARD).content.decode()
    page = designer.get(f"{here}?id=application")
    assert 'name="facts"' in page.text
    kind = package_of(town.desk, draft).award.processes["application"]
    facts = "\n".join(f"{name}: {word}" for name, word in kind.facts.items())
    typed = {
        "id": "application", "name": "申报书", "name_en": kind.name_en, "process": kind.process,
        "started_by": list(kind.started_by), "start_form": kind.start_form or "", "title": kind.title,
        "start_condition": kind.start_condition or "", "clauses": " ".join(kind.clauses), "facts": facts,
        **({"one_per_subject": "yes"} if kind.one_per_subject else {}),
    }  # fmt: skip
    assert designer.post(here, typed).status_code == 302
    after = open_file(town.desk, town.designer, draft, AWARD).content.decode()
    changed = [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]
    assert len(changed) == 1
    assert "申报书" in changed[0][1]


def test_what_cannot_be_read_is_said_and_nothing_typed_is_lost(browse: Browse, town: Lakeside, draft: int) -> None:
    designer, here = browse("designer"), f"/studio/drafts/{draft}/basics"
    refused = designer.post(f"{here}/roles", {"new": "yes", "id": "designer", "name": "自设的设计师"})
    assert refused.status_code == 422
    assert "系统自带的角色" in refused.text
    assert "自设的设计师" in refused.text
    assert designer.get(f"{here}/nothing").status_code == 404
    assert designer.get(f"{here}/roles?id=nobody").status_code == 404
    assert "designer" not in package_of(town.desk, draft).jurisdiction.roles


def test_a_scenario_begins_blank_and_its_head_is_typed(browse: Browse, town: Lakeside, here: str, draft: int) -> None:
    designer = browse("designer")
    refused = designer.post(f"{here}/scenarios", {"title": "一届", "start": "明天"})
    assert refused.status_code == 422
    assert "请填写开始日期" in refused.text
    made = designer.post(f"{here}/scenarios", {"title": "一届 没有人申报", "start": "2026-03-02", "name": "nobody"})
    path = f"processes/{KEY}/scenarios/nobody.yaml"
    assert made.location.endswith("nobody.yaml")
    assert (
        designer.post(f"{here}/scenarios", {"title": "甲", "start": "2026-03-02", "name": "nobody"}).status_code == 409
    )
    opened = open_file(town.desk, town.designer, draft, path)
    head = {
        "path": path, "base": opened.hash, "do": "head", "title": "一届，没有人申报", "start": "2026-03-03",
        "organisations": "甲｜湖滨重工有限公司\n丙｜王师傅｜{kind: individual}", "parameters": "decision_working_days: 3",
        "clauses": "LS-4", "days": "2027-01-01 2027-01-03 元旦\n补班 2027-01-09\n2028",
    }  # fmt: skip
    assert designer.post(f"{here}/scenarios/edit", head).status_code == 302
    said = open_file(town.desk, town.designer, draft, path).content.decode()
    assert said == (
        "title: 一届，没有人申报\nclauses: [LS-4]\nstart: 2026-03-03\norganisations:\n  甲: {name: 湖滨重工有限公司}\n"
        "  丙: {name: 王师傅, kind: individual}\nparameters: {decision_working_days: 3}\ncalendar_years:\n"
        "  2027: {days_off: [{name: 元旦, from: 2027-01-01, to: 2027-01-03}], make_up: [2027-01-09]}\n"
        "  2028: {days_off: [], make_up: []}\n"
    )
    now = open_file(town.desk, town.designer, draft, path)
    bad = designer.post(f"{here}/scenarios/edit", {**head, "base": now.hash, "days": "元旦放假"})
    assert bad.status_code == 422
    assert "元旦放假" in bad.text
    assert designer.post(f"{here}/scenarios/edit", {**head, "base": now.hash}).status_code == 302
    assert open_file(town.desk, town.designer, draft, path).content.decode() == said


def test_what_nothing_uses_is_removed_and_what_is_used_says_where(
    browse: Browse, town: Lakeside, here: str, draft: int
) -> None:
    designer = browse("designer")
    for path, says in (
        (DIAGRAM, "按它办理"),
        (f"processes/{KEY}/eligibility.dmn", "按它判断"),
    ):
        held = open_file(town.desk, town.designer, draft, path)
        refused = designer.post(f"{here}/remove", {"path": path, "base": held.hash})
        assert refused.status_code == 409
        assert says in refused.text
    scenario = next(f for f in view_draft(town.desk, town.designer, draft).files if f.kind.value == "scenario")
    gone = designer.post(f"{here}/remove", {"path": scenario.path, "base": scenario.hash})
    assert gone.status_code == 302
    assert scenario.path not in {f.path for f in view_draft(town.desk, town.designer, draft).files}
