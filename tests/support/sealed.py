"""A season of the example city, sealed, and bundles that somebody forged who has a key."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import handlers
from service.casework.access.actor import SYSTEM
from service.casework.sealing.seal import seal_season
from service.casework.sealing.view import open_season
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.catalog import Package, load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.proof.anchor import Anchor, ChainHead, read_line, sign
from service.domain.proof.audit_chain import AuditEvent, event_hash
from service.domain.proof.merkle import merkle_path
from service.domain.proof.sealed_bundle import content_digest, manifest_of, packed, signature_of
from service.sdk import operations
from service.store import Store
from tests.support.example_town import CITY, FOLDER, KEY
from tests.support.tree import lay_out

Files = dict[str, bytes]
_READ: list[Package] = []
"""The city, read once in a process."""
handlers.load()


@dataclass(frozen=True)
class SealedSeason:
    """The stage of a finished season, its bundle, and that as files by name."""

    stage: PlayState
    round: int
    zip: bytes

    @property
    def files(self) -> Files:
        with zipfile.ZipFile(io.BytesIO(self.zip)) as bundle:
            return {name: bundle.read(name) for name in bundle.namelist()}

    @property
    def people(self) -> dict[str, int]:
        """Those whom the scenario has played, by their words, as browsers sign in."""
        return {word: int(self.stage.cast.actor(word).person_id or 0) for word in ("office", "甲")}

    @property
    def desk(self) -> Any:
        return self.stage.desk


@contextmanager
def sealed_season(
    root: Path, scenario: str = "clean_season", *, recorded: bool = False, on_disk: bool = False
) -> Iterator[SealedSeason]:
    """Play a scenario of the example city, laid out below ``root``, and seal its round.

    ``on_disk`` the database is a file, which several can use at once. With ``recorded`` the digests of what decides go
    into the chains, as they do where others can reach the database.
    """
    if not _READ:
        _READ.append(load_catalog(lay_out(root, CITY)).package(KEY))
    (package,) = _READ
    path = CITY / FOLDER / "scenarios" / f"{scenario}.yaml"
    played = read_scenario(path.read_bytes(), path.name)
    with _store_on_disk(root) if on_disk else empty_store() as store:
        stage = open_stage(store, package, played, load_calendars(bundled_calendars()), operations())
        if recorded:
            store.key_of_digests = lambda: stage.desk.ballot_keys.secret("digests")
        for move in played.moves:
            assert play_move(stage, move) == []
        ident = seal_season(stage.desk, SYSTEM, stage.case("届"))
        _, content = open_season(stage.desk, SYSTEM, ident)
        with content:
            yield SealedSeason(stage, stage.case("届"), content.read())


@contextmanager
def _store_on_disk(root: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{root / 'season.sqlite'}", root / "files", durable=False)
    store.create_tables()
    try:
        yield store
    finally:
        store.close()


def changed(files: Mapping[str, bytes], path: str, change: Callable[[Any], object]) -> Files:
    """Return files of which one says something else."""
    told = json.loads(files[path])
    change(told)
    return {**files, path: json.dumps(told, ensure_ascii=False).encode()}


def forged(files: Mapping[str, bytes], secret: bytes) -> Files:
    """Return files bound, anchored and signed anew with a key: what somebody can do who has all of them."""
    left = dict(files)
    seal, chains, manifest = (json.loads(left[name]) for name in ("seal.json", "chains.json", "manifest.json"))
    aside = {"manifest.json", "signature.json", "seal.json", "chains.json", "anchors.jsonl"}
    digest = content_digest({name: data for name, data in left.items() if name not in aside})
    told = {name: seal[name] for name in ("actor", "action", "text", "element")}
    event = AuditEvent(datetime.fromisoformat(seal["at"]), person_id=None, data={"content": digest}, **told)
    seal |= {"data": {"content": digest}, "hash": event_hash(seal["case"], seal["seq"], seal["previous"], event)}
    chains = copy.deepcopy(chains)
    for chain in chains:
        chain["hash"] = seal["hash"] if chain["chain"] == seal["chain"] else chain["hash"]
    heads = tuple(ChainHead(one["chain"], one["seq"], one["hash"]) for one in chains)
    anchor = Anchor(1, read_line(left["anchors.jsonl"].decode().splitlines()[0]).anchor.at, "", heads)
    for place, chain in enumerate(chains):
        path = merkle_path([head.leaf for head in heads], place)
        chain |= {"anchor": 1, "path": [{"side": side, "hash": hashed} for side, hashed in path]}
    left["anchors.jsonl"] = f"{sign(anchor, secret).line}\n".encode()
    left["seal.json"], left["chains.json"] = (json.dumps(one, ensure_ascii=False).encode() for one in (seal, chains))
    about = {name: value for name, value in manifest.items() if name not in ("format", "files")}
    listed = {name: data for name, data in left.items() if name not in ("manifest.json", "signature.json")}
    left["manifest.json"] = manifest_of(listed, {**about, "content": digest})
    left["signature.json"] = signature_of(left["manifest.json"], secret)
    return left


def as_zip(files: Mapping[str, bytes], target: Path) -> Path:
    """Write files as a bundle."""
    target.write_bytes(packed(files))
    return target
