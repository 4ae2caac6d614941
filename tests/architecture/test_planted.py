"""Every planted fault still applies."""

from __future__ import annotations

from collections import Counter

from tests.planted.faults import read_faults

LEAST = {
    "dates": 40, "votes": 40, "rights": 30, "personal_data": 20, "money": 10, "letters": 20, "writes": 25, "other": 25,
}  # fmt: skip
"""Planted faults of each subject: a fault whose program went is replaced by another."""


def test_each_planted_fault_still_applies() -> None:
    """What moved or was reworded is renewed in `tests/planted/faults`, or the list would shrink unseen."""
    stale = {
        fault.id: f"{fault.occurrences()} times in {fault.file}" for fault in read_faults() if fault.occurrences() != 1
    }
    assert not stale, f"no longer applies: renew it in tests/planted/faults: {stale}"


def test_planted_faults_are_told_apart() -> None:
    """An id names one fault, and each fault changes something."""
    faults = read_faults()
    assert [name for name, count in Counter(fault.id for fault in faults).items() if count > 1] == []
    assert [fault.id for fault in faults if fault.find == fault.replace or not fault.tests] == []


def test_no_subject_lost_its_planted_faults() -> None:
    """Where text goes with its program, another fault of the same subject takes the place."""
    found = Counter(fault.subject for fault in read_faults())
    assert {subject: found[subject] for subject, least in LEAST.items() if found[subject] < least} == {}
