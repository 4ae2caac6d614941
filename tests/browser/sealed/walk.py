"""Walks a season of every city by clicks on an installation with everything switched on (``make walk-sealed``).

``python -m tests.browser.sealed.walk [CITY[:SCENARIO]…]``. Three administrators, second factors and passkeys, fresh
proofs, HTTPS behind a proxy, encrypted columns, a key service whose holders open urns together, two tellers, a virus
scanner, single sign-on, anchors, encrypted backups: as one would run it, by a clock that the walk moves.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import BrowserType, sync_playwright

import handlers
from service.casework.desk.demo_clock import DemoClock
from service.casework.desk.desk import Desk
from service.casework.simulate import read_scenario
from service.casework.simulate.expecting.expectations import unmet_in
from service.catalog import load_catalog
from service.settings import read_settings
from tests.browser.sealed.afterwards import unsound
from tests.browser.sealed.installation import (
    LAUREL,
    ROOT,
    Sealed,
    key_service,
    name_holders,
    sealed_surroundings,
    single_sign_on,
)
from tests.browser.sealed.people import SealedWalk
from tests.browser.sealed.program import SeasonInstallation
from tests.browser.sealed.uploads import REFUSED
from tests.browser.sealed.years import take_in_years
from tests.browser.walk import EVERYTHING, PICTURES, WHOLE, Walked, played
from tests.cluster.installation import keep_logs
from tests.cluster.stage import running_clock, stage_over
from tests.conftest import BROWSER_FLAGS, NO_BROWSER
from tests.prepare import browser_program
from tests.support import postgres as pg
from tests.support.cluster import running_cluster
from tests.support.s3 import free_port
from tests.support.slow_browser import start_chromium


def walk_sealed(chromium: BrowserType, server: pg.Cluster, folder: Path, name: str, enough: int = EVERYTHING) -> Walked:
    """Walk ``city:scenario`` with everything switched on; what was clicked ``enough`` times goes without a page after that.

    Raises:
        AssertionError: a step cannot be taken by clicks.
    """
    city, _, word = name.partition(":")
    path = ROOT / f"processes/{city}/quality_award/scenarios/{word or WHOLE[city]}.yaml"
    package, scenario = (
        load_catalog(ROOT).packages[f"{city}/quality_award"],
        read_scenario(path.read_bytes(), path.name),
    )
    with sealed_surroundings(server.create(f"sealed-{city}"), folder, package) as sealed:
        clock, port = running_clock(folder / "data", scenario.start), free_port()
        address = f"https://localhost:{port}"
        sealed.environment["LAUREL_PUBLIC_URL"] = address
        with single_sign_on(sealed, address, lambda: clock.now().timestamp()), key_service(sealed):
            sealed.said("data-keys", "seal")
            name_holders(sealed)
            desk = _desk(sealed, clock)
            stage = stage_over(desk, clock, package, scenario)
            flags = [*BROWSER_FLAGS, f"--ignore-certificate-errors-spki-list={','.join(sealed.trusted)}"]
            browser = start_chromium(chromium, browser_program(), flags)
            try:
                with running_cluster(
                    folder / "run", sealed.environment, port=port, pages=1, workers=(), program=LAUREL,
                    certificate=sealed.certificate,
                ) as cluster:  # fmt: skip
                    walk = SealedWalk(stage, browser, cluster.address, folder, enough=enough, sealed=sealed)
                    stage.under_work = walk.open_urns
                    _walked(walk)
                unmet = tuple(m.zh for row in scenario.expect for m in unmet_in(stage, row))
                faults = tuple(unsound(sealed, stage, server))
            finally:
                browser.close()
                desk.store.close()
    assert walk.refused == REFUSED.keys(), f"refused of what was uploaded: {walk.refused}"
    return Walked(walk.steps, walk.visits, unmet, tuple(c for c in walk.complaints if "422" not in c), faults)


def _desk(sealed: Sealed, clock: DemoClock) -> Desk:
    """Return the desk of the installation, as its own commands have it, by the clock that the walk moves."""
    installation = SeasonInstallation(read_settings(sealed.environment))
    installation.clock = clock
    return installation.desk()


def _walked(walk: SealedWalk) -> None:
    try:
        walk.open_offices()
        take_in_years(walk)
        walk.take_accounts()
        played(walk)
        walk.recover("security")
        walk.public_sees_the_end()
    except Exception:
        walk.picture(PICTURES, walk.stage.package.jurisdiction.id)
        keep_logs(walk.folder / "run", "sealed")
        raise
    walk.leave()


def main(words: Sequence[str]) -> int:
    """Walk what is named and print a line each; returns the exit code."""
    if browser_program() is None or pg.binaries() is None:
        print(pg.ABSENT if browser_program() else NO_BROWSER, file=sys.stderr)
        return 1
    handlers.load()
    failed = False
    with pg.data_folder() as data, pg.cluster(data) as server, sync_playwright() as playwright:
        for name in words or tuple(WHOLE):
            failed = not _told(playwright.chromium, server, name) or failed
    return int(failed)


def _told(chromium: BrowserType, server: pg.Cluster, name: str) -> bool:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="laurel-sealed-") as place:
        try:
            walked = walk_sealed(chromium, server, Path(place), name)
        except AssertionError as stopped:
            print(f"{name}：走不下去了。{stopped}", flush=True)
            return False
    print(f"{name}：{walked.steps} 步，{walked.pages} 个页面，{round(time.monotonic() - begun)} 秒", flush=True)
    for sentence in (faults := (*walked.unmet, *walked.complaints, *walked.unsound)):
        print(f"  {sentence}", flush=True)
    return not faults


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
