"""The proof sheet: for every clause the scenario that fails without it, of a draft and of what is published."""

from __future__ import annotations

from dataclasses import replace

from service.casework.queries.law.proof_sheet import proof_sheet, view_proof_sheet
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file, view_draft
from service.casework.studio.law.view_clauses import view_clauses
from service.casework.studio.law.view_proofs import view_proofs
from service.casework.studio.publication.publish_draft import publish_draft
from service.casework.studio.publication.review_draft import review_draft
from service.casework.studio.publication.submit_draft import submit_draft
from service.casework.studio.scenarios.run_scenarios import run_scenarios, view_job
from service.catalog.coverage.matrix import ClauseStatus
from service.catalog.law.clause_trials import ChangeTrial, ClauseTrial
from service.domain.text import Text
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import DIAGRAM, KEY, LAW, Lakeside
from tests.support.waiting import until

SCENARIO = """title: 不予受理
start: 2026-03-02
organisations:
  甲: {name: 湖滨木作坊}
steps:
  - {as: 甲, start: application, name: 甲, with: {founded: 2020-05-01, merit: 榫卯技艺传承。}}
expect:
  - {case: 甲, waiting: decide, proves: [LS-4], why: 由办公室决定}
"""


def test_a_scenario_of_the_draft_that_proves_a_clause_stands_beside_it(town: Lakeside) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "证明")
    before = {line.clause.id: line.proofs for line in view_proofs(town.desk, town.designer, draft).lines}
    save_file(town.desk, town.designer, draft, f"processes/{KEY}/scenarios/proving.yaml", SCENARIO.encode(), None)
    found = view_proofs(town.desk, town.designer, draft)
    after = {line.clause.id: line.proofs for line in found.lines}
    assert len(after["LS-4"]) == len(before["LS-4"]) + 1
    assert any(proof.name == "proving" and "由办公室决定" in proof.told for proof in after["LS-4"])
    page = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/proof").text
    assert "proving.yaml" in page


def test_a_clause_is_proved_only_by_a_scenario_that_passed_on_this_revision(town: Lakeside) -> None:
    """Not played, then red, then green, then the draft changes: each is said, here, in the workbench and by calls."""
    draft = open_draft(town.desk, town.designer, KEY, "证明")
    path = f"processes/{KEY}/scenarios/proving.yaml"
    for other in (one.path for one in view_draft(town.desk, town.designer, draft).files if "/scenarios/" in one.path):
        opened = open_file(town.desk, town.designer, draft, other)
        text = opened.content.decode().replace("proves: [LS-4]", "why: x")
        save_file(town.desk, town.designer, draft, other, text.encode(), opened.hash)
    red = SCENARIO.replace("waiting: decide", "waiting: decide, due: 2026-03-02")
    mark = save_file(town.desk, town.designer, draft, path, red.encode(), None).hash
    browser = Browser(make_app(town), town, "designer")

    def told() -> tuple[ClauseStatus, str, bool]:
        bench = view_clauses(town.desk, town.designer, draft, "LS-4")
        assert bench.chosen is not None
        lines = browser.get(f"/api/v1/drafts/{draft}/proofs").get_json()["lines"]
        status = next(line["status"] for line in lines if line["clause"] == "LS-4")
        return bench.chosen.status, status, "已证" in browser.get(f"/studio/drafts/{draft}/proof").text

    assert told() == (ClauseStatus.UNPLAYED, "unplayed", False)
    played(town, draft, path)
    assert told() == (ClauseStatus.FAILED, "failed", False)
    save_file(town.desk, town.designer, draft, path, SCENARIO.encode(), mark)
    assert told() == (ClauseStatus.UNPLAYED, "unplayed", False)
    played(town, draft, path)
    assert told() == (ClauseStatus.CARRIED_OUT, "carried_out", True)
    opened = open_file(town.desk, town.designer, draft, LAW)
    save_file(
        town.desk, town.designer, draft, LAW, opened.content.replace("湖滨".encode(), "湖畔".encode()), opened.hash
    )
    assert told() == (ClauseStatus.UNPLAYED, "unplayed", False)


def played(town: Lakeside, draft: int, path: str) -> None:
    """Play a scenario of a draft to its end."""
    job = run_scenarios(town.desk, town.designer, draft, (path,))
    until(lambda: view_job(town.desk, town.designer, draft, job).over)


