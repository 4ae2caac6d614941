"""Which assistant a clause most likely needs, by its words and its kind."""

from __future__ import annotations

import re

from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law_text.appeal_said import appeal_said
from service.catalog.law_text.counted_from import HAPPENED
from service.catalog.law_text.cycle import YEARLY, cycle_years
from service.catalog.law_text.equals_said import carried_said, equal_points_said, suspension_said
from service.catalog.law_text.expert_limits import expert_limits
from service.catalog.law_text.groups_said import groups_said
from service.catalog.law_text.objection_phases import phases_in
from service.catalog.law_text.preset import squeezed
from service.catalog.law_text.rounds_said import UNTIL_THEN, barred_for_life, barred_while_valid, bars_applying
from service.catalog.law_text.tie_said import tie_said

_OF_CLAUSE = {
    "time_limit": AssistKind.TIME_LIMIT,
    "notice": AssistKind.NOTICE,
    "quota": AssistKind.QUOTA,
    "vote": AssistKind.MAJORITY,
    "prize": AssistKind.PRIZE,
    "eligibility": AssistKind.BAR,
    "objection": AssistKind.OBJECTION_WINDOW,
    "sanction": AssistKind.REVOCATION,
}


_N = "[0-9一二两三四五六七八九十]"
TITLE_VALID = re.compile(
    "(?:称号|标识|荣誉|奖)[^。；]{0,20}有效期(?!内|满)|(?:称号|荣誉)[^。；]{0,24}年(?:之|以)?内有效"
)
"""How long a title is valid: 称号有效期为五年, 称号自公告之日起五年内有效."""
_NOT_HANDED_IN = "(?!.*应当?).*未(?:按时|按期|按要求|按规定|如期)?(?:提交|报送)[^，。；]{0,14}报告的(?:[；。，]|$)"
"""Who does not report: what an award is revoked for, not the duty itself."""
_BY_WORDS = (
    (
        AssistKind.PRIZE,
        re.compile(
            "(?:拨付|发放|兑现)[^。；]{0,12}(?:百分之|[0-9.]+[%％])|(?:百分之[一二三四五六七八九十百]+|[0-9.]+[%％])[^。；]{0,20}(?:拨付|发放|兑现)"
        ),
    ),
    (
        AssistKind.BAR,
        re.compile(
            f"(?:获得?|获奖|授奖|得奖|撤销|取消)[^，。；]{{0,16}}(?:未满|不满|不足){_N}{{1,3}}(?:年|个月)|{UNTIL_THEN.pattern}"
        ),
    ),
    (
        AssistKind.TERM,
        re.compile("(?:任期|聘期|聘任期限?|每届任职)[^，。；]{0,8}?[0-9一二两三四五六七八]{1,2}(?:年|个月|届)"),
    ),
    (
        AssistKind.WEIGHTS,
        re.compile(
            "(?:评审|评分|得分|答辩).{0,20}占.{0,12}(?:评审|评分|得分|答辩).{0,20}占|(?:评审|核查|评分|答辩)[^。；]{0,12}分别占|(?:权重|加权)|得分[^。；]{0,12}分别按[^。；]{0,40}计"
        ),
    ),
    (
        AssistKind.CUT_OFF,
        re.compile(
            "[0-9一二三四五六七八九十百]分(?:以下|以上|.{0,6}不.{0,6}(?:候选|入围|进入))|前.{1,4}名.{0,12}(?:入围|候选|进入)|达到(?:总分|满分)"
            "|(?:不足|低于|未达到?)[0-9一二三四五六七八九十百]{1,5}分的?(?:，[^。；]{0,20})?，不(?:再)?(?:列为|列入|进入|参加)"
        ),
    ),
    (
        AssistKind.CYCLE,
        re.compile(
            "每(?:隔)?[0-9一二两三四五六七八九十]{1,2}年(?:为)?(?:评|选|开|组|举|进行(?!修|复|检|培|考)|授|表|奖|一[届次评])|(?:评选|评审|评定|授奖)(?:的)?周期"
            f"|{YEARLY}[1１一][次届]"
        ),
    ),
    (
        AssistKind.GROUP_PLACES,
        re.compile(
            "名额(?:按|分)[^，。；]{0,6}(?:行业|产业|规模)"
            "|(?:制造|服务|建筑|农|工|商贸|旅游|交通|教育|医疗|卫生)业(?:企业|组织|单位|领域)?(?:名额)?(?:不得?超过|不得?多于|至多|最多)"
            "|(?:中小|小微|大型|中型|小型)企业(?:名额)?(?:不得?超过|不得?多于|至多|最多)"
        ),
    ),
    (
        AssistKind.FURTHER_RECOMMENDATION,
        re.compile(
            "(?:推荐|初审)(?:材料)?的?[^。；]{0,8}[，,]?[^。；]{0,8}(?:报|由|经)[^。；]{2,24}(?:复核|审核|复审|择优|汇总)[^。；]{0,10}推荐|逐级推荐"
        ),
    ),
    (
        AssistKind.REVOCATION,
        re.compile("撤销.{0,12}(?:奖|称号|荣誉)|取消(?![^，。；]*资格)[^，。；]{0,8}(?:奖(?!励资金|金)|称号|荣誉)"),
    ),
    (AssistKind.CALL, re.compile("(?:发布|印发|下发|发出|公布)[^，。；]{0,14}申报(?:工作)?(?:的)?(?:通知|公告|通告)")),
    (AssistKind.ANNOUNCEMENT, re.compile("名义.{0,8}(?:公告|公布|通报)|(?:予以|发布|向社会)公告")),
    (AssistKind.CORRECTION, re.compile("(?:告知|要求|通知|限期|内|予以)补正|补正(?:材料|申报)|补齐")),
    (AssistKind.REPORTS, re.compile(f"^(?!{_NOT_HANDED_IN})(?=.*?(?:每年|年度).{{0,30}}报告)")),
    (
        AssistKind.VALIDITY,
        TITLE_VALID,
    ),
    (
        AssistKind.NOTICE,
        re.compile("公示(?:期限?|时间)?[^，。；]{0,10}?[0-9一二两三五七十 ]{1,4}个?(?:工作日|自然日|日|天)"),
    ),
    (
        AssistKind.BAR,
        re.compile(
            "(?:近|最近|此前|申报前)[0-9一二两三四五六七八九十]{1,2}个?(?:年|月)(?:(?:之|以)?内)?"
            f"(?:[^，。；]{{0,36}}?(?:查处|处罚|处分|记录|通报|追究|事故|案件|不合格|失信|投诉)|{HAPPENED})"
        ),
    ),
    (AssistKind.RECOMMENDATION, re.compile("(?:审核|初审|择优)[^。；]{0,24}推荐|(?:签署|出具|提出)(?:审核)?推荐意见")),
    (
        AssistKind.PRIZE,
        re.compile(
            "奖(?:励|金).{0,8}[0-9一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾佰]+万?元"
            "|给予[^，。；]{0,12}[0-9一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾佰]+万?元[^，。；]{0,10}奖(?:励|金)"
        ),
    ),
    (
        AssistKind.MAJORITY,
        re.compile(
            "以上的?[^，。；]{0,8}(?:赞成|同意)票"
            "|(?:委员|成员|评委)[^，。；]{0,8}(?:半数|[二三四五]分之[一二三四])(?:以上)?[^，。；]{0,4}(?:赞成|同意|通过)"
        ),
    ),
)
"""Words of a clause that tell the assistant it needs, whatever its kind."""


