"""What is asked about a place before its files are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from service.catalog.clause_kinds.phase_days import PhaseDays
from service.catalog.law.law import Clause
from service.catalog.law_text.objection_phases import (
    PHASES,
    answered_from_acceptance,
    answered_from_receipt,
    key_of,
)
from service.catalog.new_city.site import Recommender
from service.catalog.new_city.stated_bounds import StatedNumber, stated_numbers
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.parameters import Unit

_PHASE_OF = {key_of(phase): phase for phase in PHASES}


@dataclass(frozen=True, slots=True)
class OutlinedTier:
    """A prize: its name, and how many may be given in a round."""

    id: str
    name: str
    places: int


@dataclass(frozen=True, slots=True)
class CityOutline:
    """A place with its award as a person describes it.

    ``cited`` says for each step that cites the law (apply, conditions, acceptance, vote, notice, conferral) the clauses it
    carries out; ``acceptance_days`` and ``notice_days`` are working
    days, ``window_days`` all days (with ``working_window`` working days) that a round takes applications at least (0: the text asks for
    none), ``call_by`` the day of the year (month-day) by which is called for them ("": none), ``founded_years``
    years since the foundation of an applicant, ``vote_days`` working days to vote, ``vote_ballots`` how many
    ballots there are where votes do not suffice (0: nothing is said). ``steps`` are the further steps of the
    procedure, ``government`` who approves, ``objection_days`` the time limit of each phase of an objection that
    ``objection_phases`` does not name. ``vote_rules`` answers of whom votes are a share (base) and whether ballots are secret. With ``calendar_notice`` the
    days of the notice are all days. ``unsaid`` names the numbers that the text does not give. ``recommenders`` recommend within
    ``recommend_days`` working days. ``cycle_years``: the award is given every so many years (0: nothing is said).
    """

    id: str
    name: str
    name_en: str
    calendar: str
    award_name: str
    law_title: str
    since: date
    office: str
    committee: str
    tiers: tuple[OutlinedTier, ...]
    clauses: tuple[Clause, ...]
    cited: dict[str, tuple[str, ...]] = field(default_factory=dict)
    window_days: int = 0
    working_window: bool = False
    call_by: str = ""
    founded_years: int = 3
    acceptance_days: int = 10
    notice_days: int = 5
    vote_days: int = 5
    vote_ballots: int = 0
    steps: tuple[CityStep, ...] = ()
    government: str = ""
    objection_days: int = 5
    objection_phases: Mapping[str, PhaseDays] = field(default_factory=dict)
    vote_rules: Mapping[str, str] = field(default_factory=dict)
    reviewers: int = 3
    calendar_notice: bool = False
    unsaid: frozenset[str] = frozenset()
    recommenders: tuple[Recommender, ...] = ()
    recommend_days: int = 10
    cycle_years: int = 0

    @property
    def voters(self) -> tuple[str, str]:
        """What the body that votes is called by its kind, and who leads it: a committee, or a leading group (领导小组)."""
        return ("领导小组", "组长") if "小组" in self.committee else ("评审委员会", "主任委员")

    @property
    def stated(self) -> Mapping[str, StatedNumber]:
        """What the cited clauses say of the numbers."""
        units = {True: Unit.WORKING_DAYS, False: Unit.CALENDAR_DAYS}
        counted = {"window_days": units[self.working_window], "notice_days": units[not self.calendar_notice]}
        counted |= {key_of(phase): days.unit for phase, days in self.objection_phases.items()}
        return stated_numbers(self.clauses, self.cited, counted)

    @property
    def phase_days(self) -> Mapping[str, PhaseDays | None]:
        """The time of each phase of an objection: as typed, else as its clause says, else the usual one.

        Where the text counts the answer from receipt or acceptance, phases that it says nothing of end with it.
        """
        found = dict(self.objection_phases)
        for key, said in self.stated.items():
            phase = _PHASE_OF.get(key, "reply")
            if phase != "reply":
                found.setdefault(phase, PhaseDays(said.number, said.unit))
        usual = PhaseDays(self.objection_days)
        if self.counts_from and "objection_days" in self.unsaid:
            within = {phase: found.get("reply", usual) for phase in ("investigation", "finding")}
            return {
                phase: found.get(phase, {**within, "reply": usual, "completion": usual}.get(phase)) for phase in PHASES
            }
        return {phase: found.get(phase, usual) for phase in PHASES}

    @property
    def counts_from(self) -> str:
        """From which day a clause on objections has them answered: ``receipt``, ``acceptance``, or "" where none says so."""
        cited = self.cited.get(CityStep.OBJECTION.value, ())
        texts = [c.text or c.summary for c in self.clauses if c.id in cited]
        readers = {"receipt": answered_from_receipt, "acceptance": answered_from_acceptance}
        return next((day for day, reader in readers.items() if any(map(reader, texts))), "")

    @property
    def counted_phases(self) -> frozenset[str]:
        """The phases of an objection that count from that day: the answer where the text says so, and those it covers."""
        if not self.counts_from:
            return frozenset()
        told = {_PHASE_OF[key] for key in self.stated if key in _PHASE_OF} | self.objection_phases.keys()
        covered = "objection_days" in self.unsaid
        return frozenset({"reply", *(p for p in ("investigation", "finding") if covered and p not in told)})

    def number_of(self, key: str) -> int:
        """Return the number that stands for ``key`` now."""
        if key not in _PHASE_OF:
            return int(getattr(self, key))
        days = self.phase_days[_PHASE_OF[key]]
        return days.number if days is not None else 0
