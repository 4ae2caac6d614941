"""Service of operations: the register of awards and sanctions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from service.casework.audit.intact import require_intact
from service.casework.desk.jsonable import to_json_value
from service.casework.register.successor import apply_succession
from service.casework.step.history import tell_other_case
from service.casework.step.step import Step
from service.casework.subjects.register_facts import register_of
from service.domain.calendar.clock import format_full_day
from service.domain.values.typed_text import clean_code
from service.sdk import Conferral, Sanction, Succession
from service.store.models import AwardRow, SanctionRow


class RegisterPort:
    """The register, across rounds and cases."""

    def __init__(self, step: Step) -> None:
        self._step = step

    def awards(self, subject: int) -> Sequence[Mapping[str, Any]]:
        """Return awards of an organisation, newest first."""
        award_rows: Sequence[Mapping[str, Any]] = self._read_register(subject)["awards"]
        return award_rows

    def sanctions(self, subject: int) -> Sequence[Mapping[str, Any]]:
        """Return sanctions of an organisation, newest first."""
        sanction_rows: Sequence[Mapping[str, Any]] = self._read_register(subject)["sanctions"]
        return sanction_rows

    def _read_register(self, subject: int) -> Mapping[str, Any]:
        return register_of(self._step.tx, [subject])

    def confer(self, conferral: Conferral) -> int:
        """Put an award of this case's award on record."""
        step = self._step
        require_intact(step.desk, step.tx, step.case.id)
        details = {
            "items": dict(conferral.items),
            "prize_yuan": conferral.prize_yuan,
            **conferral.details,
            "case": step.case.id,
        }
        ident = step.tx.awards.insert(
            AwardRow(
                jurisdiction=step.case.jurisdiction,
                award=step.case.award,
                tier=conferral.tier,
                body_id=conferral.subject,
                round=conferral.round,
                decided_on=conferral.decided_on,
                number=conferral.number,
                details=to_json_value(details),
            )
        )
        tier = next((t.name for t in step.package.award.tiers if t.id == conferral.tier), conferral.tier)
        step.audit("register", f"获奖登记：{conferral.round}（{tier}）", None, {"award": ident})
        return ident

    def revoke(self, award: int, on: date, reason: str) -> date | None:
        """Note that an award was revoked, and why; one that is revoked again keeps its first day and reason."""
        if not self._step.tx.awards.revoke_award(award, on):
            self._step.audit(
                "register", f"此前已经撤销，登记的撤销日期和理由不变；本次：{reason}", None, {"award": award}
            )
            return self._step.tx.awards.get(award).revoked_on
        self._step.tx.awards.add_details(award, {"revoked_because": reason})
        self._wake_watchers(award)
        self._record_change(award, f"撤销登记：{reason}")
        return None

    def change(self, award: int, details: Mapping[str, Any]) -> None:
        """Add to what is on record of an award."""
        self._step.tx.awards.add_details(award, to_json_value(details))
        self._wake_watchers(award)
        self._record_change(award, "更新获奖登记", {"keys": sorted(details)})

    def _record_change(self, award: int, text: str, more: Mapping[str, Any] = MappingProxyType({})) -> None:
        """Put a change of an award on record here, and in the case that conferred it."""
        step, data = self._step, {"award": award, **more}
        step.audit("register", text, None, data)
        conferred_in = (step.tx.awards.get(award).details or {}).get("case")
        if isinstance(conferred_in, int):
            tell_other_case(step, conferred_in, "register", text, data)

    def _wake_watchers(self, award: int) -> None:
        """Let the cases about whoever holds the award look at the register again: one may wait for what is there now."""
        step = self._step
        holders = {
            step.tx.awards.get(award).body_id,
            *(h.body_id for h in step.tx.award_holders.select(award_id=award)),
        }
        for watching in step.tx.awards.list_watchers(holders):
            if watching != step.case.id:
                key = f"barrier:{watching}:register:{step.case.id}:{step.case.version}"
                step.queue("barrier", key, {"because": step.case.id}, case_id=watching)

    def succeed(self, succession: Succession) -> Mapping[str, Any]:
        """Record that another organisation succeeds the one of the case."""
        entered = replace(succession, name=succession.name.strip(), code=clean_code(succession.code))
        result = apply_succession(self._step, entered)
        if isinstance(result, str):
            return {"ok": True, "problem": "", "result": result}
        return {"ok": False, "problem": result.zh, "result": None}

    def sanction(self, sanction: Sanction) -> int:
        """Put a sanction on record."""
        step = self._step
        ident = step.tx.sanctions.insert(
            SanctionRow(
                jurisdiction=step.case.jurisdiction,
                body_id=sanction.subject,
                ground=sanction.ground,
                effect=sanction.effect,
                decided_on=sanction.decided_on,
                from_day=sanction.from_day,
                last_day=sanction.last_day,
                clauses=list(sanction.clauses),
                details=to_json_value(dict(sanction.details)),
            )
        )
        until = f"至{format_full_day(sanction.last_day).zh}止" if sanction.last_day else "起，没有截止日期"
        what = f"登记处理结果：自{format_full_day(sanction.from_day).zh}{until}"
        step.audit("register", what, None, {"sanction": ident, "ground": sanction.ground, "effect": sanction.effect})
        return ident
