"""The seed of a draw: computed from facts public before it, so that no person can choose it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from service.casework.step.step import Step
from service.domain.text import Text

RULE = Text(
    "种子＝SHA-256（公示指纹|届次编号|办件编号|阶段|抽取序号）；专家按SHA-256（种子:专家编号）从小到大排列。",
    "Seed = SHA-256 (fingerprint of the notice|number of the round|number of the case|stage|number of the draw);"
    " experts follow in the order of SHA-256 (seed:expert number).",
)


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed and the public facts it is computed from."""

    value: str
    source: dict[str, Any]


def seed_of(step: Step, stage: str, number: int) -> Seed:
    """Return the seed of draw ``number`` of a stage.

    It rests on the fingerprint of the newest public notice of the round, which was frozen when it was
    posted; before any notice, on the published version of the procedure.
    """
    root = step.case if step.case.parent_id is None else step.tx.cases.get(step.case.parent_id)
    notices = [n for n in step.tx.notices.of_case(root.id) if n.audience == "public"]
    notice = notices[-1] if notices else None
    facts: dict[str, Any] = {
        "fingerprint": notice.fingerprint if notice else step.package.version,
        "round": root.number or str(root.id),
        "case": step.case.number or str(step.case.id),
        "stage": stage,
        "draw": number,
    }
    text = "|".join(str(value) for value in facts.values())
    named = {"notice": notice.id, "notice_title": notice.title} if notice else {"version": step.package.version}
    source = {**facts, **named, "text": text, "rule": RULE.as_json()}
    return Seed(hashlib.sha256(text.encode()).hexdigest(), source)
