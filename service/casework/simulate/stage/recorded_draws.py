"""The draws of a past round in a season that repeats it: who was drawn then is drawn again, whoever was not stays unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.casework.desk.past_draws import PastDraw
from service.casework.simulate.scenarios.scenario import DrawKey, RecordedDraws, ScenarioMistake
from service.casework.simulate.stage.cast import Cast
from service.domain.text import Text
from service.store.models import CaseRow


@dataclass(slots=True)
class StagedDraws:
    """The draws on record while their season is played; ``unknown`` says of which draws there is no record."""

    recorded: RecordedDraws
    cast: Cast
    unknown: dict[DrawKey, Text] = field(default_factory=dict)

    def of(self, case: CaseRow, stage: str, number: int) -> PastDraw | None:
        """Return draw ``number`` of a stage as it is on record; None where there was none."""
        return self.recorded.draws.get(self._key(case, stage, number))

    def missed(self, case: CaseRow, stage: str, number: int) -> None:
        """Note a draw that is on no record: what comes of it is one possibility."""
        self.unknown[self._key(case, stage, number)] = Text(
            f"“{case.title}”的第{number}次抽取当时没有过：会抽中谁、会评多少分，没有记录，无从得知。",
            f"Draw {number} of “{case.title}” never happened: who would be drawn, and score what, is on no record.",
        )

    def number_of(self, person: int) -> int | None:
        """Return the number that the ticket of a person was made from; None for whoever was not on the register."""
        return self.recorded.numbers.get(self.cast.word_of(person) or "")

    def _key(self, case: CaseRow, stage: str, number: int) -> DrawKey:
        return DrawKey(case.process, self._nick(case.subject_id), stage, number)

    def _nick(self, body: int | None) -> str:
        known: Mapping[str, int] = self.cast.organisations
        return next((nick for nick, ident in known.items() if ident == body), "")


def not_on_record(who: str, element: str) -> ScenarioMistake:
    """Return the refusal of a step by ``who`` on a panel where somebody else sits now."""
    return ScenarioMistake(
        Text(
            f"这一席现在不是“{who}”：当时“{element}”是其本人填写的，别人会填什么没有记录，无从得知。",
            f"“{who}” does not have this seat now: “{element}” was filled in by them then; what another would have "
            "written is on no record.",
        )
    )
