"""The pieces that a further step brings to a place: processes, facts, parameters, roles, patterns; and for which place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.catalog.clause_kinds.phase_days import PhaseDays
from service.catalog.new_city.stated_bounds import StatedNumber
from service.catalog.new_city.steps import Cited, CityStep
from service.domain.text import Text

Rows = Mapping[str, Any]
ASKED = "条文有没有规定，请核对后引用条款。"
"""What is open of a value that no clause is known to give."""
REVIEWERS = 3
"""The experts of a panel where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Recommender:
    """An authority that recommends: its name, how many in a round (None: no limit), and ``whose`` applications it judges."""

    id: str
    name: str
    places: int | None = None
    whose: str = ""


@dataclass(frozen=True, slots=True)
class NewParameter:
    """A parameter with the value it begins with; name and unit are left out where all places share them.

    ``said``: the value is what the text says, as somebody answered it, and no proposal. ``answered``: somebody chose it, so that
    it takes the place of a value that is there, as the place's own choice where the text does not say it. ``stated`` is what a clause says of it
    in words, with the bound that it draws; ``labels`` say what its choices are called.
    """

    value: Any
    name: str = ""
    name_en: str = ""
    unit: str = ""
    said: bool = False
    choices: tuple[str, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict)
    stated: StatedNumber | None = None
    answered: bool = False


@dataclass(frozen=True, slots=True)
class StepPieces:
    """What is added to the files of a place, by its key there."""

    processes: Rows = field(default_factory=dict)
    actions: Rows = field(default_factory=dict)
    round_facts: Rows = field(default_factory=dict)
    application_facts: Rows = field(default_factory=dict)
    parameters: Mapping[str, NewParameter] = field(default_factory=dict)
    roles: Rows = field(default_factory=dict)
    bodies: tuple[Rows, ...] = ()
    bindings: Mapping[str, str] = field(default_factory=dict)
    patterns: Rows = field(default_factory=dict)
    documents: Rows = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Site:
    """The place that a step is drawn for: ``cited`` by step.

    ``days`` is a time limit of an objection in working days, for the phases that ``phases`` does not name, ``reviewers``
    the experts of a panel; ``prize`` and ``ban`` are the parameters that say how much a winner gets and how long who was
    revoked may not apply, ``reports`` for how many years winners report, ``correction`` how long an applicant has to
    correct, ``announcer`` in whose name is announced, ``caller`` in whose applications are called for. ``answers`` are
    those to the questions of the assistant, ``roles`` those that the place has. ``cycle``: the award is given every so many
    years. ``recommenders`` recommend within ``recommend_days`` working days. ``stated`` says what the
    clauses say of the numbers, ``counted`` names the phases of an objection whose days count from its ``since``: its
    receipt, or its acceptance. ``hands_over``: the place records when certificates were handed over.
    """

    id: str
    cited: Cited
    steps: frozenset[CityStep]
    government: str = ""
    days: int = 5
    reviewers: int = REVIEWERS
    prize: str = "prize_yuan"
    ban: str = "false_material_ban_years"
    reports: str = "report_years"
    validity: str = "award_validity_years"
    correction: str = "correction_working_days"
    announcer: str = "announcement_issuer"
    caller: str = "call_issuer"
    answers: Mapping[str, Any] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    recommenders: tuple[Recommender, ...] = ()
    recommend_days: int = 10
    cycle: int = 0
    stated: Mapping[str, StatedNumber] = field(default_factory=dict)
    phases: Mapping[str, PhaseDays | None] = field(default_factory=dict)
    counted: frozenset[str] = frozenset()
    since: str = ""
    hands_over: bool = False

    def clauses(self, step: CityStep) -> list[str]:
        """Return the clauses that ``step`` carries out."""
        return list(self.cited.get(step, ()))

    def bound(self, step: CityStep) -> str:
        """Return what a shared diagram called for ``step`` cites, "" where that is still to be cited."""
        return ",".join(self.cited.get(step, ()))

    def citing(self, step: CityStep) -> str | None:
        """Return what an element drawn for ``step`` cites; None where that is still to be cited."""
        return " ".join(self.cited.get(step, ())) or None


def answered(answers: Mapping[str, Any], question: str, usual: Any) -> NewParameter:
    """Return a parameter with what was answered; ``usual``, as a proposal of the place, where the text says nothing.

    What was answered otherwise than the text says it is the place's own too: ``departing`` names such questions.
    """
    said = answers.get(question)
    given = said is not None
    return NewParameter(said if given else usual, said=given and as_said(answers, question), answered=given)


def as_said(answers: Mapping[str, Any], question: str) -> bool:
    """Tell whether the answer to ``question`` is not otherwise than the text of the clause."""
    return question not in answers.get("departing", ())


def cites(site: Site, step: CityStep) -> dict[str, Any]:
    """Return the entry by which a process or an action cites the clauses of ``step``; none where there are none."""
    cited = site.clauses(step)
    return {"clauses": cited} if cited else {}
