from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from service.catalog import build_catalog, check_catalog
from service.catalog.bpmn.read import read_diagram
from service.catalog.feel import compiled, compiled_tests
from service.catalog.rules.drawing import _flaws
from service.catalog.source.yaml import parse_yaml
from service.catalog.tables import read_table
from service.catalog.tree import read_tree

PROJECT = Path(__file__).parents[3]


def cold(files: Mapping[str, bytes]) -> float:
    """Return the processor seconds of loading and checking ``files`` with nothing remembered."""
    for cached in (read_diagram, read_table, parse_yaml, compiled, compiled_tests, _flaws):
        cached.cache_clear()
    started = time.process_time()
    check_catalog(build_catalog(files))
    return time.process_time() - started


def test_one_city_is_loaded_and_checked_within_two_seconds() -> None:
    tree = read_tree(PROJECT)
    city = {path: data for path, data in tree.items() if path.split("/")[1] in ("urumqi", "shared", "scoring")}
    assert cold(city) < 2


def test_five_cities_are_loaded_and_checked_within_eight_seconds() -> None:
    tree = read_tree(PROJECT)
    five = dict(tree)
    for number in range(2, 6):
        five |= {p.replace("/urumqi/", f"/city{number}/"): d for p, d in tree.items() if "/urumqi/" in p}
    assert cold(five) < 8
