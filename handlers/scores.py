"""Operations on scores: collect sheets, agree on results, rank applications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.sdk import RankOrder, StageResult, Standing, Text, Work, operation, read_more

_RESULT = {"points": "number", "divergent": "number", "sheets": "number", "enough": "boolean"}


@dataclass(frozen=True, slots=True)
class Collect:
    """Which stage, and how sheets combine."""

    stage: str = field(metadata={"help": "阶段名"})
    how: str = field(
        default="mean",
        metadata={
            "help": "汇总方法：mean、median、trimmed_mean（去掉最高最低各一个，trimmed_mean_2 各两个）、consensus"
        },
    )
    divergence: int = field(default=30, metadata={"help": "同一条款得分率相差超过多少个百分点算分歧较大"})
    least: int = field(default=1, metadata={"help": "至少需要几份评分表"})
    fact: str = field(default="", metadata={"help": "记录得分的事实名；空则不记入事实", "facts": ("{}",)})


@operation("scores.collect", Text("汇总评分", "Collect the scores"), result=_RESULT)
def collect(work: Work, parameters: Collect) -> Mapping[str, Any]:
    """Combine the valid sheets of a stage; divergent items are counted here and named on record."""
    result = work.review.collect(parameters.stage, parameters.how, int(parameters.divergence), int(parameters.least))
    return _record_stage_result(work, parameters.fact, result)


@dataclass(frozen=True, slots=True)
class Agree:
    """Which stage."""

    stage: str = field(metadata={"help": "阶段名"})
    fact: str = field(default="", metadata={"help": "记录得分的事实名；空则不记入事实", "facts": ("{}",)})


@operation("scores.consensus", Text("记录合议评分", "Take the consensus"), result=_RESULT)
def agree(work: Work, parameters: Agree) -> Mapping[str, Any]:
    """Take the leader's consensus sheet as the stage's result."""
    return _record_stage_result(work, parameters.fact, work.review.agree(parameters.stage))


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

    weights: dict[str, Any] = field(
        metadata={"help": "各阶段权重，合计为1，例如 {material_review: 1}；都写 1 则各阶段直接相加"}
    )
    name: str = field(default="", metadata={"help": "记录排名的事实名；空则不记入事实", "facts": ("{}",)})
    process: str | None = field(default=None, metadata={"help": "只取这一类下级办件；空则全部"})
    where: str = field(
        default="child.outcome = null", metadata={"formula": True, "help": "FEEL 文本，为真的才参加排名"}
    )
    cut_off: Any = field(
        default=None,
        metadata={
            "help": '最低总分，或者占满分的比例，例如 "60%"、{share: 2/3}；空或 "none" 则不设；'
            "分组时可按组写，例如 {large: 700, small: {share: 2/3}}"
        },
    )
    floors: dict[str, Any] = field(
        default_factory=dict, metadata={"help": "各阶段最低分数，例如 {material_review: 500}；有一项不到的不进入"}
    )
    places: Any = field(default=None, metadata={"help": "名额；空则不限；分组时可按组写，例如 {large: 3, small: 2}"})
    tie: str = field(default="all_pass", metadata={"help": "末位同分：all_pass、none_pass、higher_sub_score"})
    tie_stage: str = field(default="", metadata={"help": "higher_sub_score 时比较哪个阶段的得分"})
    points_from: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "formula": True,
            "help": '不由专家评分的阶段：阶段名和 FEEL 文本，例如 {survey: "child.satisfaction"}',
        },
    )
    bonus_from: str = field(
        default="0", metadata={"formula": True, "help": "FEEL 文本，加在总分上的分数，扣分为负，child 为下级办件"}
    )
    group: str = field(
        default="",
        metadata={
            "formula": True,
            "help": "FEEL 文本，child 所在的组（类别、行业、规模），child.earlier 为该组织此前的获奖登记；各组分别排名；空则不分组",
        },
    )
    out_of: Any = field(
        default=None,
        metadata={
            "help": "折算：评分表总分不一的，各阶段得分先按占本表总分的比例折算成这样满分的分数，再加权、比较；"
            "points_from 给出的分数不折算；空则不折算"
        },
    )


@operation(
    "scores.rank",
    Text("评分排名", "Rank the scores"),
    result={"passing": "list", "stopping": "list", "count": "number"},
)
def rank(work: Work, parameters: Rank) -> Mapping[str, Any]:
    """Rank the child cases by their weighted scores, group by group; the list with reasons is recorded as a fact."""
    seen = {c.id: c.row for c in work.cases.children(parameters.process)}
    chosen = {
        ident: read_more(work, c, [parameters.group, parameters.bonus_from])
        for ident, c in seen.items()
        if work.selects(parameters.where, {"child": c})
    }
    all_standings: list[Standing] = []
    rows: list[dict[str, Any]] = []
    record: list[dict[str, Any]] = []
    for group, members in _group_candidates(work, parameters, chosen).items():
        order = _build_rank_order(work, parameters, group, members)
        standings = work.review.rank(order)
        all_standings += standings
        record.append({"group": group, **work.review.rank_record(order, standings)})
        rows += [
            {**_build_ranking_row(s, seen[s.case]), **({"group": group} if parameters.group else {})} for s in standings
        ]
    if parameters.name:
        work.cases.set({parameters.name: rows})
    work.audit(
        f"评分排名：{_count_passing(all_standings)}个办件进入下一环节",
        {
            "weights": _to_text_weights(parameters.weights),
            "cut_off": str(parameters.cut_off),
            "name": parameters.name,
            "rankings": record,
        },
    )
    return {
        "passing": [s.case for s in all_standings if s.passing],
        "stopping": [s.case for s in all_standings if not s.passing],
        "count": _count_passing(all_standings),
    }


def _group_candidates(
    work: Work, parameters: Rank, chosen: Mapping[int, Mapping[str, Any]]
) -> dict[str, dict[int, Any]]:
    """Return the candidates by group, in the order in which the groups first appear; all in one without ``group``."""
    groups: dict[str, dict[int, Any]] = {}
    for ident, child in chosen.items():
        group = str(work.evaluate(parameters.group, {"child": child})) if parameters.group else ""
        groups.setdefault(group, {})[ident] = child
    return groups or {"": {}}


def _build_rank_order(work: Work, parameters: Rank, group: str, members: Mapping[int, Mapping[str, Any]]) -> RankOrder:
    places, cut_off = parameters.places, parameters.cut_off
    if isinstance(places, Mapping):
        places = places.get(group)
    if parameters.group and isinstance(cut_off, Mapping) and set(cut_off) != {"share"}:
        cut_off = cut_off.get(group)
    return RankOrder(
        list(members),
        parameters.weights,
        cut_off,
        None if places is None else int(places),
        parameters.tie,
        parameters.tie_stage,
        floors=parameters.floors,
        bonus={ident: work.evaluate(parameters.bonus_from, {"child": child}) for ident, child in members.items()},
        out_of=parameters.out_of,
        points={
            ident: {stage: work.evaluate(text, {"child": child}) for stage, text in parameters.points_from.items()}
            for ident, child in members.items()
        },
    )


def _record_stage_result(work: Work, fact: str, result: StageResult) -> dict[str, Any]:
    if fact and result.enough:
        work.cases.set({fact: float(result.points)})
    return {
        "points": float(result.points),
        "divergent": len(result.divergent),
        "sheets": result.sheets,
        "enough": result.enough,
    }


def _build_ranking_row(standing: Standing, child: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "case": standing.case,
        "name": child["subject"].get("name", child["title"]),
        "number": child["number"],
        "points": float(standing.points),
        "place": standing.place,
        "passing": standing.passing,
        "reason": standing.reason,
        "stages": {stage: float(points) for stage, points in standing.stages.items()},
        **({} if standing.full is None else {"full": float(standing.full)}),
    }


def _count_passing(standings: Sequence[Standing]) -> int:
    return sum(s.passing for s in standings)


def _to_text_weights(weights: Mapping[str, Any]) -> dict[str, str]:
    return {stage: str(weight) for stage, weight in weights.items()}
