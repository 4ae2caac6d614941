"""Secrets beside the keys are encrypted under one that lies elsewhere, where the installation has one."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.domain.proof.algorithms import CIPHERS
from service.jobs.premises import premises_of
from service.settings import BadSetting, read_settings
from service.store import FolderKey, FolderKeyMissing, KeyFiles

WORDS = "what the system hands to the program"


@pytest.mark.parametrize("cipher", CIPHERS)
def test_who_copies_the_folder_learns_no_secret(tmp_path: Path, cipher: str) -> None:
    keys = KeyFiles(tmp_path, folder_key=FolderKey(WORDS, cipher))
    made = keys.secret("codes")
    assert len(made) == 32
    assert made not in (tmp_path / "codes.secret").read_bytes()
    for again in (KeyFiles(tmp_path, folder_key=FolderKey(WORDS, each)) for each in CIPHERS):
        assert (again.secret("codes"), again.known_secret("codes")) == (made, made)
    for other in (KeyFiles(tmp_path), KeyFiles(tmp_path, folder_key=FolderKey("another one"))):
        with pytest.raises(FolderKeyMissing, match="LAUREL_FOLDER_KEY"):
            other.secret("codes")
    assert len(list(tmp_path.iterdir())) == 1, "nothing is made in its place"


def test_a_secret_of_before_is_encrypted_when_it_is_read_and_stays_the_same(tmp_path: Path) -> None:
    made = KeyFiles(tmp_path).secret("codes")
    assert (tmp_path / "codes.secret").read_bytes() == made
    keys = KeyFiles(tmp_path, folder_key=FolderKey(WORDS))
    assert keys.secret("codes") == made
    kept = (tmp_path / "codes.secret").read_bytes()
    assert (made in kept, (tmp_path / "codes.secret").stat().st_mode & 0o777) == (False, 0o600)
    assert keys.known_secret("codes") == made
    assert KeyFiles(tmp_path, folder_key=FolderKey(WORDS)).secret("codes") == made


def test_a_secret_that_was_changed_or_bears_anothers_name_is_not_taken(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path, folder_key=FolderKey(WORDS))
    keys.secret("codes")
    kept = (tmp_path / "codes.secret").read_bytes()
    for name, content in (("codes", kept[:-1] + bytes([kept[-1] ^ 1])), ("codes", kept[:-1]), ("anchors", kept)):
        (tmp_path / f"{name}.secret").write_bytes(content)
        with pytest.raises(FolderKeyMissing):
            KeyFiles(tmp_path, folder_key=FolderKey(WORDS)).known_secret(name)


def test_it_is_handed_over_as_a_credential(tmp_path: Path) -> None:
    (tmp_path / "LAUREL_FOLDER_KEY").write_text(f"{WORDS}\n", "utf-8")
    settings = read_settings({"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert premises_of(settings).folder_key is not None
    assert WORDS not in repr(settings)
    assert premises_of(read_settings({})).folder_key is None
    with pytest.raises(BadSetting, match="LAUREL_FOLDER_KEY"):
        read_settings({"LAUREL_FOLDER_KEY": "short"})
