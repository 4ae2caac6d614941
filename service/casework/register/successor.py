"""Succession (合并、分立、更名): a candidacy or a title passes to a successor with its validity, bars and duties."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from service.casework.step.end_signs import ENDED, OTHERS, drop_ask
from service.casework.step.facts import findable_of, with_changes
from service.casework.step.history import tell_other_case
from service.casework.step.step import Step
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Invalid
from service.domain.proof.fact_changes import FactChange, differs
from service.domain.signatures import AWAITED, CLOSED
from service.domain.text import Text
from service.domain.values.identity_codes import valid_credit_code
from service.sdk import Succession
from service.store import AuditEvent, Transaction
from service.store.models import AwardRow, BodyRow, CaseRow

GROUNDS = ("renaming", "merger", "division")
RENAMED, PASSED, JOINED, WON, KEPT = "renamed", "passed", "joined", "won", "kept"
"""What a succession brings about: the same organisation under another name, another in its place, one that is a
candidate of the round itself, one that has won in it already, or bars alone."""
PREDECESSORS = "predecessors"
"""In an organisation's details, those whose awards, bars and sanctions count for it too: their ids, of one that was
divided ``{id, until}``, for it may live on."""


def apply_succession(step: Step, succession: Succession) -> str | Text:
    """Record a succession; the cases about the organisation, from the uppermost down, pass to the successor.

    Returns what it brings about, or what is wrong with what was entered.

    Raises:
        Invalid: the case is not about a holder of the award, or about nobody, or the ground is unknown.
    """
    old = step.tx.bodies.get(_get_successor_lead(step, succession))
    problem = _find_mistake(step, succession, old)
    if problem is not None:
        return problem
    cases = _lock_live_cases(step, old.id)
    applications = _collect_applications(step, cases, succession.award)
    new = (
        _rename_body(step.tx, old, succession.name)
        if succession.code == old.key
        else _ensure_follower(step.tx, old, succession)
    )
    result = RENAMED if new.id == old.id else PASSED if succession.title else KEPT
    if result == PASSED and succession.award is None:
        result = _take_candidacy(step, cases[0], new.id)
    if result == PASSED:
        if succession.award is not None:
            step.tx.awards.pass_on(succession.award, new.id, succession.on - timedelta(days=1))
            _end_second_candidacy(step, step.tx.awards.get(succession.award), new.id, succession.second)
        _hand_over(step, cases, old.id, new.id)
        _hand_over_parties(step, old, new)
        _carry_ties(step, old.id, new.id)
    if succession.title and result in (RENAMED, PASSED):
        passed = f"（现由{new.name}承继）"
        keeps_name = result == PASSED and succession.award is not None
        name = f"{old.name}{passed}" if keeps_name else new.name
        _retitle_cases(step, cases[:-1] if keeps_name else cases, old.name, name, passed)
        _retitle_tasks(step, cases[:-1], old.name, new.name)
        _rename_in_rows(step, cases[0], applications, old, new)
    _put_on_record(step, succession, cases[0], old, new)
    step.forget_records()
    return result


def _get_successor_lead(step: Step, succession: Succession) -> int:
    """Return the organisation whose case this is; raises Invalid."""
    if succession.ground not in GROUNDS:
        raise Invalid(
            Text(
                f"不认识的事由“{succession.ground}”，可用：{'、'.join(GROUNDS)}。",
                f"Unknown ground “{succession.ground}”; there are {', '.join(GROUNDS)}.",
            )
        )
    lead = step.case.subject_id
    if lead is None:
        raise Invalid(
            Text("这个办件没有当事组织，没有可以承继的。", "This case is about nobody that could be succeeded.")
        )
    if succession.award is not None and step.tx.awards.get(succession.award).body_id != lead:
        raise Invalid(
            Text(
                f"登记编号{succession.award}的奖项不由本办件的当事组织持有，不能由其继受者承继。",
                f"Award {succession.award} is not held by the organisation of this case: nobody can succeed to it here.",
            )
        )
    return lead


def _lock_live_cases(step: Step, subject: int) -> list[CaseRow]:
    """Return the live cases about an organisation around that of the step: from the uppermost down, locked but its own."""
    top = step.case
    while top.parent_id is not None and (above := step.tx.cases.get(top.parent_id)).subject_id == subject:
        top = above
    below = [c for c in _live_below(step.tx, top.id, subject) if c.id != step.case.id]
    others = [c for c in (top, *below) if c.id != step.case.id and c.status != "ended"]
    locked = {c.id: step.tx.cases.lock(c.id) for c in others}
    return [locked.get(c.id, c) for c in ([top] if top.id != step.case.id else []) + below] + [step.case]


def _collect_applications(step: Step, cases: list[CaseRow], award: int | None) -> set[int]:
    """Return the cases by which rows of the round name the organisation."""
    case_ids = {case.id for case in cases}
    application = None if award is None else (step.tx.awards.get(award).details or {}).get("application")
    return case_ids if application is None else case_ids | {int(application)}


def _take_candidacy(step: Step, candidacy: CaseRow, body: int) -> str:
    """Return whether a candidacy passes to an organisation, or what this one has in the same round itself."""
    above = candidacy.parent_id
    if above is None:
        return PASSED
    if any(a.details.get("case") == above for a in step.tx.awards.select(body_id=body, revoked_on=None)):
        return WON
    own = step.tx.cases.find(parent_id=above, process=candidacy.process, subject_id=body, status__ne="ended")
    return PASSED if own is None else JOINED


def _end_second_candidacy(step: Step, award: AwardRow, body: int, second: Mapping[str, Any] | None) -> None:
    """Tell the candidacy that the successor of an award has in the same round: it has won there now."""
    application = (award.details or {}).get("application")
    if application is None or second is None or award.revoked_on is not None:
        return
    about = step.tx.cases.get(int(application))
    own = step.tx.cases.find(parent_id=about.parent_id, process=about.process, subject_id=body, status__ne="ended")
    if own is not None:
        step.queue("message", f"message:{own.id}:second:{award.id}", dict(second), case_id=own.id)


def _put_on_record(step: Step, succession: Succession, top: CaseRow, old: BodyRow, new: BodyRow) -> None:
    line: dict[str, str | int] = {
        "from": old.name,
        "to": new.name,
        "code": new.key,
        "ground": succession.ground,
        "on": succession.on.isoformat(),
    }
    if succession.award is not None:
        award = step.tx.awards.get(succession.award)
        if award.body_id == new.id:
            before = list((award.details or {}).get("successions", ()))
            step.tx.awards.add_details(award.id, {"successions": [*before, {**line, "basis": succession.basis}]})
        line["award"] = award.id
    text = f"“{old.name}”由“{new.name}”承继：{succession.basis}"
    step.audit("succession", text, None, line)
    for other in (top.id, top.parent_id):
        if other is not None:
            tell_other_case(step, other, "succession", text, line)


def _find_mistake(step: Step, succession: Succession, old: BodyRow) -> Text | None:
    above = step.tx.cases.get(step.case.parent_id) if step.case.parent_id is not None else None
    if above is not None and above.subject_id not in (None, old.id):
        parties = [party.id for bodies in step.tx.cases.parties(above.id).values() for party in bodies]
        if old.id not in parties:
            return Text(
                f"“{old.name}”不是这件申报的组织，也不是它的上级单位，请核对；选错单位的，不再登记。",
                f"“{old.name}” is neither the organisation of this application nor the one above it: check it, or record nothing.",
            )
    if not succession.name or not valid_credit_code(succession.code):
        return Text(
            f"承继单位的名称没有填写，或者统一社会信用代码“{succession.code}”的位数、校验位不对（公民身份号码也不行），请核对。",
            f"The successor's name is missing, or “{succession.code}” is no valid credit code (nor may it be an identity number): check it.",
        )
    if succession.on > step.today:
        return Text(
            f"生效日期{format_full_day(succession.on).zh}晚于今日，请在生效后登记。",
            f"It takes effect on {format_full_day(succession.on).en}: record it from that day on.",
        )
    if (succession.code == old.key) != (succession.ground == "renaming"):
        return Text(
            "更名的信用代码不变，合并、分立后承继的单位有自己的信用代码，请核对事由和代码。",
            "A renamed organisation keeps its code; after a merger or division the successor has one of its own.",
        )
    body = step.tx.bodies.find(jurisdiction="*", key=succession.code)
    if body is not None and succession.ground != "renaming" and body.name != succession.name:
        return Text(
            f"统一社会信用代码“{succession.code}”登记的是“{body.name}”，与填写的“{succession.name}”不同，请核对。",
            f"Credit code “{succession.code}” is on record for “{body.name}”, not “{succession.name}”: check it.",
        )
    return None


def _rename_body(tx: Transaction, old: BodyRow, name: str) -> BodyRow:
    details = dict(old.details or {})
    details["former_names"] = list(dict.fromkeys([*details.get("former_names", ()), old.name]))
    tx.bodies.upsert("*", old.key, kind=old.kind, name=name, name_en=old.name_en, details=details)
    return tx.bodies.get(old.id)


def _ensure_follower(tx: Transaction, old: BodyRow, succession: Succession) -> BodyRow:
    body = tx.bodies.find(jurisdiction="*", key=succession.code)
    details = dict(body.details or {}) if body is not None else {}
    entry = {"id": old.id, "until": succession.on.isoformat()} if succession.ground == "division" else old.id
    before = list(details.get(PREDECESSORS, ()))
    details[PREDECESSORS] = before if entry in before else [*before, entry]
    name_en = body.name_en if body is not None else None
    kind = body.kind if body is not None else "organisation"
    return tx.bodies.get(
        tx.bodies.upsert("*", succession.code, kind=kind, name=succession.name, name_en=name_en, details=details)
    )


def _hand_over(step: Step, cases: list[CaseRow], old: int, new: int) -> None:
    """Transfer live cases and their open tasks from the predecessor to the successor."""
    for row in cases:
        if row.id == step.case.id:
            step.change(subject_id=new)
        elif row.status != "ended":
            _save_other(step, row, row.facts, subject_id=new)
        hand_over_tasks(step, row.id, old, new)


def _hand_over_parties(step: Step, old: BodyRow, new: BodyRow) -> None:
    """Let the successor of a body that acts in the case above, as one above a branch does, act there in its place."""
    above = step.case.parent_id
    held = {} if above is None else step.tx.cases.parties(above)
    roles = [role for role, bodies in held.items() if old.id in [body.id for body in bodies]]
    if above is None or not roles:
        return
    for role in roles:
        step.tx.cases.bind(above, role, new.id)
    case = step.tx.cases.lock(above)
    codes = {name: new.key for name, value in case.facts.items() if value == old.key}
    _save_other(step, case, {**case.facts, **codes})
    hand_over_tasks(step, above, old.id, new.id)


def _carry_ties(step: Step, old: int, new: int) -> None:
    """Let interests and recusals of people in the predecessor be such in the successor."""
    for tie in step.tx.interests.select(body_id=old):
        step.tx.interests.insert(replace(tie, id=0, body_id=new))
    for recusal in step.tx.recusals.select(body_id=old, lifted_at=None):
        step.tx.recusals.insert_new(replace(recusal, id=0, body_id=new))


def _retitle_cases(step: Step, cases: list[CaseRow], old: str, new: str, passed: str) -> None:
    """Let live cases be called by the new name where their titles hold the old one.

    What is about an award that passes to another goes on under the name that won it: it is no matter of another award
    of the successor's own.
    """
    noted = f"（现由{old}承继）"
    for row in cases:
        title = row.title.replace(noted, passed) if noted in row.title else row.title.replace(old, new)
        if title == row.title:
            continue
        if row.id == step.case.id:
            step.change(title=title)
        elif row.status != "ended":
            now = step.tx.cases.get(row.id)
            step.tx.cases.save(now, title=title)


def _retitle_tasks(step: Step, cases: list[CaseRow], old: str, new: str) -> None:
    """Let open tasks, and so their reminders, name whoever they are about now."""
    for case in cases:
        for row in step.tx.tasks.open_of_case(case.id):
            title, subject = row.title.replace(old, new), row.subject.replace(old, new)
            if (title, subject) != (row.title, row.subject):
                step.tx.tasks.step(row.id, row.version, title=title, subject=subject)


def _rename_in_rows(step: Step, top: CaseRow, cases: Collection[int], old: BodyRow, new: BodyRow) -> None:
    """Let the rows in which the case above ``top`` lists these cases bear the new name; what was issued stays as it is."""
    if top.parent_id is None:
        return
    above = step.tx.cases.lock(top.parent_id)
    numbers = {str(c) for c in cases}

    def rename_row(row: Any) -> Any:
        if not isinstance(row, Mapping) or numbers.isdisjoint((str(row.get("case")), str(row.get("candidate")))):
            return row
        changed = {key: str(row[key]).replace(old.name, new.name) for key in ("name", "organisation") if key in row}
        return {**row, **changed, **({"subject": new.id} if row.get("subject") == old.id else {})}

    lists = {name: [rename_row(row) for row in value] for name, value in above.facts.items() if isinstance(value, list)}
    _save_other(step, above, {**above.facts, **lists})


def _save_other(step: Step, other: CaseRow, facts: Mapping[str, Any], **columns: object) -> None:
    """Save a case beside that of the step with other facts; its history says that they came with the succession."""
    changes = [
        FactChange(name, other.facts.get(name), value, step.running, None if step.running else step.author.name)
        for name, value in facts.items()
        if differs(other.facts.get(name) or None, value or None)
    ]
    if changes:
        event = AuditEvent(step.now, step.author.name, "succession", "名称随承继变更", step.author.person_id)
        event = with_changes(step.desk, event, changes)
        seq, last = step.tx.history.append(other.id, other.audit_seq, other.audit_hash, [event])
        columns |= {"audit_seq": seq, "audit_hash": last}
    package = step.desk.packages.get(other.definition, step.tx)
    step.tx.cases.save(other, facts=facts, findable=findable_of(package, facts), **columns)


def _live_below(tx: Transaction, case: int, subject: int) -> list[CaseRow]:
    live_cases = [c for c in tx.cases.select(parent_id=case) if c.status != "ended" and c.subject_id == subject]
    return live_cases + [deeper for c in live_cases for deeper in _live_below(tx, c.id, subject)]


def hand_over_tasks(step: Step, case: int, old: int, new: int, role: str | None = None) -> None:
    """Pass the open tasks of a body in a case, those of one role where it is named, to another body."""
    tx = step.tx
    for row in tx.tasks.open_of_case(case):
        if row.body_id != old or role not in (None, row.role):
            continue
        ask = tx.sign_asks.find("-id", task_id=row.id, state="open") if row.signs_open in AWAITED else None
        if ask is not None:
            drop_ask(step.desk, tx, row, ask, ENDED, OTHERS)
        signs = CLOSED if ask is not None else row.signs_open
        tx.tasks.step(row.id, row.version, body_id=new, assignee_id=None, signs_open=signs)
