"""The record of a draw and its seed: frozen with pool and rules, so that any reader can repeat it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from service.casework.step.step import Step
from service.domain.review import Draw, DrawRules, PoolExpert, TooFewExperts, draw
from service.domain.text import Text
from service.store.models import DrawRow

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
    notices = [n for n in step.tx.notices.select(case_id=root.id) if n.audience == "public"]
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


@dataclass(frozen=True, slots=True)
class RepeatedDraw:
    """A draw computed again from its record: does the fingerprint hold, does the same panel come out?"""

    intact: bool
    same: bool
    chosen: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """Return whether the record proves its own result."""
        return self.intact and self.same


def frozen(
    pool: Sequence[PoolExpert],
    rules: DrawRules,
    seed: Seed,
    conflicts: Mapping[int, Text],
    taken: Collection[int],
    more: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the columns of a draw's record that stand before the result."""
    return {
        "seed": seed.value,
        "seed_source": seed.source,
        "pool": [
            {
                "id": c.id,
                "name": c.name,
                "sectors": sorted(c.sectors),
                "body": c.body,
                "unfit": c.unfit.as_json() if c.unfit else None,
            }
            for c in sorted(pool, key=lambda c: c.id)
        ],
        "rules": {
            "places": rules.places,
            "sector": rules.sector,
            "from_sector": rules.from_sector,
            "odd": rules.odd,
            **({"sitting": sorted(rules.sitting)} if rules.sitting else {}),
            "conflicts": {str(ident): reason.as_json() for ident, reason in sorted(conflicts.items())},
            "taken": sorted(taken),
            **more,
        },
    }


def result_of(drawn: Draw) -> dict[str, Any]:
    """Return a draw's result as the record keeps it."""
    return {
        "chosen": [c.id for c in drawn.chosen],
        "reserve": [c.id for c in drawn.reserve],
        "passed_over": [{"id": e.candidate.id, "reason": e.reason.as_json()} for e in drawn.passed_over],
    }


def fingerprint_of(columns: Mapping[str, Any]) -> str:
    """Return the SHA-256 over seed, pool, rules and result in canonical JSON."""
    draw_values = {name: columns[name] for name in ("seed", "seed_source", "pool", "rules", "result")}
    return hashlib.sha256(orjson.dumps(draw_values, option=orjson.OPT_SORT_KEYS)).hexdigest()


def repeat_draw(row: DrawRow) -> RepeatedDraw:
    """Draw again from the record alone; a choice of the office is repeated by comparing who was chosen."""
    draw_values = {name: getattr(row, name) for name in ("seed", "seed_source", "pool", "rules", "result")}
    intact = fingerprint_of(draw_values) == row.fingerprint
    intact = intact and hashlib.sha256(row.seed_source["text"].encode()).hexdigest() == row.seed
    wanted = tuple(row.result["chosen"])
    if row.method != "random_draw":
        return RepeatedDraw(intact, set(wanted) <= {c["id"] for c in row.pool}, wanted)
    rules = row.rules
    conflicts = {int(ident): _read_text(reason) for ident, reason in rules["conflicts"].items()}
    pool = [
        PoolExpert(
            c["id"],
            c["name"],
            frozenset(c["sectors"]),
            c["body"],
            _read_text(c["unfit"]) if c["unfit"] else None,
        )
        for c in row.pool
    ]
    wishes = DrawRules(
        rules["places"],
        rules["sector"],
        rules["from_sector"],
        rules["odd"],
        sitting=rules.get("sitting", ()),
    )
    try:
        chosen = tuple(c.id for c in draw(pool, wishes, row.seed, conflicts, rules["taken"]).chosen)
    except TooFewExperts:
        chosen = ()
    return RepeatedDraw(intact, chosen == wanted, chosen)


def _read_text(value: Mapping[str, str]) -> Text:
    return Text(value["zh"], value["en"])
