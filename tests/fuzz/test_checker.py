"""Whatever is wrong with the files of a package, the check says what, where and what to do, and never breaks or hangs.

Every run tries some thousand mutants of a small package and some of one real city; which ones moves on with the content.
``make fuzz`` (LAUREL_FUZZ=all) tries every mutant of everything, for hours.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

import handlers
from service.casework.definitions.check import check_whole
from service.casework.simulate import ScenarioMistake, read_scenario
from service.catalog import Problem
from service.catalog.catalog import build_catalog
from service.catalog.check import check_catalog
from service.catalog.closure import collect_award_files
from service.catalog.tree import read_tree
from service.domain.errors import Invalid
from tests.fuzz.mutations import Mutant, mutants

PROJECT = Path(__file__).parents[2]
CITIES = ("ganzhou", "kizilsu", "qingyuan", "urumqi", "yining")
EVERYTHING = os.environ.get("LAUREL_FUZZ") == "all"
SECONDS = 10
NEUTRAL = ("/@type of", "BPMNDiagram/@id", "BPMNPlane/@id", "BPMNShape/@id", "BPMNEdge/@id")
"""Where a misspelt attribute says nothing: xsi:type repeats what the element is, and nothing names the ids of a picture."""
ONE = CITIES[0]
"""The city that an ordinary run misspells."""
handlers.load()


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Break off what takes longer."""

    def late(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)  # of the processor: other work beside it is not counted
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def check(files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Check a tree as the command does; a tree that holds no award at all is refused as a whole."""
    try:
        catalog = build_catalog(files)
        return check_catalog(catalog, None, check_whole)
    except Invalid as refusal:
        return (Problem("processes", "", "refused", refusal.message, refusal.message),)


def sample(found: list[Mutant], size: int) -> list[Mutant]:
    """Return so many of them, others with every change of the files; all of them for ``make fuzz``."""
    if EVERYTHING:
        return found
    seed = hashlib.sha256("".join(map(str, found)).encode()).digest()
    return random.Random(seed).sample(found, min(size, len(found)))


def faults(files: Mapping[str, bytes], tried: list[Mutant]) -> list[str]:
    """Return what the check did wrong over each mutant."""
    known = check(files)
    wrong = []
    for mutant in tried:
        content = mutant.content
        changed = {path: held for path, held in files.items() if path != mutant.file}
        if content is not None:
            changed[mutant.file] = content
        try:
            with within(SECONDS):
                found = check(changed)
        except Exception as broken:  # whatever it is, it is a fault of the check
            wrong.append(f"{mutant}: {type(broken).__name__} {broken}")
            continue
        wrong += [f"{mutant}: {p.rule} says too little" for p in found if not (p.file and p.message.zh and p.remedy.zh)]
        misspelt = "misspell" in mutant.what or "MISSPELT" in mutant.what
        silent = any(words in str(mutant) for words in NEUTRAL)
        if misspelt and not silent and set(found) <= set(known):
            wrong.append(f"{mutant}: nobody noticed")
    return wrong


def test_mistakes_in_a_small_package_are_all_told() -> None:
    files = read_tree(PROJECT / "tests/data/desk")
    every = [m for path in sorted(files) for m in mutants(path, files[path])]
    assert faults(files, sample(every, 1000)) == []


@pytest.mark.parametrize("city", CITIES if EVERYTHING else [ONE])
def test_mistakes_in_a_city_are_all_told(city: str) -> None:
    files = read_tree(PROJECT, frozenset(CITIES) - {city})
    used = collect_award_files(files, city, "quality_award")  # a shared piece is checked with whom it serves
    every = [m for path in sorted(used) if "/scenarios/" not in path for m in mutants(path, files[path])]
    assert faults(files, sample(every, 15)) == []


def test_mistakes_in_a_scenario_are_all_told() -> None:
    """A scenario is read or refused with a sentence; a key that is misspelt is always refused."""
    path = "processes/ganzhou/quality_award/scenarios/clean.yaml"
    content = (PROJECT / path).read_bytes()
    for mutant in sample(list(mutants(path, content)), 400):
        said = path
        with within(SECONDS):
            try:
                read_scenario(mutant.content or b"", path)
            except ScenarioMistake as mistake:
                said = mistake.message.zh
        assert path in said, mutant


@pytest.mark.parametrize(
    ("broken", "meant"),
    [("expects: []", "expect"), ("step: []", "steps"), ("organisation: {}", "organisations"), ("titel: x", "title")],
)
def test_a_misspelt_key_of_a_scenario_is_refused_with_the_word_meant(broken: str, meant: str) -> None:
    with pytest.raises(ScenarioMistake, match=f"是不是想写“{meant}”"):
        read_scenario(f"start: 2026-03-02\n{broken}\n".encode(), "x.yaml")
