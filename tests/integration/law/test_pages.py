"""The pages about the law: clauses to what carries them out and back, settings, comparisons."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.app import Installation
from service.cli.main import laurel
from service.settings import read_settings
from tests.support.browsers import Browse, words
from tests.support.half_seasons import publish_unchecked
from tests.support.lakeside import DIAGRAM, KEY, MINIATURE, Lakeside, amended_package

PAGES = (
    "/law",
    "/law/lakeside",
    "/law/lakeside?fate=OUTSIDE&q=x",
    "/law/lakeside/clauses/LS-5",
    f"/law/{KEY}/diagrams/lakeside_application?element=decide",
    f"/law/{KEY}/diagrams/shared_notice.bpmn",
    f"/law/{KEY}/pieces?file=processes/{KEY}/eligibility.dmn&element=founded_long_enough",
    f"/law/{KEY}/settings?show=all",
    f"/law/{KEY}/settings/notice_working_days",
    f"/law/{KEY}/versions",
    "/law/compare",
    f"/law/compare?left={KEY}&right={KEY}&all=1",
)


@pytest.mark.parametrize(("who", "language"), [("admin", "zh"), ("office", "en")])
def test_every_page_opens_for_office_and_administrator(browse: Browse, who: str, language: str) -> None:
    browser = browse(who)
    browser.get(f"/language?to={language}")
    for path in PAGES:
        answer = browser.get(path)
        assert answer.status_code == 200, (path, answer.status_code, words(answer.text)[:800])


def test_a_clause_leads_to_everything_that_carries_it_out_and_back(browse: Browse) -> None:
    office = browse("office")
    page = office.get("/law/lakeside/clauses/LS-4").text
    for told in ("决定是否受理", "受理决定期限"):
        assert told in page
    href = re.search(r'href="(/law/[^"]+diagrams/lakeside_application\?element=decide)"', page)
    assert href
    diagram = office.get(href[1]).text
    assert 'data-focus="decide"' in diagram
    assert '/law/lakeside/clauses/LS-4"' in diagram
    assert f"/law/{KEY}/settings/decision_working_days" in page


def test_a_setting_that_was_changed_since_its_page_was_opened_is_read_again(browse: Browse) -> None:
    admin, here = browse("admin"), f"/law/{KEY}/settings/notice_working_days"
    (seen,) = re.findall(r'name="changes_seen" value="(\d+)"', admin.get(here).text)
    typed = {"since": "2026-12-01", "changes_seen": seen}
    assert admin.post(here, {**typed, "value": "8", "reason": "甲改"}).status_code == 302
    late = admin.post(here, {**typed, "value": "6", "reason": "乙改"})
    assert (late.status_code, "在您打开之后由admin更改过" in late.text) == (409, True)
    assert ("甲改" in late.text, "乙改" in late.text, "tag-late" in late.text) == (True, True, False)
    (now,) = re.findall(r'name="changes_seen" value="(\d+)"', late.text)
    assert admin.post(here, {**typed, "value": "6", "reason": "乙改", "changes_seen": now}).status_code == 302


SIGNED = [
    ('<bpmn:callActivity id="publish"', '<bpmn:userTask id="sign" name="分管领导签批"><bpmn:extensionElements><spiffworkflow:properties>'
     '<spiffworkflow:property name="role" value="office" /><spiffworkflow:property name="form" value="decide" />'
     '<spiffworkflow:property name="due" value="workdays(3)" /></spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>'
     '<bpmn:callActivity id="publish"'),
    ('sourceRef="draft" targetRef="publish" />', 'sourceRef="draft" targetRef="sign" />'
     '<bpmn:sequenceFlow id="signed" sourceRef="sign" targetRef="publish" />'),
    ("workdays(param.decision_working_days)", "workdays(12)"),
    ('<bpmn:flowNodeRef>publish<', '<bpmn:flowNodeRef>sign</bpmn:flowNodeRef><bpmn:flowNodeRef>publish<'),
]  # fmt: skip
"""A signature before the notice, and another limit of the decision."""


def test_what_a_version_changes_is_said_by_its_names(town: Lakeside, browse: Browse) -> None:
    """The steps and limits that come for a running case, and what the studio's comparison says of each file."""
    case = town.start()
    before = town.case(case).definition
    publish_unchecked(town, amended_package({DIAGRAM: SIGNED}))
    listed = words(browse("admin").get(f"/law/{KEY}/running").text)
    assert "新增环节“分管领导签批”，期限3个工作日" in listed
    assert listed.count("“决定是否受理”的期限：") == 1
    assert "期限不变" not in listed
    page = browse("admin").get(f"/law/compare?left={KEY}@{before}&right={KEY}").text
    assert "任务“分管领导签批”" in words(page)
    assert f'href="/law/{KEY}/diagrams/lakeside_application"' in page
    assert f">{DIAGRAM}<" not in page


def test_what_is_not_ones_own_is_not_there(town: Lakeside, browse: Browse) -> None:
    town.applicant("somebody")
    assert browse().get("/law").status_code in (302, 401)
    assert browse("somebody").get("/law").status_code == 403
    for path in (
        "/law/elsewhere",
        "/law/lakeside/other_award/settings",
        "/law/lakeside/clauses/XX-1",
        f"/law/compare?left={KEY}@0&right={KEY}",
    ):
        assert browse("office").get(path).status_code == 404, path


# ``laurel compare``, on an installation of its own.

Run = Callable[..., Result]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MINIATURE, tmp_path / "tree"))


@pytest.fixture
def run(tmp_path: Path, tree: Path) -> Run:
    """Runs a command over the copied miniature."""
    settings = read_settings({"LAUREL_DATA": str(tmp_path / "var")})
    return lambda *words: CliRunner().invoke(laurel, list(words), obj=Installation(settings, tree))


@pytest.mark.parametrize(
    "wrong", [("atlantis", "lakeside"), ("lakeside", "lakeside@0"), ("lakeside", KEY, "--on", "x")]
)
def test_what_cannot_be_compared_is_refused_with_what_there_is(run: Run, wrong: tuple[str, ...]) -> None:
    told = run("compare", *wrong)
    assert told.exit_code == 2
    assert " / " in told.stderr
