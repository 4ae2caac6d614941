"""Decision tables and conditions over the record scope; one that is neither true nor false opens an incident."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import to_json_value
from service.casework.step.fill import SAYS_SO, DecidedByNothing, compiled
from service.casework.step.incident import Incident, open_incident
from service.casework.step.step import Step, open_step
from service.catalog import Package
from service.domain.calendar import day_on_record, local_date
from service.domain.decisions import RowResult
from service.domain.errors import Conflict, Invalid
from service.domain.feel import FunctionSet
from service.domain.text import Text
from service.engine import Environment, explain_undecided
from service.sdk import Finding

_MACHINE = "machine"
_NAMING = ("decided_by", "finding")
"""The columns that tell what a ground is and who decides it, whatever was found."""


def decide(step: Step, table: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the result of decision ``table`` over the record scope and the token's ``data``, as JSON under its outputs."""
    rules, scope = step.desk.packages.table(step.package, table), step.scope.with_extra(data)
    rules.require_declared(scope, step.environment)
    rules.require_values(scope, step.environment)
    rules.require_decided(scope, step.environment)
    result = rules.evaluate(scope, step.environment)
    value = to_json_value(result)
    return value if isinstance(value, dict) else {"result": value}


def evaluate_eligibility(
    step: Step, table: str, reference_date: date | None, grounds: Collection[str] = ()
) -> list[Finding]:
    """Evaluate eligibility ``table``: every ground that applies as met, not met or unknown, with what it rests on.

    Where ``grounds`` are named, only these are; one that the table does not have raises Invalid.

    A person's finding (a row ``{ground, result, reason}`` under ``findings`` of any form) settles a
    ground the machine cannot decide; ``decided_by`` "attested" and "department" are never decided
    by the machine alone. What an examiner found against what the applicant states (a row
    ``{ground, basis}`` under ``contrary`` of a form as it was last submitted) beats the machine.
    """
    rules = step.desk.packages.table(step.package, table)
    attestations = map_attested_findings(step)
    scope = step.scope.with_extra({"reference_date": reference_date or applied_on(step)})
    rules.require_declared(scope, step.environment)
    unknown = sorted(set(grounds) - {rule.id for rule in rules.rules})
    if unknown:
        raise Invalid(
            Text(
                f"资格条件表“{table}”中没有条件“{'、'.join(unknown)}”，请核对编号。",
                f"Table “{table}” has no ground {', '.join(unknown)}: check the ids.",
            )
        )
    rows = rules.applying_rows(scope, step.environment)
    return [finding_of(row, attestations.get(row.rule_id)) for row in rows if not grounds or row.rule_id in grounds]


def applied_on(step: Step) -> date:
    """Return the day of the application, however late it is examined: on which it was received, else on which it began."""
    received = (step.case.facts or {}).get("received_on")
    return day_on_record(received) if received else local_date(step.case.started_at)


def reference_day(step: Step, table: str) -> date | None:
    """Return the day to which the package counts the years of a table, that of the application where it names none.

    None where the day that it names is not known yet.
    """
    text = step.package.derived(("reference date", table), lambda: _reference_text(step.package, table))
    value = step.evaluate(text) if text else applied_on(step)
    return value if isinstance(value, date) else None


def _reference_text(package: Package, table: str) -> str:
    """Return the formula of that day, "" where none is named."""
    elements = (e for diagram in package.processes.values() for e in diagram.elements.values() if e.operation)
    calls = (e.operation.parameters for e in elements if e.operation)
    return next((p["reference_date"] for p in calls if p.get("table") == f'"{table}"' and "reference_date" in p), "")


def map_attested_findings(step: Step) -> dict[str, Mapping[str, Any]]:
    """Return the newest finding of a person on each ground, across all forms of the case."""
    submissions = [item for items in step.scope["forms"].values() for item in items]
    submissions.sort(key=lambda item: str(item["_at"]))
    last = [items[-1] for items in step.scope["forms"].values() if items]
    rows = [
        row
        for item in submissions
        for row in (
            *_rows_of(item, "findings"),
            *(map(_build_contrary, _rows_of(item, "contrary")) if item in last else ()),
        )
    ]
    return {str(row["ground"]): row for row in rows if row.get("ground") and row.get("result") in ("met", "not_met")}


def grounds_decided_alone(step: Step) -> dict[str, str]:
    """Return what the machine finds where it is met, of each ground that applies and that it decides alone, by its id."""
    tables = [step.desk.packages.table(step.package, t.id) for t in step.package.tables.values() if t.is_eligibility]
    scope = step.scope.with_extra({"reference_date": applied_on(step)})
    rows = [row for table in tables for row in table.applying_rows(scope, step.environment, _NAMING)]
    return {row.rule_id: str(row.outputs.get("finding") or row.rule_id) for row in rows if _decided_by(row) == _MACHINE}


