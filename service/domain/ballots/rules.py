"""The rules of a ballot: what a regulation says about it, or what the city chose where the text is silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.typed_numbers import exact_number

Word = TypeVar("Word", bound=StrEnum)


class Base(StrEnum):
    """Share of what a candidate must reach."""

    VOTES_CAST = "votes_cast"
    MEMBERS_PRESENT = "members_present"
    MEMBERS_ON_ROLL = "members_on_roll"
    MEMBERS_SIGNED_IN = "members_signed_in"


class Presence(StrEnum):
    """Who counts as present for the quorum: who handed in a paper, or who signed in."""

    PAPERS = "papers"
    SIGN_IN = "sign_in"


class MarkUnit(StrEnum):
    """What one mark on a paper speaks about."""

    PER_CANDIDATE = "per_candidate"
    WHOLE_LIST = "whole_list"
    APPROVAL = "approval_up_to_quota"


class Overflow(StrEnum):
    """Who gets the places when more candidates pass than there are places."""

    MOST_VOTES = "most_votes"
    REVIEW_SCORE = "review_score"
    NEW_BALLOT = "new_ballot_among_passed"


class TieRule(StrEnum):
    """What follows equal votes at the last place."""

    SECOND_BALLOT = "second_ballot_then_vacant"
    REVIEW_SCORE = "review_score"
    CHAIR = "chair_decides"
    VACANT = "all_vacant"


class TierOrder(StrEnum):
    """Whether tiers are voted one after the other or on one paper."""

    QUALITY_FIRST = "quality_first"
    JOINT_BALLOT = "one_ballot_for_both"


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many members must take part: a share of those entitled (``strict``: more than it), or a number of them."""

    share: Fraction | None = Fraction(2, 3)
    number: int | None = None
    strict: bool = False

    def met(self, present: int, entitled: int) -> bool:
        """Return whether ``present`` of ``entitled`` members are enough; an empty roll never has a quorum."""
        if entitled <= 0:
            return False
        if self.number is not None:
            return present >= self.number
        share, reached = self.share or Fraction(1), Fraction(present, entitled)
        return reached > share if self.strict else reached >= share

    @property
    def text(self) -> Text:
        """The rule in words."""
        if self.number is not None:
            return Text(f"参加人数不少于{self.number}人", f"at least {self.number} members taking part")
        if self.share == 1:
            return Text("全体成员参加", "all members taking part")
        if self.strict:
            return Text(f"参加人数超过应到人数的{self.share}", f"more than {self.share} of the members taking part")
        return Text(f"参加人数达到应到人数的{self.share}", f"at least {self.share} of the members taking part")


@dataclass(frozen=True, slots=True)
class Threshold:
    """The share of the base a candidate needs; ``share`` None is plurality: at least one vote, and the most."""

    share: Fraction | None = Fraction(1, 2)
    strict: bool = True

    def met(self, votes: int, base: int) -> bool:
        """Return whether ``votes`` of ``base`` are enough, exactly."""
        if self.share is None:
            return votes > 0
        if base <= 0:
            return False
        reached = Fraction(votes, base)
        return reached > self.share if self.strict else reached >= self.share

    @property
    def text(self) -> Text:
        """The rule in words."""
        if self.share is None:
            return Text("得票多者当选", "the most votes")
        zh, en = ("超过", "more than") if self.strict else ("达到", "at least")
        return Text(f"赞成票{zh}{self.share}", f"{en} {self.share} in favour")


@dataclass(frozen=True, slots=True)
class Rules:
    """Every rule of a ballot; the defaults are those for silent texts."""

    quorum: Quorum = Quorum()
    threshold: Threshold = Threshold()
    base: Base = Base.VOTES_CAST
    unit: MarkUnit = MarkUnit.PER_CANDIDATE
    max_ballots: int = 2
    recused_in_denominator: bool = False
    overflow: Overflow = Overflow.MOST_VOTES
    tie: TieRule = TieRule.SECOND_BALLOT
    order: TierOrder = TierOrder.QUALITY_FIRST
    votes_per_voter: int = 1
    secret: bool = True
    transfer_places: bool = False
    fall_back: bool = True
    presence: Presence = Presence.PAPERS

    @property
    def ask_attendance(self) -> bool:
        """Whether these rules count who signed in, besides the papers."""
        return self.presence is Presence.SIGN_IN or self.base is Base.MEMBERS_SIGNED_IN


