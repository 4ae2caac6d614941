"""Walks whole seasons in a real browser, from the call through conferral to a revocation, by clicks alone.

``python -m tests.browser.walk [CITY[:SCENARIO]…]``; without a word, one whole season of every city. Where a walk
stops, the sentence says at which step, and a picture of the last page is kept under build/walk.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import handlers
from service.casework.simulate import read_scenario
from service.casework.simulate.expecting.expectations import unmet_in
from service.casework.simulate.stage.stage import open_stage
from service.catalog import load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from tests.browser.clicks import serving
from tests.browser.rounds import RoundWalk
from tests.conftest import BROWSER_FLAGS, NO_BROWSER
from tests.prepare import browser_program

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build" / "walk"
EVERYTHING = 1_000_000
WHOLE = {
    "urumqi": "whole_way",
    "kizilsu": "revocation_accident",
    "ganzhou": "whole_way",
    "yining": "whole_way",
    "qingyuan": "whole_way",
}
"""By city, the scenario that goes the whole way."""


def city_to_walk() -> str:
    """Return the city that one run walks: another one whenever a city's package changes; LAUREL_WALK names one."""
    versions = [package.version for _, package in sorted(load_catalog(ROOT).packages.items())]
    turn = int(hashlib.sha256("".join(versions).encode()).hexdigest(), 16)
    return os.environ.get("LAUREL_WALK") or sorted(WHOLE)[turn % len(WHOLE)]


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk found: how many steps were taken by clicks on how many pages, what the scenario expects in vain, what the
    browser says, and what is not sound in the installation afterwards.
    """

    steps: int
    pages: int
    unmet: tuple[str, ...]
    complaints: tuple[str, ...]
    unsound: tuple[str, ...] = ()


def walk_season(browser: Browser, name: str, url: str, folder: Path, enough: int = EVERYTHING) -> Walked:
    """Walk ``city:scenario`` with the database at ``url``; what was clicked ``enough`` times goes without a page after that.

    Raises:
        AssertionError: a step cannot be taken by clicks; names the step.
    """
    handlers.load()
    city, _, word = name.partition(":")
    path = ROOT / f"processes/{city}/quality_award/scenarios/{word or WHOLE[city]}.yaml"
    package = load_catalog(ROOT).packages[f"{city}/quality_award"]
    store = Store(url, folder / "files", durable=False)
    try:
        scenario = read_scenario(path.read_bytes(), path.name)
        stage = open_stage(store, package, scenario, load_calendars(bundled_calendars()), operations())
        with serving(stage) as base:
            walk = RoundWalk(stage, browser, base, folder, enough=enough)
            played(walk)
            walk.public_sees_the_end()
            walk.leave()
        unmet = tuple(m.zh for row in scenario.expect for m in unmet_in(stage, row))
        return Walked(walk.steps, walk.visits, unmet, tuple(c for c in walk.complaints if "422" not in c))
    finally:
        store.close()


def played(walk: RoundWalk) -> None:
    """Take every step; raises AssertionError that names the step that cannot be taken."""
    for move in walk.stage.scenario.moves:
        try:
            walk.play(move)
        except Exception as stopped:
            said = f"{walk.stage.scenario.file}: step {move.number} ({move.verb} {move.value}, {move.who or 'office'})"
            raise AssertionError(
                f"{said}: {stopped}{walk.picture(PICTURES, walk.stage.package.jurisdiction.id)}"
            ) from stopped


def main(words: Sequence[str]) -> int:
    """Walk what is named and print a line each; returns the exit code."""
    program = browser_program()
    if program is None:
        print(NO_BROWSER)
        return 1
    failed = False
    with sync_playwright() as playwright:
        for name in words or tuple(WHOLE):
            browser = playwright.chromium.launch(executable_path=program, args=BROWSER_FLAGS)
            failed = not _walked_through(browser, name) or failed
            browser.close()
    return int(failed)


def _walked_through(browser: Browser, name: str) -> bool:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="laurel-walk-") as place:
        folder = Path(place)
        Store(f"sqlite:///{folder}/walk.db", folder / "files", durable=False).migrate()
        try:
            walked = walk_season(browser, name, f"sqlite:///{folder}/walk.db", folder)
        except AssertionError as stopped:
            print(f"{name}：走不下去了。{stopped}", flush=True)
            return False
    seconds = round(time.monotonic() - begun)
    print(f"{name}：{walked.steps} 步，{walked.pages} 个页面，{seconds} 秒", flush=True)
    for sentence in (*walked.unmet, *walked.complaints):
        print(f"  {sentence}", flush=True)
    return not walked.unmet and not walked.complaints


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
