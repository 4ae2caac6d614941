"""What follows an award: the prize in parts, yearly reports, revocation. They meet at the register, in whatever order they come.

Each is a process of its own that looks at the award on record: what pays and what asks for reports ends once the award is
revoked there; a part of the prize may wait for a mark there (``report_1``) that another process sets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from service.catalog.new_city.grounds import USUAL, grounds_of
from service.catalog.new_city.site import NewParameter, Site, StepPieces, answered, as_said, cites
from service.catalog.new_city.steps import CityStep
from service.catalog.package import Package
from service.domain.errors import Invalid
from service.domain.text import Text

_PAYMENT_FACTS = {
    "award": "number",
    "tier": "string",
    "prize_yuan": "number",
    "decided_on": "date",
    "instalment": "number",
    "instalments_paid": "list",
    "awaited_award": "number",
    "awaited_mark": "string",
}
_NOTE_CONDITION = {
    "process": "payment",
    "name": "登记拨付条件已具备",
    "name_en": "Record that a part may be paid",
    "roles": ["office"],
    "message": "part_condition_met",
    "condition": 'case.awaited_mark != null and starts with(case.awaited_mark, "confirmed")',
}
_OF_CASE = 'get value(item.details, "application") = application.id'
_HANDED_OVER = f'get value(register.awards[{_OF_CASE}][1].details, "handed_over_on")'
WITHIN = "revocation_within_years"
REPORTS_DUE = "04-30"
"""By when yearly reports are proposed to be due, where the text names no day."""
_RECOVERED = {"certificate": "证书", "plaque": "奖牌"}


def payment_pieces(site: Site) -> StepPieces:
    """Return what a prize brings, in the parts that were answered."""
    cited, days = site.citing(CityStep.PAYMENT), site.answers.get("pay_days")
    return StepPieces(
        processes={
            "payment": {
                "process": f"{site.id}_payment",
                "parent": "round",
                "one_per_subject": True,
                "name": "奖金",
                "name_en": "Prize",
                "started_by": [],
                "title": "{subject.name}奖金",
                **cites(site, CityStep.PAYMENT),
                "facts": _PAYMENT_FACTS,
            }
        },
        actions={"note_condition": {**_NOTE_CONDITION, **cites(site, CityStep.PAYMENT)}},
        round_facts={"winners": "list"},
        parameters={
            site.prize: NewParameter(10000, "奖金", "Prize", "yuan"),
            "prize_parts": NewParameter(
                site.answers.get("plan") or parts_of_prize(site.answers),
                "奖金分期",
                "Parts of the prize",
                "table",
                bool(site.answers.get("plan") or site.answers.get("parts")) and as_said(site.answers, "parts"),
                answered=bool(site.answers.get("parts")),
            ),
            **({"prize_payment_calendar_days": answered(site.answers, "pay_days", days)} if days is not None else {}),
        },
        patterns={
            "payment.bpmn": {
                "pattern": "start_payment.bpmn",
                "slots": {
                    "prize_due": cited,
                    "set_instalments": cited,
                    "pay": site.bound(CityStep.PAYMENT),
                    "award_gone": None,
                },
            }
        },
    )


def parts_of_prize(answers: Any, tier: str = "") -> list[dict[str, Any]]:
    """Return the rows of a plan for a tier ("" for all): one part, paid at once, where none are answered."""
    rows = answers.get("parts") or [{"share": 1, "name": "一次付清"}]
    return [({"tier": tier} if tier else {}) | row for row in rows]


def reports_pieces(site: Site) -> StepPieces:
    """Return what yearly reports of winners bring."""
    cited = site.citing(CityStep.REPORTS)
    bound = site.bound(CityStep.REPORTS)
    return StepPieces(
        processes={
            "reports": {
                "process": f"{site.id}_reports",
                "parent": "round",
                "one_per_subject": True,
                "name": "年度报告",
                "name_en": "Yearly reports",
                "started_by": [],
                "title": "{subject.name}年度报告",
                **cites(site, CityStep.REPORTS),
                "facts": {"award": "number", "decided_on": "date", "reports": "number"},
            }
        },
        round_facts={"winners": "list"},
        parameters=_limits_of_reports(site),
        bindings={"supervising": "office"},
        patterns={
            "reports.bpmn": {
                "pattern": "start_reports.bpmn",
                "slots": {
                    "reports_due": cited,
                    "set_reports": cited,
                    "report": bound,
                    "award_gone": None,
                    "years": site.reports,
                },
            }
        },
    )


def title_pieces(site: Site) -> StepPieces:
    """Return what the validity of a title brings: it ends by itself, or with the award."""
    cited = site.citing(CityStep.TITLE)
    slots = {"title_given": cited, "hold_title": site.bound(CityStep.TITLE), "award_gone": None, "years": site.validity}
    return StepPieces(
        processes={
            "title": {
                "process": f"{site.id}_title",
                "parent": "round",
                "one_per_subject": True,
                "name": "称号有效期",
                "name_en": "Validity of the title",
                "started_by": [],
                "title": "{subject.name}称号有效期",
                **cites(site, CityStep.TITLE),
                "facts": {"award": "number", "decided_on": "date"},
            }
        },
        round_facts={"winners": "list"},
        parameters={site.validity: NewParameter(5, "称号有效期", "Validity of the title", "years")},
        patterns={"title.bpmn": {"pattern": "start_title.bpmn", "slots": slots}},
    )


def _limits_of_reports(site: Site) -> dict[str, NewParameter]:
    answers, review = site.answers, site.answers.get("review_days")
    due, correct = answered(answers, "due", REPORTS_DUE), answered(answers, "correction_days", 20)
    found = {
        site.reports: NewParameter(3, "年度报告的年数", "Years of reports", "years"),
        "annual_report_due": _called(due, "年度报告提交日期", "Day by which a report is due", "text"),
        "report_correction_calendar_days": _called(
            correct, "年度报告改正期限", "Time to correct a report", "calendar_days"
        ),
    }
    if review is not None:
        name = ("年度报告审核期限", "Time to review a report")
        found["report_review_working_days"] = _called(answered(answers, "review_days", review), *name, "working_days")
    return found


def revocation_pieces(site: Site) -> StepPieces:
    """Return what a revocation brings: who proposes and decides, how long the winner is heard, what is taken back."""
    cited, answers = site.citing(CityStep.REVOCATION), site.answers
    things = answers.get("recover", ["certificate", "prize"])
    decider = answers.get("decider", "office")
    new = decider == "government" and "government" not in site.roles
    return StepPieces(
        processes={
            "revocation": {
                "process": f"{site.id}_revocation",
                "parent": "application",
                "same_subject": True,
                "name": "撤销奖励",
                "name_en": "Revocation",
                "started_by": ["office"],
                "start_condition": f"some a in register.awards[{_OF_CASE}] satisfies a.revoked_on = null",
                "start_refusal": {"zh": "这家组织没有可以撤销的奖项。", "en": "There is no award to revoke."},
                "title": "{subject.name}撤销奖励",
                **cites(site, CityStep.REVOCATION),
                "facts": {"revocation": "string", "recovery_demands": "number"},
            }
        },
        parameters=_limits_of_revocation(site),
        roles={"government": {"name": "人民政府", "name_en": "Government"}} if new else {},
        bodies=(government_body(site.government),) if new else (),
        bindings={
            "recommender": "office",
            "revocation_proposer": answers.get("proposer", "committee"),
            "revocation_authority": decider,
        },
        patterns={
            "revocation.bpmn": {
                "pattern": "start_revocation.bpmn",
                "slots": {
                    "revocation_opened": cited,
                    "set_revocation": cited,
                    "revoke": site.bound(CityStep.REVOCATION),
                    "grounds": within_text(f"[{grounds_of(answers.get('ground', USUAL), site.ban)}]"),
                    "period": within_text(
                        period_of(answers.get("free_grounds", []) if answers.get("within_years") else None)
                    ),
                    "recover": within_text(_recovered(things, handed_over=site.hands_over)),
                    "once_handed_over": within_text(_named(things)) if site.hands_over else "null",
                },
            }
        },
    )


def _limits_of_revocation(site: Site) -> dict[str, NewParameter]:
    answers, inquiry = site.answers, site.answers.get("inquiry_days")
    return {
        site.ban: NewParameter(3),
        "hearing_working_days": answered(answers, "hearing_days", 5),
        f"recovery_{answers.get('recovery_unit', 'calendar_days')}": answered(answers, "recovery_days", 30),
        **({WITHIN: within_years(answers)} if answers.get("within_years") else {}),
        **({"state_ground_working_days": inquiry_days(answers)} if inquiry is not None else {}),
    }


def demand_one_recovery(package: Package, answers: Mapping[str, Any]) -> None:
    """Raise Invalid where what is taken back has a time limit already that counts other days."""
    days = {"calendar_days": "working_days", "working_days": "calendar_days"}
    other = package.award.parameters.get(f"recovery_{days[answers.get('recovery_unit', 'calendar_days')]}")
    if other is not None and answers.get("recovery_days") is not None:
        raise Invalid(
            Text(
                f"退回期限已经由参数“{other.name}”（{other.id}）规定，计的是另一种日：请先在“参数”中改它，或者选同一种日。",
                f"The time to return is given by “{other.name_en}” ({other.id}), which counts other days: change that first, "
                "or choose the same days.",
            )
        )


def within_years(answers: Mapping[str, Any]) -> NewParameter:
    """Return the parameter of the years after an award in which a ground of revocation lies."""
    name = ("撤销事由应当在获奖后几年以内", "Years in which a ground may lie")
    return _called(answered(answers, "within_years", None), *name, "years")


def period_of(free: list[str] | None) -> str:
    """Return as a formula the days in which a ground lies, except those that are ``free`` of them; None: all are."""
    if free is None:
        return "null"
    named = ", ".join(f'"{ground}"' for ground in free)
    until = f'string(date(a.decided_on) + duration("P" + string(param.{WITHIN}) + "Y"))'
    period = f"{{free: [{named}], from: a.decided_on, until: {until}}}"
    return f"(for a in register.awards[{_OF_CASE}] return {period})[1]"


def inquiry_days(answers: Mapping[str, Any]) -> NewParameter:
    """Return the parameter of the time to find the facts of a revocation."""
    name = ("撤销事由的调查核实期限", "Time to find the facts of a revocation")
    return _called(answered(answers, "inquiry_days", None), *name, "working_days")


def _called(parameter: NewParameter, name: str, name_en: str, unit: str) -> NewParameter:
    return replace(parameter, name=name, name_en=name_en, unit=unit)


def government_body(name: str) -> dict[str, Any]:
    """Return the government of the place as a body."""
    said = {"id": "government", "name": name, "kind": "government", "roles": ["government"], "area": "全域"}
    return dict(said)


def _recovered(things: list[str], *, handed_over: bool) -> str:
    """Return what is taken back as a formula: the prize as far as the register says that it was paid.

    ``handed_over``: the register says whether a certificate was handed over, and nobody returns one before that.
    """
    named = _named(things)
    if handed_over:
        named = f"if {_HANDED_OVER} = null then [] else {named}"
    paid = f'for a in register.awards[{_OF_CASE} and get value(item.details, "paid_yuan") > 0]'
    told = f'{paid} return "奖金" + string(get value(a.details, "paid_yuan")) + "元"'
    return f"concatenate({named}, {told})" if "prize" in things else named


def _named(things: list[str]) -> str:
    """Return those of the things that are handed over as a formula: a list of what they are called."""
    return "[" + ", ".join(f'"{_RECOVERED[thing]}"' for thing in things if thing in _RECOVERED) + "]"


def within_text(formula: str) -> str:
    """Return a formula as it stands within a text of another."""
    return formula.replace("\\", "\\\\").replace('"', '\\"')
