"""Succession (合并、分立、更名): a title passes to a successor with its validity, bars and duties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from service.casework.cases.partners import take_over
from service.casework.step.end_signs import ENDED, OTHERS, drop_ask
from service.casework.step.fact_history import with_changes
from service.casework.step.findable import findable_of
from service.casework.step.step import Step
from service.casework.subjects.case_subjects import PARTNER, PARTNERS, partners_in
from service.domain.calendar.dates import full
from service.domain.errors import Invalid
from service.domain.proof.fact_changes import FactChange, differs
from service.domain.signatures import AWAITED, CLOSED
from service.domain.text import Text
from service.domain.values.credit_code import valid_credit_code
from service.store import AuditEvent, Transaction
from service.store.rows import BodyRow, CaseRow

GROUNDS = ("renaming", "merger", "division")
PREDECESSORS = "predecessors"
"""In an organisation's details: those whose awards, bars and sanctions count for it too."""


@dataclass(frozen=True, slots=True)
class Succession:
    """The successor of a case's organisation, on what ground and since when; ``title``: the award passes to it too.

    ``of`` names the partner that is succeeded; without it the leading organisation is.
    """

    award: int
    name: str
    code: str
    ground: str
    on: date
    basis: str
    title: bool = True
    of: str = ""


def succeed(step: Step, succession: Succession) -> Text | None:
    """Record a succession and transfer the case and its child cases to the successor.

    Returns what is wrong with what was entered, None when it is done.

    Raises:
        Invalid: the case is not about a holder of the award, or the ground is unknown.
    """
    award = step.tx.register.award(succession.award)
    if step.case.subject_id != award.body_id:
        raise Invalid(
            Text(
                f"登记编号{succession.award}的奖项不由本办件的当事组织持有，不能由其继受者承继。",
                f"Award {succession.award} is not held by the organisation of this case: nobody can succeed to it here.",
            )
        )
    if succession.ground not in GROUNDS:
        raise Invalid(
            Text(
                f"不认识的事由“{succession.ground}”，可用：{'、'.join(GROUNDS)}。",
                f"Unknown ground “{succession.ground}”; there are {', '.join(GROUNDS)}.",
            )
        )
    partner = _followed(step, award.body_id, succession.of)
    if isinstance(partner, Text):
        return partner
    old = step.tx.people.body(award.body_id if partner is None else partner)
    problem = _wrong(step, succession, old)
    if problem is not None:
        return problem
    new = _renamed(step.tx, old, succession.name) if succession.code == old.key else _follower(step.tx, old, succession)
    if succession.title and new.id != old.id:
        step.tx.register.pass_on(award.id, new.id, succession.on - timedelta(days=1), partner)
        if partner is None:
            _hand_over(step, old.id, new.id)
        else:
            _replace_partner(step, old.id, new)
    line = {
        "from": old.name,
        "to": new.name,
        "code": new.key,
        "ground": succession.ground,
        "on": succession.on.isoformat(),
    }
    before = list((award.details or {}).get("successions", ()))
    step.tx.register.add_details(award.id, {"successions": [*before, {**line, "basis": succession.basis}]})
    step.audit("succession", f"“{old.name}”由“{new.name}”承继：{succession.basis}", None, {"award": award.id, **line})
    step.forget_records()
    return None


def _followed(step: Step, lead: int, name: str) -> int | Text | None:
    """Return the partner that is succeeded, None for the leading organisation, or what is wrong with its name."""
    if not name or name == step.tx.people.body(lead).name:
        return None
    partners = partners_in(step.facts)
    found = next((int(p["id"]) for p in partners if p["name"] == name), None)
    if found is not None:
        return found
    known = "、".join(str(p["name"]) for p in partners) or "无"
    return Text(
        f"“{name}”不是这个奖项的联合单位（现有：{known}），被承继的是牵头单位的不用填写。",
        f"“{name}” is no partner of this award (there are: {known}); leave it out where the leading organisation is followed.",
    )


def _wrong(step: Step, succession: Succession, old: BodyRow) -> Text | None:
    if not succession.name or not valid_credit_code(succession.code):
        return Text(
            f"承继单位的名称没有填写，或者统一社会信用代码“{succession.code}”的位数、校验位不对，请核对。",
            f"The successor's name is missing, or “{succession.code}” is no valid credit code: check it.",
        )
    if succession.on > step.today:
        return Text(
            f"生效日期{full(succession.on).zh}晚于今日，请在生效后登记。",
            f"It takes effect on {full(succession.on).en}: record it from that day on.",
        )
    if (succession.code == old.key) != (succession.ground == "renaming"):
        return Text(
            "更名的信用代码不变，合并、分立后承继的单位有自己的信用代码，请核对事由和代码。",
            "A renamed organisation keeps its code; after a merger or division the successor has one of its own.",
        )
    known = step.tx.people.body_by_key("*", succession.code)
    if known is not None and succession.ground != "renaming" and known.name != succession.name:
        return Text(
            f"统一社会信用代码“{succession.code}”登记的是“{known.name}”，与填写的“{succession.name}”不同，请核对。",
            f"Credit code “{succession.code}” is on record for “{known.name}”, not “{succession.name}”: check it.",
        )
    return None


