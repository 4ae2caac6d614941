"""A bar after a revocation that no condition looks at is told by the check, with what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.simulate.scenarios.scenario_parameters import read_parameters, values_beyond
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.law.assist_clause import write_assistance
from service.catalog.assistants.condition_rows import BAN_ROW
from service.catalog.new_city.steps import CityStep
from service.catalog.table_sheets.sheet import read_sheet
from service.catalog.table_sheets.write import write_sheet
from service.domain.errors import Invalid
from tests.integration.studio.test_drawn_clauses import AWARD, DRAWN, OUTLINE, tree
from tests.support.lakeside import Lakeside


def told(town: Lakeside, draft: int) -> list[str]:
    return [p.element for p in check_draft(town.desk, town.designer, draft).problems if p.rule == "bar_not_kept"]


def test_a_revocation_whose_bar_has_no_row_is_told_until_the_assistant_is_used_again(town: Lakeside) -> None:
    """A draft of before: the assistant wrote the revocation and its years, and no row of the conditions."""
    draft = start_city(town.desk, town.designer, OUTLINE)
    write_assistance(town.desk, town.designer, draft, DRAWN["revocation"])
    assert told(town, draft) == []
    path = next(p for p in tree(town, draft).files if p.startswith(AWARD) and p.endswith("eligibility.dmn"))
    opened = open_file(town.desk, town.designer, draft, path)
    content = tree(town, draft).files[path]
    sheet = read_sheet(content, path)
    bare = replace(sheet, rows=tuple(row for row in sheet.rows if row.id != BAN_ROW))
    save_file(town.desk, town.designer, draft, path, write_sheet(content, path, bare), opened.hash)
    assert told(town, draft) == ["set_revocation"]
    write_assistance(town.desk, town.designer, draft, DRAWN["revocation"])
    assert told(town, draft) == []


def test_a_place_that_begins_with_a_revocation_keeps_to_its_bar(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.REVOCATION,)))
    assert told(town, draft) == []


def test_the_phases_of_an_objection_that_a_scenario_sets_lie_within_the_whole_that_it_sets(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    days = replace(DRAWN["objection"], value="15", answers={"acceptance": "5", "investigation": "5", "finding": "5"})
    write_assistance(town.desk, town.designer, draft, days)
    package = package_of(town.desk, draft)
    whole, phase = "objection_reply_working_days", "objection_investigation_working_days"
    assert read_parameters(package, [(whole, "12"), (phase, "12")], {}) == {whole: 12, phase: 12}
    assert read_parameters(package, [(phase, "14")], {}) == {phase: 14}, "alone it lies within the fifteen of the place"
    beyond = [(whole, "12"), (phase, "14")]
    with pytest.raises(Invalid, match="第14个工作日才届满，超过依第2条“答复”的12个工作日"):
        read_parameters(package, beyond, {})
    assert read_parameters(package, beyond, {}, beyond=True)[phase] == 14
    assert any("第14个工作日才届满" in said.zh for said in values_beyond(package, {whole: 12, phase: 14}))
