"""Operations on awards: conferral, sanctions, revocation, succession."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.sdk import Conferral, Invalid, Sanction, Succession, Text, Work, anniversary, operation


@dataclass(frozen=True, slots=True)
class Confer:
    """The winners and how their awards are numbered."""

    rows: str = field(
        metadata={
            "formula": True,
            "help": "FEEL 文本，给出获奖各行：case 为下级办件编号，逐件授奖时为本办件编号；tier 为类别",
        }
    )
    round: str = field(metadata={"help": "届次名称"})
    decided_on: date = field(metadata={"help": "授奖决定日期"})
    decision: str = field(default="", metadata={"help": "授奖决定文号"})
    items: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "help": '证书、奖牌等及其编号式样，可用 {year} 和 {sequence}，例如 {certificate: "证〔{year}〕{sequence}"}'
        },
    )
    prize_from: str = field(
        default="0",
        metadata={
            "formula": True,
            "help": "FEEL 文本，给出该行奖金（元）；row 为当前行，row.earlier 为该组织此前的获奖登记，与 register.awards 同形",
        },
    )
    name: str = field(default="", metadata={"help": "记录获奖名单的事实名；空则不记", "facts": ("{}",)})


@operation(
    "register.confer",
    Text("登记获奖", "Put awards on record"),
    result={"winners": "list", "count": "number", "prize_yuan": "number"},
)
def confer(work: Work, parameters: Confer) -> Mapping[str, Any]:
    """Put one award on record for every row and give each item its number.

    A row whose case has an award of this tier and round already is left as it is.

    Raises:
        Invalid: when a row names neither a child case of this one nor this one, or one without organisation.
    """
    subjects: dict[int, Mapping[str, Any]] = {child.id: child.subject for child in work.cases.children()}
    subjects[work.case.id] = work.evaluate("subject") or {}
    winners = [_confer_award(work, parameters, dict(row), subjects) for row in work.rows(parameters.rows)]
    if parameters.name:
        work.cases.set({parameters.name: winners})
    return {"winners": winners, "count": len(winners), "prize_yuan": sum(w["prize_yuan"] for w in winners)}


def _confer_award(
    work: Work, parameters: Confer, row: dict[str, Any], subjects: Mapping[int, Mapping[str, Any]]
) -> dict[str, Any]:
    case = int(row.get("case") or 0)
    subject = subjects.get(case)
    if not subject:
        raise Invalid(
            Text(
                f"获奖名单中有一行（case 为 {row.get('case')}）没有对应的申报：应是下级办件或者本办件的编号，并有当事组织。请核对名单。",
                f"A row of the winners (case {row.get('case')}) belongs to no application: "
                "it names a case below this one, or this one, that is about an organisation. Check the list.",
            )
        )
    holder = int(subject["id"])
    earlier = list(work.register.awards(holder))
    prize = work.amount(parameters.prize_from, {"row": {**row, "earlier": earlier}})
    items = {name: work.cases.sequence(f"{name}:{pattern}", pattern) for name, pattern in parameters.items.items()}
    award = work.register.confer(
        Conferral(
            subject=holder,
            tier=str(row["tier"]),
            round=parameters.round,
            decided_on=parameters.decided_on,
            number=items.get("certificate"),
            prize_yuan=prize,
            items=items,
            details={"decision": parameters.decision, "application": case},
        )
    )
    award_facts = {"award": award, "case": case, "subject": holder, "name": subject["name"]}
    return {
        **row,
        **award_facts,
        "tier": str(row["tier"]),
        "prize_yuan": prize,
        "items": items,
        "number": items.get("certificate"),
    }


@dataclass(frozen=True, slots=True)
class Change:
    """What is added to awards on record."""

    rows: str = field(metadata={"formula": True, "help": "FEEL 文本，给出各行：award 为登记编号，其余各项记入该奖项"})


@operation("register.change", Text("更新获奖登记", "Change awards on record"), result={"count": "number"})
def change(work: Work, parameters: Change) -> Mapping[str, Any]:
    """Add to what is on record of awards: paid, returned, extended."""
    rows = [dict(row) for row in work.rows(parameters.rows)]
    for row in rows:
        work.register.change(int(row.pop("award")), row)
    return {"count": len(rows)}


@dataclass(frozen=True, slots=True)
class Impose:
    """A sanction against the organisation of the case."""

    ground: str = field(metadata={"help": '事由，例如 "concealment_or_false_material"'})
    effect: str = field(metadata={"help": '后果，例如 "ban"（不予受理申报）'})
    last_day: date | None = field(default=None, metadata={"help": "最后一日；空则没有期限"})
    from_day: date | None = field(default=None, metadata={"help": "起始日；空则为今日"})
    clauses: list[str] = field(default_factory=list, metadata={"help": "依据的条款编号"})
    reason_from: str = field(default="null", metadata={"formula": True, "help": "FEEL 文本，按办件记录给出理由"})


@operation(
    "register.sanction",
    Text("登记处理", "Put a sanction on record"),
    result={"sanction": "number", "from_day": "date", "last_day": "date"},
)
def impose(work: Work, parameters: Impose) -> Mapping[str, Any]:
    """Put a sanction against the organisation of the case on record; the next examination finds it.

    Raises:
        Invalid: when the case is about no organisation.
    """
    subject = work.case.subject
    if subject is None:
        raise Invalid(
            Text(
                "这个办件没有当事组织，不能登记处理；请从该组织的办件中登记。",
                "This case is about no organisation, so nobody can be sanctioned; use a case of the organisation.",
            )
        )
    from_day = parameters.from_day or work.today
    last_day = parameters.last_day
    number = work.register.sanction(
        Sanction(
            subject,
            parameters.ground,
            parameters.effect,
            decided_on=work.today,
            from_day=from_day,
            last_day=last_day,
            clauses=parameters.clauses,
            details={"reason": work.evaluate(parameters.reason_from)},
        )
    )
    return {
        "sanction": number,
        "from_day": from_day.isoformat(),
        "last_day": last_day and last_day.isoformat(),
    }


@dataclass(frozen=True, slots=True)
class Revoke:
    """Which award ends, and why."""

    award: int = field(metadata={"help": "登记编号，即登记获奖结果中各行的 award"})
    reason_from: str = field(metadata={"formula": True, "help": "FEEL 文本，按办件记录给出理由"})
    on: date | None = field(default=None, metadata={"help": "撤销日期；空则为今日"})


@operation("register.revoke", Text("撤销奖项登记", "Revoke an award"), result={"revoked_on": "date", "earlier": "date"})
def revoke(work: Work, parameters: Revoke) -> Mapping[str, Any]:
    """Note on record that an award was revoked or has expired; ``earlier`` is the day it had ended before, or null."""
    day = parameters.on or work.today
    earlier = work.register.revoke(int(parameters.award), day, str(work.evaluate(parameters.reason_from) or ""))
    return {"revoked_on": day.isoformat(), "earlier": earlier and earlier.isoformat()}


@dataclass(frozen=True, slots=True)
class Ban:
    """A bar against the organisation of the case, counted in years."""

    ground: str = field(metadata={"help": '事由，例如 "fraud_or_bribery"'})
    years: int = field(metadata={"help": "不予受理申报的年数；0 则不登记"})
    from_day: date | None = field(default=None, metadata={"help": "起算日；空则为今日"})
    effect: str = field(default="ban", metadata={"help": '后果，默认 "ban"（不予受理申报）'})
    clauses: list[str] = field(default_factory=list, metadata={"help": "依据的条款编号；空则取本环节引用的条款"})
    reason_from: str = field(default="null", metadata={"formula": True, "help": "FEEL 文本，按办件记录给出理由"})


@operation("register.ban", Text("登记禁止申报期", "Bar from applying"), result={"from_day": "date", "last_day": "date"})
def ban(work: Work, parameters: Ban) -> Mapping[str, Any]:
    """Put a bar of whole years on record: from its first day, which counts as none, to the corresponding one.

    So ends every period of years from an event (Civil Code, articles 201 and 202), as ``years`` does in formulas.

    Raises:
        Invalid: when the case is about no organisation.
    """
    years = int(parameters.years or 0)
    if years < 1:
        return {"from_day": None, "last_day": None}
    subject = work.case.subject
    if subject is None:
        raise Invalid(
            Text(
                "这个办件没有当事组织，不能登记禁止申报期。",
                "This case is about no organisation, so nobody can be barred.",
            )
        )
    first = parameters.from_day or work.today
    last = anniversary(first, years)
    work.register.sanction(
        Sanction(
            subject,
            parameters.ground,
            parameters.effect,
            decided_on=work.today,
            from_day=first,
            last_day=last,
            clauses=parameters.clauses or work.element.clauses,
            details={"reason": work.evaluate(parameters.reason_from)},
        )
    )
    return {"from_day": first.isoformat(), "last_day": last.isoformat()}


@dataclass(frozen=True, slots=True)
class Succeed:
    """Which award, who follows, why and since when; texts are FEEL over the records."""

    name_from: str = field(metadata={"formula": True, "help": "FEEL 文本，承继单位的名称"})
    code_from: str = field(metadata={"formula": True, "help": "FEEL 文本，承继单位的统一社会信用代码；更名的不变"})
    ground_from: str = field(
        metadata={"formula": True, "help": "FEEL 文本，事由：renaming 更名，merger 合并，division 分立"}
    )
    on: date = field(metadata={"help": "生效日期"})
    basis_from: str = field(metadata={"formula": True, "help": "FEEL 文本，依据：登记机关的文书、合并分立协议等"})
    title: bool = field(default=True, metadata={"help": "false 称号、申报不转移，只承继禁止申报等处理"})
    award: int | None = field(default=None, metadata={"help": "登记编号；评审中的申报没有"})
    second_from: str | None = field(
        default=None,
        metadata={
            "formula": True,
            "help": "FEEL 文本，{message, payload}：本届获奖的称号转移给本届另有申报的单位时，告知那件申报",
        },
    )


@operation(
    "register.succeed",
    Text("登记承继", "Record a succession"),
    result={"ok": "boolean", "problem": "string", "result": "string"},
    options={"result": ("renamed", "passed", "joined", "won", "kept")},
)
def succeed(work: Work, parameters: Succeed) -> Mapping[str, Any]:
    """Let another organisation follow the one of the case: it keeps validity and number, bars, and the tasks that wait.

    What the predecessor won and was sanctioned for counts for the successor from now on; the cases about it, from the
    uppermost down, and the lists of the round bear the new name. ``result`` says what that brings about: ``joined``
    where the successor is a candidate of the same round itself, ``won`` where it has an award of it: then this
    candidacy does not pass to it. Where an award passes to a candidate of its round, ``second_from`` is told to
    that candidacy. ``problem`` says what is wrong with what was entered; then nothing is changed.
    """
    succession = Succession(
        None if parameters.award is None else int(parameters.award),
        name=str(work.evaluate(parameters.name_from) or ""),
        code=str(work.evaluate(parameters.code_from) or ""),
        ground=str(work.evaluate(parameters.ground_from) or ""),
        on=parameters.on,
        basis=str(work.evaluate(parameters.basis_from) or ""),
        title=bool(parameters.title),
        second=None if parameters.second_from is None else work.evaluate(parameters.second_from),
    )
    return work.register.succeed(succession)
