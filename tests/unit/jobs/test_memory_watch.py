"""Garbage that holds itself in circles is given back once the process has grown, whenever its collector would look."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from service.domain.running.memory import MemoryKeeper, give_back, own_bytes
from service.jobs.memory_watch import keeping_small
from tests.support.waiting import until

MEGABYTE = 1024 * 1024
STEP, SIZE = 16 * MEGABYTE, 8_000


class Circle:
    """Holds itself, and some kilobytes."""

    def __init__(self) -> None:
        self.held, self.content = self, bytearray(b"x") * SIZE


@pytest.fixture(autouse=True)
def no_collector() -> Iterator[None]:
    """Let nothing but the keeper look; what tests before left over is room that no process would have to grow into."""
    give_back()
    gc.disable()
    yield
    gc.enable()


def garbage(amount: int) -> weakref.ref[Circle]:
    """Leave so many bytes of garbage behind; returns a word of its last piece."""
    circles = [Circle() for _ in range(amount // SIZE)]
    return weakref.ref(circles[-1])


def enough() -> int:
    """Return how many bytes let a keeper look."""
    return max(STEP, own_bytes() // 8) + 8 * MEGABYTE


def test_what_piled_up_goes_back_to_the_system_once_it_is_much() -> None:
    keeper = MemoryKeeper(STEP)
    before = own_bytes()
    little = garbage(MEGABYTE)
    assert not keeper.look()
    assert little() is not None
    much = garbage(enough())
    assert keeper.look()
    assert (little(), much()) == (None, None)
    assert own_bytes() < before + STEP
    assert not keeper.look()


def test_what_stays_is_not_looked_through_again_and_again() -> None:
    keeper = MemoryKeeper(STEP)
    kept = [bytearray(b"x") * SIZE for _ in range(enough() // SIZE)]
    assert keeper.look()
    assert not keeper.look()
    assert kept


def test_a_server_looks_by_itself() -> None:
    keeper = MemoryKeeper(STEP)
    word = garbage(enough())  # all of it before the first look: what a look finds half made counts as what stays
    with keeping_small(keeper, seconds=0.05):
        until(lambda: word() is None)
