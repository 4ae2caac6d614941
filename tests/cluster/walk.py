"""Walks a season by clicks through nginx while parts of the cluster are killed, paused and restarted (``make cluster-walk``).

``python -m tests.cluster.walk [CITY[:SCENARIO]]``; Ganzhou's whole season without a word. Before every step one part is
taken away, and workers now and then while they work; afterwards ``laurel doctor --deep`` must find nothing.
"""

from __future__ import annotations

import os
import random
import re
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import handlers
from service.casework.simulate import read_scenario
from service.casework.simulate.expecting.expectations import unmet_in
from service.casework.simulate.scenarios.scenario import Move
from service.catalog import load_catalog
from tests.browser.rounds import RoundWalk
from tests.browser.walk import WHOLE
from tests.cluster.faults import Faults
from tests.cluster.installation import KEPT, end_when_told, environment_of, keep_logs, unsound
from tests.cluster.stage import cluster_stage, now_and_then
from tests.conftest import BROWSER_FLAGS, NO_BROWSER
from tests.prepare import browser_program
from tests.support import postgres as pg
from tests.support.cluster import RunningCluster, running_cluster
from tests.support.slow_browser import start_chromium

ROOT = Path(__file__).parents[2]
EXPECTED = re.compile(r"\b(422|502|503|504)\b")
"""What a page left open hears when it asks for news while a part is away."""


def main(words: list[str]) -> int:
    """Walk and look; returns the exit code."""
    program = browser_program()
    if program is None or pg.binaries() is None:
        print(NO_BROWSER if program is None else pg.ABSENT, file=sys.stderr)
        return 1
    handlers.load()
    end_when_told()
    with (
        tempfile.TemporaryDirectory(prefix="laurel-cluster-") as name,
        pg.data_folder() as data,
        pg.cluster(data, durable=True) as server,
        sync_playwright() as playwright,
    ):
        browser = start_chromium(playwright.chromium, program, BROWSER_FLAGS)
        found = walk_under_fire(
            server,
            browser,
            Path(name),
            words[0] if words else "ganzhou",
            int(os.environ.get("LAUREL_SEED") or time.time()),
        )
        browser.close()
    for sentence in found:
        print(f"  {sentence}", flush=True)
    return int(bool(found))


def walk_under_fire(server: pg.Cluster, browser: Browser, folder: Path, name: str, seed: int) -> list[str]:
    """Walk ``city:scenario``, with a fault before every step; returns what went wrong."""
    city, _, word = name.partition(":")
    path = ROOT / f"processes/{city}/quality_award/scenarios/{word or WHOLE[city]}.yaml"
    package = load_catalog(ROOT).packages[f"{city}/quality_award"]
    scenario = read_scenario(path.read_bytes(), path.name)
    environment = environment_of(server.create("walk"), folder)
    began, chance = time.monotonic(), random.Random(seed)
    url, data, keys = (environment[f"LAUREL_{word}"] for word in ("DATABASE", "DATA", "BALLOT_KEYS"))
    with cluster_stage(url, Path(data), Path(keys), package, scenario) as stage:
        with running_cluster(folder / "run", environment) as cluster:
            faults = Faults(cluster, server, stage.clock, chance)
            stage.under_work = now_and_then(faults.kill_worker, chance, 8)
            walk = RoundWalk(stage, browser, cluster.address, folder)
            with faults.supervised():
                found = _walked(walk, cluster, faults)
        if not found:
            found = [message.zh for row in scenario.expect for message in unmet_in(stage, row)]
    found += [line for line in walk.complaints if not EXPECTED.search(line)]
    seconds = round(time.monotonic() - began)
    print(f"{name}：{walk.steps} 步，{walk.visits} 个页面，{seconds} 秒；{dict(faults.counts)}", flush=True)
    return [*found, *unsound(environment)]


def _walked(walk: RoundWalk, cluster: RunningCluster, faults: Faults) -> list[str]:
    """Take every step; returns where it went no further."""
    coming = faults.each_in_turn()
    for move in walk.stage.scenario.moves:
        try:
            next(coming)()
            walk.play(move)
        except Exception as stopped:
            return [_stopped(walk, cluster, move, stopped)]
    walk.public_sees_the_end()
    walk.leave()
    return []


def _stopped(walk: RoundWalk, cluster: RunningCluster, move: Move, why: Exception) -> str:
    said = f"step {move.number} ({move.verb} {move.value}, {move.who or 'office'}): {why}"
    said += walk.picture(KEPT / "walk", "walk")
    keep_logs(walk.folder / "run", "walk")
    return f"{said} (ended: {cluster.fallen()}, logs: {KEPT}/walk)"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
