"""A city as a newcomer builds it from a regulation of 17 articles, with what the wizard proposes and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from service.casework.simulate.playing.play import play
from service.casework.simulate.stage.stage import empty_store
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of, tree_of
from service.casework.studio.law.assist_clause import write_assistance
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.parameters.change_parameter import propose_parameter
from service.casework.studio.scenarios.play_scenarios import read_file
from service.catalog import Basis
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law_text.split import split_law
from service.catalog.settings.settings import why_refused
from service.domain.errors import Invalid
from service.web.studio.law.law_rows import rows_of_text
from tests.integration.studio.test_drawn_clauses import typed_as
from tests.support.browsers import Browser
from tests.support.lakeside import Lakeside

QINGHE = Path(__file__).parents[2] / "data" / "qinghe"
LAW, ROUND_PLAYED = QINGHE / "law.txt", QINGHE / "round.yaml"
ROUND = "processes/qinghe/quality_award/scenarios/round.yaml"
FIRST = {
    "name": "青禾市", "id": "qinghe", "name_en": "Qinghe", "award_name": "青禾市市长质量奖", "calendar": "cn",
    "office": "青禾市市场监督管理局", "committee": "青禾市市长质量奖评审委员会", "tiers": "市长质量奖 3\n市长质量奖提名奖 5",
    "law_title": "青禾市市长质量奖管理办法", "since": "2026-01-01", "prefix": "QH", "government": "青禾市人民政府",
    "steps": ["scoring", "objection", "approval"],
}  # fmt: skip


def rows(text: str = "") -> dict[str, Any]:
    """Return the passages of the law, or of another ``text``, as the second page sends them on."""
    made = rows_of_text(split_law(text or LAW.read_text()))
    fields: dict[str, Any] = {"row": [str(n) for n in range(len(made))]}
    for number, row in enumerate(made):
        fields |= {f"{key}-{number}": str(row[key]) for key in ("place", "numbers", "text", "kind")}
        fields |= {f"keep-{number}": "on"} if row["keep"] else {}
    return fields


def proposed(page: str) -> dict[str, Any]:
    """Return what stands in the fields of the third page before anybody types."""
    found: dict[str, Any] = {}
    for field in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r' name="(\w+)"', field), re.search(r' value="([^"]*)"', field)
        if name and value and ('type="radio"' not in field or " checked" in field):
            found[name[1]] = unescape(value[1])
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'name="(cited-\w+)" value="([^"]*)" checked', page):
        found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def draft(town: Lakeside, browse: Callable[..., Browser]) -> int:
    designer = browse("designer")
    third = designer.post("/studio/new/steps", {**FIRST, **rows()}).text
    made = designer.post("/studio/new", {**proposed(third), **FIRST, **rows()})
    assert made.status_code == 302, re.search(r'class="note note-late"[^>]*>(.*?)</', made.text, re.S)
    return int(made.headers["Location"].split("/")[3])


def test_what_the_text_says_of_the_vote_and_of_objections_is_stated(town: Lakeside, draft: int) -> None:
    known = package_of(town.desk, draft).award.parameters
    said = {
        "vote_threshold": ("> 1/2", "> 1/2", None, ("QH-10-1",)),
        "vote_quorum": ("2/3", "2/3", None, ("QH-10-1",)),
        "vote_threshold_base": ("members_present", None, None, ("QH-10-1",)),
        "secret_ballot": (True, None, None, ("QH-10-1",)),
        "objection_acceptance_working_days": (5, None, 5, ("QH-12-1",)),
        "objection_investigation_calendar_days": (15, None, 15, ("QH-12-1",)),
        "objection_reply_calendar_days": (30, None, 30, ("QH-12-1",)),
        "open_objection_effect_at_submission": ("hold_organisation", None, None, ("QH-12-1",)),
        "winners_notice_working_days": (7, 7, None, ("QH-11-1",)),
    }
    for ident, (value, least, most, clauses) in said.items():
        one = known[ident]
        assert (one.values[-1].value, one.minimum, one.maximum, one.clauses) == (value, least, most, clauses), ident
        assert one.source is Basis.STATED, ident
    counted = {phase: known[f"objection_{phase}_from"].values[-1].value for phase in ("investigation", "reply")}
    assert counted == {"investigation": "step", "reply": "receipt"}
    problems = check_draft(town.desk, town.designer, draft).problems
    assert {p.rule for p in problems if p.severity.name == "ERROR"} == {"uncovered_clause"}


def test_what_is_stated_of_the_vote_is_no_choice_of_the_place(town: Lakeside, draft: int) -> None:
    package = package_of(town.desk, draft)
    for ident, value in (("secret_ballot", False), ("vote_threshold_base", "votes_cast"), ("vote_threshold", "> 1/3")):
        refusal = why_refused(package, package.award.parameters[ident], value)
        assert refusal is not None, ident
        assert "第十条" in refusal.zh, ident
    threshold = package.award.parameters["vote_threshold"]
    with pytest.raises(Invalid, match="依第十条不得少于超过二分之一"):
        propose_parameter(town.desk, town.designer, draft, typed_as(threshold, value="> 1/3"))


def test_a_round_keeps_to_the_days_that_a_lawyer_counts(town: Lakeside, draft: int) -> None:
    """Vote, notice, objection and prize, each day counted by hand over the Spring Festival of 2026."""
    prize = TypedAssistance(
        AssistKind.PRIZE, "QH-14-1", "prize_yuan", "市长质量奖奖金", "yuan", "600000", tier="tier_1",
        answers={"share_1": "60", "when_1": "decision", "share_2": "40", "when_2": "years", "at_2": "1", "pay_days": "30"},
    )  # fmt: skip
    write_assistance(town.desk, town.designer, draft, prize)
    with town.desk.store.read() as tx:
        tree = tree_of(town.desk, tx, draft)
    scenario = read_file({**tree.filled, ROUND: ROUND_PLAYED.read_bytes()}, ROUND).scenario
    assert scenario is not None
    with empty_store() as store:
        played = play(store, tree.package, scenario, town.desk.calendars, town.desk.operations)
    assert [unmet.message.zh for unmet in played.unmet] == []