def test_what_was_red_or_unplayed_is_on_record_with_the_version(town: Lakeside) -> None:
    """The reviewer says why it is approved all the same; the record of the publication and its sheet say it too."""
    draft = open_draft(town.desk, town.designer, KEY, "证明")
    opened = open_file(town.desk, town.designer, draft, LAW)
    save_file(
        town.desk, town.designer, draft, LAW, opened.content.replace("湖滨".encode(), "湖畔".encode()), opened.hash
    )
    path = f"processes/{KEY}/scenarios/proving.yaml"
    save_file(town.desk, town.designer, draft, path, SCENARIO.replace("decide", "explain").encode(), None)
    played(town, draft, path)
    submit_draft(town.desk, town.designer, draft, "更名。")
    page = Browser(make_app(town), town, "checker").get(f"/studio/drafts/{draft}/publish").text
    assert "1 个情景未通过" in page
    assert "现在全部运行" in page
    review_draft(town.desk, town.checker, draft, approved=True, reason="首届只为试行。")
    version = publish_draft(town.desk, town.designer, draft)
    with town.desk.store.read() as tx:
        event = next(e for e in reversed(tx.package_events.of_package(KEY)) if e.action == "published")
    assert "1 个未通过" in event.text
    assert "首届只为试行" in event.text
    assert event.data["scenarios"][path] == "unmet"
    sheet = view_proof_sheet(town.desk, town.admin, KEY)
    assert (sheet.package.version, sheet.proved) == (version, 0)
    published = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/publish").text
    assert "下一步" in published
    assert f'href="/start/{KEY}/' not in published, "a designer starts no round"
    assert "未跑" in Browser(make_app(town), town, "admin").get(f"/law/{KEY}/proofs").text


def test_the_published_version_has_its_sheet(town: Lakeside) -> None:
    sheet = view_proof_sheet(town.desk, town.admin, KEY)
    assert [line.clause.id for line in sheet.lines] == list(sheet.package.law.clauses)
    page = Browser(make_app(town), town, "admin").get(f"/law/{KEY}/proofs").text
    assert "证明它的情景" in page
    assert sheet.package.version[:12] in page


def test_a_season_under_parameters_beyond_the_law_proves_nothing_and_the_shortest_that_fails_comes_first(
    town: Lakeside,
) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "证明")
    folder = f"processes/{KEY}/scenarios"
    for other in (one.path for one in view_draft(town.desk, town.designer, draft).files if "/scenarios/" in one.path):
        opened = open_file(town.desk, town.designer, draft, other)
        text = opened.content.decode().replace("proves: [LS-4]", "why: x")
        save_file(town.desk, town.designer, draft, other, text.encode(), opened.hash)
    loose = SCENARIO.replace("steps:", "parameters: {min_years: 1}\nsteps:")
    save_file(town.desk, town.designer, draft, f"{folder}/loose.yaml", loose.encode(), None)

    def line() -> tuple[ClauseStatus, list[str], int]:
        sheet = view_proofs(town.desk, town.designer, draft)
        found = next(line for line in sheet.lines if line.clause.id == "LS-4")
        return found.status, [proof.name for proof in found.proofs], sheet.beyond_law

    assert line() == (ClauseStatus.UNPROVED, ["loose"], 1)
    page = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/proof").text
    assert "参数越过法定界限，不算证明" in page
    assert "成立年限" in page
    longer = SCENARIO.replace("expect:", "  - {until: 2026-03-03}\nexpect:")
    save_file(town.desk, town.designer, draft, f"{folder}/a_longer.yaml", longer.encode(), None)
    save_file(town.desk, town.designer, draft, f"{folder}/proving.yaml", SCENARIO.encode(), None)
    assert line() == (ClauseStatus.UNPLAYED, ["proving", "a_longer", "loose"], 0)
    with town.desk.store.read() as tx:
        package = tree_of(town.desk, tx, draft).package
    change = ChangeTrial(Text("拿掉", "taken out"), DIAGRAM, "decide")
    missed = ClauseTrial("LS-4", 0, 1, 0, (change,))
    caught = ClauseTrial("LS-4", 1, 0, 0, (replace(change, scenario=f"{folder}/a_longer.yaml"),))
    partly = replace(caught, unnoticed=1, changes=(*caught.changes, change))
    for trial, status, best in (
        (missed, ClauseStatus.UNPROVED, "proving"),
        (replace(missed, left=3), ClauseStatus.PARTLY, "proving"),
        (partly, ClauseStatus.PARTLY, "a_longer"),
        (caught, ClauseStatus.CARRIED_OUT, "a_longer"),
    ):
        sheet = proof_sheet(package, None, {"LS-4": trial})
        found = next(line for line in sheet.lines if line.clause.id == "LS-4")
        assert (found.status, found.proofs[0].name) == (status, best)
