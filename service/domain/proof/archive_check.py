"""Whether an archive is as it was sealed: told from its files alone, without the program that made it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from service.domain.errors import Invalid
from service.domain.proof.audit_chain import AuditEvent, Link, first_broken
from service.domain.text import Text

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class ArchiveFault:
    """A file that is not as it was sealed, and how."""

    path: str
    what: Text


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """What was looked at; ``seal`` is the fingerprint of the manifest, to be compared with the one on record."""

    seal: str
    files: int
    cases: int
    faults: tuple[ArchiveFault, ...]


def check_archive(names: Iterable[str], read: Callable[[str], BinaryIO], seal: str = "") -> ArchiveReport:
    """Compare every file with the manifest, and every history with its chain; raises Invalid where there is no manifest."""
    present = set(names)
    if MANIFEST not in present:
        raise Invalid(Text("这里没有归档的 manifest.json。", "There is no manifest.json of an archive here."))
    with read(MANIFEST) as file:
        whole = file.read()
    own = hashlib.sha256(whole).hexdigest()
    try:
        manifest = json.loads(whole)
        listed = {str(one["path"]): str(one["sha256"]) for one in manifest["files"]}
        cases = list(manifest["cases"])
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise Invalid(Text("manifest.json 已损坏，读不出。", "manifest.json is damaged and cannot be read.")) from error
    faults = []
    if seal and seal.strip().lower() != own:
        faults.append(ArchiveFault(MANIFEST, Text("与办理记录中的指纹不符", "is not the one on record")))
    faults += _files(present, listed, read)
    faults += _sums(present, {MANIFEST: own, **listed}, read)
    bad = {fault.path for fault in faults}
    faults += [fault for case in cases for fault in _case(case, present, bad, read)]
    return ArchiveReport(own, len(listed), len(cases), tuple(faults))


def _files(present: set[str], listed: Mapping[str, str], read: Callable[[str], BinaryIO]) -> Iterator[ArchiveFault]:
    for path, sha256 in listed.items():
        if path not in present:
            yield ArchiveFault(path, Text("缺失", "is missing"))
        elif _digest(read, path) != sha256:
            yield ArchiveFault(path, Text("内容已被改动", "was changed"))
    for path in sorted(present - set(listed) - {MANIFEST, SUMS}):
        yield ArchiveFault(path, Text("归档时没有这个文件", "was not there when it was sealed"))


def _sums(present: set[str], digests: Mapping[str, str], read: Callable[[str], BinaryIO]) -> Iterator[ArchiveFault]:
    """Yield what is wrong with the list that other tools compare the files with: it says the same as the manifest."""
    if SUMS not in present:
        yield ArchiveFault(SUMS, Text("缺失", "is missing"))
        return
    with read(SUMS) as file:
        said = file.read()
    if said != "".join(f"{sha256}  {path}\n" for path, sha256 in digests.items()).encode():
        yield ArchiveFault(SUMS, Text("与 manifest.json 不符", "does not say what manifest.json says"))


def _case(case: object, present: set[str], bad: set[str], read: Callable[[str], BinaryIO]) -> Sequence[ArchiveFault]:
    """Return what is wrong with the history of a case of the manifest."""
    if not isinstance(case, dict) or not {"case", "folder", "seq", "hash"} <= set(case):
        return [ArchiveFault(MANIFEST, Text("所列办件已损坏，读不出", "names a case that cannot be read"))]
    path = f"{case['folder']}/办理记录.json"
    try:
        return [*_chain(path, case, present, bad, read)]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return [ArchiveFault(path, Text("已损坏，读不出", "is damaged and cannot be read"))]


def _chain(
    path: str, case: Mapping[str, Any], present: set[str], bad: set[str], read: Callable[[str], BinaryIO]
) -> Iterator[ArchiveFault]:
    if path not in present or path in bad:
        return
    with read(path) as file:
        events = json.load(file)
    last = (events[-1]["seq"], events[-1]["hash"]) if events else (0, "")
    if not _holds(int(case["case"]), events) or last != (case["seq"], case["hash"]):
        yield ArchiveFault(path, Text("记录链不完整", "its chain of events does not hold"))


def _holds(case: int, events: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether every event stands in its place; of one whose words were masked its hash is taken as it is.

    Archives of before say nothing of the facts that changed.
    """
    names = ("actor", "action", "text", "person_id", "element", "data")
    links, masked, unseen = [], set[int](), set[int]()
    for seq, event in enumerate(events, start=1):
        said = {name: event[name] for name in names}
        made = AuditEvent(at=datetime.fromisoformat(event["at"]), **said, changed=event.get("changed"))
        masked |= {seq} if event.get("masked") else set()
        unseen |= {seq} if event.get("changed_masked") else set()
        links.append(Link(event["seq"], made, event["previous"], event["hash"]))
    return first_broken(case, links, frozenset(masked), frozenset(unseen)) is None


def _digest(read: Callable[[str], BinaryIO], path: str) -> str:
    digest = hashlib.sha256()
    with read(path) as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()
