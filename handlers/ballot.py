"""Operations on ballots (表决): open with frozen rules, count once, continue until every tier is settled."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.sdk import BallotSpec, Invalid, Text, Work, exact_number, operation

_RESULT = {
    "ballot": "number",
    "quorum": "boolean",
    "elected": "list",
    "votes": "list",
    "vacant": "number",
    "second_ballot": "boolean",
    "next_tier": "boolean",
    "again": "boolean",
    "chair": "boolean",
    "chair_places": "number",
    "tied": "list",
    "issued": "number",
    "cast": "number",
    "unused": "number",
    "valid": "number",
    "spoiled": "number",
    "attending": "number",
}


@dataclass(frozen=True, slots=True)
class OpenBallot:
    """What is put to the vote, and to whom."""

    title: str = field(metadata={"help": "表决名称，可含花括号中的 FEEL"})
    candidates: str = field(metadata={"help": "FEEL 文本：候选名单，每项含 id、name，可含 score、tier、href、hint"})
    tiers: str = field(
        metadata={
            "help": "FEEL 文本：类别，每项含 id 和 places（名额），高的在前；可含 threshold（本类别另定的当选票数，如 > 1/2）"
        }
    )
    role: str = field(metadata={"help": "由担任此角色的成员表决"})
    units: bool = field(default=False, metadata={"help": "true 成员单位表决，每单位一份；false 成员个人表决"})
    body: str | None = field(default=None, metadata={"help": "只限这一单位的成员；空则不限"})
    voters: str = field(
        default="true", metadata={"help": "FEEL 文本，voter 为成员（id、key、name），不为 false 的列入名册"}
    )
    closes_at: str = field(default="null", metadata={"help": "FEEL 文本：截止时间；空则全部投完为止"})
    rules: str = field(default="{}", metadata={"help": "FEEL 文本：覆盖 vote_quorum 等参数；空则取参数"})
    recusals: str = field(
        default="[]", metadata={"help": "FEEL 文本：登记在案的回避之外的回避，每项含 voter、candidate、reason"}
    )
    teller_role: str = field(default="", metadata={"help": "录入在场选票的角色；空则办公室"})
    held_without_places: bool = field(
        default=True,
        metadata={"help": "所有类别的名额都是0（例如按申报数取整）时：true 报错；false 不发起表决，结果的 ballot 为空"},
    )


@operation("ballot.open", Text("发起表决", "Open a ballot"), result={"ballot": "number"}, opens="ballot")
def open_ballot(work: Work, parameters: OpenBallot) -> Mapping[str, Any]:
    """Open the first ballot of a series; every member gets a task.

    ``ballot`` is null where nothing is put to the vote, since no tier has a place and the diagram says what follows then.
    """
    spec = BallotSpec(
        title=work.text(parameters.title),
        candidates=work.evaluate(parameters.candidates) or [],
        tiers=work.evaluate(parameters.tiers) or [],
        role=parameters.role,
        units=parameters.units,
        body=parameters.body,
        voters=parameters.voters,
        closes_at=work.evaluate(parameters.closes_at),
        rules=work.evaluate(parameters.rules) or {},
        recusals=work.evaluate(parameters.recusals) or [],
        teller_role=parameters.teller_role,
    )
    if not parameters.held_without_places and without_places(spec.tiers):
        return {"ballot": None}
    return {"ballot": work.ballots.open(spec)}


def without_places(tiers: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether there are tiers, and every one of them has no place: a tier without a number is a mistake of its own."""
    return bool(tiers) and all(tier.get("places") == 0 for tier in tiers)


@dataclass(frozen=True, slots=True)
class OpenNext:
    """After which ballot."""

    ballot: int = field(metadata={"help": "上一次表决的编号"})
    closes_at: str = field(default="null", metadata={"help": "FEEL 文本：截止时间；空则全部投完为止"})


@operation("ballot.open_next", Text("再次表决", "Open the next ballot"), result={"ballot": "number"}, opens="ballot")
def open_next(work: Work, parameters: OpenNext) -> Mapping[str, Any]:
    """Open the second ballot, the next tier, or the same again, as the count said."""
    return {"ballot": work.ballots.open_next(int(parameters.ballot), work.evaluate(parameters.closes_at))}


@dataclass(frozen=True, slots=True)
class Count:
    """Which ballot."""

    ballot: int = field(metadata={"help": "表决编号，即发起表决结果中的 ballot"})
    withdrawn: str = field(default="[]", metadata={"help": "FEEL 文本：表决期间退出的候选 id"})
    attended: str = field(
        default="null",
        metadata={
            "help": "FEEL 文本：签到的人员编号（单位表决的为单位编号），按到会人数计算法定人数或者基数时需要；投了票的都算到会"
        },
    )
    template: str = field(
        default="", metadata={"help": "计票后制发表决记录的文书模板，其中 counted 为计票结果；空则不制发"}
    )


@operation("ballot.count", Text("计票", "Count a ballot"), result=_RESULT)
def count(work: Work, parameters: Count) -> Mapping[str, Any]:
    """Close and count; says who is elected so far, and whether a second ballot or the next tier follows."""
    withdrawn = work.evaluate(parameters.withdrawn) or []
    attended = work.evaluate(parameters.attended)
    return _recorded(work, work.ballots.count(int(parameters.ballot), withdrawn, attended), parameters.template)


@dataclass(frozen=True, slots=True)
class DecideTie:
    """What the chair decided."""

    ballot: int = field(metadata={"help": "表决编号"})
    chosen: str = field(metadata={"help": "FEEL 文本：主持人在得票相同者中选定的 id"})
    withdrawn: str = field(default="[]", metadata={"help": "FEEL 文本：决定前退出的候选 id"})
    template: str = field(default="", metadata={"help": "制发表决记录的文书模板，其中 counted 为结果；空则不制发"})


@operation("ballot.decide", Text("主持人决定末位", "Let the chair decide a tie"), result=_RESULT)
def decide(work: Work, parameters: DecideTie) -> Mapping[str, Any]:
    """Give the tied places to those the chair chose; fewer are allowed, and whoever withdrew stands for nothing more."""
    chosen = work.evaluate(parameters.chosen) or []
    withdrawn = work.evaluate(parameters.withdrawn) or []
    return _recorded(work, work.ballots.decide(int(parameters.ballot), chosen, withdrawn), parameters.template)


def _recorded(work: Work, counted: Mapping[str, Any], template: str) -> Mapping[str, Any]:
    """Issue the record of a count where a template is given; it holds no paper and no voter."""
    if template:
        work.documents.issue(template, {"counted": dict(counted)})
    return counted


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
    lines = [
        v for v in parameters.votes if str(v["candidate"]) not in out and _is_asked(v, parameters.votes, parameters)
    ]
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


def _is_asked(line: Line, votes: Sequence[Line], parameters: SecondBallot) -> bool:
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
