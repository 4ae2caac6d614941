"""Who may be drawn: the register with the reasons that bar each, and the pool of one draw with the office's choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.casework.review.draw_record import Seed, fingerprint_of, frozen, result_of, seed_of
from service.casework.review.who_may_serve import DECLINED, INVITED
from service.casework.step.fill import compiled
from service.casework.step.step import Step
from service.casework.subjects.ties import Lookback, conflicts_in_pool
from service.catalog.wording.english import both_languages
from service.domain.errors import Invalid
from service.domain.review import Draw, DrawRules, Exclusion, PoolExpert, TooFewExperts, draw
from service.domain.text import Text
from service.sdk.review import DrawOrder
from service.store import Transaction
from service.store.models import DrawRow, ExpertRow, PanelMemberRow, TrainingRow

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
    return _list_entries(tx, tx.experts.select(jurisdiction=jurisdiction), tx.trainings.list_of_register(jurisdiction))


def register_after(tx: Transaction, jurisdiction: str, after: int, most: int) -> list[Listed]:
    """Return the next ``most`` entries of a register after the entry ``after``, in three statements."""
    rows = tx.experts.select(after=after, limit=most, jurisdiction=jurisdiction)
    return _list_entries(tx, rows, tx.trainings.list_by_expert([row.id for row in rows]))


def _list_entries(
    tx: Transaction, rows: Sequence[ExpertRow], trainings: Mapping[int, Sequence[TrainingRow]]
) -> list[Listed]:
    people = tx.people.by_id([r.person_id for r in rows])
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


def find_expert_bar(listed: Listed, day: date) -> Text | None:
    """Return why an expert cannot review on ``day`` under any rules: disqualified, suspended, out of term, gone."""
    row = listed.row
    if row.status != "active" and (row.status_until is None or day <= row.status_until):
        word = _BARRED.get(row.status, Text("暂停资格", "suspended"))
        why = both_languages(row.status_reason)
        return Text(f"{word.zh}（{why.zh}）", f"{word.en} ({why.en})")
    if day < row.term_from or (row.term_until is not None and day > row.term_until):
        return Text("不在聘期内", "out of term")
    return None if listed.active else Text("账号已停用", "account closed")


def list_pool_candidates(
    step: Step, listed: Sequence[Listed], order: DrawOrder, busy: Mapping[int, int]
) -> list[PoolExpert]:
    """Return the pool with reasons for exclusion: status, the city's condition.

    A condition that cannot be decided for want of a fact is not met.
    """
    condition = compiled(order.condition, step.desk.functions)
    return [
        PoolExpert(
            entry.row.id,
            entry.name,
            frozenset(entry.row.sectors),
            entry.row.employer,
            find_expert_bar(entry, step.today)
            or _find_unmet_condition(step, condition, entry, busy.get(entry.row.person_id, 0)),
        )
        for entry in listed
    ]


def _find_unmet_condition(step: Step, expression: Any, entry: Listed, panels: int) -> Text | None:
    if _is_condition_met(step, expression, entry, panels):
        return None
    return Text("不符合抽取条件", "does not meet the conditions of the draw")


def _is_condition_met(step: Step, expression: Any, entry: Listed, panels: int) -> bool:
    scope = step.scope.with_extra({"expert": facts_of(entry, step.today, panels)})
    return expression.evaluate(scope, step.environment) is True


@dataclass(slots=True)
class PanelPool:
    """The register of experts as one draw uses it.

    ``conflicts`` are ties to applicants; ``colleagues`` those whose employer has its full number on the panel already.
    """

    step: Step
    listed: dict[int, Listed]
    candidates: list[PoolExpert]
    conflicts: dict[int, Text]
    colleagues: dict[int, Text] = field(default_factory=dict)

    @classmethod
    def of(cls, step: Step, order: DrawOrder, cases: Sequence[int]) -> PanelPool:
        """Read the register and every reason for exclusion from a panel that reviews these cases."""
        step.tx.turns.draw_panel(step.case)
        listed = register_of_experts(step.tx, step.case.jurisdiction)
        busy = step.tx.panels.busy(step.case.jurisdiction, order.stage)
        conflicts = conflicts_in_pool(step.tx, [x.row for x in listed], cases, Lookback.of(order, step.today), step.now)
        return cls(step, {x.row.id: x for x in listed}, list_pool_candidates(step, listed, order, busy), conflicts)

    def person(self, expert: int) -> int:
        """Return the person of an entry."""
        return self.listed[expert].row.person_id

    def seed(self, stage: str, number: int) -> Seed:
        """Return the seed of a draw of the case."""
        return seed_of(self.step, stage, number)

    def seated(self, members: Sequence[PanelMemberRow], *, active: bool) -> list[PoolExpert]:
        """Return the members as the draw uses them, all of them or the remaining ones."""
        expert_ids = {m.expert_id for m in members if m.state == "active" or not active}
        return [c for c in self.candidates if c.id in expert_ids]

    def draw(self, rules: DrawRules, stage: str, number: int, taken: Collection[int]) -> Draw:
        """Draw by the seed; raises TooFewExperts."""
        seed = self.seed(stage, number).value
        return draw(self.candidates, rules, seed, self.conflicts, taken, self.colleagues)

    def choose(self, rules: DrawRules, order: DrawOrder, number: int) -> Draw:
        """Draw, or take the office's choice; raises TooFewExperts."""
        if order.method == "random_draw":
            return self.draw(rules, order.stage, number, ())
        if order.method != "office_choice":
            raise Invalid(
                Text(f"不认识的产生方式“{order.method}”。", f"Unknown way to form a panel: “{order.method}”.")
            )
        return self._take_choice(rules, order, number)

    def _take_choice(self, rules: DrawRules, order: DrawOrder, number: int) -> Draw:
        """Take the office's choice, refusing experts a draw would have excluded."""
        wanted = dict.fromkeys(int(p) for p in order.chosen)
        by_person = {x.row.person_id: x.row.id for x in self.listed.values()}
        picked = [c for p in wanted for c in self.candidates if c.id == by_person.get(p)]
        refused = [Exclusion(c, reason) for c in picked if (reason := c.unfit or self.conflicts.get(c.id))]
        few = len(picked) < rules.places or len(picked) != len(wanted)
        even = rules.odd and len(picked) % 2 == 0
        if refused or few or even:
            raise TooFewExperts(_describe_refusal(refused, len(picked), rules))
        if crowded := _find_same_employer(picked):
            raise TooFewExperts(crowded)
        if sum(rules.sector in c.sectors for c in picked) < rules.from_sector:
            raise TooFewExperts(
                Text(
                    f"评审组中须有本行业（{rules.sector}）专家至少{rules.from_sector}人，请另选。",
                    f"The panel needs at least {rules.from_sector} of the sector “{rules.sector}”: choose others.",
                )
            )
        rest = tuple(c for c in self.candidates if c not in picked)
        return Draw(self.seed(order.stage, number).value, tuple(c.id for c in self.candidates), tuple(picked), rest, ())

    def keep(
        self,
        rules: DrawRules,
        order: DrawOrder,
        drawn: Draw,
        number: int,
        reason: str,
        taken: Collection[int],
        method: str = "",
    ) -> int:
        """Put the draw on record; returns its id."""
        step = self.step
        more = {
            "condition": order.condition,
            "interests": list(order.interests),
            "lookback_years": order.lookback_years,
            **({"lookback_months": dict(order.lookback_months)} if order.lookback_months else {}),
            **({"lookback_from": order.lookback_from} if order.lookback_from else {}),
        }
        barred = {**self.conflicts, **self.colleagues}
        columns = frozen(self.candidates, rules, self.seed(order.stage, number), barred, taken, more)
        columns["result"] = result_of(drawn)
        return step.tx.draws.insert(
            DrawRow(
                **columns,
                jurisdiction=step.case.jurisdiction,
                case_id=step.case.id,
                stage=order.stage,
                number=number,
                method=method or order.method,
                reason=reason,
                fingerprint=fingerprint_of(columns),
                drawn_at=step.now,
            )
        )

    def seat(self, panel: int, drawing: int, chosen: Sequence[PoolExpert]) -> None:
        """Make the chosen experts members of the panel."""
        self.step.tx.panel_members.add(
            *[
                PanelMemberRow(
                    panel_id=panel, person_id=self.person(c.id), expert_id=c.id, draw_id=drawing, since=self.step.now
                )
                for c in chosen
            ]
        )


