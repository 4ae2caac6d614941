"""What was typed into the assistant of a clause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from service.casework.studio.law.kept_preview import ASSISTANCE
from service.catalog.assistants.clause_departures import Departures
from service.catalog.clause_kinds.clause_assistants import AssistKind

_AS_READ = Departures({})


@dataclass(frozen=True, slots=True)
class TypedAssistance:
    """What was typed: ``value`` of parameter ``parameter``, ``bound`` (exactly, minimum, maximum or ""), where it applies.

    ``parameter`` "" is made from the name, ``tier`` is the one that a quota or a prize is for. ``element`` is "file#id" of
    an element of the city's own, "" for the one that is drawn; ``scenario`` the file that gets the expectation, or the
    season that the clause is shown in; ``answers`` are those to the questions of the kind. ``departures`` says what of it
    the text of the clause says otherwise.
    """

    kind: AssistKind
    clause: str
    parameter: str
    name: str = ""
    unit: str = ""
    value: str = ""
    bound: str = ""
    second: str = ""
    element: str = ""
    scenario: str = ""
    tier: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    departures: Departures = _AS_READ

    @property
    def asked(self) -> dict[str, Any]:
        """What a job keeps of it, to be asked again; what departs from the text follows from that."""
        fields = {name: value for name, value in asdict(self).items() if name != "departures"}
        return {**fields, "work": ASSISTANCE, "kind": self.kind.value, "answers": dict(self.answers)}
