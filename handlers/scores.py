"""Scores: collected from sheets, agreed on, ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.sdk import ChildView, RankOrder, StageResult, Standing, Text, Work, operation

_RESULT = {"points": "number", "divergent": "number", "sheets": "number", "enough": "boolean"}


@dataclass(frozen=True, slots=True)
class Collect:
    """Which stage, and how sheets combine."""

    stage: str = field(metadata={"help": "阶段名"})
    how: str = field(default="mean", metadata={"help": "汇总方法：mean、median、trimmed_mean、consensus"})
    divergence: int = field(default=30, metadata={"help": "同一条款得分率相差超过多少个百分点算分歧较大"})
    least: int = field(default=1, metadata={"help": "至少需要几份评分表"})
    fact: str = field(default="", metadata={"help": "记录得分的事实名；空则不记入事实"})


@operation("scores.collect", Text("汇总评分", "Collect the scores"), result=_RESULT)
def collect(work: Work, parameters: Collect) -> Mapping[str, Any]:
    """Combine the valid sheets of a stage; divergent items are counted here and named on record."""
    result = work.review.collect(parameters.stage, parameters.how, int(parameters.divergence), int(parameters.least))
    return _kept(work, parameters.fact, result)


@dataclass(frozen=True, slots=True)
class Agree:
    """Which stage."""

    stage: str = field(metadata={"help": "阶段名"})
    fact: str = field(default="", metadata={"help": "记录得分的事实名；空则不记入事实"})


@operation("scores.consensus", Text("记录合议评分", "Take the consensus"), result=_RESULT)
def agree(work: Work, parameters: Agree) -> Mapping[str, Any]:
    """Take the leader's consensus sheet as the stage's result."""
    return _kept(work, parameters.fact, work.review.agree(parameters.stage))


@dataclass(frozen=True, slots=True)
class CloseStage:
    """Which stage."""

    stage: str = field(metadata={"help": "阶段名"})


@operation("review.close", Text("结束评审阶段", "Close a stage of review"))
def close(work: Work, parameters: CloseStage) -> None:
    """Note that a stage is over."""
    work.review.close(parameters.stage)


@dataclass(frozen=True, slots=True)
class Rank:
    """Which cases, by which weights, and who goes on."""

    weights: dict[str, Any] = field(metadata={"help": "各阶段权重，合计为1，例如 {material_review: 1}"})
    name: str = field(default="", metadata={"help": "记录排名的事实名；空则不记入事实"})
    process: str | None = field(default=None, metadata={"help": "只取这一类下级办件；空则全部"})
    where: str = field(default="child.outcome = null", metadata={"help": "FEEL 文本，为真的才参加排名"})
    cut_off: Any = field(default=None, metadata={"help": '最低分数；空或 "none" 则不设'})
    places: int | None = field(default=None, metadata={"help": "名额；空则不限"})
    tie: str = field(default="all_pass", metadata={"help": "末位同分：all_pass、none_pass、higher_sub_score"})
    tie_stage: str = field(default="", metadata={"help": "higher_sub_score 时比较哪个阶段的得分"})


@operation(
    "scores.rank",
    Text("评分排名", "Rank the scores"),
    result={"passing": "list", "stopping": "list", "count": "number"},
)
def rank(work: Work, parameters: Rank) -> Mapping[str, Any]:
    """Rank the cases below by their weighted scores; the list with reasons is recorded as a fact."""
    children = {c.id: c for c in work.cases.children(parameters.process)}
    cases = [c.id for c in children.values() if work.evaluate(parameters.where, {"child": _seen(c)}) is True]
    order = RankOrder(
        cases,
        parameters.weights,
        parameters.cut_off,
        None if parameters.places is None else int(parameters.places),
        parameters.tie,
        parameters.tie_stage,
    )
    found = work.review.rank(order)
    if parameters.name:
        work.cases.set({parameters.name: [_row(s, children[s.case]) for s in found]})
    work.audit(
        f"评分排名：{_count(found)}个办件进入下一环节",
        {"weights": _texts(parameters.weights), "cut_off": str(parameters.cut_off)},
    )
    return {
        "passing": [s.case for s in found if s.passing],
        "stopping": [s.case for s in found if not s.passing],
        "count": _count(found),
    }


def _kept(work: Work, fact: str, result: StageResult) -> dict[str, Any]:
    if fact and result.enough:
        work.cases.set({fact: float(result.points)})
    return {
        "points": float(result.points),
        "divergent": len(result.divergent),
        "sheets": result.sheets,
        "enough": result.enough,
    }


def _row(standing: Standing, child: ChildView) -> dict[str, Any]:
    return {
        "case": standing.case,
        "name": child.subject.get("name", child.title),
        "number": child.number,
        "points": float(standing.points),
        "place": standing.place,
        "passing": standing.passing,
        "reason": standing.reason,
        "stages": {stage: float(points) for stage, points in standing.stages.items()},
    }


def _count(found: Sequence[Standing]) -> int:
    return sum(s.passing for s in found)


def _texts(weights: Mapping[str, Any]) -> dict[str, str]:
    return {stage: str(weight) for stage, weight in weights.items()}


def _seen(child: ChildView) -> dict[str, Any]:
    own = {"id": child.id, "process": child.process, "title": child.title, "number": child.number}
    return {**child.facts, **own, "status": child.status, "outcome": child.outcome, "subject": dict(child.subject)}
