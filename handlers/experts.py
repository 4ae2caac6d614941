"""Operations of expert review: forming panels, replacing members and deciding recusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from service.sdk import DrawOrder, PanelView, Text, Work, day_on_record, operation

_PANEL = {
    "stage": "string",
    "panel": "number",
    "members": "list",
    "fresh": "list",
    "waiting": "list",
    "leader": "number",
    "short": "number",
    "repeated": "boolean",
    "problem": "string",
    "problem_en": "string",
}


@dataclass(frozen=True, slots=True)
class OpenReview:
    """A stage of expert review with its rules, as the shared diagram expects them under ``review``."""

    stage: str = field(metadata={"help": '阶段名，例如 "material_review"'})
    edition: str = field(metadata={"help": "评分标准（processes/scoring 的文件名）"})
    total: int | None = field(
        default=None,
        metadata={"help": "总分：各条款按比例折算，评分表、得分、分数线都按此计；空则用评分标准自身的总分"},
    )
    fact: str = field(default="", metadata={"help": "记录本阶段得分的事实名；空则不记入事实", "facts": ("{}",)})
    method: str = field(
        default="random_draw",
        metadata={"help": "random_draw 随机抽取，office_choice 办公室选定"},
    )
    places: int = field(default=3, metadata={"help": "评审组人数"})
    odd: bool = field(default=True, metadata={"help": "人数是否须为单数"})
    sector: str = field(default="", metadata={"help": "申报组织所属行业，与专家行业同词"})
    from_sector: int = field(default=0, metadata={"help": "至少几名本行业专家"})
    condition: str = field(
        default="true",
        metadata={"formula": True, "help": "FEEL 文本，expert 为专家，例如 expert.experience_years >= 5"},
    )
    interests: list[str] = field(
        default_factory=lambda: ["employment", "shareholding", "kinship", "paid_work"],
        metadata={"help": "算作利害关系的种类"},
    )
    lookback_years: int = field(default=3, metadata={"help": "利害关系追溯年数"})
    lookback_months: dict[str, Any] = field(
        default_factory=dict,
        metadata={"help": "个别种类另定的追溯月数，列出的种类即算利害关系，例如 {consulting: 12}"},
    )
    lookback_from: date | None = field(default=None, metadata={"help": "追溯的起算日；空则为当日"})
    below: str = field(
        default="refill",
        metadata={"help": "回避后人数不足：refill 补抽，continue 继续（余下的仍有规定的本行业专家时）"},
    )
    how: str = field(
        default="mean",
        metadata={
            "help": "汇总方法：mean、median、trimmed_mean（去掉最高最低各一个，trimmed_mean_2 各两个）、consensus"
        },
    )
    divergence: int = field(default=30, metadata={"help": "同一条款得分率相差超过多少个百分点算分歧较大"})
    declare_days: int = field(default=2, metadata={"help": "申明利害关系的工作日数"})
    sheet_days: int = field(default=10, metadata={"help": "评分的工作日数"})
    leader_from: str = field(
        default="null", metadata={"formula": True, "help": "FEEL 文本，随名单指定的组长（人员编号）；空则没有指定"}
    )
    after_appointment: bool = field(
        default=False, metadata={"help": "评分须在答辩或者现场评审结束（事实 appointment_over 为真）以后"}
    )
    settings: dict[str, Any] = field(default_factory=dict, metadata={"help": "随阶段冻结的其他值：权重、分数线等"})


@operation(
    "review.open",
    Text("开启评审阶段", "Open a stage of review"),
    result={
        "stage": "string",
        "edition": "string",
        "method": "string",
        "places": "number",
        "full": "number",
        "leader": "number",
    },
)
def open_stage(work: Work, parameters: OpenReview) -> Mapping[str, Any]:
    """Freeze the rules of a stage; everything the shared diagram needs travels in the result."""
    rules = {name: _to_plain_value(value) for name, value in asdict(parameters).items()}
    rules["least"] = rules["places"]
    leader = work.evaluate(rules.pop("leader_from"))
    rules["leader"] = int(str(leader)) if leader is not None else None
    if parameters.total is not None:
        rules["edition"] = f"{parameters.edition}@{int(parameters.total)}"
    rules["full"] = float(work.review.full_marks(str(rules["edition"])))
    if parameters.lookback_from is not None:
        rules["lookback_from"] = parameters.lookback_from.isoformat()
    work.audit(f"开启评审，每组{parameters.places}人", rules)
    return rules


@dataclass(frozen=True, slots=True)
class DrawPanel:
    """A stage opened with ``review.open``, or the same values one by one."""

    review: dict[str, Any] = field(metadata={"help": "review.open 的结果"})
    chosen_from: str = field(
        default="null", metadata={"formula": True, "help": "FEEL 文本，办公室选定的专家（人员编号列表）"}
    )
    leader_from: str = field(
        default="null",
        metadata={"formula": True, "help": "FEEL 文本，组长（人员编号）；空则为随名单指定的，没有指定的为第一名"},
    )
    applications: list[int] = field(default_factory=list, metadata={"help": "评审的下级办件；空则为本办件"})


@operation("experts.draw", Text("抽取评审专家", "Draw the evaluators"), result=_PANEL)
def draw(work: Work, parameters: DrawPanel) -> Mapping[str, Any]:
    """Form the panel of a stage from the register, once; a second time is refused and put on record."""
    rules = parameters.review
    leader = work.evaluate(parameters.leader_from)
    if leader is None:
        leader = rules.get("leader")
    order = DrawOrder.of(
        rules,
        applications=[int(a) for a in parameters.applications],
        chosen=[int(str(p)) for p in work.rows(parameters.chosen_from)],
        leader=int(str(leader)) if leader is not None else None,
    )
    return _to_panel_row(work.review.draw(order))


@dataclass(frozen=True, slots=True)
class OfStage:
    """A stage."""

    stage: str = field(metadata={"help": "阶段名"})


@operation("experts.panel", Text("查看评审组", "Look at the panel"), result=_PANEL)
def panel(work: Work, parameters: OfStage) -> Mapping[str, Any]:
    """Return the panel as it stands: who reviews, whose sheet is missing."""
    return _to_panel_row(work.review.panel(parameters.stage))


@operation("experts.refill", Text("补抽评审专家", "Fill the panel up"), result=_PANEL)
def refill(work: Work, parameters: OfStage) -> Mapping[str, Any]:
    """Draw for places that are empty, by the rules under which the panel was formed."""
    return _to_panel_row(work.review.refill(parameters.stage))


@dataclass(frozen=True, slots=True)
class ScoreAnew:
    """Which stage is scored anew, and why."""

    stage: str = field(metadata={"help": "阶段名"})
    reason: str = field(metadata={"help": "原评分作废的理由，记入记录"})
    fact: str = field(default="", metadata={"help": "原得分的事实名，随评分一起作废；空则不改事实", "facts": ("{}",)})


@operation("scores.anew", Text("原评分作废，重新评分", "Let a stage be scored anew"), result=_PANEL)
def score_anew(work: Work, parameters: ScoreAnew) -> Mapping[str, Any]:
    """Let the sheets of the stage no longer count and open its panel again, whose members all score anew.

    The points that the ``fact`` holds no longer count either: it is null until the new sheets are combined.
    """
    if parameters.fact:
        work.cases.set({parameters.fact: None})
    return _to_panel_row(work.review.score_anew(parameters.stage, parameters.reason))


@dataclass(frozen=True, slots=True)
class Disqualify:
    """Who is struck off, why and until when."""

    person_from: str = field(
        metadata={"formula": True, "help": "FEEL 文本，人员编号（由表单按专家库选定，不按姓名识别）；空则不取消任何人"}
    )
    reason_from: str = field(metadata={"formula": True, "help": "FEEL 文本，理由"})
    until_from: str = field(default="null", metadata={"formula": True, "help": "FEEL 文本，取消期限至；空则无限期"})
    scores_from: str = field(
        default='"drop"',
        metadata={
            "formula": True,
            "help": "FEEL 文本，已评分数：drop 剔除并重新汇总，repeat 所在阶段未结束的全部重新评分，keep 保留",
        },
    )
    note: str = field(default="", metadata={"help": "记录受影响的评审的事实名；空则不记", "facts": ("{}",)})
    note_from: str = field(
        default="null",
        metadata={
            "formula": True,
            "help": "FEEL 文本，一件评审怎样记（row.name、stage、sheets 其他人的评分表、scored 本人已经评分）；空则不记",
        },
    )


@operation(
    "experts.disqualify",
    Text("取消专家资格", "Disqualify an expert"),
    result={"struck": "boolean", "panels": "number"},
)
def disqualify(work: Work, parameters: Disqualify) -> Mapping[str, Any]:
    """Disqualify an expert; running panels remove them and draw a successor."""
    person, reason = work.evaluate(parameters.person_from), work.evaluate(parameters.reason_from)
    until = work.evaluate(parameters.until_from)
    evaluated_scores = work.evaluate(parameters.scores_from)
    scores = str(evaluated_scores) if evaluated_scores in ("keep", "repeat") else "drop"
    last = day_on_record(until) if until is not None else None
    reviews = work.review.disqualify(str(person or ""), str(reason or ""), last, scores)
    if parameters.note:
        notes = [work.evaluate(parameters.note_from, {"row": row}) for row in reviews or ()]
        work.cases.set({parameters.note: "、".join(str(note) for note in notes if note is not None) or None})
    return {"struck": reviews is not None, "panels": len(reviews or ())}


@dataclass(frozen=True, slots=True)
class MatchInterests:
    """Where members declared their interests."""

    stage: str = field(metadata={"help": "阶段名"})
    form: str = field(default="interest_declaration", metadata={"help": "申明表单编号"})


@operation("recusal.match", Text("比对利害关系", "Match interests"), result={"count": "number", "conflicts": "list"})
def match(work: Work, parameters: MatchInterests) -> Mapping[str, Any]:
    """Match panel members against records and declarations; only counts and numbers enter the token."""
    conflict_rows = work.review.conflicts(parameters.stage, parameters.form)
    work.audit("比对利害关系", {"count": len(conflict_rows)})
    return {"count": len(conflict_rows), "conflicts": [{"person": c.person, "body": c.body} for c in conflict_rows]}


@dataclass(frozen=True, slots=True)
class DecideRecusals:
    """Where the decisions stand."""

    stage: str = field(metadata={"help": "阶段名"})
    decisions_from: str = field(
        default="recusal_decision.decisions",
        metadata={"formula": True, "help": "FEEL 文本，各行 {person, body, recuse, reason}"},
    )
    below: str = field(default="refill", metadata={"help": "人数不足：refill 补抽，continue 继续"})


@operation("recusal.decide", Text("落实回避决定", "Carry out recusals"), result=_PANEL)
def decide(work: Work, parameters: DecideRecusals) -> Mapping[str, Any]:
    """Record recusals, remove those recused from the panel and draw successors."""
    rows: Sequence[Mapping[str, Any]] = work.rows(parameters.decisions_from)
    return _to_panel_row(work.review.recuse(parameters.stage, [_read_decision(row) for row in rows], parameters.below))


def _to_panel_row(view: PanelView) -> dict[str, Any]:
    columns = asdict(view)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in columns.items()}


def _read_decision(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "person": int(str(row["person"])),
        "body": int(str(row["body"])) if row.get("body") is not None else None,
        "recuse": row.get("recuse") in (True, "yes", "true"),
        "reason": row.get("reason") or "",
        "source": row.get("source") or "declared",
    }


def _to_plain_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _to_plain_value(inner) for key, inner in value.items()}
    return int(value) if hasattr(value, "to_integral_value") and value == value.to_integral_value() else value
