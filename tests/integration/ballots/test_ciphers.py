"""The cipher of urns and of tellers' sheets is exchanged by a setting, while a ballot runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from service.casework.desk.urns import urns_of
from service.domain.ballots import HallSheet, UrnDamaged
from service.domain.proof.algorithms import AES, CIPHERS, SM4
from service.store import DataKeys, Store
from tests.support.ballots import START, Hall, make_hall, paper

_MARK = b"s"


def by(hall: Hall, cipher: str, keys: Path) -> None:
    """Let the installation of ``hall`` start anew with this ``LAUREL_CIPHER``."""
    premises = replace(hall.desk.premises, data_keys=DataKeys(keys, cipher))
    hall.desk = replace(hall.desk, premises=premises)


@pytest.mark.parametrize(("before", "after"), [(AES, SM4), (SM4, AES)])
def test_a_ballot_that_runs_goes_on_under_the_other_cipher_and_counts_every_paper(
    sqlite_url: str, open_store: Callable[[str], Store], tmp_path: Path, before: str, after: str
) -> None:
    hall = make_hall(open_store(sqlite_url), tmp_path / "keys")
    by(hall, before, tmp_path / "data-keys")
    _, ballot = hall.open()
    for member in range(1, 5):
        hall.cast(ballot, member, paper("yyn"))
    urn = hall.ballot(ballot).urn
    assert urn is not None
    assert urn.startswith(_MARK) == (before == SM4)
    by(hall, after, tmp_path / "data-keys")
    hall.cast(ballot, 5, paper("yyn"))
    changed = hall.ballot(ballot).urn
    assert changed is not None
    assert changed.startswith(_MARK) == (after == SM4)
    for member in range(6, 10):
        hall.cast(ballot, member, paper("yyn"))
    hall.advance(START + timedelta(days=1, seconds=1))
    assert hall.outcome(ballot)["valid"] == 9


@pytest.mark.parametrize("cipher", CIPHERS)
def test_a_tellers_sheet_is_compared_whatever_cipher_holds_by_then(
    sqlite_url: str, open_store: Callable[[str], Store], tmp_path: Path, cipher: str
) -> None:
    hall = make_hall(open_store(sqlite_url), tmp_path / "keys", 7)
    by(hall, cipher, tmp_path / "data-keys")
    _, ballot = hall.open()
    box = hall.ballot(ballot).box
    sheet = HallSheet((1, 2), 0, {"quality:c1": (2, 0, 0)})
    kept = urns_of(hall.desk).keep_sheet(box, sheet, 1)
    assert kept.startswith(_MARK) == (cipher == SM4)
    for later in CIPHERS:
        by(hall, later, tmp_path / "data-keys")
        assert urns_of(hall.desk).compare_sheet(box, kept, 1, sheet) == ()
        with pytest.raises(UrnDamaged):
            urns_of(hall.desk).compare_sheet(box, kept, 2, sheet)
