"""Who acts: roles are held and bound, terms of office are counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from service.catalog.award import PUBLIC
from service.catalog.bpmn.model import Kind
from service.catalog.jurisdiction import Jurisdiction, Role
from service.catalog.parameters.counting import term_months, term_units
from service.catalog.parameters.parameters import Unit
from service.catalog.problems import Problem, did_you_mean
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem, is_shared
from service.catalog.rules.places import label_of
from service.catalog.rules.registry import Extent, check
from service.domain.calendar.clock import format_full_day
from service.domain.calendar.periods import TermLength, TermPeriod
from service.domain.text import Text

"""The operation that lets organisations act together, and the role of those who joined."""
_SETTING = re.compile(r'param\.(?P<a>\w+)|get value\(param, "(?P<b>\w+)"\)')


@check(Extent.PROCESS, "role_missing")
def task_has_role(checked: Checked) -> Iterator[Problem]:
    """Every user task names who acts."""
    for diagram, element in checked.elements():
        if element.kind is Kind.USER_TASK and not element.role:
            label = label_of(diagram, element.id)
            yield build_error_problem(
                diagram.file, element.id, "role_missing",
                f"任务“{label.zh}”没有指定角色。", f"Task “{label.en}” names no role.",
                Text("选由哪个角色来办。", "Choose the role that acts."),
            )  # fmt: skip


@check(Extent.PROCESS, "role_unbound", "unknown_role")
def check_role_names(checked: Checked) -> Iterator[Problem]:
    """Roles in diagrams are roles of the jurisdiction, or are bound to one."""
    city = checked.package.jurisdiction
    for diagram, element in checked.elements():
        role = element.role
        if role and city.bind(role) not in city.roles:
            shared = is_shared(diagram.file)
            yield build_error_problem(
                diagram.file, element.id, "role_unbound" if shared else "unknown_role",
                f"{city.name}没有角色“{role}”。", f"{city.name_en} has no role “{role}”.",
                Text(
                    f"在“地方与奖项”中写明“{role}”由谁担任（jurisdiction.yaml 的 bindings）。",
                    f"Say on the page “Place and award” who acts as “{role}” (bindings of jurisdiction.yaml).",
                ) if shared else did_you_mean(role, {**city.roles, **city.bindings}),
            )  # fmt: skip


@check(Extent.PROCESS, "choice_without_role")
def check_chosen_roles(checked: Checked) -> Iterator[Problem]:
    """Where a setting says who acts, each of its choices is a role of the jurisdiction or bound to one."""
    city, parameters = checked.package.jurisdiction, checked.package.award.parameters
    for diagram, element in checked.elements():
        match = _SETTING.fullmatch(element.properties.get("role_from", "").strip())
        parameter = parameters.get(match["a"] or match["b"]) if match else None
        if parameter is None:
            continue
        usual, label = [dated.value for dated in parameter.values], label_of(diagram, element.id)
        for choice in parameter.choices:
            if choice not in usual and city.bind(str(choice)) not in city.roles:
                yield build_warning_problem(
                    diagram.file, element.id, "choice_without_role",
                    f"参数“{parameter.name}”可选“{choice}”，而{city.name}没有这个角色，“{label.zh}”仍由原角色办理。",
                    f"“{parameter.name_en}” may be “{choice}”, which is no role here: “{label.en}” stays where it is drawn.",
                    Text(
                        f"在“地方与奖项”中写明“{choice}”由谁担任（jurisdiction.yaml 的 bindings），或者从“可选值”（choices）中去掉。",
                        f"Say on the page “Place and award” who acts as “{choice}” (bindings of jurisdiction.yaml), or take it off the choices.",
                    ),
                )  # fmt: skip


@check(Extent.PIECES, "unknown_role")
def check_named_roles(checked: Checked) -> Iterator[Problem]:
    """Those whom bindings name, whom bodies hold, who start cases and who take actions are roles of the jurisdiction."""
    city, award = checked.package.jurisdiction, checked.package.award
    jurisdiction_file, file = f"processes/{city.id}/jurisdiction.yaml", checked.package.award_file
    named = [(jurisdiction_file, f"bindings.{abstract}", role, role) for abstract, role in city.bindings.items()]
    named += [
        (jurisdiction_file, f"bodies[{n}].roles", role, role)
        for n, body in enumerate(city.bodies, 1)
        for role in body.roles
    ]
    acting = [(f"processes.{key}.started_by", role) for key, p in award.processes.items() for role in p.started_by]
    acting += [(f"actions.{key}.roles", role) for key, a in award.actions.items() for role in a.roles]
    named += [(file, place, role, city.bind(role)) for place, role in acting if role != PUBLIC]
    for where, place, role, bound in named:
        if bound not in city.roles:
            yield build_error_problem(
                where, place, "unknown_role", f"没有角色“{role}”。", f"There is no role “{role}”.",
                did_you_mean(role, city.roles),
            )  # fmt: skip


@check(Extent.PACKAGE, "role_not_held")
def check_role_holders(checked: Checked) -> Iterator[Problem]:
    """Every role that has tasks is held by a body, unless organisations hold it."""
    city = checked.package.jurisdiction
    body_roles = {role for body in city.bodies for role in body.roles}
    used = {city.bind(element.role) for _, element in checked.elements() if element.kind is Kind.USER_TASK}
    for role in sorted(used):
        if role in city.roles and not city.roles[role].subject and role not in body_roles:
            yield build_warning_problem(
                f"processes/{city.id}/jurisdiction.yaml", f"roles.{role}", "role_not_held",
                f"角色“{city.roles[role].name}”有任务，但没有机构担任。",
                f"Role “{city.roles[role].name_en}” has tasks but no body holds it.",
                Text("在“机构”（bodies）中让一个机构担任它，或由人员名册担任。", "Let a body hold it, or people of the roster."),
            )  # fmt: skip


@check(Extent.PACKAGE, "subject_missing")
def check_case_subject(checked: Checked) -> Iterator[Problem]:
    """A case that others start for an organisation, and in which it has something to do, is about that organisation."""
    city, award = checked.package.jurisdiction, checked.package.award
    task_names = {
        kind.key: element.name
        for diagram, element in checked.elements()
        if element.kind is Kind.USER_TASK and _is_subject(city, element.role)
        for kind in checked.kinds.get(diagram.process_id, ())
    }
    for key, task in task_names.items():
        kind = award.processes[key]
        by_others = [r for r in kind.started_by if r != PUBLIC and not _is_subject(city, r)]
        if by_others and not (kind.same_subject or kind.one_per_subject or kind.public):
            yield build_error_problem(
                checked.package.award_file, f"processes.{key}.started_by", "subject_missing",
                f"“{kind.name}”由“{by_others[0]}”发起时没有当事组织，“{task}”将无人办理。",
                f"When “{by_others[0]}” starts “{kind.name_en}” it is about no organisation: nobody would get “{task}”.",
                Text(
                    "写明是上级办件的组织（same_subject: true），或者发起时选择组织（one_per_subject: true）。",
                    "Say that it is the organisation of the case above (same_subject: true), or chosen at the start (one_per_subject: true).",
                ),
            )  # fmt: skip


def _is_subject(city: Jurisdiction, role: str | None) -> bool:
    city_role = city.roles.get(city.bind(role)) if role else None
    return city_role is not None and city_role.subject


@check(Extent.PIECES, "unknown_term")
def terms_are_counted(checked: Checked) -> Iterator[Problem]:
    """The term of a role is a parameter in years, months or rounds of a known cycle, how many follow each other one that is a number."""
    parameters, file = checked.package.award.parameters, _file(checked)
    for role in checked.package.jurisdiction.roles.values():
        for key, ident, units in (
            ("term", role.term, term_units(parameters)),
            ("most_terms", role.most_terms, (Unit.COUNT,)),
        ):
            fitting = {f"param.{p.id}": p for p in parameters.values() if p.unit in units}
            if (ident and f"param.{ident}" not in fitting) or (key == "most_terms" and ident and not role.term):
                yield build_error_problem(
                    file, f"roles.{role.id}.{key}", "unknown_term",
                    f"角色“{role.text.zh}”的“{key}”没有写成一个参数，或者参数的单位不对、没有写任期，任期无从计算。",
                    f"“{key}” of the role “{role.text.en}” is no parameter that counts a term, or the term itself is not said.",
                    did_you_mean(f"param.{ident}", fitting),
                )  # fmt: skip


@check(Extent.PIECES, "member_beyond_term")
def members_leave_in_time(checked: Checked) -> Iterator[Problem]:
    """A member who is named by the package holds a role no longer than its term."""
    place, file = checked.package.jurisdiction, _file(checked)
    for body in place.bodies:
        for member in body.members:
            for role in (place.roles[role] for role in member.roles if role in place.roles):
                length = _length(checked, role)
                term = TermPeriod(member.since or date.min, member.until)
                if length is None or not length.is_too_long(term):
                    continue
                parameter = checked.package.award.parameters[role.term]
                article = "、".join(dict.fromkeys(checked.package.law.article(c) for c in parameter.clauses))
                last = length.last_day(member.since) if member.since else None
                yield build_error_problem(
                    file, f"bodies.{body.id}.{member.id}", "member_beyond_term",
                    f"成员“{member.name}”担任“{role.text.zh}”没有写明任期，或者超过了任期（{article}）。",
                    f"“{member.name}” is “{role.text.en}” without a term, or beyond it ({article}).",
                    Text(f"任期止写{format_full_day(last).zh}或者更早的一天。", f"Let the term end on {format_full_day(last).en} or before.") if last
                    else Text("写明任期起和任期止。", "Say from when until when."),
                )  # fmt: skip


def _file(checked: Checked) -> str:
    return f"processes/{checked.package.jurisdiction.id}/jurisdiction.yaml"


def _length(checked: Checked, role: Role) -> TermLength | None:
    parameters = checked.package.award.parameters
    months = term_months(parameters, parameters[role.term]) if role.term in parameters else None
    return None if months is None else TermLength(months)
