"""What a clause on a term of office draws: the role of the place names the parameters of its length and of how many in a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.catalog.basics.entries import put_entry
from service.catalog.basics.sections import SECTIONS
from service.catalog.clause_kinds.clause_question import AnswerKind, ClauseQuestion
from service.catalog.package import Package
from service.catalog.tree import Files
from service.domain.errors import Invalid
from service.domain.text import Text

TERM_QUESTIONS = (
    ClauseQuestion("holder", Text("谁的任期（聘期）", "Whose term it is"), AnswerKind.ROLE),
    ClauseQuestion(
        "most",
        Text("最多连续任职几届", "Most terms in a row"),
        AnswerKind.NUMBER,
        hint=Text(
            "“连任一次”是连续两届；条文没有规定的空着",
            "Elected again once is two in a row; empty where the text says nothing",
        ),
    ),
)
"""What the assistant of a term asks."""


def most_of(parameter: str) -> str:
    """Return the id of the parameter that says how many terms of ``parameter`` follow each other."""
    return f"most_{parameter}"


def most_entry(package: Package, answers: Mapping[str, Any], clause: str) -> dict[str, Any]:
    """Return the entry of that parameter, named after whose term it is."""
    name = _holder(package, answers)
    return {
        "name": f"{name.zh}最多连续任职几届",
        "name_en": f"Most terms in a row: {name.en}",
        "unit": "count",
        "clauses": [clause],
        "source": "stated",
        "value": answers["most"],
    }


def role_with_term(
    files: Files, package: Package, parameter: str, most: str | None, answers: Mapping[str, Any]
) -> dict[str, bytes]:
    """Return jurisdiction.yaml in which the role that was answered keeps to ``parameter``; raises Invalid for no role."""
    _holder(package, answers)
    path = f"processes/{package.jurisdiction.id}/jurisdiction.yaml"
    roles = next(one for one in SECTIONS if one.id == "roles")
    said = {"term": f"param.{parameter}", **({"most_terms": f"param.{most}"} if most else {})}
    return {path: put_entry(files[path].decode(), roles, str(answers["holder"]), said).encode()}


def _holder(package: Package, answers: Mapping[str, Any]) -> Text:
    role = package.jurisdiction.roles.get(str(answers["holder"]))
    if role is None:
        raise Invalid(
            Text(
                "请在“谁的任期”中选一个本地的角色；没有的先在“地方和奖项”里加上。",
                "Choose a role of the place; add one among its basics first where it is missing.",
            )
        )
    return role.text
