"""What the parameter and the season of a clause are called where nobody named them: after its article and its matter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from service.catalog.clause_kinds.bar_conditions import bar_name, since_of
from service.catalog.clause_kinds.clause_assistants import ASSISTANTS, AssistKind
from service.catalog.package import Package
from service.catalog.parameters.parameters import Unit

_MATTERS = {
    AssistKind.TIME_LIMIT: "期限",
    AssistKind.NOTICE: "公示期",
    AssistKind.QUOTA: "名额",
    AssistKind.MAJORITY: "通过所需票数",
    AssistKind.PRIZE: "奖金",
    AssistKind.OBJECTION_WINDOW: "异议答复期限",
    AssistKind.APPEAL: "申诉期限",
    AssistKind.TIE: "得票相同的次序",
    AssistKind.POINTS_TIE: "得分相同的次序",
    AssistKind.SUSPENSION: "表决时仍在中止的",
    AssistKind.CARRIED: "结转名额的上限",
    AssistKind.CORRECTION: "补正期限",
    AssistKind.REVOCATION: "撤销后不得申报的年限",
    AssistKind.REPORTS: "年度报告的年数",
    AssistKind.VALIDITY: "称号有效期",
    AssistKind.ANNOUNCEMENT: "公告的名义",
    AssistKind.CALL: "申报通知的名义",
    AssistKind.CYCLE: "评选周期",
    AssistKind.RECOMMENDATION: "审核推荐期限",
    AssistKind.FURTHER_RECOMMENDATION: "上一级审核推荐期限",
    AssistKind.GROUP_PLACES: "行业（规模）名额",
    AssistKind.TERM: "任期",
    AssistKind.EXPERT_BAR: "评审专家的限制",
    AssistKind.CUT_OFF: "入围最低分",
    AssistKind.WEIGHTS: "第一个评审阶段的比重",
}
"""What a clause of each kind sets; a bar is called after what it says."""
_IN_UNIT = {
    (AssistKind.QUOTA, Unit.FRACTION): "名额占申报总数的比例",
    (AssistKind.CUT_OFF, Unit.FRACTION): "入围最低得分比例",
    (AssistKind.CUT_OFF, Unit.COUNT): "入围名次",
}
_ARTICLE = re.compile("^第[^第条]{1,6}条(?:第[^第]{1,4}[款项]|[（(][^）)]{1,4}[）)])*")
"""What a name begins with that was made for another clause."""


def clause_name(kind: AssistKind, article: str, unit: Unit, fields: Mapping[str, Any], tier: str = "") -> str:
    """Return what a new parameter is called: ``article``, the ``tier`` that it is for, and what it sets, such as 第十二条入围名次.

    A bar for what did not happen says that itself: it needs no article.
    """
    if kind is AssistKind.BAR:
        named = bar_name(fields, unit)
        if since_of(fields) == "event":
            return named
        return f"{tier}{named}" if unit is Unit.BOOLEAN else f"{article}{tier}{named}"
    matter = _IN_UNIT.get((kind, unit), _MATTERS[kind])
    group = str(fields.get("group") or "").strip()
    return f"{article}{group}名额" if kind is AssistKind.GROUP_PLACES and group else f"{article}{tier}{matter}"


def proposed_names(kind: AssistKind, article: str, fields: Mapping[str, Any], tier: str = "") -> frozenset[str]:
    """Return the names that are no choice of anybody: what is proposed in any unit, and the title of the assistant."""
    return frozenset(
        {
            ASSISTANTS[kind].title.zh,
            *(clause_name(kind, article, unit, said, tier) for unit in ASSISTANTS[kind].units for said in (fields, {})),
        }
    )


def season_name(package: Package, clause: str, parameter: str, tier: str = "") -> str:
    """Return what a season is called in which ``clause`` shows by its ``parameter``, of one ``tier`` or of all."""
    name = _ARTICLE.sub("", package.award.parameters[parameter].name)
    whose = next((one.text.zh for one in package.award.tiers if one.id == tier), "")
    return f"{package.law.article(clause)}：{name if whose in name else whose + name}"
