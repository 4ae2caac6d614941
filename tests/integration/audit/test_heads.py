"""The operator's command beside the installation's key: what a certified signature server says of a head."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.audit.heads import compare_heads, read_heads, sign_now
from service.domain.text import Text
from service.store import Store
from tests.support.ballots import make_hall


@pytest.mark.parametrize("command", ["sha256sum", "no-such-server", "false"])
def test_the_operators_command_countersigns(
    sqlite_url: str, open_store: Callable[[str], Store], tmp_path: Path, command: str
) -> None:
    hall, outside = make_hall(open_store(sqlite_url), tmp_path / "keys"), tmp_path / "outside"
    outside.mkdir()
    hall.open()
    premises = replace(hall.desk.premises, anchors=outside, sign_command=command)
    desk = replace(hall.desk, premises=premises)
    signed = sign_now(desk, SYSTEM)
    assert signed is not None
    assert read_heads(outside) == ([signed], [])
    assert signed.holds
    digest = hashlib.sha256(signed.head.text.encode()).hexdigest()
    assert signed.countersign == (f"{digest}  -" if command == "sha256sum" else "")
    assert [found for found in compare_heads(desk) if isinstance(found, Text)] == []
