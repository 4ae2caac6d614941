"""What a designer waits for in the studio: a diagram laid out anew, problems after a change, a scenario played."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import handlers
from service.casework.access.actor import DESIGNER, Actor, Seat
from service.casework.assemble import desk_over
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.casework.desk.packages import pack_files
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import hash_of
from service.casework.studio.drafts.open_draft import add_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.pieces.diagrams import tidy_diagram
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.tree import read_sources, sources_of
from service.cli.simulate import package_of, play_file
from service.domain.running.memory import collect_less
from service.sdk import operations
from service.store import Store
from service.store.models import PersonRow
from tests.bench.measures import Measure
from tests.bench.season import ROOT

LARGE = "kizilsu/quality_award"
SLOWEST = f"processes/{LARGE}/application.bpmn"
CHANGED = (
    (f"processes/{LARGE}/decision.bpmn", ' name="'),
    (f"processes/{LARGE}/eligibility.dmn", ' name="'),
    ("processes/kizilsu/law.yaml", "summary: "),
)
"""Files of the largest package, and what a letter more stands behind."""
FOUR_APPLICANTS = "processes/urumqi/quality_award/scenarios/after_the_award.yaml"


def measure(folder: Path) -> list[Measure]:
    """Return seconds of CPU, warm: each was done once before it is measured."""
    handlers.load()
    desk, designer, draft = _draft(folder)
    collect_less()  # as the server does
    content = read_sources(ROOT)[SLOWEST]
    tidy = [_spent(lambda: tidy_diagram(desk, designer, draft, SLOWEST, content)) for _ in range(4)]
    check_draft(desk, designer, draft)
    again = [cost for path, before in CHANGED for cost in _rechecks(desk, designer, draft, path, before)]
    package = package_of(ROOT / FOUR_APPLICANTS)
    plays = [_spent(lambda: play_file(ROOT / FOUR_APPLICANTS, package)) for _ in range(4)]
    desk.store.close()
    return [
        Measure("the slowest diagram, laid out anew", median(tidy[1:]), max(tidy[1:]), None, 1.0, unit="s of CPU"),
        Measure("a change of a draft saved, and its problems", median(again), max(again), None, 0.3, unit="s of CPU"),
        Measure("a season of four applicants", median(plays[1:]), max(plays[1:]), None, 2.0, unit="s of CPU"),
    ]


def _draft(folder: Path) -> tuple[Desk, Actor, int]:
    """Open a draft of the largest package on a database of its own."""
    store = Store("sqlite://", folder / "files", durable=False)
    store.create_tables()
    clock = VirtualClock(datetime(2026, 3, 2, 1, tzinfo=UTC))
    desk = desk_over(store, load_calendars(bundled_calendars()), operations(), clock=clock)
    with store.write() as tx:
        person = tx.people.insert(PersonRow(login="designer", name="设计", created_at=clock.now()))
    designer = Actor(person, "设计", (Seat("kizilsu", DESIGNER, 0, "office", "", "office"),))
    with store.write() as tx:
        packed = pack_files(sources_of(read_sources(ROOT), LARGE))
        return desk, designer, add_draft(desk, tx, designer, LARGE, "", packed, None)


def _rechecks(desk: Desk, designer: Actor, draft: int, path: str, before: str) -> list[float]:
    """Save a file three times, each time with another letter; return what saving it and telling the problems takes."""
    content, costs = read_sources(ROOT)[path].decode(), []
    saved = hash_of(content.encode())
    for letter in "甲乙丙":
        started = time.process_time()
        changed = content.replace(before, before + letter, 1).encode()
        saved = save_file(desk, designer, draft, path, changed, saved).hash
        check_draft(desk, designer, draft)
        costs.append(time.process_time() - started)
    return costs


def _spent(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