def _renamed(tx: Transaction, old: BodyRow, name: str) -> BodyRow:
    details = dict(old.details or {})
    details["former_names"] = list(dict.fromkeys([*details.get("former_names", ()), old.name]))
    tx.people.upsert_body("*", old.key, kind=old.kind, name=name, name_en=old.name_en, details=details)
    return tx.people.body(old.id)


def _follower(tx: Transaction, old: BodyRow, succession: Succession) -> BodyRow:
    known = tx.people.body_by_key("*", succession.code)
    details = dict(known.details or {}) if known is not None else {}
    details[PREDECESSORS] = list(dict.fromkeys([*details.get(PREDECESSORS, ()), old.id]))
    name_en = known.name_en if known is not None else None
    kind = known.kind if known is not None else "organisation"
    return tx.people.body(
        tx.people.upsert_body("*", succession.code, kind=kind, name=succession.name, name_en=name_en, details=details)
    )


def _hand_over(step: Step, old: int, new: int) -> None:
    """Transfer the case, its live child cases and open tasks from the predecessor to the successor.

    A partner that succeeds the leading organisation leads from now on, and is no partner any more.
    """
    step.change(subject_id=new)
    partners = partners_in(step.facts)
    if any(int(p["id"]) == new for p in partners):
        take_over(step, [p for p in partners if int(p["id"]) != new])
    _tasks(step, step.case.id, old, new)
    for below in _live_below(step.tx, step.case.id, old):
        row = step.tx.cases.lock(below.id)
        partners = [p for p in partners_in(row.facts) if int(p["id"]) != new]
        facts = {**row.facts, PARTNERS: partners} if partners_in(row.facts) else row.facts
        _save_below(step, row, facts, subject_id=new)
        step.tx.cases.unbind(row.id, PARTNER, new)
        _tasks(step, row.id, old, new)


def _replace_partner(step: Step, old: int, new: BodyRow) -> None:
    """Replace a partner by its successor in the case and its live child cases, once."""
    fresh = {"id": new.id, "name": new.name, "code": new.key}

    def replaced(case: CaseRow) -> list[Mapping[str, Any]]:
        rows = [fresh if int(p["id"]) == old else p for p in partners_in(case.facts)]
        return [p for n, p in enumerate(rows) if p["id"] != case.subject_id and p not in rows[:n]]

    take_over(step, replaced(step.case))
    assert step.case.subject_id is not None
    for below in _live_below(step.tx, step.case.id, step.case.subject_id):
        row = step.tx.cases.lock(below.id)
        _save_below(step, row, {**row.facts, PARTNERS: replaced(row)})
        step.tx.cases.unbind(row.id, PARTNER, old)
        if new.id != row.subject_id:
            step.tx.cases.bind(row.id, PARTNER, new.id)


def _save_below(step: Step, below: CaseRow, facts: Mapping[str, Any], **columns: object) -> None:
    """Save a case below with other facts; its history says that they came with the succession."""
    old, new = partners_in(below.facts), facts.get(PARTNERS)
    if differs(old, new or []):
        event = AuditEvent(step.now, step.author.name, "succession", "联合单位随承继变更", step.author.person_id)
        change = FactChange(PARTNERS, old or None, new, step.running, None if step.running else step.author.name)
        event = with_changes(step.desk, event, [change])
        seq, last = step.tx.history.append(below.id, below.audit_seq, below.audit_hash, [event])
        columns |= {"audit_seq": seq, "audit_hash": last}
    package = step.desk.packages.get(below.definition, step.tx)
    findable = findable_of(package, facts)
    step.tx.cases.save(below, facts=facts, findable=findable, **columns)


def _live_below(tx: Transaction, case: int, subject: int) -> list[CaseRow]:
    found = [c for c in tx.cases.children(case) if c.status != "ended" and c.subject_id == subject]
    return found + [deeper for c in found for deeper in _live_below(tx, c.id, subject)]


def _tasks(step: Step, case: int, old: int, new: int) -> None:
    tx = step.tx
    for row in tx.tasks.open_of_case(case):
        if row.body_id != old:
            continue
        ask = tx.signs.open_of_task(row.id) if row.signs_open in AWAITED else None
        if ask is not None:
            drop_ask(step.desk, tx, row, ask, ENDED, OTHERS)
        signs = CLOSED if ask is not None else row.signs_open
        tx.tasks.update(row.id, row.version, body_id=new, assignee_id=None, signs_open=signs)
