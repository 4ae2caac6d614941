"""Draw that who is suspended is not put to the vote, while the others are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from service.catalog.assistants.vote_agendas import (
    AT_VOTE,
    LEFT_OUT,
    candidates_of,
    demanded_agendas,
    with_formula,
)
from service.catalog.clause_kinds.clause_question import AnswerKind, ClauseQuestion
from service.catalog.package import Package
from service.catalog.tree import Files
from service.domain.errors import Invalid
from service.domain.text import Text

AS_OTHERS = "as_others"
_OVER = re.compile(r'\boutcome = "')
"""Candidates whose cases have ended: what is over cannot be suspended."""
SUSPENSION_QUESTIONS = (
    ClauseQuestion(
        "voted",
        Text("表决时仍在中止的", "Who is still suspended at the vote"),
        AnswerKind.CHOICE,
        options=(
            (LEFT_OUT, Text("不提请表决，其他的照常表决", "is not put to the vote; the others are")),
            (AS_OTHERS, Text("和其他的一起表决", "is put to the vote with the others")),
        ),
    ),
)
"""What the assistant of a suspension asks."""
HOW_SUSPENDED = Text(
    "中止和恢复不用画：管理员在办件页暂停这一件并写明理由，暂停期间期限不届满；恢复时给已过的期限定新的届满日。异议、申诉没有办结的，"
    "在助手“异议期限”中选“只是被异议的组织”等待。",
    "Suspending needs no drawing: the administrator suspends the case on its page with the reason; no limit ends meanwhile, and those "
    "that passed get a new last day when it is resumed. While an objection or an appeal is open, choose in the assistant of objections "
    "that only whom it concerns waits.",
)
"""What is to be known where who is suspended is left out."""


def suspension_drawn(filled: Files, package: Package, clause: str) -> dict[str, bytes]:
    """Return the diagrams whose ballots leave out who is suspended; raises Invalid where nothing is put to the vote, or what is over."""
    found = demanded_agendas(package)
    over = next((element for _, element in found if _OVER.search(candidates_of(element).formula)), None)
    if over is not None:
        raise Invalid(
            Text(
                f"“{over.name}”的候选是已经办结的申报，没有可以中止的。请先用助手“异议期限”画上异议：从此申报办理到结果公布才办结，再回来。",
                f"The candidates of “{over.name}” are applications that are over, so none can be suspended. Draw objections first, by their "
                "assistant: from then on an application is open until the result is known.",
            )
        )
    made: dict[str, bytes] = {}
    for path, element in found:
        formula = replace(candidates_of(element), spared=True).written
        made[path] = with_formula(made.get(path, filled[path]), path, element, "candidates", formula, clause)
    return made


def suspension_as_drawn(package: Package) -> Mapping[str, str]:
    """Return what was answered in a place where a suspension is drawn; empty where it is not."""
    known: Any = package.award.parameters.get(AT_VOTE)
    return {"voted": str(known.values[-1].value)} if known is not None and known.values else {}
