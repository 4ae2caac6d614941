"""Draw who goes first of candidates with as many votes: by their age, which each application records, or by a rule that is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from service.catalog.assistants.chosen_basis import with_basis
from service.catalog.assistants.founding_noted import founding_noted
from service.catalog.assistants.vote_agendas import agendas, candidates_of, demanded_agendas, with_formula
from service.catalog.bpmn.model import Element
from service.catalog.clause_kinds.clause_question import AnswerKind, ClauseQuestion
from service.catalog.law_text.tie_said import TieOrder, tie_said
from service.catalog.package import Package
from service.catalog.tree import Files
from service.domain.errors import Invalid
from service.domain.text import Text

TIE = "vote_tie"
"""The parameter by which every ballot knows what follows equal votes at the last place."""
RULE_OF: Mapping[TieOrder, str] = {
    TieOrder.OLDER: "review_score",
    TieOrder.SCORE: "review_score",
    TieOrder.BALLOT: "second_ballot_then_vacant",
    TieOrder.CHAIR: "chair_decides",
    TieOrder.VACANT: "all_vacant",
}
"""The rule of the ballot for each order; what it calls the score is the age where that decides."""
TIE_QUESTIONS = (
    ClauseQuestion(
        "order",
        Text("得票相同、名额不够的", "Equal votes, too few places"),
        AnswerKind.CHOICE,
        options=(
            (TieOrder.OLDER.value, Text("成立时间早的优先", "the older organisation goes first")),
            (TieOrder.SCORE.value, Text("评审得分高的优先", "the better score goes first")),
            (
                TieOrder.BALLOT.value,
                Text("再投一次，仍相同的空缺", "a second ballot; vacant where they are equal again"),
            ),
            (TieOrder.CHAIR.value, Text("由主持人决定", "the chair decides")),
            (TieOrder.VACANT.value, Text("都不入选，名额空缺", "none of them; the place stays vacant")),
        ),
        hint=Text(
            "看成立时间的，助手让每个申报记下成立日期，表决时早的排在前面；日期也相同的，名额空缺",
            "By age: each application records the day of founding and the ballot puts the older first; equal days leave it vacant",
        ),
    ),
)
"""What the assistant of equal votes asks."""
AGE_AS_SCORE = Text(
    "参数“末位得票相同”写的是“看评审得分”：表决时，每个候选的这个得分换成了从成立到那一天的天数。成立日期也相同的，名额空缺。",
    "The parameter says “by review score”: at the vote that score of a candidate is how many days ago it was founded. Who was founded on "
    "the same day leaves the place vacant.",
)
"""What is to be known where the older goes first."""


def ties_drawn(
    files: Files, filled: Files, package: Package, clause: str, answers: Mapping[str, Any]
) -> dict[str, bytes]:
    """Return the files in which ballots keep to the order that was answered; ``files`` hold the parameter already.

    Raises Invalid where nothing is put to the vote, no application says when an organisation was founded, or no candidate has a
    score.
    """
    order = TieOrder(str(answers["order"]))
    found = demanded_agendas(package)
    made: dict[str, bytes] = {}
    if order is TieOrder.OLDER:
        _demand_votes_first(package)
        made |= founding_noted(filled, package, clause)
    for path, element in found:
        made[path] = _ordered(made.get(path, filled[path]), path, element, clause, order)
    said = tie_said((law := package.law.clause(clause)).text or law.summary)
    return made | with_basis(files, package, TIE, said=said is not None and said[0] is order)


def order_as_drawn(package: Package) -> str:
    """Return who goes first in a place as it is drawn now, "" where its ballots follow no rule of the place."""
    known = package.award.parameters.get(TIE)
    if known is None or not known.values:
        return ""
    aged = any(candidates_of(element).aged for _, element in agendas(package))
    if aged:
        return TieOrder.OLDER.value
    return next((order.value for order, rule in [*RULE_OF.items()][1:] if rule == known.values[-1].value), "")


def _ordered(content: bytes, path: str, element: Element, clause: str, order: TieOrder) -> bytes:
    """Return the diagram whose ballot cites the clause; by age, each candidate's score is how old it is."""
    held = candidates_of(element)
    if order is TieOrder.SCORE and "score:" not in held.formula:
        raise Invalid(
            Text(
                f"“{element.name}”的候选没有评审得分，不能按得分排。请先用助手“各评审阶段的比重”或者“入围的分数线或者名次”画上评审打分。",
                f"The candidates of “{element.name}” have no score: draw the review with points first.",
            )
        )
    formula = replace(held, aged=order is TieOrder.OLDER).written
    return with_formula(content, path, element, "candidates", formula, clause)


def _demand_votes_first(package: Package) -> None:
    """Raise Invalid where scores decide more than equal votes: the age may not take their place there."""
    over = package.award.parameters.get("over_quota")
    if over is not None and over.values and over.values[-1].value == RULE_OF[TieOrder.SCORE]:
        raise Invalid(
            Text(
                f"“{over.text.zh}”现在按评审得分取舍，得分不能换成成立时间。请先把它改为按得票取舍，再回来。",
                f"“{over.text.en}” goes by scores now, and the age cannot take their place: let it go by votes first.",
            )
        )
