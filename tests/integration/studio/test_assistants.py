"""Assistants of the common kinds of clauses: what they write, shown first, proved by a play."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.law.assist_clause import propose_assistance, write_assistance
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.law.register_clauses import register_clauses
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.parameters.change_parameter import TypedParameter, save_parameter
from service.catalog.assistants.clause_reading import read_clause
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.coverage.matrix import ClauseStatus, matrix
from service.catalog.law_text.pieces import LawPiece
from service.catalog.settings.settings import why_unlawful
from service.domain.errors import Invalid, NotFound
from tests.support.lakeside import DIAGRAM, KEY, PARAMETERS, Lakeside

SEASON = f"processes/{KEY}/scenarios/accepted.yaml"
LIMIT = TypedAssistance(
    AssistKind.TIME_LIMIT, "LS-8-1", "reply_working_days", "答复期限", "working_days", "6", "maximum",
    element=f"{DIAGRAM}#decide", scenario=SEASON,
)  # fmt: skip


@pytest.fixture
def draft(town: Lakeside) -> int:
    made = open_draft(town.desk, town.designer, KEY, "助手")
    register_clauses(town.desk, town.designer, made, "LS", [LawPiece("第八条", (8,), "6个工作日内答复。")])
    return made


def test_a_time_limit_becomes_parameter_due_day_citation_and_a_proved_expectation(town: Lakeside, draft: int) -> None:
    before = open_file(town.desk, town.designer, draft, DIAGRAM).content.decode().splitlines()
    proposal = propose_assistance(town.desk, town.designer, draft, LIMIT)
    assert {change.path for change in proposal.changes} == {PARAMETERS, DIAGRAM, SEASON}
    assert "2026年3月10日" in proposal.expectation
    assert "reply_working_days" not in package_of(town.desk, draft).award.parameters
    write_assistance(town.desk, town.designer, draft, LIMIT)
    package = package_of(town.desk, draft)
    element = package.element("lakeside_application", "decide")
    assert element.properties["due"] == "workdays(param.reply_working_days)"
    assert element.clauses == ("LS-4", "LS-8-1")
    assert package.award.parameters["reply_working_days"].maximum == 6
    after = open_file(town.desk, town.designer, draft, DIAGRAM).content.decode().splitlines()
    assert len([line for line in after if line not in before]) == 2
    [line] = [line for line in matrix([package]).lines if line.clause.id == "LS-8-1"]
    assert line.status is ClauseStatus.CARRIED_OUT
    assert "task: decide, due: 2026-03-10" in open_file(town.desk, town.designer, draft, SEASON).content.decode()


def test_a_parameter_that_is_there_gets_the_clause_and_keeps_to_its_bounds(town: Lakeside, draft: int) -> None:
    """The narrower of two bounds holds: ten days by one article, six by another."""
    typed = replace(LIMIT, parameter="decision_working_days", value="5", element="", scenario="")
    with pytest.raises(Invalid, match="不得多于10"):
        propose_assistance(town.desk, town.designer, draft, replace(typed, value="11", bound=""))
    write_assistance(town.desk, town.designer, draft, typed)
    held = package_of(town.desk, draft).award.parameters["decision_working_days"]
    assert (held.clauses, held.maximum) == (("LS-4", "LS-8-1"), 6)
    with pytest.raises(Invalid, match="不得多于6"):
        propose_assistance(town.desk, town.designer, draft, replace(typed, value="8"))


def test_the_bound_of_an_article_is_written_on_a_parameter_that_is_there_and_holds(town: Lakeside, draft: int) -> None:
    """公示期为7个工作日, typed with the parameter of a notice that had no bound: the place cannot choose fewer."""
    change_clause(town.desk, town.designer, draft, "LS-8-1", {"text": "公示期为7个工作日。"})
    asked = read_clause(AssistKind.NOTICE, "公示期为7个工作日。").fields
    assert asked == {"value": "7", "unit": "working_days", "bound": "minimum"}
    fields = TypedParameter("own_days", "公示期", "working_days", "LS-4", "stated", "5")
    save_parameter(town.desk, town.designer, draft, fields, new=True)
    assert package_of(town.desk, draft).award.parameters["own_days"].minimum is None
    typed = TypedAssistance(
        AssistKind.NOTICE, "LS-8-1", "own_days", "公示期", "working_days", "7", "minimum",
        element=f"{DIAGRAM}#draft",
    )  # fmt: skip
    write_assistance(town.desk, town.designer, draft, typed)
    package = package_of(town.desk, draft)
    held = package.award.parameters["own_days"]
    assert (held.minimum, held.maximum, held.values[-1].value) == (7, None, 7)
    refused = why_unlawful(package, held, 6)
    assert refused is not None
    assert "第八条不得少于7个工作日" in refused.zh
    with pytest.raises(Invalid, match="不得少于7个工作日"):
        propose_assistance(town.desk, town.designer, draft, replace(typed, value="6"))
    longer = replace(typed, value="9")
    write_assistance(town.desk, town.designer, draft, longer)
    assert package_of(town.desk, draft).award.parameters["own_days"].minimum == 7, "the text says seven"


def test_the_attendance_that_an_article_asks_for_is_the_least_that_a_place_may_choose(
    town: Lakeside, draft: int
) -> None:
    said = "应当有三分之二以上委员出席方可举行，获得到会委员过半数赞成票的当选。"
    change_clause(town.desk, town.designer, draft, "LS-8-1", {"text": said})
    typed = TypedAssistance(
        AssistKind.MAJORITY, "LS-8-1", "vote_threshold", "通过所需票数", "text", "> 1/2", "minimum", second="2/3",
        element=f"{DIAGRAM}#explain",
    )  # fmt: skip
    write_assistance(town.desk, town.designer, draft, typed)
    package = package_of(town.desk, draft)
    quorum, threshold = (package.award.parameters[ident] for ident in ("vote_quorum", "vote_threshold"))
    assert (quorum.minimum, quorum.values[-1].value) == ("2/3", "2/3")
    for parameter, lower, higher in ((quorum, "1/2", "3/4"), (quorum, 0.66, 0.7), (threshold, ">= 1/2", ">= 2/3")):
        refused = why_unlawful(package, parameter, lower)
        assert refused is not None, lower
        assert "不得少于" in refused.zh
        assert why_unlawful(package, parameter, higher) is None
    with pytest.raises(Invalid, match="不能设为二分之一：依第八条不得少于三分之二"):
        propose_assistance(town.desk, town.designer, draft, replace(typed, second="1/2"))
    write_assistance(town.desk, town.designer, draft, replace(typed, second="3/4"))
    assert package_of(town.desk, draft).award.parameters["vote_quorum"].minimum == "2/3"


def test_what_an_article_says_exactly_does_not_take_away_the_bound_of_another(town: Lakeside, draft: int) -> None:
    """At least seven by one article, exactly five by another: neither gives way in silence."""
    fields = TypedParameter("own_days", "公示期", "working_days", "LS-4", "stated", "8", minimum="7")
    save_parameter(town.desk, town.designer, draft, fields, new=True)
    typed = TypedAssistance(
        AssistKind.TIME_LIMIT, "LS-8-1", "own_days", "公示期", "working_days", "5", "exactly",
        element=f"{DIAGRAM}#decide",
    )  # fmt: skip
    with pytest.raises(Invalid, match="不能正好是5个工作日（第八条）：依第四条不得少于7个工作日"):
        propose_assistance(town.desk, town.designer, draft, typed)
    write_assistance(town.desk, town.designer, draft, replace(typed, value="9"))
    held = package_of(town.desk, draft).award.parameters["own_days"]
    assert (held.minimum, held.maximum, held.values[-1].value) == (9, 9, 9)


def test_what_cannot_be_written_is_said(town: Lakeside, draft: int) -> None:
    for wrong, said in (({"value": ""}, "取值"), ({"name": ""}, "名称"), ({"element": f"{DIAGRAM}#gone"}, "不在了")):
        with pytest.raises(Invalid, match=said):
            propose_assistance(town.desk, town.designer, draft, replace(LIMIT, **wrong))
    with pytest.raises(NotFound):
        propose_assistance(town.desk, town.designer, draft, replace(LIMIT, clause="LS-99"))
    nowhere = f"processes/{KEY}/scenarios/refused.yaml"
    silent = propose_assistance(town.desk, town.designer, draft, replace(LIMIT, scenario=nowhere))
    assert silent.remark is not None
    named = package_of(town.desk, draft).diagrams[DIAGRAM].elements["decide"].name
    assert f"这个情景没有走到“{named}”" in silent.remark.zh
    assert {change.path for change in silent.changes} == {PARAMETERS, DIAGRAM}
