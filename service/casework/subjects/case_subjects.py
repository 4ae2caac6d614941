"""The subject of a case: the organisation or person it is about."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from service.catalog import Package, ProcessInfo
from service.domain.forms.masking import masked
from service.domain.text import Text
from service.domain.values.identity_codes import valid_credit_code, valid_identity_number
from service.store import Transaction
from service.store.models import BodyRow


class AboutBodies(Protocol):
    """A case, or what is told of one."""

    @property
    def subject_id(self) -> int | None:
        """Return the organisation that it is about."""


def subject_ids(case: AboutBodies) -> list[int]:
    """Return the organisation a case is about, none where it is about nobody."""
    return [] if case.subject_id is None else [case.subject_id]


def cases_of_panel(tx: Transaction, panel: int) -> list[int]:
    """Return the cases that a panel reviews."""
    return [row.case_id for row in tx.panel_cases.select(panel_id=panel)]


def subjects_of_panel(tx: Transaction, panel: int) -> list[int]:
    """Return every organisation whose application a panel reviews."""
    return [body for case in cases_of_panel(tx, panel) for body in subject_ids(tx.cases.get(case))]


ORGANISATION, INDIVIDUAL = "organisation", "individual"
KINDS = ((ORGANISATION, "组织"), (INDIVIDUAL, "个人"))
"""Kinds of applicants and winners in lists."""

_FACT = "applicant_type"


def takes_individuals(where: Package | ProcessInfo) -> bool:
    """Return whether individuals may apply: where a kind of case records the fact ``applicant_type``."""
    kinds = where.award.processes.values() if isinstance(where, Package) else (where,)
    return any(_FACT in kind.facts for kind in kinds)


def format_body_code(body: BodyRow) -> str:
    """Return the code of ``body`` as a page or a report shows it: an individual's is masked."""
    return masked(body.key) if body.kind == INDIVIDUAL else body.key


def applicant_problem(
    body: BodyRow | None, name: str, code: str, kind: str | None, on: date, *, individuals: bool
) -> Text | None:
    """Return why ``name`` cannot apply by ``code``, which ``body`` is registered by; None when it can.

    ``kind`` is organisation or individual, None where it is not said: one that is registered is known.
    """
    if body is None:
        return code_problem(kind or ORGANISATION, code, on, individuals=individuals)
    names = {body.name, *(str(n) for n in (body.details or {}).get("former_names", ()))}
    if body.kind in (ORGANISATION, INDIVIDUAL) and name in names and kind in (None, body.kind):
        return None
    if body.kind == INDIVIDUAL:
        return Text(
            "该号码已登记为另一姓名的个人，请核对。", "This number is registered under another name: check both."
        )
    return Text(
        f"该代码已登记为“{body.name}”，请核对名称。", f"This code is registered as “{body.name}”: check the name."
    )


def code_problem(kind: str, code: str, on: date, *, individuals: bool) -> Text | None:
    """Return why a new applicant cannot be registered as ``kind`` by ``code``; None when possible.

    ``on`` is the day by which an individual must have been born; ``individuals`` says whether the city takes them.
    A number that may be an identity number is not repeated.
    """
    is_person = valid_identity_number(code, on)
    if kind == INDIVIDUAL:
        if not individuals:
            return Text("本市的奖项只授予组织，不登记个人。", "This city's award is for organisations only.")
        if not is_person:
            return Text(
                "公民身份号码的位数、出生日期或校验位不对，也没有以此登记的个人。",
                "This is no valid identity number, and no individual is registered by it.",
            )
        return None
    if valid_credit_code(code):
        return None
    if is_person:
        return Text(
            "这是公民身份号码，不是统一社会信用代码。申报的是个人的，主体类型请填“个人”。",
            "This is an identity number, no credit code; for an individual write 个人 under 主体类型.",
        )
    return Text(
        f"统一社会信用代码“{code}”的位数或校验位不对，也没有以此登记的申报者。",
        f"“{code}” is no valid credit code, and nobody is registered by it.",
    )
