"""Where one goes once an assistant has written: to the seasons that wait too short, the tier that is left, or back to the clause."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from service.casework.studio.law.read_clause import read_clause_text
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.law.view_clauses import view_clauses
from service.casework.studio.scenarios.run_scenarios import run_scenarios
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.domain.errors import LaurelError
from service.domain.wording.numbers import counted
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.studio.law.assist_there import ROUNDS, in_parts, parameters_there, says_parts_alone
from service.web.studio.law.clauses import to_clause


def where_next(draft: int, typed: TypedAssistance, touched: Sequence[str]) -> str:
    """Return the address to go to after what was ``typed`` is written; the scenarios ``touched`` begin to be played."""
    if touched:
        return _follow(draft, typed.clause, touched)
    further = _tier_left(draft, typed)
    if not further:
        return to_clause(draft, typed.clause)
    return f"/studio/drafts/{draft}/clauses/{typed.clause}/assist?kind={typed.kind.value}&tier={further}"


def _follow(draft: int, clause: str, touched: Sequence[str]) -> str:
    """Play the seasons that what was drawn touches, where nothing else is played; lead to where those that fail are listed."""
    try:
        run_scenarios(the_desk(), the_actor(), draft, touched)
    except LaurelError as refusal:
        flash(say(refusal.message), "warning")
        return to_clause(draft, clause)
    flash(
        t(
            f"正在走一遍它碰到的 {len(touched)} 个情景：没有通过的，请按新的期限改它的日子。",
            f"Being played: {counted(len(touched), 'scenario')} that it touches. Where one fails, change its days to the new period.",
        )
    )
    return url_for("studio_scenarios.index", draft=draft)


def _tier_left(draft: int, typed: TypedAssistance) -> str:
    """Return the tier (group, limit of experts) that the clause just written names too and has not yet: by its own number or the same parts."""
    read = read_clause_text(the_desk(), the_actor(), draft, typed.clause, typed.kind)
    left = [one.id for one in read.tiers if not one.parameter]
    if left and (typed.tier or typed.kind in (AssistKind.GROUP_PLACES, AssistKind.EXPERT_BAR)):
        return left[0]
    if not (typed.tier and says_parts_alone(read)):
        return ""
    package = view_clauses(the_desk(), the_actor(), draft, typed.clause).draft.package
    further = in_parts(package, typed.clause, parameters_there(package, read, typed.clause, ROUNDS.zh)).get("tier", "")
    if further:
        tier = next(one for one in package.award.tiers if one.id == further)
        flash(
            t(
                f"同一条的分期也适用于“{tier.text.zh}”：请接着写。",
                f"The same parts hold of {tier.text.en} too: go on with it.",
            )
        )
    return further
