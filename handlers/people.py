"""Operations on people: offer the holders of roles for choice, suspend and reinstate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.sdk import Text, Work, only_computes, operation


@dataclass(frozen=True, slots=True)
class Choice:
    """Among whom one chooses."""

    roles: list[str] = field(metadata={"help": "担任其中一个角色的人员都列出"})


@operation("people.options", Text("列出可选人员", "List people to choose from"), result={"options": "list"})
def people_to_choose(work: Work, parameters: Choice) -> Mapping[str, Any]:
    """Return those who hold one of the roles as options of a form: label and row number."""
    people_names = {holder.id: holder.name for role in parameters.roles for holder in work.cases.holders(role)}
    return {"options": [{"label": name, "value": str(ident)} for ident, name in sorted(people_names.items())]}


@dataclass(frozen=True, slots=True)
class Suspend:
    """Who is suspended, and under which fact the roles taken are kept."""

    person_from: str = field(metadata={"formula": True, "help": "FEEL 文本，人员编号；空则不暂停任何人"})
    fact: str = field(metadata={"help": "记录所停角色的事实名", "facts": ("{}",)})


@operation("people.suspend", Text("暂停工作", "Suspend from work"))
def suspend(work: Work, parameters: Suspend) -> None:
    """Take all roles in the jurisdiction but administrators' and designers' from one person until they are reinstated."""
    person = work.evaluate(parameters.person_from)
    seats = list(work.cases.suspend(int(str(person)))) if person is not None else []
    work.cases.set({parameters.fact: seats})


@dataclass(frozen=True, slots=True)
class Reinstate:
    """Who gets back which roles."""

    person_from: str = field(metadata={"formula": True, "help": "FEEL 文本，人员编号；空则不恢复任何人"})
    seats_from: str = field(metadata={"formula": True, "help": "FEEL 文本，暂停时记录的角色"})


@operation("people.reinstate", Text("恢复工作", "Reinstate"))
def reinstate(work: Work, parameters: Reinstate) -> None:
    """Give the roles that this case took back to the person; any other is refused."""
    person = work.evaluate(parameters.person_from)
    if person is not None:
        work.cases.reinstate(int(str(person)), work.rows(parameters.seats_from))


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
    opinion_rows = [row for row in work.scope()["opinions"] if row.get("form") == parameters.form]
    for submission in work.forms(parameters.replacement) if parameters.replacement else ():
        opinion_rows += submission.get("rows") or []
    return sum_up(parameters.asked, opinion_rows)


def sum_up(bodies: Sequence[str], opinion_rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Sort the bodies ``bodies`` by their last opinion.

    ``result`` is "missing" while one is silent, else "refused" when one said no, else "passed".
    """
    last = {row.get("department"): row.get("opinion") for row in opinion_rows}
    passed = [body for body in bodies if last.get(body) == "pass"]
    refused = [body for body in bodies if last.get(body) == "fail"]
    missing = [body for body in bodies if body not in passed and body not in refused]
    result = "missing" if missing else "refused" if refused else "passed"
    return {"passed": passed, "refused": refused, "missing": missing, "result": result}