_NOT_OF_OBJECTIONS = (AssistKind.CORRECTION, AssistKind.RECOMMENDATION)
"""What an objection is corrected with, and whom it is passed on to, are no steps of an application."""
_OF_REVIEWERS = re.compile(
    "(?:取消|撤销)[^，。；]{0,6}(?:评审|专家)[^，。；]{0,6}资格|评审人员|评审(?:工作)?的(?:工作)?人员|评审专家[^，。；]{0,6}违反"
)
"""Who reviews is punished by the office, in the register of experts: no award is revoked."""
_PASSED = re.compile("以上|半数")
"""Which votes elect: that comes before what becomes of equal ones."""
_TAKEN_AWAY = re.compile("撤销|收回|追回|追缴|取消[^，。；]{0,8}(?:奖|称号|荣誉)")
_LODGED = re.compile("异议[^。；]{0,24}公示[^。；]{0,24}(?:日|天)内[^。；]{0,16}提出")
"""Until when an objection is lodged: not how long a notice stays."""


def suggested_kind(clause_kind: str, text: str = "") -> AssistKind:
    """Return the assistant that a clause of that kind with these words most likely needs."""
    return _kind_said(clause_kind, squeezed(text)) or _OF_CLAUSE.get(clause_kind, AssistKind.TIME_LIMIT)


def is_condition_alone(clause_kind: str, text: str) -> bool:
    """Tell whether a clause says what an applicant must be or have, and no words of it ask for an assistant."""
    return clause_kind == "eligibility" and _kind_said(clause_kind, squeezed(text)) is None


def _kind_said(clause_kind: str, text: str) -> AssistKind | None:
    """Return the assistant that the words of ``text`` (no blanks) tell, None where they tell none."""
    if barred_for_life(text):
        return AssistKind.BAR
    if _LODGED.search(text):
        return AssistKind.OBJECTION_WINDOW
    told = next((kind for kind, words in _BY_WORDS if words.search(text)), None)
    if told is not None and (clause_kind != "objection" or told not in _NOT_OF_OBJECTIONS):
        return told
    if appeal_said(text) and not phases_in(text):  # how the objection itself is handled comes first
        return AssistKind.APPEAL
    if tie_said(text) and not _PASSED.search(text):
        return AssistKind.TIE
    if equal_points_said(text):
        return AssistKind.POINTS_TIE
    if carried_said(text):
        return AssistKind.CARRIED
    if suspension_said(text) and not phases_in(text):
        return AssistKind.SUSPENSION
    if clause_kind != "objection" and expert_limits(text):
        return AssistKind.EXPERT_BAR
    if clause_kind == "sanction" and speaks_of_reviewers(text):
        return AssistKind.TIME_LIMIT
    barred = bars_applying(text) or barred_while_valid(text)
    if barred and (clause_kind != "sanction" or not _TAKEN_AWAY.search(text)):  # false papers of who has no award yet
        return AssistKind.BAR
    return None


def further_kinds(text: str) -> list[AssistKind]:
    """Return the assistants that a clause may need besides one that is known by its value: each by words of its own."""
    told = {
        AssistKind.CYCLE: cycle_years(text),
        AssistKind.EXPERT_BAR: expert_limits(text),
        AssistKind.GROUP_PLACES: groups_said(text),
        AssistKind.APPEAL: appeal_said(text),
        AssistKind.TIE: tie_said(text),
        AssistKind.POINTS_TIE: equal_points_said(text),
        AssistKind.SUSPENSION: suspension_said(text),
        AssistKind.CARRIED: carried_said(text),
    }
    return [kind for kind, said in told.items() if said]


def speaks_of_reviewers(text: str) -> bool:
    """Tell whether ``text`` (no blanks) is about those who review, and what becomes of them."""
    return _OF_REVIEWERS.search(text) is not None
