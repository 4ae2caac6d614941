"""Eligibility of experts on a day: the register with the reasons that bar each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.review.consent import DECLINED, INVITED
from service.casework.step.fill import compiled
from service.casework.step.step import Step
from service.catalog.wording.english_records import both_languages
from service.domain.review import PoolExpert
from service.domain.text import Text
from service.sdk.review import DrawOrder
from service.store import Transaction
from service.store.models import ExpertRow, TrainingRow

EDUCATION = {"other": 0, "college": 1, "bachelor": 2, "master": 3, "doctor": 4}
"""Levels of education in rising order, so that conditions can ask for "at least"."""

EDUCATION_NAMES = {
    "other": Text("其他", "other"),
    "college": Text("大专", "college"),
    "bachelor": Text("本科", "bachelor"),
    "master": Text("硕士", "master"),
    "doctor": Text("博士", "doctor"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """An expert with the person's name and their trainings, newest first."""

    row: ExpertRow
    name: str
    trainings: tuple[TrainingRow, ...]
    active: bool


_BARRED = {
    "disqualified": Text("已取消专家资格", "disqualified"),
    INVITED: Text("尚未入库", "not on the register yet"),
    DECLINED: Text("未入库", "not on the register"),
}


def register_of_experts(tx: Transaction, jurisdiction: str) -> list[Listed]:
    """Return the whole register of a jurisdiction in three statements."""
    return _listed(tx, tx.experts.pool(jurisdiction), tx.experts.trainings(jurisdiction))


def register_after(tx: Transaction, jurisdiction: str, after: int, most: int) -> list[Listed]:
    """Return the next ``most`` entries of a register after the entry ``after``, in three statements."""
    rows = tx.experts.pool_after(jurisdiction, after, most)
    return _listed(tx, rows, tx.experts.trainings_of([row.id for row in rows]))


def _listed(tx: Transaction, rows: Sequence[ExpertRow], trainings: Mapping[int, Sequence[TrainingRow]]) -> list[Listed]:
    people = tx.people.people([r.person_id for r in rows])
    return [
        Listed(
            row, people[row.person_id].name, tuple(trainings.get(row.id, ())), people[row.person_id].active
        )
        for row in rows
    ]  # fmt: skip


def years_between(start: date, day: date) -> int:
    """Return full years from ``start`` to ``day``, never negative."""
    return max(day.year - start.year - ((day.month, day.day) < (start.month, start.day)), 0)


def facts_of(listed: Listed, day: date, panels: int = 0) -> dict[str, Any]:
    """Return an expert as conditions see them under ``expert``; days are dates."""
    row = listed.row
    return {
        "id": row.id,
        "person": row.person_id,
        "name": listed.name,
        "employer": row.employer,
        "place": row.place,
        "education": row.education,
        "education_level": EDUCATION.get(row.education, 0),
        "experience_years": years_between(row.practising_since, day),
        "sectors": list(row.sectors),
        "qualifications": list(row.qualifications),
        "trainings": [
            {"title": t.title, "held_on": t.held_on, "hours": t.hours, "valid_until": t.valid_until}
            for t in listed.trainings
        ],
        "last_training": listed.trainings[0].held_on if listed.trainings else None,
        "term_from": row.term_from,
        "term_until": row.term_until,
        "panels": panels,
    }


def barred(listed: Listed, day: date) -> Text | None:
    """Return why an expert cannot review on ``day`` under any rules: disqualified, suspended, out of term, gone."""
    row = listed.row
    if row.status != "active" and (row.status_until is None or day <= row.status_until):
        word = _BARRED.get(row.status, Text("暂停资格", "suspended"))
        why = both_languages(row.status_reason)
        return Text(f"{word.zh}（{why.zh}）", f"{word.en} ({why.en})")
    if day < row.term_from or (row.term_until is not None and day > row.term_until):
        return Text("不在聘期内", "out of term")
    return None if listed.active else Text("账号已停用", "account closed")


def candidates(
    step: Step, listed: Sequence[Listed], order: DrawOrder, busy: Mapping[int, int], tired: Mapping[int, Text]
) -> list[PoolExpert]:
    """Return the pool with reasons for exclusion: status, the city's condition, another panel, rotation.

    A condition that cannot be decided for want of a fact is not met; an unknown origin counts as not from outside.
    """
    condition = compiled(order.condition, step.desk.functions)
    outside = compiled(order.outside, step.desk.functions) if order.outside else None
    return [
        PoolExpert(
            one.row.id,
            one.name,
            frozenset(one.row.sectors),
            one.row.employer,
            barred(one, step.today)
            or tired.get(one.row.person_id)
            or _unmet(step, condition, one, busy.get(one.row.person_id, 0))
            or (_busy() if order.exclusive and busy.get(one.row.person_id) else None),
            outside is not None and _holds(step, outside, one, busy.get(one.row.person_id, 0)),
        )
        for one in listed
    ]


def _unmet(step: Step, expression: Any, one: Listed, panels: int) -> Text | None:
    if _holds(step, expression, one, panels):
        return None
    return Text("不符合抽取条件", "does not meet the conditions of the draw")


def _holds(step: Step, expression: Any, one: Listed, panels: int) -> bool:
    scope = step.scope.with_extra({"expert": facts_of(one, step.today, panels)})
    return expression.evaluate(scope, step.environment) is True


def _busy() -> Text:
    return Text("已在本阶段其他评审组", "already on another panel of this stage")