def _describe_refusal(refused: Sequence[Exclusion], count: int, rules: DrawRules) -> Text:
    if refused:
        zh = "；".join(f"{e.candidate.name}：{e.reason.zh}" for e in refused)
        en = "; ".join(f"{e.candidate.name}: {e.reason.en}" for e in refused)
        return Text(f"以下人选不能参加评审：{zh}。请另选。", f"These cannot review: {en}. Choose others.")
    odd = "，且须为单数" if rules.odd else ""
    return Text(
        f"已选{count}人，至少需从专家库中选{rules.places}人{odd}。",
        f"{count} chosen; at least {rules.places} of the register are needed{', an odd number' if rules.odd else ''}.",
    )


def _find_same_employer(picked: Sequence[PoolExpert]) -> Text | None:
    """Return which of the choice share an employer, None where none do."""
    bodies = Counter(c.body for c in picked if c.body)
    body = next((body for body, count in bodies.items() if count > 1), None)
    if body is None:
        return None
    names = "、".join(c.name for c in picked if c.body == body)
    return Text(
        f"同一单位至多1人，{names}同属一个单位，请另选。",
        f"At most 1 of one employer: {names} share theirs; choose others.",
    )


def rules_of(order: DrawOrder, places: int) -> DrawRules:
    """Return the rules of a whole panel of so many places."""
    return DrawRules(places, order.sector, order.from_sector, order.odd)
