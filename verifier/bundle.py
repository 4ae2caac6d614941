"""Open a bundle from anybody: small names, bounded sizes, plain JSON; everything else is refused in a sentence."""

from __future__ import annotations

import json
import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

MANIFEST, SIGNATURE, SEAL, CHAINS, ANCHORS = (
    "manifest.json", "signature.json", "seal.json", "chains.json", "anchors.jsonl",
)  # fmt: skip
NEEDED = (
    "season.json", "law.json", "calendar.json", "notices.json", "draws.json", "scores.json", "rankings.json",
    "counts.json", "awards.json",
)  # fmt: skip
"""Files that tell of the round; the manifest lists them, too."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}")
_FRACTION = re.compile(r"(-?[0-9]{1,200})(?:/([0-9]{1,200}))?")
_MOST_FILES, _MOST_BYTES, _MOST_OF_ONE = 40, 300 << 20, 100 << 20


class BundleRefused(Exception):
    """What was given is no bundle that can be looked at; ``zh`` and ``en`` say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class Malformed(ValueError):
    """A value that the format does not know."""


@dataclass(frozen=True)
class Bundle:
    """The files of a bundle by name."""

    files: Mapping[str, bytes]

    def json(self, name: str) -> Any:
        """Return a file as JSON; raises Malformed where it is missing, no JSON, or says a name twice."""
        if name not in self.files:
            raise Malformed(f"{name} is missing")
        try:
            return json.loads(self.files[name], object_pairs_hook=_once, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise Malformed(f"{name} is no JSON") from error

    @cached_property
    def season(self) -> Mapping[str, Any]:
        """What the bundle is of."""
        return dict(self.json("season.json"))

    @cached_property
    def cases(self) -> Mapping[int, Mapping[str, Any]]:
        """The cases of the round by number."""
        return {int(case["case"]): case for case in self.season["cases"]}

    def called(self, case: object) -> tuple[str, str]:
        """Return what a case is called in Chinese and in English."""
        known = self.cases.get(case) if isinstance(case, int) else None
        name = known.get("name") if known else None
        return (f"“{name}”", f"“{name}”") if name else (f"办件{case}", f"case {case}")


def open_bundle(path: Path) -> Bundle:
    """Return the bundle at ``path``.

    Raises:
        BundleRefused: it is no ZIP, or holds more, larger or other things than a bundle does.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BundleRefused("文件超过 300 MB，不予打开。", "The file is larger than 300 MB and is not opened.")
        with zipfile.ZipFile(path) as packed:
            return Bundle(_members(packed))
    except (OSError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError) as error:
        raise BundleRefused(
            f"{path.name} 打不开，或者不是完整的 ZIP 文件。", f"{path.name} cannot be opened, or is no whole ZIP file."
        ) from error


def _members(packed: zipfile.ZipFile) -> dict[str, bytes]:
    members = packed.infolist()
    if len(members) > _MOST_FILES:
        raise BundleRefused(
            f"文件多达 {len(members)} 个，封存届次不超过 {_MOST_FILES} 个。",
            f"It holds {len(members)} files; a sealed season holds at most {_MOST_FILES}.",
        )
    files: dict[str, bytes] = {}
    left = _MOST_BYTES
    for member in members:
        _demand_plain(member, files)
        files[member.filename] = _read(packed, member, min(left, _MOST_OF_ONE))
        left -= len(files[member.filename])
    return files


def _demand_plain(member: zipfile.ZipInfo, files: Mapping[str, bytes]) -> None:
    shown = ascii(member.filename)[:80]
    if not _NAME.fullmatch(member.filename) or member.orig_filename != member.filename:
        raise BundleRefused(
            f"其中的文件名 {shown} 不属于封存届次。", f"A sealed season has no file of the name {shown}."
        )
    if member.filename in files:
        raise BundleRefused(f"文件 {shown} 出现两次。", f"The file {shown} is there twice.")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if member.flag_bits & 0x1 or kind not in (0, stat.S_IFREG):
        raise BundleRefused(
            f"文件 {shown} 已加密，或者不是普通文件。", f"The file {shown} is encrypted, or is no ordinary file."
        )


def _read(packed: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """Return a file, however large its head says that it is."""
    try:
        with packed.open(member) as source:
            content = source.read(most + 1)
    except Exception as error:  # a broken stream raises what its decompressor raises
        raise BundleRefused(
            f"文件 {member.filename} 已损坏，读不出。", f"The file {member.filename} is damaged and cannot be read."
        ) from error
    if len(content) > most:
        raise BundleRefused(
            f"文件 {member.filename} 展开后过大，不予读取。",
            f"The file {member.filename} unpacks to more than is looked at.",
        )
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("a name stands twice in one object")
    return found


def _no_constant(word: str) -> None:
    raise Malformed(f"{word} is no number")


def fraction(value: object) -> Fraction:
    """Return an exact number written as ``12`` or ``-12/5``; raises Malformed for anything else."""
    found = _FRACTION.fullmatch(value) if isinstance(value, str) else None
    if found is None or (found[2] is not None and int(found[2]) == 0):
        raise Malformed(f"{ascii(value)[:40]} is no exact number")
    return Fraction(int(found[1]), int(found[2] or 1))


def two_decimals(value: Fraction) -> str:
    """Return points as they are shown: two decimals, half up."""
    cents = (abs(value) * 200 + 1) // 2
    return f"{'-' if value < 0 else ''}{cents // 100}.{cents % 100:02d}"
