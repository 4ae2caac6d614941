"""The parameters that an assistant offers to change."""

from __future__ import annotations

from service.casework.studio.law.read_clause import ReadClause
from service.catalog.assistants.clause_reading import read_clause
from service.catalog.assistants.expert_bars import limits_read
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.web.studio.law.assist_there import parameters_there
from tests.support.bundled import bundled

CLAUSE = "GZ-11-2"


def test_of_years_and_numbers_a_limit_of_experts_offers_those_that_a_review_reads() -> None:
    package = bundled().package("ganzhou/quality_award")
    kind = AssistKind.EXPERT_BAR
    read = ReadClause(kind, read_clause(kind, "同一单位的评审员不超过1名。"))
    offered = {parameter.id: parameter for parameter in parameters_there(package, read, CLAUSE, "届")}
    assert offered
    assert all(limits_read(package, one) or CLAUSE in offered[one].clauses for one in offered)
