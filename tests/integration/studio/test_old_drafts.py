"""Drafts that were begun under an earlier program: an assistant renews the first patterns where nobody changed them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.studio.drafts import start_city as starting
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.start_city import shared_pieces, start_city
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.law.assist_clause import propose_assistance, write_assistance
from service.casework.studio.law.renew_patterns import RENEWED
from service.catalog.new_city.steps import CityStep
from service.catalog.patterns.patterns import DIAGRAMS
from service.catalog.tree import Files
from service.domain.errors import Invalid
from tests.integration.studio.test_drawn_clauses import DRAWN, OUTLINE, SEASON, tree
from tests.support.lakeside import Lakeside

APPLICATION = f"{DIAGRAMS}/start_application.bpmn"
NEW_SLOT = "correction_due"


def earlier() -> Files:
    """The shared pieces before an application could be corrected: the first pattern had a slot less."""
    now = dict(shared_pieces())
    assert b"${%s}" % NEW_SLOT.encode() in now[APPLICATION]
    now[APPLICATION] = now[APPLICATION].replace(b"${%s}" % NEW_SLOT.encode(), b"workdays(5)")
    return now


@pytest.fixture
def old_draft(town: Lakeside, monkeypatch: pytest.MonkeyPatch) -> int:
    """A draft from blank, begun with the pieces of an earlier program."""
    with monkeypatch.context() as then:
        then.setattr(starting, "shared_pieces", earlier)
        then.setattr(starting, "blank_city", _without_the_slot)
        return start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.WITHDRAWAL,)))


def _without_the_slot(outline: starting.CityOutline) -> Files:
    made = starting_blank(outline)
    return {p: b"\n".join(r for r in c.split(b"\n") if NEW_SLOT.encode() + b":" not in r) if p.endswith("patterns.yaml") else c
            for p, c in made.items()}  # fmt: skip


starting_blank = starting.blank_city


def test_the_assistant_renews_patterns_that_nobody_changed_and_says_so(town: Lakeside, old_draft: int) -> None:
    typed = replace(DRAWN["correction"], scenario=SEASON)
    shown = propose_assistance(town.desk, town.designer, old_draft, typed)
    assert shown.remark == RENEWED
    assert APPLICATION in [change.path for change in shown.changes]
    write_assistance(town.desk, town.designer, old_draft, typed)
    after = tree(town, old_draft)
    assert after.files[APPLICATION] == shared_pieces()[APPLICATION]
    assert "correct_material" in after.package.diagrams["processes/lanshan/quality_award/application.bpmn"].elements
    assert not [p for p in check_draft(town.desk, town.designer, old_draft).problems if p.severity.name == "ERROR"]


def test_a_pattern_that_was_changed_is_kept_and_the_refusal_says_what_to_do(town: Lakeside, old_draft: int) -> None:
    opened = open_file(town.desk, town.designer, old_draft, APPLICATION)
    mine = opened.content.replace("决定是否受理".encode(), "决定受理".encode())
    assert mine != opened.content
    save_file(town.desk, town.designer, old_draft, APPLICATION, mine, opened.hash, "")
    with pytest.raises(Invalid, match=r"以前的样子，而且改动过.*“历史”"):
        propose_assistance(town.desk, town.designer, old_draft, DRAWN["correction"])
    assert tree(town, old_draft).files[APPLICATION] == mine


def test_a_draft_of_today_renews_nothing(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.WITHDRAWAL,)))
    shown = propose_assistance(town.desk, town.designer, draft, DRAWN["correction"])
    assert shown.remark is None
    assert not [change.path for change in shown.changes if change.path.startswith(DIAGRAMS)]


def test_a_share_that_an_earlier_program_wrote_out_as_percent_is_told_and_the_assistant_mends_it(
    town: Lakeside,
) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    share = replace(DRAWN["cut_off"], parameter="cut_off_share", unit="fraction", value="60%")
    write_assistance(town.desk, town.designer, draft, share)
    uses = "processes/lanshan/quality_award/patterns.yaml"
    opened = open_file(town.desk, town.designer, draft, uses)
    exact = b"'{share: param.cut_off_share}'"
    assert exact in opened.content
    earlier = opened.content.replace(exact, b"""'string(param.cut_off_share * 100) + "%"'""")
    save_file(town.desk, town.designer, draft, uses, earlier, opened.hash, "")
    [told] = [p for p in check_draft(town.desk, town.designer, draft).problems if p.rule == "share_in_words"]
    assert (told.element, told.remedy.zh) == ("rank_candidates", "改成 {share: param.cut_off_share}。")
    write_assistance(town.desk, town.designer, draft, share)
    ranking = tree(town, draft).package.element("lanshan_round", "rank_candidates").operation
    assert ranking is not None
    assert ranking.parameters["cut_off"] == "{share: param.cut_off_share}"
    assert not [p for p in check_draft(town.desk, town.designer, draft).problems if p.rule == "share_in_words"]
