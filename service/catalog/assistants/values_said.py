"""How a text says which of its numbers is the value of an assistant: the words around it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.catalog.assistants.clause_answers_said import GROUP
from service.catalog.clause_kinds.clause_assistants import ASSISTANTS, AssistKind
from service.catalog.law_text.counted_from import HAPPENED
from service.catalog.law_text.numbers import LawNumber
from service.catalog.law_text.rounds_said import APPLYING
from service.catalog.parameters.parameters import Unit

_RANK_SHARE = re.compile("(?:前|排名|名次)[^，。；]{0,4}$")
_PRIZES, _DIVIDED = re.compile("奖项|等次|等级|类别|类"), re.compile("分为?|设有?|设立|设置|包括")
_TOO_FEW = re.compile("(?:低于|不足|达到|少于|不到)$")
_DAYS = (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS)


@dataclass(frozen=True, slots=True)
class ValueSaid:
    """How a text says which of its numbers is meant: words around it, "before…number…after"; ``only``: no other is."""

    meant: str = ""
    never: str = ""
    only: bool = False


_OFFICE_ASKS = "#[^补]*(?:(?<!按)(?<!照)(?:告知|通知|要求)|退回|发出|是否)|#.*补正(?:通知|告知|的?意见)"
"""The office has so long to ask for a correction; that is not how long there is to correct."""
VALUES: Mapping[AssistKind, ValueSaid] = {
    AssistKind.GROUP_PLACES: ValueSaid(meant=f"{GROUP}#", never="推荐.*#|增加.*#", only=True),
    AssistKind.FURTHER_RECOMMENDATION: ValueSaid(meant="#.*推荐", never="公示.*#", only=True),
    AssistKind.RECOMMENDATION: ValueSaid(
        meant="#.*(?:推荐|审核|初审)|(?:推荐|审核|初审)(?:的)?(?:期限|时限|时间).*#", never="公示.*#", only=True
    ),
    AssistKind.TIME_LIMIT: ValueSaid(never="延长.*#|公示.*#|#.*(?:施行|实施)"),
    AssistKind.NOTICE: ValueSaid(meant="公示.*#", never="#.*提出|申报(?:受理)?(?:时间|期限?|时限).*#"),
    AssistKind.QUOTA: ValueSaid(
        never="结转.*#|推荐.*#|增加.*#|追加.*#|增设.*#|申报.*#",
        meant="(?:奖|名额|总数|获奖|授予|评选|评出|设).*#|#.*(?:获奖|授予|奖)",
    ),
    AssistKind.PRIZE: ValueSaid(meant="奖.*#|#.*(?:奖励|奖金)"),
    AssistKind.BAR: ValueSaid(
        meant=f"#.*(?:不得|不再|不能|不予|方可|才能|可以?)[^，]*{APPLYING}"
        "|(?:近|最近|此前|申报前|前)#.*(?:未|无|没有|不存在|事故|处罚|处分|不合格|投诉|违法|失信|查处|记录|通报|追究)"
        f"|(?:近|最近|此前|申报前)#(?:之?内|以内)?{HAPPENED}"
        "|(?:获得?|获奖|授奖|得奖|撤销|取消)[^，]*(?:未满|不满|不足)#",
        only=True,
    ),
    AssistKind.OBJECTION_WINDOW: ValueSaid(
        meant="#.*(?:答复|办结|处理|回复)", never="延长.*#|#.*(?:转交|转送|转办|推送|移送|是否受理|予以受理)", only=True
    ),
    AssistKind.APPEAL: ValueSaid(meant="(?!)", only=True),
    AssistKind.TIE: ValueSaid(meant="(?!)", only=True),
    AssistKind.POINTS_TIE: ValueSaid(meant="(?!)", only=True),
    AssistKind.SUSPENSION: ValueSaid(meant="(?!)", only=True),
    AssistKind.CARRIED: ValueSaid(meant="结转.*#|#.*结转", only=True),
    AssistKind.CORRECTION: ValueSaid(
        meant="补正.*#|#.*补正|#.*(?:补齐|补充|补交|完善|修改)", never=_OFFICE_ASKS, only=True
    ),
    AssistKind.REVOCATION: ValueSaid(meant=f"#.*(?:不得|不再|不予|取消)[^，]*{APPLYING}|#.*不受理", only=True),
    AssistKind.REPORTS: ValueSaid(meant="(?:连续|其后|此后|之后|后).*#|#.*报告", never="满#|#.*(?:拨付|发放|兑现)"),
    AssistKind.CUT_OFF: ValueSaid(
        never="(?:同?行业|市场|指标)[^，]*前#",
        meant="#.*(?:入围|候选|进入|参加|评选)|(?:低于|不足|达到|前)#|达到(?:总分|满分)的?#",
    ),
    AssistKind.VALIDITY: ValueSaid(meant="有效期.*#|#.*有效"),
    AssistKind.EXPERT_BAR: ValueSaid(meant="(?!)", only=True),
    AssistKind.TERM: ValueSaid(meant="(?:任期|聘期|聘任|任职).*#|#.*(?:任期|聘期)", only=True),
}
ANSWERS: Mapping[AssistKind, Mapping[str, tuple[tuple[Unit, ...], ValueSaid]]] = {
    AssistKind.PRIZE: {
        "pay_days": (_DAYS[1:], ValueSaid("#.*(?:拨付|发放|支付|兑现)", never="#.*(?:百分之|[0-9][%％])"))
    },
    AssistKind.OBJECTION_WINDOW: {
        "extension": (_DAYS[:1], ValueSaid(meant="延长.*#")),
    },
    AssistKind.REVOCATION: {"recovery_days": (_DAYS, ValueSaid(meant="#.*(?:退回|交回|返还|缴回|退还|收回)"))},
}
"""Which further questions a text answers with a number, in which units; those are read where the words say so alone."""


def kept_for(kind: AssistKind, numbers: Sequence[LawNumber]) -> list[LawNumber]:
    """Return the numbers that can be the value of ``kind``: of its units, and not said of something else."""
    units, said = ASSISTANTS[kind].units, VALUES.get(kind, ValueSaid())
    kept = [
        n
        for n in numbers
        if n.unit in units and not n.of_people and not (said.never and around(n, said.never, row=True))
    ]
    if kind is AssistKind.BAR:  # a bar counts rounds, no things or heads
        return [n for n in kept if n.unit is not Unit.COUNT]
    if kind is AssistKind.QUOTA:
        # a share is one of the applications, or none of a quota; 分为质量奖、提名奖两个奖项 gives none
        return [n for n in kept if n.unit is Unit.COUNT and not (_PRIZES.match(n.after) and _DIVIDED.search(n.row))]
    if kind is AssistKind.CUT_OFF:  # a share of those ranked (前50%) is none of the full marks; 未达到2个的 are too few
        kept = [n for n in kept if n.unit is not Unit.FRACTION or not _RANK_SHARE.search(n.before)]
        return [n for n in kept if n.unit is not Unit.COUNT or not _TOO_FEW.search(n.before)]
    return kept


def around(number: LawNumber, pattern: str, *, row: bool = False, never: str = "") -> bool:
    """Tell whether the words around a number, which stands for #, are like ``pattern``; ``row``: with those of its row."""
    said = f"{number.row if row else number.before}#{number.after}"
    return re.search(pattern, said) is not None and not (never and re.search(never, said))
