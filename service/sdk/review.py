"""Protocol of expert review for operations: panels, recusals, scores, appointments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of JSON values."""


@dataclass(frozen=True, slots=True)
class DrawOrder:
    """How a panel (评审组) is to be formed.

    ``method`` random_draw or office_choice (then ``chosen`` holds person numbers). ``condition`` is FEEL over
    ``expert`` and the record scope. ``applications`` are the cases reviewed; empty: this case alone.
    ``interests`` are the kinds that count, for ``lookback_years`` before ``lookback_from`` (an ISO day, empty: today);
    ``lookback_months`` names kinds that count for so many months instead. ``settings`` are kept as they are when the stage opens.
    """

    stage: str
    places: int
    method: str = "random_draw"
    odd: bool = True
    sector: str = ""
    from_sector: int = 0
    condition: str = "true"
    applications: Sequence[int] = ()
    chosen: Sequence[int] = ()
    leader: int | None = None
    interests: Sequence[str] = ("employment", "shareholding", "kinship", "paid_work")
    lookback_years: int = 3
    lookback_months: Mapping[str, int] = field(default_factory=dict)
    lookback_from: str = ""
    settings: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: Mapping[str, Json], **more: Json) -> DrawOrder:
        """Return the order given by the rules of an opened stage; ``more`` is what this draw adds."""
        months = rules.get("lookback_months") or {}
        order: dict[str, Json] = {
            "stage": str(rules["stage"]),
            "places": int(rules["places"]),
            "method": str(rules["method"]),
            "odd": bool(rules["odd"]),
            "sector": str(rules.get("sector") or ""),
            "from_sector": int(rules.get("from_sector") or 0),
            "condition": str(rules.get("condition") or "true"),
            "interests": [str(i) for i in rules.get("interests") or []],
            "lookback_years": int(rules.get("lookback_years") or 0),
            "lookback_months": {kind: int(str(n)) for kind, n in months.items()},
            "lookback_from": str(rules.get("lookback_from") or ""),
            "settings": {
                **(rules.get("settings") or {}),
                **{k: rules[k] for k in ("edition", "how", "fact")},
                "review": dict(rules),
            },
        }
        return cls(**{**order, **more})


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel as it stands; people are row numbers.

    ``members`` review now, ``fresh`` of them joined by the last draw, ``waiting`` have not sent their sheet
    for this case. ``short`` experts must still join, for its places, the sector or an odd number; ``problem`` says why
    none could be drawn (``problem_en`` in English); ``repeated`` a draw that was refused because the stage had been drawn
    already.
    """

    stage: str
    panel: int | None
    members: tuple[int, ...] = ()
    fresh: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    leader: int | None = None
    short: int = 0
    repeated: bool = False
    problem: str = ""
    problem_en: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """An interest of a member in an applicant: ``source`` record, declared or challenged."""

    person: int
    name: str
    body: int
    applicant: str
    kind: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class StageResult:
    """What came of the sheets: ``points`` with two decimals, ``divergent`` items, how many ``sheets`` counted of ``least``."""

    points: str
    divergent: Sequence[Mapping[str, Json]]
    sheets: int
    enough: bool


@dataclass(frozen=True, slots=True)
class RankOrder:
    """Who goes on: stage ``weights`` (sum 1), ``cut_off`` points, ``places``, and what happens to equals at the cut.

    ``tie``: all_pass, none_pass, or higher_sub_score (of ``tie_stage``). ``cases`` are the candidates. ``floors`` are
    least points by stage; ``bonus`` points by case are added to the weighted sum; ``points`` are
    those of stages that no panel scored, by case and stage. Weights that are all 1 add the stages up.

    With ``out_of`` every stage is read as a share of its own sheet's full marks, out of so many points. ``cut_off`` and
    floors that end in %, or are written {share: 2/3}, are shares of the full marks.
    """

    cases: Sequence[int]
    weights: Mapping[str, Json]
    cut_off: Json = None
    places: int | None = None
    tie: str = "all_pass"
    tie_stage: str = ""
    floors: Mapping[str, Json] = field(default_factory=dict)
    bonus: Mapping[int, Json] = field(default_factory=dict)
    points: Mapping[int, Mapping[str, Json]] = field(default_factory=dict)
    out_of: Json = None


@dataclass(frozen=True, slots=True)
class Standing:
    """An application's place; ``points`` with two decimals, ``reason`` says why it goes on or stops.

    ``full`` are the full marks of ``points``, None where they are not known.
    """

    case: int
    points: str
    place: int
    passing: bool
    reason: str
    stages: Mapping[str, str]
    full: str | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment asked for: ``room`` may be the place of a visit; ``panel`` brings its members."""

    stage: str
    room: str
    starts_at: datetime
    ends_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """How an appointment (评审安排) stands: until when, and whether it was called off and why (``note``)."""

    ends_at: datetime
    cancelled: bool
    note: str


class Review(Protocol):
    """Expert review of this case (or, in a round, of its child cases)."""

    def draw(self, order: DrawOrder) -> PanelView:
        """Form the panel of a stage, once; again is refused and put on record."""

    def panel(self, stage: str) -> PanelView:
        """Return the panel of a stage as it stands."""

    def refill(self, stage: str) -> PanelView:
        """Draw for vacant places."""

    def conflicts(self, stage: str, declarations: str) -> Sequence[Tie]:
        """Match members against records and their answers in form ``declarations``; those decided already are left out."""

    def recuse(self, stage: str, decisions: Sequence[Mapping[str, Json]], below: str) -> PanelView:
        """Carry out decisions {person, recuse, reason}; ``below`` refill or continue when places become empty."""

    def disqualify(
        self, person: str, reason: str, until: date | None, scores: str
    ) -> Sequence[Mapping[str, Json]] | None:
        """Strike an expert (row number or name) off the register until a day or for good.

        ``scores`` drop or keep. Returns the running reviews that lose them: {name, stage, sheets} of the others; None when no
        entry of the register is meant.
        """

    def collect(self, stage: str, how: str, divergence: int, least: int) -> StageResult:
        """Combine the valid sheets of this case and keep the result."""

    def agree(self, stage: str) -> StageResult:
        """Take the leader's consensus sheet as the result."""

    def full_marks(self, edition: str) -> str:
        """Return what the sheet of an edition adds up to; raises NotFound or Invalid where there is no such sheet."""

    def score_anew(self, stage: str, reason: str) -> PanelView:
        """Let the sheets of this case in a stage no longer count, and open its panel again, if it has one by now."""

    def close(self, stage: str) -> None:
        """Note that the stage is over: its panel no longer counts as busy."""

    def rank(self, order: RankOrder) -> Sequence[Standing]:
        """Rank applications and say who goes on."""

    def rank_record(self, order: RankOrder, standings: Sequence[Standing]) -> Mapping[str, Json]:
        """Return everything that a ranking rests on, and what it came to, for the record."""

    def appointment(self, stage: str) -> AppointmentView | None:
        """Return the appointment made last for a stage, None where there was none."""

    def missed(self, stage: str, reason: str) -> AppointmentView:
        """Note that the appointment made last for a stage did not take place; raises Invalid, NotFound."""

    def book(self, booking: Booking) -> str:
        """Make an appointment for this case; returns the obstacle, "" when it is made."""
