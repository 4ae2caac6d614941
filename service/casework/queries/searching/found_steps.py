"""Steps found by their names, by their ids, or by the messages that they send or catch; also those of older versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.casework.desk.desk import Desk
from service.casework.queries.cases.former_steps import former_steps
from service.casework.reading.published import Published
from service.store import ElementCount, Transaction


@dataclass(frozen=True, slots=True)
class FoundStep:
    """A step of a diagram, and how many cases wait there; ``former``: only older versions have it, and cases stand there."""

    jurisdiction: str
    process: str
    process_name: str
    element: str
    name: str
    waiting: int
    former: bool = False


def found_steps(
    desk: Desk, tx: Transaction, known: Published, places: Sequence[str], words: Sequence[str]
) -> list[FoundStep]:
    """Return the steps of the places that fit every word, those where most waits first."""
    counts = tx.tallies.by_element(places)
    steps = [*_today(known, places, counts, words), *_former(desk, tx, known, counts, words)]
    return sorted(steps, key=lambda step: -step.waiting)


def _former(
    desk: Desk, tx: Transaction, known: Published, counts: Sequence[ElementCount], words: Sequence[str]
) -> Iterator[FoundStep]:
    """Yield the steps that fit where cases of older versions stand and that today's diagrams lack."""
    for step in former_steps(desk, tx, known, counts):
        here = step.count
        name = next((each for each in step.names if _fits(words, each, here.element, *step.messages)), None)
        if name is not None:
            yield FoundStep(
                here.jurisdiction, here.process_id, step.diagram, here.element, name, here.here, former=True
            )


def _today(
    known: Published, places: Sequence[str], waits: Sequence[ElementCount], words: Sequence[str]
) -> Iterator[FoundStep]:
    """Yield the steps of today's diagrams that fit."""
    counts = {(c.jurisdiction, c.process_id, c.element): c for c in waits}
    for package in known.packages:
        if package.jurisdiction.id not in places:
            continue
        for process, diagram in package.processes.items():
            for element in diagram.elements.values():
                if not _fits(words, element.name, element.id, element.message):
                    continue
                place = (package.jurisdiction.id, process, element.id)
                count = counts.get(place)
                waiting = count.here if count else 0
                name = element.name or element.id
                yield FoundStep(*place[:2], diagram.name or process, element.id, name, waiting)


def _fits(words: Sequence[str], *told: str | None) -> bool:
    """Return whether every word stands somewhere in what is told."""
    text = " ".join(each for each in told if each).lower()
    return all(word in text for word in words)
