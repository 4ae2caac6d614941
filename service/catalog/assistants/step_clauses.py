"""Which clauses each step of a first procedure rests on, by what they say is done: a word that merely occurs is no reason.

Where no clause says it, none is proposed: the step is cited later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from service.catalog.assistants.clause_reading import read_clause
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law.law import Clause, passages_of
from service.catalog.law_text.call_day import call_by_presets
from service.catalog.law_text.majority_said import majority_said, without_panels
from service.catalog.law_text.numbers import numbers_in
from service.catalog.law_text.objection_phases import before_appeal, speaks_of_objections
from service.catalog.law_text.places import tiers_of
from service.catalog.law_text.preset import squeezed
from service.catalog.law_text.presets import presets_of
from service.catalog.law_text.recommenders import recommends
from service.catalog.law_text.vote_said import vote_said
from service.catalog.law_text.winners_notice import is_winners_notice
from service.catalog.new_city.steps import CityStep

_NO_STEP = frozenset(
    {"sanction", "role", "other", "definition", "fee", "validity", "confidentiality", "duty", "prohibition"}
)
"""Kinds of clauses that say who is who, what is forbidden or what follows later: none is a step of the procedure."""
_APPLIES = re.compile(
    r"填写[^。；]{0,30}申报(?:表|书|材料)|(?:提交|报送|提供)[^。；]{0,20}(?:申报(?:材料|表|书)|自评报告)"
    r"|申报材料[^。；]{0,20}(?:提交|报送)|自评报告[^。；]{0,40}报送"
)
_ACCEPTED = re.compile(
    r"(?:资格|形式|材料|初步)审查[。：]|进行(?:资格|形式)审查|是否受理|(?:形成|确定)[^。；]{0,20}受理名单"
)
_CONDITIONS = re.compile(
    r"(?:申报|申请|参评|报名)[^。；]{0,30}(?:应当?|须|必须)(?:同时)?(?:具备|符合|满足)[^。；]{0,6}(?:下列|以下|如下)?(?:基本)?条件"
)
_KIND = re.compile("组织|单位|企业|个人|自然人")
_PRIZE = re.compile("(?:提名|创新|优秀|组织|个人|团队|班组|项目)奖")
_REVIEWED = re.compile(
    r"(?:评审组|评审专家|专家|评审员)[^。；]{0,40}(?:进行|开展|组织)?(?:材料|资料|现场|综合)?(?:评审|评价|打分|评分|评议|答辩)"
    r"|(?:材料|资料|现场)评审(?:得分|占|和)|评议打分"
)
_STANDS_BACK = re.compile("回避")
"""Reviewers declare their interests within the review."""
_PANEL = re.compile("(?:评审组|专家组)[^。；]{0,6}由[^。；]{0,30}(?:组成|专家|评审员)")
_NO_REVIEW = re.compile("审查表决|审议公示|社会公示")
_VOTED = re.compile("投票|表决|(?:评审)?委员会(?:全体)?会议(?:审定|审议)")
_APPROVED = re.compile(
    r"(?:报|提请|送|由|经)(?:[^，。；]{0,8}[市县区州旗])?[^，。；]{0,8}(?:政府|常务会议)[^，。；]{0,6}(?:审定|批准|审批|审议决定|研究决定)"
)
_CONFERRED = re.compile(
    r"(?:发布|作出)[^。；]{0,6}(?:表彰|授奖|授予)?(?:决定|通报)|名义[^。；]{0,6}(?:表彰|奖励|授予)|授予[^。；]{0,16}称号"
)
_WITHDRAWN = re.compile("撤回.{0,6}申报|申报.{0,12}撤回|退出评[审选]")
_REPORTED = re.compile("公示期?(?:间|内)[^。；]{0,6}(?:反映|举报)")
"""Objections in a text that does not call them so."""
_DUTIES = re.compile("职责(?:是|为|有)?[:：]?$")
_HANDED = re.compile("奖金|奖牌|证书|奖励")
_TAKEN_BACK = re.compile("收回|追缴|撤销|取消|退回")


def step_clauses(clauses: Sequence[Clause]) -> dict[str, tuple[str, ...]]:
    """Return for each step, by its word, the clauses that say it is done."""
    found = presets_of(passages_of(clauses))
    duties = _items_of_duties(clauses)

    def said(*keys: str) -> tuple[str, ...]:
        return tuple(clauses[found[key].at].id for key in keys if key in found)

    def doing(words: re.Pattern[str], kinds: frozenset[str] = _NO_STEP) -> tuple[str, ...]:
        told = _those(clauses, lambda text: words.search(text) is not None, kinds)
        return tuple(ident for ident in told if ident not in duties)

    return {
        "apply": _unique(said("window_days"), _called(clauses)) or doing(_APPLIES, _NO_STEP - {"duty"})[:1],
        "conditions": _unique(_with_items(clauses, _conditions(clauses, doing(_CONDITIONS))), said("founded_years")),
        "acceptance": said("acceptance_days") or doing(_ACCEPTED)[:1],
        "vote": _unique(_voting(clauses) or doing(_VOTED)[:1], _giving_places(clauses)),
        "notice": said("notice_days") or _those(clauses, is_winners_notice, _NO_STEP)[:1],
        "conferral": _conferred(clauses)[:1],
        CityStep.CYCLE.value: said("cycle_years"),
        CityStep.RECOMMENDATION.value: _unique(_recommending(clauses), said("recommend_days")),
        CityStep.SCORING.value: _unique(
            doing(_PANEL, frozenset({"other"}))[:1],
            tuple(c for c in _reviewing(clauses) if c not in duties),
            said("reviewers"),
            doing(_STANDS_BACK, frozenset({"other"})),
        ),
        CityStep.OBJECTION.value: _those(clauses, _objects, _NO_STEP - {"duty", "prohibition"}),
        CityStep.APPROVAL.value: doing(_APPROVED),
        CityStep.WITHDRAWAL.value: doing(_WITHDRAWN),
    }


def _those(
    clauses: Sequence[Clause], holds: Callable[[str], bool], never: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    return tuple(c.id for c in clauses if c.kind not in never and holds(squeezed(c.text or c.summary)))


def _items_of_duties(clauses: Sequence[Clause]) -> frozenset[str]:
    """Return the items of the articles that list whose duties something is."""
    lists = tuple(c.article for c in clauses if _DUTIES.search(squeezed(c.text or c.summary)))
    return frozenset(c.id for c in clauses if c.article.startswith(lists) and c.article not in lists)


def _conditions(clauses: Sequence[Clause], told: Sequence[str]) -> tuple[str, ...]:
    """Return the sentences that ask something of all applicants: several articles may each have a list of conditions.

    What one kind of applicants alone has to meet (申报个人, 申报提名奖的) would be asked of everybody: of those only the first stands.
    """
    whom = {c.id: _whom(c.text or c.summary) for c in clauses if c.id in told}
    first = whom[told[0]] if told else ""
    return tuple(ident for ident in told if whom[ident] in (first, ""))


def _whom(text: str) -> str:
    """Return of whom a sentence that introduces conditions speaks: organisations or persons, and of which prize, as it says it."""
    said = _CONDITIONS.search(squeezed(text))
    head = said[0] if said else ""
    kinds = sorted({"person" if one in ("个人", "自然人") else "organisation" for one in _KIND.findall(head)})
    return "".join([*kinds, *_PRIZE.findall(head)])


def _with_items(clauses: Sequence[Clause], heads: Sequence[str]) -> tuple[str, ...]:
    """Return ``heads`` and the conditions listed below them; what counts back (近三年无事故) is for the assistant of bars."""
    above = tuple(c.article for c in clauses if c.id in heads)
    if not above:
        return ()
    below = (c for c in clauses if c.article.startswith(above) and c.article not in above)
    conditions = {c.id for c in below if c.kind == "eligibility" and not _is_barred(c.text or c.summary)}
    return tuple(c.id for c in clauses if c.id in conditions or c.id in heads)


def _is_barred(text: str) -> bool:
    return "value" in read_clause(AssistKind.BAR, text).fields


def _objects(text: str) -> bool:
    said = before_appeal(text)  # an appeal against what was answered is another matter
    return speaks_of_objections(said) or _REPORTED.search(said) is not None


def _unique(*found: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ident for some in found for ident in some))


def _voting(clauses: Sequence[Clause]) -> tuple[str, ...]:
    """Return the clauses that say how is voted: which share of whom, who attends, whether the ballot is secret."""

    def rules(text: str) -> bool:
        return bool(majority_said(numbers_in(without_panels(text)))[0] or vote_said([("", text)]))

    return _those(clauses, rules, _NO_STEP)


def _called(clauses: Sequence[Clause]) -> tuple[str, ...]:
    """Return the clause that names the last day of the call."""
    return tuple(c.id for c in clauses if call_by_presets(passages_of([c])))[:1]


def _giving_places(clauses: Sequence[Clause]) -> tuple[str, ...]:
    known = {article for _, _, article in tiers_of(passages_of(clauses))}
    return tuple(c.id for c in clauses if c.article in known and tiers_of(passages_of([c])))


def _recommending(clauses: Sequence[Clause]) -> tuple[str, ...]:
    return _those(clauses, lambda text: recommends(text) and "专家" not in text.partition("推荐")[2][:4])


def _reviewing(clauses: Sequence[Clause]) -> tuple[str, ...]:
    def reviews(text: str) -> bool:
        return bool(_REVIEWED.search(text)) and not (_NO_REVIEW.search(text) or speaks_of_objections(text))

    return _those(clauses, reviews, _NO_STEP | {"vote", "notice", "objection"})


def _conferred(clauses: Sequence[Clause]) -> tuple[str, ...]:
    def confers(text: str) -> bool:
        return bool(_CONFERRED.search(text) or _HANDED.search(text)) and not _TAKEN_BACK.search(text)

    kinds = ("prize", "procedure", "notice", "other")
    ranked = sorted(
        (c for c in clauses if c.kind in kinds and confers(squeezed(c.text or c.summary))),
        key=lambda c: (not _CONFERRED.search(squeezed(c.text or c.summary)), c.kind != "prize"),
    )
    return tuple(c.id for c in ranked)
