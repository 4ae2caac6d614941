"""Expectations of scenarios, and steps that must be refused, in the words of the page's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from service.catalog.law.proof import PROVES
from service.catalog.package import Package
from service.catalog.parameters.parameters import Unit
from service.catalog.parameters.value_words import number_words
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.domain.text import Text

KEYS: Mapping[str, Text] = {
    key: Text(zh, en)
    for key, zh, en in (
        ("case", "办件", "case"), ("finding", "条件", "condition"), ("result", "结论", "result"),
        ("document", "文书", "document"), ("notice", "公示", "notice"), ("first_day", "首日", "first day"),
        ("last_day", "末日", "last day"), ("posted_on", "张贴日", "posted on"), ("contains", "写有", "says"),
        ("lacks", "不写", "does not say"), ("ends", "结尾", "ends with"), ("on", "日期", "on"), ("to", "送", "to"),
        ("number", "编号", "number"), ("outcome", "结果", "outcome"), ("status", "状态", "state"), ("task", "任务", "task"),
        ("waiting", "等待", "waits at"), ("prefill", "表单预填", "form shows"), ("reached", "走到", "reached"),
        ("role", "由", "by"), ("body", "单位", "body"), ("due", "期限", "due"), ("fact", "事实", "fact"), ("value", "为", "is"),
        ("mail", "通知", "message to"), ("ballot", "第几次表决", "ballot"), ("elected", "当选", "elected"),
        ("candidates", "候选", "candidates"), ("quorum", "达到人数", "quorum"), ("cast", "已投", "cast"),
        ("issued", "发出选票", "issued"), ("valid", "有效票", "valid"), ("vacant", "空缺", "vacant"), ("times", "次数", "times"),
        ("no", "不应有", "must not be"), ("decided_by", "判断", "decided by"), ("supplied_by", "补充", "supplied by"),
        ("sanction", "处理", "sanction"), ("effect", "后果", "effect"), ("from_day", "自", "from"), ("award", "奖项", "award"),
        ("decided_on", "决定日", "decided on"), ("revoked_on", "撤销日", "revoked on"), ("timer", "计时", "timer"),
        ("party", "参与方", "party"), ("panel", "评审组", "panel"), ("member", "成员", "member"), ("leader", "组长", "leader"),
        ("history", "记录", "record"), ("clauses", "依据", "articles"), ("state", "状态", "state"), ("as", "由", "by"),
        ("complete", "办理", "completes"), ("start", "启动", "starts"), ("action", "操作", "acts"), ("because", "理由", "because"),
        ("fields", "指出", "marks"), ("lodge", "提出", "lodges"), ("parent", "属于", "below"), ("name", "名称", "name"),
        ("for", "为", "for"), ("audience", "范围", "audience"), ("file", "材料", "file"), ("reader", "查看者", "reader"),
        ("opens", "能打开", "opens"), ("provisional", "暂定", "provisional"), ("produced", "已生成文件", "produced"),
        ("objections", "异议件数", "objections"), ("element", "环节", "element"), ("kind", "种类", "kind"),
        ("title", "标题", "title"), ("round", "轮次", "round"), ("tiers", "类别", "tiers"), ("text", "文字", "text"),
        ("useful_until", "最迟有用日", "useful until"), ("second_ballot", "再次表决", "second ballot"), ("spoiled", "废票", "spoiled"),
        ("tier", "类别", "tier"), ("ground", "事由", "ground"), ("role_count", "人数", "count"), ("count", "人数", "count"),
        ("expert", "专家", "expert"), ("reason", "理由", "reason"), ("hints", "提示", "hints"), ("scores", "得分", "scores"),
        ("group", "组别", "group"), ("prize_yuan", "奖金（元）", "prize in yuan"), ("paid_on", "支付日", "paid on"),
        ("handed_over_on", "颁发日", "handed over on"), ("employer", "单位", "employer"), ("trained", "培训日", "trained on"),
        ("jurisdiction", "地方", "place"), ("education", "学历", "education"), ("recovery", "追回", "recovery"),
        ("prize_paid_on", "奖金拨付日", "prize paid on"), ("kept_on", "保留称号日", "kept on"), ("kept_years", "保留年限", "kept for"),
        ("report_missing", "缺报告的年份", "report missing in"), ("visit_missing", "缺回访的年份", "visit missing in"),
        ("promotions", "宣传推广", "promotions"), ("last_check", "最近检查日", "last checked on"),
        ("check_result", "检查结果", "result of the check"), ("revoked_because", "撤销理由", "revoked because"),
        ("valid_until", "有效期至", "valid until"), ("expired_on", "期满日", "expired on"), ("continued", "是否持续", "continued"),
        ("analysis", "分析", "analysis"), ("prize_used_for_quality", "奖金用于质量（元）", "prize used for quality, in yuan"),
        ("prize_used_otherwise", "奖金用于其他（元）", "prize used otherwise, in yuan"), ("budget_line", "预算指标", "budget line"),
        ("kept_prize_yuan", "保留的奖金（元）", "prize kept, in yuan"), ("place", "所在地", "place"), ("qualifications", "资格", "qualifications"),
        ("training", "培训", "training"), ("with", "共同获奖", "held with"), ("details", "其他记录", "further records"),
        ("hours", "学时", "hours"), ("sectors", "行业", "sectors"), ("since", "自", "since"), ("until", "至", "until"),
    )
}  # fmt: skip
"""What the keys of expectations and steps are called."""
_SILENT = (PROVES, "why", "with", "at", "refused")
_MONEY = "_yuan"
"""How the names of facts end that are amounts of money."""
_TEXT_KEYS = ("contains", "lacks", "ends", "because", "text", "title", "reason", "number", "case", "name", "member")
"""Keys whose values are what was written, not names."""


def row_texts(package: Package) -> Callable[[Mapping[str, Any]], Text]:
    """Return what says an expectation, or a step that must be refused."""
    terms = ScenarioTerms(package)
    return lambda row: row_text(row, terms)


def row_text(row: Mapping[str, Any], terms: ScenarioTerms) -> Text:
    """Return the expectation in words: its reason, and what it looks at."""
    of_fact = {"fact", "value"} <= row.keys()
    parts = [
        _describe_fact(row, terms)
        if of_fact and key == "fact"
        else (KEYS.get(key, Text(key, key)), Text("", "") if key == "no" else _describe_value(key, value, terms))
        for key, value in row.items()
        if key not in _SILENT and not (of_fact and key == "value")
    ]
    zh = "，".join(f"{key.zh} {value.zh}".strip() for key, value in parts)
    en = ", ".join(f"{key.en} {value.en}".strip() for key, value in parts)
    if "refused" in row:
        zh, en = f"应被拒绝：{zh}", f"must be refused: {en}"
    why = row.get("why")
    return Text(f"{why}（{zh}）", f"{why} ({en})") if why else Text(zh, en)


def _describe_fact(row: Mapping[str, Any], terms: ScenarioTerms) -> tuple[Text, Text]:
    """Return a fact with its value, under no key of its own: 申报截止日：2026年3月31日; an amount of money has its unit."""
    name, value = terms.word(row["fact"], "fact"), row["value"]
    money = str(row["fact"]).endswith(_MONEY) and isinstance(value, int | float) and not isinstance(value, bool)
    value_text = number_words(value, Unit.YUAN) if money else terms.fact_value(str(row["fact"]), value)
    return Text("", ""), Text(f"{name.zh}：{value_text.zh}", f"{name.en}: {value_text.en}")


def _describe_value(key: str, value: object, terms: ScenarioTerms) -> Text:
    if key in _TEXT_KEYS and isinstance(value, list | tuple):
        texts = [_describe_value(key, item, terms) for item in value]
        return Text("、".join(text.zh for text in texts) or "无", ", ".join(text.en for text in texts) or "none")
    if key == "fields" and isinstance(value, list | tuple):
        texts = [terms.word(str(item).rpartition(".")[2], "fact") for item in value]
        return Text("、".join(text.zh for text in texts), ", ".join(text.en for text in texts))
    if key in _TEXT_KEYS and isinstance(value, str):
        return terms.person(value) or Text(value, value)
    return terms.word(value, key)
