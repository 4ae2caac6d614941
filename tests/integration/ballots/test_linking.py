"""The linking test: whoever has all files, logs and backups, and knows who voted when, guesses no better than chance."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, MutableSequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import sqrt
from pathlib import Path
from random import Random
from typing import Any

import pytest

from service.casework.ballots.box import Box, bound_to
from service.casework.ballots.repeat_count import read_record
from service.casework.desk.urns import urns_of
from service.domain.ballots import HallSheet, UrnDamaged, empty_out
from service.domain.proof.algorithms import AES, CIPHERS, SM4
from service.store import DataKeys, Store
from tests.integration.ballots.linking import (
    Files,
    Loot,
    PostgresFiles,
    SqliteFiles,
    guesses,
    log_statements,
    right,
    urns_in,
)
from tests.support.ballots import CANDIDATES, MEMBERS, START, Hall, make_hall, paper

BALLOTS = {SqliteFiles: 40, PostgresFiles: 16}
"""On PostgreSQL every cast is slower; the allowance below follows the number."""
SEED = 20260302


@dataclass
class Scene:
    """A hall about to vote, and everything on the disk beside it."""

    hall: Hall
    files: Files
    keys: Path


@pytest.fixture
def scene(database_url: str, open_store: Callable[[str], Store], tmp_path: Path) -> Scene:
    """The scene on SQLite and on PostgreSQL, whose server logs every statement with its values."""
    if database_url.startswith("sqlite"):
        hall = make_hall(open_store(database_url), tmp_path / "keys", SEED)
        return Scene(hall, SqliteFiles(database_url, tmp_path), tmp_path / "keys")
    log_statements(database_url)
    hall = make_hall(open_store(database_url), tmp_path / "keys", SEED)
    return Scene(hall, PostgresFiles(database_url, tmp_path), tmp_path / "keys")


class Careless(Random):
    """Chance that mixes nothing and gives salts in order: what the urn must not be."""

    def __init__(self) -> None:
        super().__init__(1)
        self.count = 0

    def shuffle(self, x: MutableSequence[Any]) -> None:
        """Leave everything where it is."""

    def randbytes(self, n: int) -> bytes:
        self.count += 1
        return self.count.to_bytes(n, "big")


def rob(scene: Scene, chance: Random) -> Loot:
    """Let nine members vote in a known order and take everything there is."""
    hall = scene.hall
    _, ballot = hall.open(CANDIDATES[:1], places=1)
    order = chance.sample(range(1, 10), 9)
    answer = chance.sample([True] * 5 + [False] * 4, 9)
    urns, sizes, receipts = [hall.ballot(ballot).urn or b""], [], []
    for number, yes in zip(order, answer, strict=True):
        receipts.append(hall.cast(ballot, number, paper("y" if yes else "n")))
        urns.append(hall.ballot(ballot).urn or b"")
        sizes.append(scene.files.written())
    hall.drain()
    slips = [s["mark"] == "yes" for s in read_record(hall.desk, hall.supervisor, ballot)["slips"]["quality:c1"]]
    assert sum(slips) == 5
    return Loot(order, slips, urns, receipts, [b - a for a, b in zip([0, *sizes], sizes, strict=False)], answer)


def attacked(scene: Scene, chance: Random, ballots: int) -> dict[str, int]:
    """Return for every way of guessing how many voters' papers it named rightly in that many ballots."""
    score: Counter[str] = Counter()
    for taken in [rob(scene, chance) for _ in range(ballots)]:
        score.update({name: right(guess, taken.answer) for name, guess in guesses(taken).items()})
    return dict(score)


def better_than_chance(score: Mapping[str, int], ballots: int) -> dict[str, int]:
    """Return the guesses that were right more or less often than dealing at random would be.

    Dealing five yes and four no at random onto nine voters, 41/9 are right on average; their variance is
    4 * 5² * 4² / (9² * 8), for the guesses of one ballot hang together.
    """
    expected, spread = 41 / 9 * ballots, sqrt(4 * 25 * 16 / (81 * 8) * ballots)
    return {name: rights for name, rights in score.items() if abs(rights - expected) > 3.5 * spread}


def test_voters_and_papers_cannot_be_linked_by_order_id_time_or_size(scene: Scene) -> None:
    chance, ballots = Random(SEED), BALLOTS[type(scene.files)]
    score = attacked(scene, chance, ballots)
    assert better_than_chance(score, ballots) == {}
    assert len(score) == 7


