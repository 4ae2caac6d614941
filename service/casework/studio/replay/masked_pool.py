"""The register of experts as a past round knew it, for its replay: everybody who could be drawn, under made-up names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from service.casework.desk.past_draws import PastDraw
from service.casework.review.employers import works_for
from service.casework.simulate.scenarios.scenario import DrawKey, RecordedDraws
from service.casework.studio.replay.past_order import PastOrder
from service.domain.calendar import local_date
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import BodyRow, CaseRow, ExpertRow, TrainingRow

MOST_EXPERTS = 500
"""So many are put on the register of a replay, those who acted first; each costs some milliseconds."""
_DRAWN = "random_draw"
_GONE = ("invited", "declined")
_BARRED = ("suspended", "disqualified")


@dataclass(slots=True)
class MaskedPool:
    """The register of the place of a round. ``words`` are what experts are called, by person: more are added to it.

    ``organisations`` are those of the round by body, as their nicknames; ``renamed`` masks a text.
    """

    tx: Transaction
    root: CaseRow
    words: dict[int, str]
    organisations: dict[int, str]
    renamed: Callable[[str], str]
    employers: dict[str, str] = field(default_factory=dict)
    entries: list[ExpertRow] = field(default_factory=list)
    left_out: int = 0
    _bodies: Mapping[int, BodyRow] | None = None

    def call(self, acted: Collection[int]) -> None:
        """Give everybody who could be drawn a word, and every employer; those who ``acted`` come first."""
        found = [row for row in self.tx.experts.pool(self.root.jurisdiction) if self._was_there(row, acted)]
        found.sort(key=lambda row: (row.person_id not in acted, row.id))
        self.entries, self.left_out = found[:MOST_EXPERTS], len(found[MOST_EXPERTS:])
        for entry in self.entries:
            self.words.setdefault(entry.person_id, f"专{len(self.words) + 1}")
            if not self._organisation_of(entry):
                self.employers.setdefault(entry.employer, f"单位{len(self.employers) + 1}")

    def rows(self, order: PastOrder) -> Iterator[tuple[datetime, int, dict[str, Any]]]:
        """Yield since when which experts are on the register, and their place in the ``order`` of that instant.

        What ties them to the organisations of the round follows.

        Whoever was there before the round is there from its beginning; the others come when they came.
        """
        trained = self.tx.experts.trainings(self.root.jurisdiction)
        draws = [draw for case in order.own for draw in self.tx.panels.draws(case)]
        since = {entry.person_id: max(entry.created_at, self.root.started_at) for entry in self.entries}
        place = {entry.person_id: order.enrolled(entry, since[entry.person_id], draws) for entry in self.entries}
        for entry in self.entries:
            row = {"expert": self._expert(self.words[entry.person_id], entry, trained.get(entry.id, []))}
            yield since[entry.person_id], place[entry.person_id], row
        for tie in self.tx.experts.interests(list(self.organisations)):
            if tie.source == "record" and tie.person_id in since:
                until = {"until": tie.last_day} if tie.last_day else {}
                known = {"expert": self.words[tie.person_id], "for": self.organisations[tie.body_id]}
                yield since[tie.person_id], place[tie.person_id], {"interest": {**known, "kind": tie.kind, **until}}

    def replacements(
        self, nicks: Mapping[int, str], order: PastOrder
    ) -> Iterator[tuple[datetime, int, dict[str, Any]]]:
        """Yield when, at which place of its instant, the office replaced whom on the panels of the cases."""
        for case, nick in nicks.items():
            for panel in self.tx.panels.of_case(case):
                for member in self.tx.panels.members([panel.id]):
                    if member.state == "replaced" and member.until is not None and member.person_id in self.words:
                        who = {"person": self.words[member.person_id], "reason": self.renamed(member.reason)}
                        act = {"as": "office", "case": nick, "replace": panel.stage, **who}
                        yield member.until, order.replaced(case, member), act

    def recorded(self, cases: Iterable[CaseRow]) -> RecordedDraws:
        """Return the draws in ``cases`` as they are on record; where two cases could not be told apart, neither's."""
        found: dict[DrawKey, PastDraw] = {}
        twice: set[DrawKey] = set()
        for case in cases:
            subject = self.organisations.get(case.subject_id or 0, "")
            for row in self.tx.panels.draws(case.id):
                key = DrawKey(case.process, subject, row.stage, row.number)
                twice |= {key} & found.keys()
                found[key] = PastDraw(row.seed, row.seed_source, frozenset(int(one["id"]) for one in row.pool))
        draws = {key: draw for key, draw in found.items() if key not in twice}
        return RecordedDraws(draws, {self.words[entry.person_id]: entry.id for entry in self.entries})

    def notes(self, cases: list[int]) -> Iterator[Text]:
        """Say what of the reviews in ``cases`` a replay cannot repeat."""
        if any(draw.method == _DRAWN for case in cases for draw in self.tx.panels.draws(case)):
            yield Text(
                "评审组按当时记录的种子和专家库重新抽出，各人的申明和评分照当时的记录；当时没有抽中的人没有记录，需要他们时就停在那里。",
                "Panels are drawn again by the seed and the register on record, and everybody declares and scores as they did; "
                "of those who were not drawn there is no record, so where they are needed the season stops.",
            )
        if self.left_out:
            yield Text(
                f"专家库人数多，重演只放入{MOST_EXPERTS}人，办过事的在先，另有{self.left_out}人没有放入。",
                f"The register is long: the replay has {MOST_EXPERTS} experts, those who acted first, without {self.left_out} more.",
            )

    def _was_there(self, row: ExpertRow, acted: Collection[int]) -> bool:
        if row.person_id in acted:
            return True
        ended = self.root.ended_at
        if row.status in _GONE or (ended is not None and row.created_at > ended):
            return False
        return not (row.status in _BARRED and _holds(row, local_date(self.root.started_at)))

    def _expert(self, word: str, row: ExpertRow, trained: list[TrainingRow]) -> dict[str, Any]:
        newest = trained[0] if trained else None
        return {
            "name": word,
            "employer": self._employer(row),
            "place": self.renamed(row.place),
            "education": row.education,
            "since": row.practising_since,
            "sectors": list(row.sectors),
            "qualifications": [self.renamed(str(one)) for one in row.qualifications],
            "from": row.term_from,
            **({"until": row.term_until} if row.term_until else {}),
            "trained": newest.held_on if newest else False,
            **({"hours": newest.hours} if newest and newest.hours is not None else {}),
        }

    def _employer(self, row: ExpertRow) -> str:
        """Return what an employer is called: the same for all of one, since few of one may sit on a panel."""
        known = self._organisation_of(row)
        return f"组织{known}" if known else self.employers[row.employer]

    def _organisation_of(self, row: ExpertRow) -> str:
        """Return the nickname of the organisation of the round that somebody works for, as a draw finds it; "" for none."""
        if self._bodies is None:
            self._bodies = self.tx.people.bodies_by_id(self.organisations)
        return next((self.organisations[ident] for ident, body in self._bodies.items() if works_for(row, body)), "")


def _holds(row: ExpertRow, day: date) -> bool:
    """Tell whether somebody was kept off the register on a day, as far as it says."""
    begun = row.status_on is None or row.status_on < day
    return begun and (row.status_until is None or row.status_until >= day)
