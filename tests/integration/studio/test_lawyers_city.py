"""A city as a newcomer builds it from a regulation of 17 articles: typed numbers, chosen clauses, no word of it read."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of
from service.catalog import Basis
from tests.support.browsers import Browser
from tests.support.lakeside import Lakeside
from tests.support.new_place import passages_sent, played, tree

QINGHE = Path(__file__).parents[2] / "data" / "qinghe"
LAW = (QINGHE / "law.txt").read_text()
SEASON = "processes/qinghe/quality_award/scenarios/first_season.yaml"
FIRST = {
    "name": "青禾市", "id": "qinghe", "name_en": "Qinghe", "award_name": "青禾市市长质量奖", "calendar": "cn",
    "office": "青禾市市场监督管理局", "committee": "青禾市市长质量奖评审委员会", "tiers": "市长质量奖 3\n市长质量奖提名奖 5",
    "law_title": "青禾市市长质量奖管理办法", "since": "2026-01-01", "prefix": "QH", "government": "青禾市人民政府",
    "steps": ["scoring", "objection", "separate", "approval"],
}  # fmt: skip
THIRD: dict[str, Any] = {
    "window_days": "30", "founded_years": "3", "acceptance_days": "10", "notice_days": "7", "vote_days": "5",
    "reviewers": "5", "cycle_years": "2", "vote_base": "members_present", "vote_secret": "true", "vote_threshold": "> 1/2",
    "vote_quorum": "2/3", "objection_acceptance_days": "5", "objection_investigation_days": "15日",
    "objection_reply_days": "30日", "objection_from": "receipt", "cited-apply": "QH-7-1",
    "cited-conditions": ["QH-5-0", "QH-5-1", "QH-5-2", "QH-5-3", "QH-6-0", "QH-6-1"], "cited-acceptance": "QH-8-1",
    "cited-vote": ["QH-2-1", "QH-10-1"], "cited-notice": "QH-11-1", "cited-conferral": "QH-13-1", "cited-scoring": "QH-9-1",
    "cited-objection": "QH-12-1", "cited-separate": "QH-12-1", "cited-approval": "QH-13-1", "cited-cycle": "QH-3-1",
}  # fmt: skip


@pytest.fixture
def draft(browse: Callable[..., Browser]) -> int:
    designer = browse("designer")
    assert designer.post("/studio/new/steps", {**FIRST, **passages_sent(LAW)}).status_code == 200
    made = designer.post("/studio/new", {**THIRD, **FIRST, **passages_sent(LAW)})
    assert made.status_code == 302, re.search(
        r'class="(?:note note-late|error-summary)"[^>]*>(.*?)</div>', made.text, re.S
    )
    return int(made.headers["Location"].split("/")[3])


def test_a_number_cites_the_clauses_of_its_step_and_asks_whether_they_say_it(town: Lakeside, draft: int) -> None:
    known = package_of(town.desk, draft).award.parameters
    written = {
        "application_window_calendar_days": (30, ("QH-7-1",)),
        "vote_threshold": ("> 1/2", ("QH-2-1", "QH-10-1")),
        "reviewers": (5, ("QH-9-1",)),
        "objection_investigation_calendar_days": (15, ("QH-12-1",)),
        "winners_notice_working_days": (7, ("QH-11-1",)),
        "cycle_years": (2, ("QH-3-1",)),
    }
    for ident, (value, clauses) in written.items():
        one = known[ident]
        assert (one.values[-1].value, one.clauses, one.source) == (value, clauses, Basis.DEFAULT), ident
    counted = {phase: known[f"objection_{phase}_from"].values[-1].value for phase in ("investigation", "reply")}
    assert counted == {"investigation": "step", "reply": "receipt"}


def test_it_passes_the_check_but_for_what_is_to_be_drawn_and_its_season_is_green(town: Lakeside, draft: int) -> None:
    problems = check_draft(town.desk, town.designer, draft).problems
    assert {p.rule for p in problems if p.severity.name == "ERROR"} == {"uncovered_clause"}
    now = tree(town, draft)
    assert [unmet.message.zh for unmet in played(town, now.package, now.filled, SEASON).unmet] == []
    rows = {row.description for table in now.package.tables.values() for row in table.rows}
    assert {"建立并有效运行质量管理体系", "近3年内发生较大以上质量、安全或者环境污染事故的"} <= rows


def test_a_round_keeps_to_the_days_that_a_lawyer_counts(town: Lakeside, draft: int) -> None:
    """Vote, notice and objection, each day counted by hand over the Spring Festival of 2026."""
    now = tree(town, draft)
    files = {**now.filled, SEASON: (QINGHE / "round.yaml").read_bytes()}
    assert [unmet.message.zh for unmet in played(town, now.package, files, SEASON).unmet] == []
