"""Operation that finds the candidates of a second ballot, for the places the first left over."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.sdk import Invalid, Text, Work, exact_number, operation

AMONG = ("not_passed", "outvoted", "all")
Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SecondBallot:
    """What was put to the vote, how it went, and who may stand again."""

    candidates: str = field(metadata={"help": "FEEL 文本：首次表决的候选名单"})
    tiers: str = field(metadata={"help": "FEEL 文本：首次表决的类别和名额"})
    elected: list[Any] = field(metadata={"help": "首次表决的当选者，即 counted.elected"})
    votes: list[Any] = field(metadata={"help": "首次表决的得票，即 tallied.votes"})
    among: str = field(
        default="not_passed",
        metadata={"help": "谁再次候选：not_passed 未达到票数的，outvoted 达到票数而没有名额的，all 没有当选的都是"},
    )
    times: Any = field(
        default=None, metadata={"help": "差额：候选不超过剩余名额的几倍，得票多的在前，末位相同的都列入；空则不限"}
    )
    threshold: str = field(default="", metadata={"help": '再次表决的当选票数，例如 "> 1/2"；空则与首次相同'})
    rules: str = field(default="{}", metadata={"help": "FEEL 文本：首次表决另定的规则"})
    withdrawn: str = field(default="[]", metadata={"help": "FEEL 文本：已经退出的候选 id"})


@operation(
    "ballot.remaining",
    Text("确定再次候选", "Find who stands again"),
    result={"candidates": "string", "tiers": "string", "rules": "string", "count": "number", "places": "number"},
)
def remaining(work: Work, parameters: SecondBallot) -> Mapping[str, Any]:
    """Return who stands again and for how many places; ``candidates`` and ``tiers`` are what a ballot is opened with.

    Raises:
        Invalid: ``among`` is none of the words there are.
    """
    if parameters.among not in AMONG:
        raise Invalid(
            Text(
                f"不认识“{parameters.among}”：谁再次候选应写 {'、'.join(AMONG)} 之一。",
                f"“{parameters.among}” is not known: who stands again is one of {', '.join(AMONG)}.",
            )
        )
    elected = {str(e["candidate"]) for e in parameters.elected}
    out = elected | {str(w) for w in work.evaluate(parameters.withdrawn or "[]") or []}
    filled = Counter(str(e["tier"]) for e in parameters.elected)
    own = {"threshold": parameters.threshold} if parameters.threshold else {}
    first = work.evaluate(parameters.tiers) or []
    tiers = [{**t, "places": int(t["places"]) - filled[str(t["id"])]} | own for t in first]
    left = {str(t["id"]): t["places"] for t in tiers if t["places"] > 0}
    lines = [v for v in parameters.votes if str(v["candidate"]) not in out and _asked(v, parameters.votes, parameters)]
    standing = {str(v["candidate"]) for tier, places in left.items() for v in _best(lines, tier, places, parameters)}
    known = [str(c["id"]) for c in work.evaluate(parameters.candidates) or []]
    chosen = [ident for ident in known if ident in standing]
    rules = {**(work.evaluate(parameters.rules or "{}") or {})}
    if parameters.threshold:
        rules["vote_threshold"] = parameters.threshold
    return {
        "rules": json.dumps(rules, ensure_ascii=False),
        "candidates": f"({parameters.candidates})[list contains({json.dumps(chosen, ensure_ascii=False)}, string(id))]",
        "tiers": json.dumps([{k: v for k, v in t.items() if v is not None} for t in tiers], ensure_ascii=False),
        "count": len(chosen),
        "places": sum(left.values()),
    }


def _asked(line: Line, votes: Sequence[Line], parameters: SecondBallot) -> bool:
    """Tell whether the candidate of ``line`` is among those who may stand again."""
    passed = any(v["passed"] for v in votes if v["candidate"] == line["candidate"])
    return parameters.among == "all" or passed == (parameters.among == "outvoted")


def _best(lines: Sequence[Line], tier: str, places: int, parameters: SecondBallot) -> list[Line]:
    """Return who stands for a tier: those with the most votes, as many times the places as the text allows."""
    own = sorted((v for v in lines if str(v["tier"]) == tier), key=lambda v: int(v["yes"]), reverse=True)
    if parameters.times is None:
        return own
    most = int(exact_number(parameters.times) * places)
    return own if len(own) <= most else [v for v in own if most > 0 and int(v["yes"]) >= int(own[most - 1]["yes"])]
