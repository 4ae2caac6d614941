"""Operation that tallies opinions asked of several bodies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.sdk import Text, Work, only_computes, operation


@dataclass(frozen=True, slots=True)
class Tally:
    """Who was asked and where the answers stand."""

    asked: list[str] = field(metadata={"help": "被征求意见的机构编号"})
    form: str = field(metadata={"help": "意见表单编号，opinion 一项取 pass 或 fail"})
    replacement: str = field(default="", metadata={"help": "代为核查的表单编号，其 rows 各行含 department 和 opinion"})


@operation(
    "opinions.tally",
    Text("汇总意见", "Sum opinions up"),
    result={"passed": "list", "refused": "list", "missing": "list", "result": "string"},
    undo=only_computes,
    options={"result": ("passed", "refused", "missing")},
)
def tally(work: Work, parameters: Tally) -> Mapping[str, Any]:
    """Sum up the opinions on record, those given before a deadline passed included."""
    given = [row for row in work.scope()["opinions"] if row.get("form") == parameters.form]
    for submission in work.forms(parameters.replacement) if parameters.replacement else ():
        given += submission.get("rows") or []
    return sum_up(parameters.asked, given)


def sum_up(asked: Sequence[str], given: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Sort the bodies ``asked`` by their last opinion.

    ``result`` is "missing" while one is silent, else "refused" when one said no, else "passed".
    """
    last = {row.get("department"): row.get("opinion") for row in given}
    passed = [body for body in asked if last.get(body) == "pass"]
    refused = [body for body in asked if last.get(body) == "fail"]
    missing = [body for body in asked if body not in passed and body not in refused]
    result = "missing" if missing else "refused" if refused else "passed"
    return {"passed": passed, "refused": refused, "missing": missing, "result": result}