NAMES = (
    "vote_quorum", "vote_threshold", "vote_threshold_base", "vote_unit", "vote_max_ballots",
    "vote_recused_in_denominator", "quota_overflow", "vote_tie", "vote_order_of_tiers", "votes_per_voter",
    "secret_ballot", "quota_transfer_between_tiers", "category_fall_back", "chair_casting_vote", "vote_quorum_counts",
)  # fmt: skip
"""Names of the parameters that make up the rules."""


def read_rules(values: Mapping[str, Any]) -> Rules:
    """Return the rules that parameters named as in ``NAMES`` give; what is absent keeps its default.

    Raises:
        Invalid: for a value no rule knows.
    """
    settings = {name: values[name] for name in NAMES if values.get(name) is not None}
    usual = Rules()
    return Rules(
        quorum=read_quorum(settings.get("vote_quorum", "2/3")),
        threshold=read_threshold(settings.get("vote_threshold", "> 1/2")),
        base=_read_word(Base, settings, "vote_threshold_base", usual.base),
        unit=_read_word(MarkUnit, settings, "vote_unit", usual.unit),
        max_ballots=_read_whole_number(settings, "vote_max_ballots", usual.max_ballots),
        recused_in_denominator=_read_flag(settings, "vote_recused_in_denominator", usual.recused_in_denominator),
        overflow=_read_word(Overflow, settings, "quota_overflow", usual.overflow),
        tie=TieRule.CHAIR
        if _read_flag(settings, "chair_casting_vote", False)
        else _read_word(TieRule, settings, "vote_tie", usual.tie),
        order=_read_word(TierOrder, settings, "vote_order_of_tiers", usual.order),
        votes_per_voter=_read_whole_number(settings, "votes_per_voter", usual.votes_per_voter),
        secret=_read_flag(settings, "secret_ballot", usual.secret),
        transfer_places=_read_flag(settings, "quota_transfer_between_tiers", usual.transfer_places),
        fall_back=_read_flag(settings, "category_fall_back", usual.fall_back),
        presence=_read_word(Presence, settings, "vote_quorum_counts", usual.presence),
    )


def read_quorum(value: object) -> Quorum:
    """Read "2/3", ">= 2/3", "> 1/2", "all" or a number of members; raises Invalid."""
    text = str(value).strip().replace("≥", ">=")
    if text.startswith(">"):
        read = read_threshold(text)
        return Quorum(read.share, None, read.strict)
    if text in ("all", "all members", "all_members"):
        return Quorum(Fraction(1))
    try:
        share = exact_number(text)
    except ValueError:
        raise _build_unknown_value("vote_quorum", value) from None
    if "/" in text or (share.denominator != 1 and share < 1):
        if 0 < share <= 1:
            return Quorum(share)
    elif share >= 1 and share.denominator == 1:
        return Quorum(None, int(share))
    raise _build_unknown_value("vote_quorum", value)


def read_threshold(value: object) -> Threshold:
    """Read "> 1/2", ">= 2/3", "plurality" …; raises Invalid."""
    text = str(value).strip().replace("≥", ">=")
    if text == "plurality":
        return Threshold(None)
    strict = not text.startswith(">=")
    if not text.startswith(">"):
        raise _build_unknown_value("vote_threshold", value)
    try:
        share = exact_number(text.lstrip(">="))
    except ValueError:
        raise _build_unknown_value("vote_threshold", value) from None
    if not 0 <= share <= 1:
        raise _build_unknown_value("vote_threshold", value)
    return Threshold(share, strict)


def _read_word(kind: type[Word], values: Mapping[str, Any], name: str, usual: Word) -> Word:
    try:
        return kind(str(values.get(name, usual)).replace(" ", "_").removesuffix("_tiers"))
    except ValueError:
        raise _build_unknown_value(name, values[name]) from None


def _read_whole_number(values: Mapping[str, Any], name: str, usual: int) -> int:
    value = values.get(name, usual)
    try:
        number = exact_number(value)
    except ValueError:
        raise _build_unknown_value(name, value) from None
    if number.denominator != 1 or number < 1:
        raise _build_unknown_value(name, value)
    return int(number)


def _read_flag(values: Mapping[str, Any], name: str, usual: bool) -> bool:
    value = values.get(name, usual)
    if not isinstance(value, bool):
        raise _build_unknown_value(name, value)
    return value


def _build_unknown_value(name: str, value: object) -> Invalid:
    return Invalid(
        Text(
            f"投票规则参数 {name} 的取值“{value}”无法识别，请在参数中改正。",
            f"The voting parameter {name} cannot be {value!r}: correct the parameter.",
        )
    )
