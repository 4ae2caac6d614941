"""Terms of office: what a role names as its term is a parameter that counts it, and no member named here stays longer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from service.catalog.jurisdiction import Role
from service.catalog.parameters.parameters import Unit
from service.catalog.parameters.term_lengths import term_months, term_units
from service.catalog.problems import Problem, did_you_mean
from service.catalog.rules.context import Checked, error
from service.catalog.rules.registry import Extent, check
from service.domain.calendar.clock import full
from service.domain.calendar.periods import TermLength, TermPeriod
from service.domain.text import Text


@check(Extent.PIECES, "unknown_term")
def terms_are_counted(checked: Checked) -> Iterator[Problem]:
    """The term of a role is a parameter in years, months or rounds of a known cycle, how many follow each other one that is a number."""
    known, file = checked.package.award.parameters, _file(checked)
    for role in checked.package.jurisdiction.roles.values():
        for key, ident, units in (
            ("term", role.term, term_units(known)),
            ("most_terms", role.most_terms, (Unit.COUNT,)),
        ):
            fitting = {f"param.{p.id}": p for p in known.values() if p.unit in units}
            if (ident and f"param.{ident}" not in fitting) or (key == "most_terms" and ident and not role.term):
                yield error(
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
                yield error(
                    file, f"bodies.{body.id}.{member.id}", "member_beyond_term",
                    f"成员“{member.name}”担任“{role.text.zh}”没有写明任期，或者超过了任期（{article}）。",
                    f"“{member.name}” is “{role.text.en}” without a term, or beyond it ({article}).",
                    Text(f"任期止写{full(last).zh}或者更早的一天。", f"Let the term end on {full(last).en} or before.") if last
                    else Text("写明任期起和任期止。", "Say from when until when."),
                )  # fmt: skip


def _file(checked: Checked) -> str:
    return f"processes/{checked.package.jurisdiction.id}/jurisdiction.yaml"


def _length(checked: Checked, role: Role) -> TermLength | None:
    known = checked.package.award.parameters
    months = term_months(known, known[role.term]) if role.term in known else None
    return None if months is None else TermLength(months)
