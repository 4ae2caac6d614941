"""Who comes to the second stage of review: by a least score and by rank, each of its own clause, equals at the cut together."""

from __future__ import annotations

from dataclasses import replace

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.assist_clause import propose_assistance, write_assistance
from service.catalog.new_city.steps import CityStep
from tests.integration.studio.test_drawn_clauses import DRAWN, OUTLINE, SEASON, played, tree
from tests.support.lakeside import Lakeside

OPINION = "{strengths: 优势, improvements: 改进, conclusion: 结论, recommendation: go_on}"
MARKS = {"甲": 90, "乙": 70, "丙": 70, "丁": 60, "戊": 50}


def reviewed(nick: str, percent: int) -> str:
    """The steps by which a panel of three gives everything so many percent."""
    return f"""
  - {{case: {nick}, each: declare_interest, with: {{declared: no, truthful: true}}}}
  - {{case: {nick}, each: score, percent: [{percent}, {percent}, {percent}]}}
  - {{case: {nick}, each: write_opinion, with: {OPINION}}}"""


def season(second: str, *, equals: bool) -> str:
    """Five are reviewed, one withdraws before the list is made; ``second`` are those on the list."""
    applied = "".join(
        f"""
  - {{as: {n}, start: application, parent: 届, name: {n}, with: {{founded: 2015-01-01, merit: 事迹。}}}}
  - {{as: office, case: {n}, complete: decide, with: {{decision: accept}}}}{reviewed(n, marks)}"""
        for n, marks in {**MARKS, "己": 80}.items()
    )
    told = "末位得分相同，一并进入下一环节" if equals else "末位得分相同的都不进入"
    out = "".join(f"\n  - {{case: {n}, outcome: not_shortlisted}}" for n in MARKS if n not in second)
    return f"""title: 入围
start: 2026-01-12
organisations: {{{", ".join(f"{n}: {{name: {n}公司}}" for n in [*MARKS, "己"])}}}
steps:
  - {{expert: {{name: 专家1}}}}
  - {{expert: {{name: 专家2}}}}
  - {{expert: {{name: 专家3}}}}
  - {{members: {{role: committee, count: 3}}}}
  - {{at: 2026-01-12 09:00, as: office, start: round, name: 届, with: {{round_name: 第一届, deadline: 2026-02-06}}}}{applied}
  - {{as: 己, case: 己, action: withdraw, with: {{reason: 另有安排。, confirmed: true}}}}
  - {{until: 2026-02-07 09:00}}{"".join(reviewed(n, 70) * 2 for n in second)}
  - {{case: 届, vote: {{甲: yyy}}}}
expect:
  - {{case: 己, outcome: withdrawn}}
  - {{case: 届, fact: shortlist, contains: {told}}}
  - {{case: 届, fact: shortlist, contains: 低于}}
  - {{case: 丁, document: not_shortlisted, contains: 名额2个}}{out}
"""


def test_a_least_score_and_a_rank_hold_together_and_equals_at_the_cut_go_as_was_chosen(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.SCORING, CityStep.WITHDRAWAL)))
    points, places = (DRAWN[n] for n in ("cut_off_before_the_second_stage", "rank_before_the_second_stage"))
    write_assistance(town.desk, town.designer, draft, replace(points, clause="LN-1"))
    write_assistance(town.desk, town.designer, draft, places)
    rank = tree(town, draft).package.element("lanshan_round", "rank_first")
    assert rank.operation is not None
    assert (rank.operation.parameters["cut_off"], rank.operation.parameters["places"]) == (
        "param.site_points",
        "param.site_places",
    )
    assert rank.clauses == ("LN-1", "LN-2"), "a clause that was drawn for stays beside the next"
    write_assistance(town.desk, town.designer, draft, DRAWN["three_weights"])
    assert not [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    after = tree(town, draft)
    final = propose_assistance(town.desk, town.designer, draft, replace(DRAWN["cut_off"], scenario=SEASON))
    assert "得分" in final.expectation, (
        "in its play everybody is on the shortlist, the last fails the line before the vote"
    )
    text = season("甲乙丙", equals=True)
    assert [
        unmet.message.zh for unmet in played(town, after.package, after.filled | {SEASON: text.encode()}, SEASON).unmet
    ] == []
    write_assistance(town.desk, town.designer, draft, replace(places, answers={"before": "second", "tie": "none"}))
    after = tree(town, draft)
    text = season("甲", equals=False)
    assert [
        unmet.message.zh for unmet in played(town, after.package, after.filled | {SEASON: text.encode()}, SEASON).unmet
    ] == []
