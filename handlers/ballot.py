"""Operations on ballots (表决): open with frozen rules, count once, continue until every tier is settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.sdk import BallotSpec, Text, Work, operation

_RESULT = {
    "ballot": "number",
    "quorum": "boolean",
    "elected": "list",
    "votes": "list",
    "vacant": "number",
    "second_ballot": "boolean",
    "undecided": "list",
    "next_tier": "boolean",
    "again": "boolean",
    "chair": "boolean",
    "unopposed": "list",
    "chair_places": "number",
    "tied": "list",
    "voted_next": "list",
    "issued": "number",
    "cast": "number",
    "unused": "number",
    "valid": "number",
    "spoiled": "number",
    "recused": "list",
    "attending": "number",
}


@dataclass(frozen=True, slots=True)
class OpenBallot:
    """What is put to the vote, and to whom."""

    title: str = field(metadata={"help": "表决名称，可含花括号中的 FEEL"})
    candidates: str = field(
        metadata={"formula": True, "help": "FEEL 文本：候选名单，每项含 id、name，可含 score、tier、href、hint"}
    )
    tiers: str = field(
        metadata={
            "formula": True,
            "help": "FEEL 文本：类别，每项含 id 和 places（名额），高的在前；可含 threshold（本类别另定的当选票数，如 > 1/2）",
        }
    )
    role: str = field(metadata={"help": "由担任此角色的成员表决"})
    units: bool = field(default=False, metadata={"help": "true 成员单位表决，每单位一份；false 成员个人表决"})
    body: str | None = field(default=None, metadata={"help": "只限这一单位的成员；空则不限"})
    voters: str = field(
        default="true",
        metadata={"formula": True, "help": "FEEL 文本，voter 为成员（id、key、name），不为 false 的列入名册"},
    )
    closes_at: str = field(default="null", metadata={"formula": True, "help": "FEEL 文本：截止时间；空则全部投完为止"})
    rules: str = field(
        default="{}", metadata={"formula": True, "help": "FEEL 文本：覆盖 vote_quorum 等参数；空则取参数"}
    )
    recusals: str = field(
        default="[]",
        metadata={"formula": True, "help": "FEEL 文本：登记在案的回避之外的回避，每项含 voter、candidate、reason"},
    )
    teller_role: str = field(default="", metadata={"help": "录入在场选票的角色；空则办公室"})
    held_without_places: bool = field(
        default=True,
        metadata={"help": "没有候选或者名额都是0（如按申报数取整）时：true 报错；false 不发起表决，结果的 ballot 为空"},
    )


@operation("ballot.open", Text("发起表决", "Open a ballot"), result={"ballot": "number"}, opens="ballot")
def open_ballot(work: Work, parameters: OpenBallot) -> Mapping[str, Any]:
    """Open the first ballot of a series; every member gets a task.

    ``ballot`` is null where nothing is put to the vote, since nobody stands or no tier has a place and the diagram says
    what follows then.
    """
    spec = BallotSpec(
        title=work.text(parameters.title),
        candidates=work.rows(parameters.candidates),
        tiers=work.rows(parameters.tiers),
        role=parameters.role,
        units=parameters.units,
        body=parameters.body,
        voters=parameters.voters,
        closes_at=work.evaluate(parameters.closes_at),
        rules=work.evaluate(parameters.rules) or {},
        recusals=work.rows(parameters.recusals),
        teller_role=parameters.teller_role,
    )
    if not parameters.held_without_places and (not spec.candidates or without_places(spec.tiers)):
        return {"ballot": None}
    return {"ballot": work.ballots.open(spec)}


def without_places(tiers: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether there are tiers, and every one of them has no place: a tier without a number is a mistake of its own."""
    return bool(tiers) and all(tier.get("places") == 0 for tier in tiers)


@dataclass(frozen=True, slots=True)
class OpenNext:
    """After which ballot."""

    ballot: int = field(metadata={"help": "上一次表决的编号"})
    closes_at: str = field(default="null", metadata={"formula": True, "help": "FEEL 文本：截止时间；空则全部投完为止"})
    withdrawn: str = field(
        default="[]", metadata={"formula": True, "help": "FEEL 文本：已经退出、不再列上选票的候选 id"}
    )


@operation("ballot.open_next", Text("再次表决", "Open the next ballot"), result={"ballot": "number"}, opens="ballot")
def open_next(work: Work, parameters: OpenNext) -> Mapping[str, Any]:
    """Open the second ballot, the next tier, or the same again, as the count said; who withdrew is not on its paper."""
    closes_at, withdrawn = work.evaluate(parameters.closes_at), work.rows(parameters.withdrawn)
    return {"ballot": work.ballots.open_next(int(parameters.ballot), closes_at, withdrawn)}


@dataclass(frozen=True, slots=True)
class Count:
    """Which ballot."""

    ballot: int = field(metadata={"help": "表决编号，即发起表决结果中的 ballot"})
    withdrawn: str = field(default="[]", metadata={"formula": True, "help": "FEEL 文本：表决期间退出的候选 id"})
    attended: str = field(
        default="null",
        metadata={
            "formula": True,
            "help": "FEEL 文本：签到的人员编号（单位表决的为单位编号），按到会人数计算法定人数或者基数时需要；投了票的都算到会",
        },
    )
    template: str = field(
        default="", metadata={"help": "计票后制发表决记录的文书模板，其中 counted 为计票结果；空则不制发"}
    )


@operation("ballot.count", Text("计票", "Count a ballot"), result=_RESULT)
def count(work: Work, parameters: Count) -> Mapping[str, Any]:
    """Close and count; says who is elected so far, whether a second ballot or the next tier follows, and on whom (ids).

    A counted ballot gives its result again: where all of these withdrew since, without them.
    """
    withdrawn = work.rows(parameters.withdrawn)
    attended = work.evaluate(parameters.attended)
    return _issue_record(work, work.ballots.count(int(parameters.ballot), withdrawn, attended), parameters.template)


@dataclass(frozen=True, slots=True)
class DecideTie:
    """What the chair decided."""

    ballot: int = field(metadata={"help": "表决编号"})
    chosen: str = field(metadata={"formula": True, "help": "FEEL 文本：主持人在得票相同者中选定的 id"})
    withdrawn: str = field(default="[]", metadata={"formula": True, "help": "FEEL 文本：决定前退出的候选 id"})
    template: str = field(default="", metadata={"help": "制发表决记录的文书模板，其中 counted 为结果；空则不制发"})


@operation("ballot.decide", Text("主持人决定末位", "Let the chair decide a tie"), result=_RESULT)
def decide(work: Work, parameters: DecideTie) -> Mapping[str, Any]:
    """Give the tied places to those the chair chose; fewer are allowed, and whoever withdrew stands for nothing more."""
    chosen = work.rows(parameters.chosen)
    withdrawn = work.rows(parameters.withdrawn)
    return _issue_record(work, work.ballots.decide(int(parameters.ballot), chosen, withdrawn), parameters.template)


def _issue_record(work: Work, counted: Mapping[str, Any], template: str) -> Mapping[str, Any]:
    """Issue the record of a count where a template is given; it holds no paper and no voter."""
    if template:
        work.documents.issue(template, {"counted": dict(counted)})
    return counted