def test_the_same_attack_links_nine_of_nine_where_nothing_is_mixed(scene: Scene) -> None:
    careless = replace(scene.hall, desk=replace(scene.hall.desk, randomness=Careless()))
    taken = rob(replace(scene, hall=careless), Random(SEED))
    assert right(guesses(taken)["order"], taken.answer) == 9


def test_every_version_of_the_urn_in_files_and_backups_is_shut_for_good(scene: Scene) -> None:
    hall, files = scene.hall, scene.files
    _, ballot = hall.open(CANDIDATES[:1], places=1)
    keys, seen, shapes, backups = [], [], [], b""
    for number in range(1, 10):
        hall.cast(ballot, number, paper("y"))
        row = hall.ballot(ballot)
        keys.append(hall.desk.ballot_keys.get(row.box, row.key_name or ""))
        seen.append(row)
        with hall.desk.store.read() as tx:
            shapes.append(replace(Box(row).shape, bound=bound_to(row, tx.rolls.select(ballot_id=ballot))))
        if number in (4, 7):
            backups += files.backup(f"backup{number}")
    log, urns = files.log(), [row.urn or b"" for row in seen]
    assert len(urns_in(log, urns)) >= 7  # old versions do lie in the log: that is why they must be shut
    assert len(urns_in(backups, urns)) >= 2
    assert len({len(row.urn or b"") for row in seen}) == 1
    assert len({row.urn for row in seen}) == 9
    assert empty_out(seen[8].urn or b"", shapes[8], keys[8]).valid == 9
    for earlier in range(8):  # the key alive now opens nothing that was written before
        with pytest.raises(UrnDamaged):
            empty_out(seen[earlier].urn or b"", shapes[earlier], keys[8])
    hall.drain()
    assert not (scene.keys / seen[0].box).exists()
    everything = backups + files.data() + files.log() + files.said().encode()
    for key in keys:
        assert key not in everything
        assert key.hex().encode() not in everything


def test_no_file_no_row_and_no_log_holds_a_mark_or_the_time_of_one(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    hall, files = scene.hall, scene.files
    caplog.set_level(logging.DEBUG)
    with caplog.at_level(logging.DEBUG, "sqlalchemy.engine"):
        _, ballot = hall.open(CANDIDATES[:1], places=1)
        before = set(map(str, files.rows()))
        hall.clock.move_to(hall.clock.now().replace(hour=3, minute=14, second=15))
        for number in range(1, 9):
            hall.cast(ballot, number, paper("y" if number < 5 else "n"))
    assert caplog.records  # statements with their values were logged, as an administrator may have it
    said = "\n".join(r.getMessage() for r in caplog.records) + files.said()
    raw = files.data() + files.log()
    for mark in ("yes", "abstain"):
        assert f'"{mark}"' not in said
        assert f"'{mark}'" not in said
        assert f'"{mark}"'.encode() not in raw
    assert "quality:c1" not in said
    after = [row for row in files.rows() if str(row) not in before]
    # the urn, the marks, and tasks off the list
    assert {name for name, _ in after} == {"ballot", "ballot_roll", "task"}
    assert not [row for row in after if "03:14:15" in str(row) or "3, 14, 15" in str(row)]
    marks = [row for name, row in after if name == "ballot_roll"]
    same = {str((row[5], row[7], row[9:])) for row in marks}  # weight, mark, paper by name
    assert len(same) == 1  # all marks are the same but for whose they are
    assert len(marks) == 8
    assert len(MEMBERS) == 9


# The cipher of urns and of tellers' sheets is exchanged by a setting, while a ballot runs.

_MARK = b"s"


def by(hall: Hall, cipher: str, keys: Path) -> None:
    """Let the installation of ``hall`` start anew with this ``LAUREL_CIPHER``."""
    premises = replace(hall.desk.premises, data_keys=DataKeys(keys, cipher))
    hall.desk = replace(hall.desk, premises=premises)


@pytest.mark.parametrize(("before", "after"), [(AES, SM4), (SM4, AES)])
def test_a_ballot_that_runs_goes_on_under_the_other_cipher_and_counts_every_paper(
    sqlite_store: Store, tmp_path: Path, before: str, after: str
) -> None:
    hall = make_hall(sqlite_store, tmp_path / "keys")
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
    sqlite_store: Store, tmp_path: Path, cipher: str
) -> None:
    hall = make_hall(sqlite_store, tmp_path / "keys", 7)
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
