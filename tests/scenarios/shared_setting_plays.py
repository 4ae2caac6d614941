"""Choices that every city may make alike, each laid over the same season of all five."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.scenarios.laid_over import Choice


@dataclass(frozen=True, slots=True)
class Vote:
    """The season in which a city's members vote on two for one place, ``better`` being the better reviewed.

    ``size`` members are on the roll; ``places`` is the parameter that says how many places there are.
    """

    city: str
    better: str
    other: str
    name: str
    size: int
    places: str

    def letters(self, yes: int, no: int = 0, rest: str = "", filled: str = "x") -> str:
        """Return the marks of the whole roll: so many in favour, so many against, ``rest``; the others stay away."""
        return ("y" * yes + "n" * no + rest).ljust(self.size, filled)


SEASON = "settings_vote_base"
VOTES = (
    Vote("qingyuan", "甲", "乙", "庆元菌源食品有限公司", 12, "max_winners_quality"),
    Vote("urumqi", "甲", "乙", "甲公司", 12, "quality_award_places"),
    Vote("ganzhou", "甲", "乙", "甘州绿洲种业有限公司", 12, "max_winners"),
    Vote("yining", "甲", "乙", "伊宁薰衣草食品有限公司", 12, "max_winners_quality"),
    Vote("kizilsu", "乙", "甲", "阿克陶矿业有限公司", 10, "max_winners"),
)
_OTHER_TELLER = {"qingyuan": "supervisor", "ganzhou": "supervisor", "kizilsu": "leading_group"}
"""Who counts in the hall beside the office, where somebody supervises."""
CAST = {"vote_threshold_base": "votes_cast", "vote_recused_in_denominator": False, "quota_overflow": "most_votes"}


def _ending(*rows: Mapping[str, Any]) -> tuple[tuple[str, str], tuple[Mapping[str, Any], ...]]:
    return ("届", "recuse"), rows


def _cast(**candidates: str) -> Mapping[str, Any]:
    return {"case": "届", "vote": candidates}


def _votes(v: Vote) -> Iterator[Choice]:
    """Yield what a city may choose about its ballot."""
    against = v.letters(0, v.size)
    half = v.size // 2
    if v.city != "urumqi":  # the text wants a secret ballot
        yield Choice(
            v.city, SEASON, {**CAST, "secret_ballot": False},
            ({"case": "届", "ballot": 1, "elected": [v.better], "contains": f"对{v.name}：不同意"},),
            ending=_ending(_cast(**{v.better: v.letters(v.size - 1, 1), v.other: against})),
        )  # fmt: skip
    yield Choice(
        v.city, SEASON, {**CAST, "vote_unit": "whole_list", v.places: 2},
        ({"case": "届", "ballot": 1, "elected": [v.better, v.other]},),
        ending=_ending({"case": "届", "vote": {"*": v.letters(half + 1, v.size - half - 1)}}),
    )  # fmt: skip
    yield Choice(
        v.city, SEASON, {**CAST, "vote_unit": "approval_up_to_quota"},
        ({"case": "届", "ballot": 1, "elected": [v.better]},),
        ending=_ending(
            {**_cast(**{v.better: v.letters(1), v.other: v.letters(1)}), "refused": True, "because": "最多选1个"},
            _cast(**{v.better: v.letters(half + 1, 0, "", "-"), v.other: "." * (half + 1) + "y" * (v.size - half - 1)}),
        ),
    )  # fmt: skip
    yield Choice(  # of all who handed in a paper one less than half is not enough: two papers are spoiled
        v.city, SEASON, {**CAST, "vote_threshold_base": "members_present"},
        ({"case": "届", "ballot": 1, "elected": [], "valid": v.size - 2, "spoiled": 2, "second_ballot": True},),
        ending=_ending(
            {
                "as": "office", "case": "届",
                "teller": _OTHER_TELLER.get(v.city, "government"),
                "hall": {v.better: v.letters(half, half - 2, "ss"), v.other: v.letters(0, v.size - 2, "ss")},
            },
        ),
    )  # fmt: skip

    tied = _cast(**{v.better: v.letters(v.size), v.other: v.letters(v.size)})
    yield Choice(
        v.city, SEASON, {**CAST, "vote_tie": "all_vacant"},
        ({"case": "届", "ballot": 1, "elected": [], "vacant": 1, "second_ballot": False},),
        ending=_ending(tied),
    )  # fmt: skip
    if v.city not in ("urumqi", "kizilsu"):  # nobody chairs the vote there
        yield Choice(
            v.city, SEASON, {**CAST, "vote_tie": "chair_decides"}, ({"case": "届", "waiting": "decide_tie"},),
            ending=_ending(tied),
        )  # fmt: skip
    if v.city in ("qingyuan", "ganzhou"):
        yield Choice(
            v.city, SEASON, {**CAST, "candidate_list_length": "quota"},
            ({"case": "届", "ballot": 1, "candidates": [v.better]},),
            ending=_ending(),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Review:
    """The first stage of the same season, with three reviewers of both: who is there already, and how they declare.

    ``admits`` is who admits to the register of experts, where the package has a case for it.
    """

    city: str
    there: str
    sector: str
    decider: str
    voter: str
    undertaken: tuple[str, ...] = ()
    proposed: bool = False
    voter_unit: str = ""
    admits: str = ""

    @property
    def panel(self) -> tuple[str, ...]:
        """Return the reviewers' names."""
        return (self.there, "评一", "评二")

    def declared(self, who: Mapping[str, Any], interest: bool) -> Mapping[str, Any]:
        """Return the step in which somebody declares an interest, or that there is none."""
        told = (
            {"declared": "yes", "interests": [{"kind": "kinship", "text": "配偶在该组织任职"}]}
            if interest
            else {"declared": "no"}
        )
        return {**who, "case": "甲", "with": {**told, "truthful": True, **dict.fromkeys(self.undertaken, True)}}

    def seated(self) -> tuple[Mapping[str, Any], ...]:
        """Return the step that lets somebody act for the unit that votes, where units do."""
        members = {"role": self.voter.partition("#")[0], "body": self.voter_unit, "count": 1}
        return ({"members": members},) if self.voter_unit else ()

    def passed_over(self) -> tuple[tuple[str, str], ...]:
        """Return the season's own steps that ``begun`` has in it already."""
        return (("甲", "declare_interest"), ("乙", "propose_panel")) if self.proposed else ()

    def enrolled(self, *names: str) -> tuple[Mapping[str, Any], ...]:
        """Return the steps that put people on the register of experts."""
        sectors = {"sectors": [self.sector]} if self.sector else {}
        return tuple({"expert": {"name": name, "employer": f"{name}单位", **sectors}} for name in names)

    def joined(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """Return the steps that let somebody join the register while the round runs, admitted first where somebody admits."""
        if not self.admits:
            return self.enrolled(name)
        about = {
            "name": name, "unit": f"{name}单位", "sector": "食品", "experience_years": 5, "experience": "长期从事质量管理。",
            "integrity": True, "knowledge": "熟悉质量法规标准。", "training": "评审员培训。", "training_record": "file:证书.pdf",
        }  # fmt: skip
        met = dict.fromkeys(("integrity", "knowledge", "experience", "practice", "training"), "met")
        start = {"as": "office", "start": "expert_admission", "parent": "届", "name": "入库", "with": about}
        admit = {"as": self.admits, "case": "入库", "complete": "admit_expert", "with": {**met, "admitted": "yes"}}
        enter = {"expert": {"expert": name}, "number": "甘专003"}
        return (
            start, admit, *self.enrolled(name),
            {"as": "office", "case": "入库", "complete": "enter_expert", "with": enter},
        )  # fmt: skip

    def begun(
        self, *rows: Mapping[str, Any], third: str = "评二"
    ) -> tuple[tuple[str, str], tuple[Mapping[str, Any], ...]]:
        """Return ``rows`` in the place of the stage, after the panels where an agency proposes them."""
        if not self.proposed:
            return ("甲", "declare_interest"), rows
        members = [
            {
                "name": name,
                "unit": f"{name}单位",
                "industry_expert": "yes",
                "leader": "yes" if name == self.there else "no",
            }
            for name in (*self.panel[:2], third, "评三")
        ]
        propose = {
            "as": "third_party",
            "complete": "propose_panel",
            "with": {"undertaking": True, "conditions_met": True, "members": members},
        }
        return ("甲", "propose_panel"), ({**propose, "case": "甲"}, {**propose, "case": "乙"}, *rows)


REVIEWS = (
    Review("qingyuan", "专家一", "食用菌加工", "committee", "committee#1", ("undertaking",)),
    Review("urumqi", "专一", "", "leading_group", "leading_group#1", ("undertaking",)),
    Review("ganzhou", "专家一", "", "committee", "committee#1", ("undertaking",), admits="committee"),
    Review(
        "yining", "专家一", "食品制造", "committee", "committee#1",
        ("faithful", "no_consulting", "no_gifts", "secrecy", "integrity"), proposed=True,
    ),
    Review("kizilsu", "专家一", "", "leading_group", "member_unit#1", ("undertaking",), voter_unit="industry"),
)  # fmt: skip


def _reviews(r: Review) -> Iterator[Choice]:
    """Yield what a city may choose about its panels and their points."""
    three = {"min_reviewers": 3}
    more = r.enrolled(*r.panel[1:])
    none = r.declared({"each": "declare_interest"}, interest=False)
    tied = (r.declared({"as": "评一", "complete": "declare_interest"}, interest=True), none)
    decided = {
        "as": "office", "case": "甲", "complete": "decide_recusals",
        "with": {"decisions": [{"recuse": "yes", "reason": "配偶任职"}]},
    }  # fmt: skip
    yield Choice(
        r.city, SEASON, {**three, "recusal_scope": "whole_stage"}, ({"case": "乙", "waiting": "extend_register"},),
        before=more, ending=r.begun({**none, "case": "乙"}, *tied, decided),
    )  # fmt: skip
    yield Choice(
        r.city, SEASON, {**three, "recusal_decider": "committee_chair"},
        ({"case": "甲", "waiting": "decide_recusals", "role": r.decider},),
        before=more, ending=r.begun(*tied),
    )  # fmt: skip
    yield Choice(
        r.city, SEASON, {**three, "panel_below_minimum": "continue"}, ({"case": "甲", "waiting": "score", "times": 2},),
        before=more, ending=r.begun(*tied, decided),
    )  # fmt: skip
    voting = next(v for v in VOTES if v.city == r.city)
    yield Choice(  # who is recused from reviewing votes all the same
        r.city, SEASON, {**CAST, **three, "recusal_of_voters": False},
        ({"case": "届", "ballot": 1, "elected": ["甲"], "cast": voting.size},),
        before=(*r.seated(), *r.enrolled(r.panel[1], r.voter)),
        instead=(*(((case, step), ()) for case, step in r.passed_over()), r.begun(
            r.declared({"as": r.voter, "complete": "declare_interest"}, interest=True), none,
            *r.joined("评三"), decided, none, third=r.voter,
        ),),
        ending=_ending(_cast(甲=voting.letters(voting.size), 乙=voting.letters(0, voting.size))),
    )  # fmt: skip
    points = {"case": "甲", "each": "score", "percent": [60, 65, 75]}
    opinion = {
        "case": "甲", "each": "write_opinion",
        "with": {"strengths": "方法系统。", "improvements": "记录不全。", "conclusion": "符合评审标准。", "recommendation": "go_on"},
    }  # fmt: skip
    for how in ("median", "trimmed_mean"):
        yield Choice(
            r.city, SEASON, {**three, "score_aggregation": how}, ({"case": "甲", "fact": "material_points", "value": 650.0},),
            before=more, ending=r.begun(none, points, opinion),
        )  # fmt: skip
    yield Choice(
        r.city, SEASON, {**three, "score_aggregation": "consensus"}, ({"case": "甲", "waiting": "agree_scores"},),
        before=more, ending=r.begun(none, points),
    )  # fmt: skip


LISTS = (
    Choice(
        "yining", SEASON, {"candidate_list_length": "quota"},
        ({"case": "乙", "fact": "result", "value": "not_candidate"},),
        ending=(("届", "check_exclusions"), ()),
    ),
    Choice(
        "kizilsu", SEASON, {"candidate_list_length": "quota"}, ({"case": "甲", "outcome": "not_proposed"},),
        ending=(("甲", "set_time"), ()),
    ),
    Choice(  # four above the line, the fourth has 400 points
        "kizilsu", "defence_absent",
        {"candidate_list_length": "quota_plus_n", "max_winners": 1, "cut_off_score": 300},
        ({"case": "丙", "outcome": "not_proposed"}, {"case": "乙", "outcome": "not_proposed", "no": True}),
        through=("届", "confirm_material"),
    ),
    Choice(
        "yining", "votes", {"candidate_list_length": "quota_plus_n", "max_winners_quality": 1},
        ({"case": "丁", "fact": "result", "value": "not_candidate"}, {"case": "丙", "fact": "result", "no": True}),
        instead=((("丁", "score", 2), ({"case": "丁", "each": "score", "percent": 55},)),),
        ending=(("届", "check_exclusions"), ()),
    ),
)  # fmt: skip
"""How long the list of candidates may be."""

PLAYED_APART = {
    "urumqi": {"panel_below_minimum", "recusal_decider", "score_aggregation", "vote_tie"},
    "ganzhou": {"vote_tie", "candidate_list_length"},
}
"""What a city plays over seasons of its own."""


def _shared() -> Iterator[Choice]:
    for one in (*(c for v in VOTES for c in map(_without_tie, _votes(v))), *(c for r in REVIEWS for c in _reviews(r))):
        if not PLAYED_APART.get(one.city, set()) & (one.values.keys() - CAST.keys() | _apart_from_cast(one)):
            yield one


def _without_tie(one: Choice) -> Choice:
    """Return a choice whose season has no tie on record, so that the whole roll votes."""
    return one if one.city == "kizilsu" else replace(one, instead=(*one.instead, ((None, "interest"), ())))


def _apart_from_cast(one: Choice) -> set[str]:
    return {name for name in CAST if one.values.get(name, CAST[name]) != CAST[name]}


SHARED = (*LISTS, *_shared())
