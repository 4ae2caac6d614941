"""Seasons in which somebody objects, and in which whoever objected appeals."""

from __future__ import annotations

from typing import Any

from service.catalog.new_city.laid import Laid, Rows, is_of, renamed

_DECIDER, _LODGED, _REPLY = "appeal_decider", "appeal_lodged", "sign_reply"
_OBJECTION = "异议"


def objected(laid: Laid) -> Rows:
    """Somebody objects against the winner, and the office answers."""
    lodged = {
        "kind": "person", "name": "李某", "telephone": "13900000000", "address": "本地一号", "email": None,
        "signature": "李某", "identity_proof": "file:身份证.pdf", "content": "该组织申报材料中的事迹不属实。",
        "evidence_list": "情况说明", "evidence": "file:说明.pdf", "declared": True,
    }  # fmt: skip
    by_office = [
        ("check_objection", {"check_result": "complete"}),
        ("forward_objection", {"request": "请核查。"}),
        ("investigate_by_office", {"facts": "经核查，事迹属实。", "opinion": "untrue", "reasons": "有原始记录。"}),
        ("find_objection", {"finding_result": "unsubstantiated", "reasons": "经核查，事迹属实。"}),
        ("sign_reply", {"to_objector": "异议不属实。"}),
    ]
    someone = next((nick for nick in laid.organisations if nick != laid.winner), laid.winner)
    inserted: Rows = [
        {
            "as": someone, "lodge": "objection", "parent": laid.winner, "notice": f"{laid.round}/winners",
            "name": "异议", "with": lodged,
        },
        *({"as": "office", "case": "异议", "complete": task, "with": said} for task, said in by_office),
    ]  # fmt: skip
    return [*laid.steps[: laid.vote + 1], *inserted, *laid.steps[laid.vote + 1 :]]


def appealed(laid: Laid) -> Rows | None:
    """Of two who objected the second appeals against its answer, the other may still; what comes after that is left away."""
    steps = laid.steps if any(_is_reply(step) for step in laid.steps) else _twice(objected(laid))
    replies = [number for number, step in enumerate(steps) if _is_reply(step)]
    action = next((key for key, one in laid.place.award.actions.items() if one.message == _LODGED), "")
    if not replies or not action:
        return None
    replied = replies[min(1, len(replies) - 1)]
    nick, role = steps[replied]["case"], str(laid.place.award.parameters[_DECIDER].values[-1].value)
    bodies = laid.place.jurisdiction.bodies_with(role)
    decider = f"{role}@{bodies[0].id}" if len(bodies) > 1 else role
    decided = {"appeal_result": "upheld", "reasons": "经审查，处理结果正确。"}
    return [
        *steps[: replied + 1],
        {
            "as": steps[replied]["as"], "case": nick, "public": action,
            "with": {"grounds": "不服异议处理结果，请求重新审查。"},
        },
        {"as": decider, "case": nick, "complete": "decide_appeal", "with": decided},
    ]  # fmt: skip


def _twice(steps: Rows) -> Rows:
    """Return the steps with a second objection behind the first, lodged and answered like it."""
    replied = next(number for number, step in enumerate(steps) if _is_reply(step))
    again = [renamed(step, _OBJECTION, f"{_OBJECTION}2") for step in steps[: replied + 1] if is_of(step, _OBJECTION)]
    return [*steps[: replied + 1], *again, *steps[replied + 1 :]]


def _is_reply(step: Any) -> bool:
    return isinstance(step, dict) and step.get("complete") == _REPLY and "refused" not in step