def _rows_of(submission: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    rows = submission.get(key)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _build_contrary(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"ground": row.get("ground"), "result": "not_met", "reason": row.get("basis"), "contrary": True}


def _decided_by(row: RowResult) -> str:
    return str(row.outputs.get("decided_by") or _MACHINE)


def _get_condition(row: RowResult) -> str:
    return str(row.outputs.get("condition") or row.outputs.get("finding") or row.rule_id)


def finding_of(row: RowResult, attestation: Mapping[str, Any] | None = None) -> Finding:
    """Return what row ``row`` of an eligibility table found on its ground, settled by a person's ``attestation``."""
    out = row.outputs
    result, unknown = _machine_result(row)
    decided_by = _decided_by(row)
    evidence = _to_list(to_json_value(out.get("evidence")))
    contrary = attestation is not None and attestation.get("contrary") is True
    if attestation is not None and (contrary or result == "unknown" or decided_by != _MACHINE):
        result, unknown = str(attestation["result"]), ()
        decided_by = "attested" if contrary or decided_by == _MACHINE else decided_by
        evidence = [*evidence, {"reason": attestation.get("reason")}]
    words = {"met": out.get("finding"), "not_met": out.get("failure")}.get(result)
    return Finding(
        ground=row.rule_id,
        result=result,
        text=str(words or _get_condition(row)),
        clauses=tuple(str(out.get("clauses") or "").replace(",", " ").split()),
        decided_by=decided_by,
        supplied_by=str(out.get("supplied_by") or ""),
        unknown=unknown,
        evidence=evidence,
    )


def _machine_result(row: RowResult) -> tuple[str, tuple[str, ...]]:
    """Return the computed result of a ground and the facts it lacks; a result computed from no facts is unknown."""
    met, missing = row.outputs.get("met"), tuple(row.output_unknown.get("met", ()))
    if not row.matched or not isinstance(met, bool) or missing:
        return "unknown", tuple(dict.fromkeys([*row.unknown, *missing]))
    return ("met" if met else "not_met"), ()


def _to_list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


UNDECIDED = "undecided"
"""Kind of the incident of a condition that is neither true nor false."""


class Undecided(Conflict):
    """A condition came to null, a text or a number; ``case_id`` is the case over whose records, ``place`` where it stands."""

    code = "undecided"

    def __init__(self, case_id: int, place: str, name: Text, reason: Text) -> None:
        super().__init__(
            Text(
                f"“{name.zh}”暂时不能判断：{reason.zh}。已经报告系统管理员，请等改正后再办理。",
                f"“{name.en}” cannot be decided now: {reason.en}. The administrator was told; go on once it is mended.",
            )
        )
        self.case_id, self.place, self.name, self.reason = case_id, place, name, reason


def decide_condition(
    text: str, scope: Mapping[str, object], environment: Environment, functions: FunctionSet
) -> bool | Text:
    """Return whether a condition holds, or why it is neither true nor false for certain.

    What waits or is allowed by it does not begin by a value that nobody filled; until then it is not met.
    """
    condition = compiled(text, functions)
    value = condition.evaluate(scope, environment)
    if value is False or (value is True and not condition.undecided(scope, environment)):
        return bool(value)
    return explain_undecided(condition, value, scope, environment)


def open_undecided(step: Step, engine_id: str, place: str, name: Text, reason: Text) -> None:
    """Open the incident of the condition at ``place``; the same one again counts up."""
    incident = Incident(
        UNDECIDED,
        Text(f"“{name.zh}”的{reason.zh}。", f"“{name.en}”: {reason.en}."),
        Text(
            "在它得出“是”或“否”以前，这里不会往下走，也不能办理。",
            "Until it is true or false, nothing goes on from here.",
        ),
        Text(
            "补上缺少的数据，或者改正公式并发布、把办件转到新版本，再点“重试”；允许没有值的，公式里写明，例如“(公式) = true”。",
            "Supply what is missing, or correct and publish the formula and move the case to it, then retry; where a value "
            "may be missing, let the formula say so: “(formula) = true”.",
        ),
        reason.zh,
        f"{UNDECIDED}/{place}",
    )
    open_incident(step, engine_id, place, incident)


@contextmanager
def reporting_undecided(desk: Desk) -> Iterator[None]:
    """Open the incident of an Undecided in a unit of work of its own, and let it pass on."""
    try:
        yield
    except Undecided as error:
        with desk.store.write() as tx:
            step = open_step(desk, tx, error.case_id, SYSTEM)
            open_undecided(step, f"{UNDECIDED}:{error.place}", error.place, error.name, error.reason)
            tx.history.record(error.case_id, step.pending.events)
        raise


def evaluate_decided(
    step: Step, text: str, extra: Mapping[str, Any], rows: Collection[str] = (), *, may_be_null: bool = True
) -> Any:
    """Return the value of a formula over the record scope and ``extra``; ``rows`` are names in it that may lack entries.

    Raises DecidedByNothing; where it may not be null, too for what makes it so.
    """
    expression, scope = compiled(text, step.desk.functions), step.scope.with_extra(extra)
    names = [name for name in expression.undecided(scope, step.environment) if name.split(".")[0] not in rows]
    if not names and not may_be_null:
        names = list(expression.missing(scope, step.environment))
    if names:
        raise DecidedByNothing(text, names)
    return expression.evaluate(scope, step.environment)


_SETTING = re.compile(r"\bparam\.(\w+)")


def is_deliberate_null(step: Step, process_id: str, expression: str, data: Mapping[str, object]) -> bool:
    """Return whether ``expression``, which came to null, may: then nothing was meant.

    It may where it says so itself (it reads ``null`` of what has no value, or ``get value``), where a setting that it reads
    is not set, and where its process declares what it reads as ``optional``.
    """
    if SAYS_SO.search(expression) and not step.instance.missing(expression, data):
        return True
    values, _ = step.instance.evaluate("param", data)
    if isinstance(values, Mapping) and any(values.get(name) is None for name in _SETTING.findall(expression)):
        return True
    return any(re.search(rf"\b{re.escape(word)}\b", expression) for word in step.package.diagram(process_id).optional)
