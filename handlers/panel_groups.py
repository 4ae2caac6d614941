"""Operations for professional groups (专业组): applications grouped, one panel drawn for each group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.sdk import ChildView, DrawOrder, Invalid, Text, Work, operation


@dataclass(frozen=True, slots=True)
class GroupApplications:
    """Which applications, and which group each belongs to."""

    review: dict[str, Any] = field(metadata={"help": "review.open 的结果"})
    group: str = field(metadata={"help": "FEEL 文本，child 为下级办件，给出所属专业组，例如 child.sector"})
    process: str | None = field(default=None, metadata={"help": "只取这一类下级办件；空则全部"})
    where: str = field(default="child.outcome = null", metadata={"help": "FEEL 文本，为真的才编组，child 为下级办件"})
    name: str = field(default="", metadata={"help": "记录各组的事实名；空则不记入事实", "facts": ("{}",)})


@operation(
    "experts.group",
    Text("编制专业组", "Put applications into groups"),
    result={"groups": "list", "open": "list", "count": "number"},
)
def group(work: Work, parameters: GroupApplications) -> Mapping[str, Any]:
    """Put applications into groups; ``open`` names the groups of which an application has no panel yet."""
    stage = str(parameters.review["stage"])
    groups: dict[str, list[int]] = {}
    homeless: list[str] = []
    for child in (_seen(c) for c in work.cases.children(parameters.process)):
        if work.evaluate(parameters.where, {"child": child}) is not True:
            continue
        name = work.evaluate(parameters.group, {"child": child})
        if name is None or not str(name).strip():
            homeless.append(str(child["title"]))
        else:
            groups.setdefault(str(name), []).append(int(child["id"]))
    if homeless:
        raise Invalid(
            Text(
                f"“{'、'.join(homeless)}”没有专业组：{parameters.group} 得不出组名。请在办件中补上，或者改正公式。",
                f"“{', '.join(homeless)}” belong to no group: {parameters.group} gives no name. Complete the cases, or correct it.",
            )
        )
    formed = set(work.review.formed(stage, [case for cases in groups.values() for case in cases]))
    rows = [{"group": name, "applications": cases} for name, cases in groups.items()]
    if parameters.name:
        work.cases.set({parameters.name: rows})
    work.audit("编制专业组：" + "；".join(f"{name}{len(cases)}件" for name, cases in groups.items()), {"stage": stage})
    waiting = [name for name, cases in groups.items() if not set(cases) <= formed]
    return {"groups": rows, "open": waiting, "count": len(rows)}


@dataclass(frozen=True, slots=True)
class DrawGroups:
    """The groups, and how their panels are formed."""

    review: dict[str, Any] = field(metadata={"help": "review.open 的结果"})
    groups: list[Any] = field(metadata={"help": "各行 {group, applications}，即 experts.group 结果中的 groups"})
    sector_from: str = field(
        default="of_group",
        metadata={"help": "FEEL 文本，of_group 为组名，给出该组的行业，与专家行业同词；本行业专家按此计"},
    )
    chosen_from: str = field(
        default="forms.choose_group_panel[group = of_group][-1].experts",
        metadata={"help": "FEEL 文本，of_group 为组名，办公室选定的专家（人员编号列表）"},
    )
    leader_from: str = field(
        default="forms.choose_group_panel[group = of_group][-1].leader",
        metadata={"help": "FEEL 文本，of_group 为组名，组长（人员编号）；空则为第一名"},
    )
    tied: str = field(
        default="pass_over",
        metadata={
            "help": "与组内某一申报组织有利害关系的专家：pass_over 不进入该组，stand_aside 只不参加那一件，由补抽的接替"
        },
    )


@operation(
    "experts.draw_groups",
    Text("按专业组抽取评审专家", "Draw the panels of groups"),
    result={"formed": "list", "short": "list", "problem": "string", "problem_en": "string"},
)
def draw_groups(work: Work, parameters: DrawGroups) -> Mapping[str, Any]:
    """Form one panel for each group; ``short`` names the groups whose panel could not be formed, ``problem`` says why."""
    formed: list[str] = []
    short: list[str] = []
    problems: list[Text] = []
    for row in parameters.groups:
        name = str(row["group"])
        seen = {"of_group": name}
        leader = work.evaluate(parameters.leader_from, seen)
        order = DrawOrder.of(
            parameters.review,
            group=name,
            sector=str(work.evaluate(parameters.sector_from, seen) or ""),
            applications=[int(case) for case in row["applications"]],
            chosen=[int(str(p)) for p in work.evaluate(parameters.chosen_from, seen) or []],
            leader=int(str(leader)) if leader is not None else None,
            tied=parameters.tied,
        )
        view = work.review.draw_group(order)
        if view.panel is None:
            short.append(name)
            problems.append(Text(f"{name}：{view.problem}", f"{name}: {view.problem_en}"))
        else:
            formed.append(name)
    told = {"problem": "\n".join(one.zh for one in problems), "problem_en": "\n".join(one.en for one in problems)}
    return {"formed": formed, "short": short, **told}


def _seen(child: ChildView) -> dict[str, Any]:
    own = {"id": child.id, "process": child.process, "title": child.title, "number": child.number}
    return {**child.facts, **own, "status": child.status, "outcome": child.outcome, "subject": dict(child.subject)}
