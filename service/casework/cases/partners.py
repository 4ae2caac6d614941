"""Joint applications (联合申报): the organisation that leads and its partners, who share every duty and consequence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.casework.step.post import queue_to
from service.casework.step.step import Step
from service.casework.subjects.case_subjects import PARTNER, PARTNERS, partners_in
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.credit_code import valid_credit_code
from service.domain.values.typed_text import clean_code
from service.store import Transaction
from service.store.models import BodyRow, CaseRow


def join(step: Step, rows: Sequence[Mapping[str, Any]]) -> Text | None:
    """Let these organisations, by name and credit code, apply together with the one the case is about.

    A second call replaces the partners of the first. Unknown organisations are put on record, without an account.
    Returns what is wrong with the rows (then none is joined), or None when all are joined.

    Raises:
        Invalid: the case is about no organisation.
    """
    if step.case.subject_id is None:
        raise Invalid(
            Text("这个办件没有牵头的组织，不能联合申报。", "The case is about no organisation, so nobody can join it.")
        )
    codes = [step.tx.people.body(step.case.subject_id).key]
    wanted = [(str(r.get("name") or "").strip(), clean_code(str(r.get("code") or ""))) for r in rows]
    for name, code in wanted:
        problem = _twice(name, code) if code in codes else _wrong(step, name, code)
        if problem is not None:
            return problem
        codes.append(code)
    partners = [_row(step, name, code) for name, code in wanted]
    before = {int(row["id"]) for row in partners_in(step.facts)}
    take_over(step, partners)
    _notify_partners(step, [int(p["id"]) for p in partners if int(p["id"]) not in before])
    partner_names = "、".join(str(p["name"]) for p in partners) or "无"
    step.audit("partners", f"联合申报单位：{partner_names}", None, {"partners": [p["id"] for p in partners]})
    return None


def _notify_partners(step: Step, joined: Sequence[int]) -> None:
    """Tell organisations that they were named as partners, and what to do where they never agreed."""
    lead = step.tx.people.body(step.case.subject_id).name if step.case.subject_id is not None else ""
    text = Text(
        f"“{lead}”申报时把贵单位列为联合单位，贵单位的获奖和处理记录一并核查。没有同意参加的，请告知办公室，由“{lead}”更正。",
        f"“{lead}” named your organisation as a partner of its application. If you did not agree, tell the office.",
    )
    subject = Text(f"联合申报：{lead}", f"Joint application: {lead}")
    for ident in joined:
        queue_to(step, step.tx.people.people_of(ident, step.now), f"joined:{ident}", subject, text)


def take_over(step: Step, partners: Sequence[Mapping[str, Any]]) -> None:
    """Set the partners of a case to exactly these."""
    before = {int(row["id"]) for row in partners_in(step.facts)}
    now = [int(row["id"]) for row in partners]
    for ident in before - set(now):
        step.tx.cases.unbind(step.case.id, PARTNER, ident)
    for ident in now:
        step.tx.cases.bind(step.case.id, PARTNER, ident)
    step.set_facts({PARTNERS: [dict(row) for row in partners]})
    step.scope.forget("subject", "register", "parties")


def joint_elsewhere(tx: Transaction, parent: int, process: str, body_id: int) -> CaseRow | None:
    """Return a live case of this kind below ``parent`` that the organisation leads or has joined."""
    return tx.cases.find_live(parent, process, body_id) or tx.cases.find_joined(parent, process, PARTNER, body_id)


def _row(step: Step, name: str, code: str) -> dict[str, Any]:
    known = step.tx.people.body_by_key("*", code)
    if known is None:
        return {"id": step.tx.people.upsert_body("*", code, kind="organisation", name=name), "name": name, "code": code}
    return {"id": known.id, "name": known.name, "code": code}


def _twice(name: str, code: str) -> Text:
    return Text(
        f"“{name}”（{code}）重复：牵头单位不填，每个联合单位填一次。",
        f"“{name}” ({code}) stands twice: leave the leading organisation out, name each partner once.",
    )


def _wrong(step: Step, name: str, code: str) -> Text | None:
    if not name or not valid_credit_code(code):
        return Text(
            f"联合单位“{name or code}”的名称没有填写，或者统一社会信用代码“{code}”的位数、校验位不对（公民身份号码也不行），请核对。",
            f"The name of partner “{name or code}” is missing, or “{code}” is no valid credit code (nor may it be an identity number): check it.",
        )
    known = step.tx.people.body_by_key("*", code)
    if known is None:
        return None
    if name not in {known.name, *(str(n) for n in (known.details or {}).get("former_names", ()))}:
        return Text(
            f"统一社会信用代码“{code}”登记的是“{known.name}”，与填写的“{name}”不同，请核对代码和名称。",
            f"Credit code “{code}” is on record for “{known.name}”, not “{name}”: check code and name.",
        )
    return _busy(step, known)


def _busy(step: Step, partner: BodyRow) -> Text | None:
    """Say that an organisation applies already, alone or with others, where each may apply once."""
    info = step.package.award.processes[step.case.process]
    if not info.one_per_subject or step.case.parent_id is None:
        return None
    other = joint_elsewhere(step.tx, step.case.parent_id, info.key, partner.id)
    if other is None or other.id == step.case.id:
        return None
    return Text(
        f"“{partner.name}”本届已有办理中的“{other.title}”，不能再参加联合申报。",
        f"“{partner.name}” has a live case “{other.title}” in this round and cannot join another application.",
    )
