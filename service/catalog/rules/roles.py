"""Roles: everyone who acts is known here, and somebody holds the role."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.catalog.award import PUBLIC
from service.catalog.bpmn.model import Kind
from service.catalog.jurisdiction import Jurisdiction
from service.catalog.problems import Problem, did_you_mean
from service.catalog.rules.context import Checked, error, is_shared, warning
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text

"""The operation that lets organisations act together, and the role of those who joined."""
_SETTING = re.compile(r'param\.(?P<a>\w+)|get value\(param, "(?P<b>\w+)"\)')


@check(Extent.PROCESS, "role_missing")
def task_has_role(checked: Checked) -> Iterator[Problem]:
    """Every user task names who acts."""
    for diagram, element in checked.elements():
        if element.kind is Kind.USER_TASK and not element.role:
            yield error(
                diagram.file, element.id, "role_missing",
                f"任务“{element.name or element.id}”没有指定角色。", f"Task “{element.name or element.id}” names no role.",
                Text("选由哪个角色来办。", "Choose the role that acts."),
            )  # fmt: skip


@check(Extent.PROCESS, "role_unbound", "unknown_role")
def role_known(checked: Checked) -> Iterator[Problem]:
    """Roles in diagrams are roles of the jurisdiction, or are bound to one."""
    city = checked.package.jurisdiction
    for diagram, element in checked.elements():
        role = element.role
        if role and city.bind(role) not in city.roles:
            shared = is_shared(diagram.file)
            yield error(
                diagram.file, element.id, "role_unbound" if shared else "unknown_role",
                f"{city.name}没有角色“{role}”。", f"{city.name_en} has no role “{role}”.",
                Text(
                    f"在 jurisdiction.yaml 的 bindings 中写“{role}: …”。",
                    f"Add “{role}: …” under bindings in jurisdiction.yaml.",
                ) if shared else did_you_mean(role, {**city.roles, **city.bindings}),
            )  # fmt: skip


@check(Extent.PROCESS, "choice_without_role")
def chosen_roles_known(checked: Checked) -> Iterator[Problem]:
    """Where a setting says who acts, each of its choices is a role of the jurisdiction or bound to one."""
    city, parameters = checked.package.jurisdiction, checked.package.award.parameters
    for diagram, element in checked.elements():
        found = _SETTING.fullmatch(element.properties.get("role_from", "").strip())
        parameter = parameters.get(found["a"] or found["b"]) if found else None
        if parameter is None:
            continue
        usual = [dated.value for dated in parameter.values]
        for choice in parameter.choices:
            if choice not in usual and city.bind(str(choice)) not in city.roles:
                yield warning(
                    diagram.file, element.id, "choice_without_role",
                    f"参数“{parameter.name}”可选“{choice}”，而{city.name}没有这个角色，“{element.name or element.id}”仍由原角色办理。",
                    f"“{parameter.name_en}” may be “{choice}”, which is no role here: “{element.name or element.id}” stays where it is drawn.",
                    Text(
                        f"在 jurisdiction.yaml 的 bindings 中写“{choice}: …”，或从 choices 中去掉。",
                        f"Add “{choice}: …” under bindings in jurisdiction.yaml, or take it off the choices.",
                    ),
                )  # fmt: skip


@check(Extent.PIECES, "unknown_role")
def named_roles_known(checked: Checked) -> Iterator[Problem]:
    """Those whom bindings name, whom bodies hold, who start cases and who take actions are roles of the jurisdiction."""
    city, award = checked.package.jurisdiction, checked.package.award
    here, file = f"processes/{city.id}/jurisdiction.yaml", checked.package.award_file
    named = [(here, f"bindings.{abstract}", role, role) for abstract, role in city.bindings.items()]
    named += [(here, f"bodies[{n}].roles", role, role) for n, body in enumerate(city.bodies, 1) for role in body.roles]
    acting = [(f"processes.{key}.started_by", role) for key, p in award.processes.items() for role in p.started_by]
    acting += [(f"actions.{key}.roles", role) for key, a in award.actions.items() for role in a.roles]
    named += [(file, place, role, city.bind(role)) for place, role in acting if role != PUBLIC]
    for where, place, role, bound in named:
        if bound not in city.roles:
            yield error(
                where, place, "unknown_role", f"没有角色“{role}”。", f"There is no role “{role}”.",
                did_you_mean(role, city.roles),
            )  # fmt: skip


@check(Extent.PACKAGE, "role_not_held")
def role_held(checked: Checked) -> Iterator[Problem]:
    """Every role that has tasks is held by a body, unless organisations hold it."""
    city = checked.package.jurisdiction
    held = {role for body in city.bodies for role in body.roles}
    used = {city.bind(element.role) for _, element in checked.elements() if element.kind is Kind.USER_TASK}
    for role in sorted(used):
        if role in city.roles and not city.roles[role].subject and role not in held:
            yield warning(
                f"processes/{city.id}/jurisdiction.yaml", f"roles.{role}", "role_not_held",
                f"角色“{city.roles[role].name}”有任务，但没有机构担任。",
                f"Role “{city.roles[role].name_en}” has tasks but no body holds it.",
                Text("在 bodies 中让一个机构担任它，或由人员名册担任。", "Let a body hold it, or people of the roster."),
            )  # fmt: skip


@check(Extent.PACKAGE, "subject_missing")
def subject_given(checked: Checked) -> Iterator[Problem]:
    """A case that others start for an organisation, and in which it has something to do, is about that organisation."""
    city, award = checked.package.jurisdiction, checked.package.award
    asked = {
        kind.key: element.name
        for diagram, element in checked.elements()
        if element.kind is Kind.USER_TASK and _is_subject(city, element.role)
        for kind in checked.kinds.get(diagram.process_id, ())
    }
    for key, task in asked.items():
        kind = award.processes[key]
        by_others = [r for r in kind.started_by if r != PUBLIC and not _is_subject(city, r)]
        if by_others and not (kind.same_subject or kind.one_per_subject or kind.public):
            yield error(
                checked.package.award_file, f"processes.{key}.started_by", "subject_missing",
                f"“{kind.name}”由“{by_others[0]}”发起时没有当事组织，“{task}”将无人办理。",
                f"When “{by_others[0]}” starts “{kind.name_en}” it is about no organisation: nobody would get “{task}”.",
                Text(
                    "写 same_subject: true（上级办件的组织），或 one_per_subject: true（发起时选择组织）。",
                    "Write same_subject: true (the organisation of the case above), or one_per_subject: true (chosen at the start).",
                ),
            )  # fmt: skip


def _is_subject(city: Jurisdiction, role: str | None) -> bool:
    found = city.roles.get(city.bind(role)) if role else None
    return found is not None and found.subject
