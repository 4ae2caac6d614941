"""The proof sheet: for every clause the scenario that fails without it, of a draft and of what is published."""

from __future__ import annotations

from service.casework.queries.proof_sheet import view_proof_sheet
from service.casework.studio.open_draft import open_draft
from service.casework.studio.save_file import save_file
from service.casework.studio.view_proofs import view_proofs
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import KEY, Lakeside

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
    before = {line.clause.id: line.proofs for line in view_proofs(town.desk, town.designer, draft).sheet.lines}
    save_file(town.desk, town.designer, draft, f"processes/{KEY}/scenarios/proving.yaml", SCENARIO.encode(), None)
    found = view_proofs(town.desk, town.designer, draft)
    after = {line.clause.id: line.proofs for line in found.sheet.lines}
    assert len(after["LS-4"]) == len(before["LS-4"]) + 1
    assert any(proof.name == "proving" and "由办公室决定" in proof.told for proof in after["LS-4"])
    assert found.sheet.proved == sum(bool(proofs) for proofs in after.values())
    page = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/proof").text
    assert "proving.yaml" in page


def test_the_published_version_has_its_sheet(town: Lakeside) -> None:
    sheet = view_proof_sheet(town.desk, town.admin, KEY)
    assert [line.clause.id for line in sheet.lines] == list(sheet.package.law.clauses)
    page = Browser(make_app(town), town, "admin").get(f"/law/{KEY}/proofs").text
    assert "没有它就会失败的情景" in page
    assert sheet.package.version[:12] in page
