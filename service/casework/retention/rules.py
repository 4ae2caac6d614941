"""The rules of a city: our defaults, and what the city chose instead from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.domain.calendar import local_date
from service.domain.errors import Invalid, NotAllowed
from service.domain.retention import MOST_YEARS, RetentionRule, default_rules
from service.domain.text import Text
from service.store import Transaction
from service.store.models import RetentionRuleRow

MOST_REASON = 300


def rules_of(tx: Transaction, place: str, on: date) -> dict[str, RetentionRule]:
    """Return the rules of a place on a day, by name."""
    rules = default_rules()
    for row in sorted(tx.erasures.rules(place), key=lambda row: (row.from_day, row.id)):
        if row.name in rules and row.from_day <= on:
            rules[row.name] = replace(rules[row.name], years=row.years)
    return rules


def coming_rules(tx: Transaction, place: str, on: date) -> list[RetentionRuleRow]:
    """Return the rules of a place that hold from a day after ``on``, in that order."""
    later = [row for row in tx.erasures.rules(place) if row.from_day > on and row.name in default_rules()]
    return sorted(later, key=lambda row: (row.from_day, row.id))


def demand_reason(reason: str) -> str:
    """Return a reason without blanks around it; raises Invalid where there is none, or too long a one."""
    reason = reason.strip()
    if 1 <= len(reason) <= MOST_REASON:
        return reason
    raise Invalid(
        Text(
            f"请写明理由，不超过{MOST_REASON}字；不要写个人信息。",
            f"Give a reason in {MOST_REASON} characters, without personal data.",
        )
    )


@guarded("retention.change")
def change_rules(
    desk: Desk, actor: Actor, place: str, years: Mapping[str, int | None], from_day: date, reason: str
) -> int:
    """Let other times hold in a place from a day on, by name of the rule (None: for good); returns how many changed.

    Raises:
        NotAllowed: the actor does not administer the place.
        Invalid: a name or a number that cannot be, a day gone by, no reason, or nothing that is otherwise.
    """
    if not actor.secures(place):
        raise NotAllowed(
            Text(
                "保存期限由本辖区的安全管理员设置。",
                "The times of keeping are chosen by a security administrator of the place.",
            )
        )
    reason, now = demand_reason(reason), desk.clock.now()
    if from_day < local_date(now):
        raise Invalid(Text("施行日期不能早于今天：已经到期的按原期限办理。", "The first day cannot lie before today."))
    with desk.store.write() as tx:
        known = rules_of(tx, place, from_day)
        changed = {name: count for name, count in years.items() if _rule(known, name, count).years != count}
        if not changed:
            raise Invalid(Text("没有改动任何期限。", "No time was changed."))
        for name, count in changed.items():
            row = RetentionRuleRow(
                jurisdiction=place, name=name, years=count, from_day=from_day, reason=reason,
                person_id=actor.person_id, at=now,
            )  # fmt: skip
            tx.erasures.add_rule(row)
    return len(changed)


def _rule(known: Mapping[str, RetentionRule], name: str, years: int | None) -> RetentionRule:
    rule = known.get(name)
    if rule is None:
        raise Invalid(Text(f"没有“{name[:60]}”这一项期限。", f"There is no rule {name[:60]!r}."))
    if years is not None and not 1 <= years <= MOST_YEARS:
        raise Invalid(
            Text(
                f"“{rule.text.zh}”的期限应为 1 至 {MOST_YEARS} 年；长期保存的请留空。",
                f"{rule.text.en}: from 1 to {MOST_YEARS} years; leave it empty to keep it for good.",
            )
        )
    return rule
