"""How many ballots a place holds where votes do not suffice: asked of who draws, the law's word where a clause says it."""

from __future__ import annotations

from dataclasses import replace

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.assist_clause import write_assistance
from service.catalog import Basis
from service.catalog.parameters.parameter_entries import set_value
from tests.integration.studio.test_drawn_clauses import AWARD, DRAWN, OUTLINE, SEASON, fails, grown, played, tree
from tests.support.lakeside import Lakeside

KEY = "lanshan/quality_award"


def test_who_did_not_get_the_votes_is_voted_on_as_often_as_was_answered(town: Lakeside) -> None:
    outline = replace(OUTLINE, vote_ballots=2, tiers=OUTLINE.tiers[:1])  # no second tier to be voted into
    draft = start_city(town.desk, town.designer, outline)
    known = tree(town, draft).package.award.parameters["vote_max_ballots"]
    assert (known.values[-1].value, known.source) == (2, Basis.DEFAULT), "nothing in the clauses says so"
    write_assistance(town.desk, town.designer, draft, replace(DRAWN["majority"], answers={"ballots": "1"}))
    assert not [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    after = tree(town, draft)
    head = after.filled[SEASON].decode().partition("expect:")[0].replace("{甲: yyy}", "{甲: ynn}")
    once = after.filled | {SEASON: f"{head}expect:\n  - {{case: 届, outcome: vacant}}\n".encode()}
    assert [unmet.message.zh for unmet in played(town, after.package, once, SEASON).unmet] == []
    text = set_value(after.files[f"{AWARD}/parameters.yaml"].decode(), "vote_max_ballots", 2)
    files = {**after.files, SEASON: once[SEASON], f"{AWARD}/parameters.yaml": text.encode()}
    assert fails(town, grown(town.desk, KEY, after, files), SEASON), "with two ballots the vote goes on"
