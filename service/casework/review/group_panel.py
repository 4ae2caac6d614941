"""One panel for the applications of a group (专业组): drawn once, and each application has it.

Every application keeps a panel of its own with the same people, so that recusals, replacements and sheets of one
application touch no other; replacements come from the order of the group's draw and are the same in all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from service.casework.desk.jsonable import jsonable
from service.casework.review.draw_panel import applications_of, asked
from service.casework.review.follow_panel import follow_panel
from service.casework.review.panel_pool import PanelPool, rules_of
from service.casework.review.ties import Lookback, conflicts_in_pool
from service.casework.review.told_shortage import told_shortage
from service.casework.step.step import Step
from service.casework.subjects.case_subjects import subjects_of_cases
from service.domain.errors import Invalid
from service.domain.review import TooFewExperts
from service.domain.text import Text
from service.sdk.review import DrawOrder, PanelView
from service.store.models import PanelRow

TIED = ("pass_over", "stand_aside")


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The draw of a group: its row number, and the expert entries in the order in which they were drawn."""

    draw: int
    chosen: tuple[int, ...]


def draw_group(step: Step, order: DrawOrder, clauses: Sequence[str]) -> PanelView:
    """Give every application of a group that has no panel yet the group's; the group is drawn once.

    Raises:
        Invalid: an application without applicant, or an unknown rule for conflicts of interest.
    """
    cases = applications_of(step, order)
    waiting = [(case, body) for case, body in cases if step.tx.panels.at(case, order.stage) is None]
    order = replace(order, applications=[case for case, _ in cases])
    pool, tied = _pool(step, order, [case for case, _ in cases])
    try:
        drawn = _known(step, order) or _draw(step, pool, order)
    except TooFewExperts as few:
        told = told_shortage(step, few, clauses)
        step.audit("draw_failed", f"专业组“{order.group}”评审组未成：{told.zh}", None, {"stage": order.stage})
        return PanelView(order.stage, None, short=order.places, problem=told.zh, problem_en=told.en)
    for case, body in waiting:
        seated = [expert for expert in drawn.chosen if expert not in tied[case]]
        people = [pool.person(expert) for expert in seated]
        panel = step.tx.panels.form(
            [(case, body)],
            PanelRow(
                jurisdiction=step.case.jurisdiction,
                case_id=case,
                stage=order.stage,
                leader_id=order.leader if order.leader in people else next(iter(people), None),
                settings={
                    **jsonable(dict(order.settings)),
                    "order": asked(replace(order, applications=[case])),
                    "clauses": list(clauses),
                    "group": order.group,
                },
                formed_at=step.now,
                draw_id=drawn.draw,
            ),
        )
        by_id = {c.id: c for c in pool.candidates}
        pool.seat(panel, drawn.draw, [by_id[expert] for expert in seated])
        formed = step.tx.panels.at(case, order.stage)
        assert formed is not None
        follow_panel(step, formed)
    return PanelView(order.stage, drawn.draw, tuple(pool.person(expert) for expert in drawn.chosen))


def _pool(step: Step, order: DrawOrder, cases: Sequence[int]) -> tuple[PanelPool, Mapping[int, Mapping[int, Text]]]:
    """Return the pool of the group's draw, and whose interests concern which cases."""
    if order.tied not in TIED:
        raise Invalid(
            Text(
                f"不认识的处理“{order.tied}”，可用{'、'.join(TIED)}。",
                f"Unknown word “{order.tied}”; there are {', '.join(TIED)}.",
            )
        )
    pool = PanelPool.of(step, order, subjects_of_cases(step.tx, cases))
    rows = [one.row for one in pool.listed.values()]
    lookback = Lookback.of(order, step.today)
    tied = {case: conflicts_in_pool(step, rows, subjects_of_cases(step.tx, [case]), lookback) for case in cases}
    if order.tied == "stand_aside":
        every = reduce(set.intersection, (set(found) for found in tied.values()))
        pool.conflicts = {expert: reason for expert, reason in pool.conflicts.items() if expert in every}
    return pool, tied


def _known(step: Step, order: DrawOrder) -> _Drawn | None:
    """Return the earlier draw of the group: an application that comes later joins it."""
    rows = [d for d in step.tx.panels.draws(step.case.id, order.stage) if d.rules.get("group") == order.group]
    return _Drawn(rows[0].id, tuple(rows[0].result["chosen"])) if rows else None


def _draw(step: Step, pool: PanelPool, order: DrawOrder) -> _Drawn:
    """Draw, or take the office's choice; raises TooFewExperts."""
    number = len(step.tx.panels.draws(step.case.id, order.stage)) + 1
    rules = rules_of(order, order.places)
    drawn = pool.choose(rules, order, number)
    ident = pool.keep(rules, order, drawn, number, "", ())
    names = "、".join(c.name for c in drawn.chosen)
    words = "随机抽取" if order.method == "random_draw" else "选定"
    data = {"draw": ident, "seed": pool.seed(order.stage, number).value, "applications": list(order.applications)}
    step.audit("draw", f"专业组“{order.group}”{words}评审专家：{names}", None, data)
    return _Drawn(ident, tuple(c.id for c in drawn.chosen))
