"""The verifier of a finished round's archive: it needs the files alone, no database and no keys."""

from __future__ import annotations

import hashlib
import json
import lzma
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from service.domain.errors import Invalid
from service.domain.proof.audit_chain import AuditEvent, Link, first_broken
from service.domain.proof.signing import is_signature, public_key, signature_over
from service.domain.text import Text

MANIFEST, SUMS, SIGNATURE = "manifest.json", "SHA256SUMS", "signature.json"
_CHUNK = 1 << 20
# Whatever a changed byte of a packed file may raise: RuntimeError where it now says that it is encrypted or packed otherwise.
_UNREADABLE = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
_CANNOT_BE_READ = Text("读不出", "cannot be read")
Read = Callable[[str], BinaryIO]


@dataclass(frozen=True, slots=True)
class ArchiveFault:
    """A file that is not as it was sealed, and how."""

    path: str
    what: Text


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """What was looked at; ``seal`` is the fingerprint of the manifest, ``key`` the public key by which it is signed (hex).

    Both are to be compared with those on record: whoever makes a whole archive anew can sign it with a key of his own.
    """

    seal: str
    key: str
    files: int
    cases: int
    faults: tuple[ArchiveFault, ...]


def sign_manifest(manifest: bytes, secret: bytes, countersign: str) -> bytes:
    """Return the file of the signature over a manifest by the Ed25519 key that ``secret`` (32 bytes) makes."""
    signed = {"key": public_key(secret), "signature": signature_over(manifest, secret), "countersign": countersign}
    return json.dumps(signed, indent=1).encode()


def check_archive(names: Iterable[str], read: Read, seal: str = "", key: str = "") -> ArchiveReport:
    """Compare the manifest with its signature, every file with the manifest, every history with its chain.

    ``names`` are those of all files, a name twice where two files bear it; ``seal`` and ``key`` are what is on record.
    Raises Invalid where there is no manifest that can be read.
    """
    counted = Counter(names)
    if MANIFEST not in counted:
        raise Invalid(Text("这里没有归档的 manifest.json。", "There is no manifest.json of an archive here."))
    try:
        whole = _read_content(read, MANIFEST)
        manifest = json.loads(whole)
        listed = {str(entry["path"]): str(entry["sha256"]) for entry in manifest["files"]}
        cases = list(manifest["cases"])
    except (*_UNREADABLE, LookupError, TypeError, RecursionError) as error:
        raise Invalid(Text("manifest.json 已损坏，读不出。", "manifest.json is damaged and cannot be read.")) from error
    digest = hashlib.sha256(whole).hexdigest()
    faults = [ArchiveFault(path, Text("有两个同名文件", "stands there twice")) for path in counted if counted[path] > 1]
    if seal and seal.strip().lower() != digest:
        faults.append(ArchiveFault(MANIFEST, Text("与办理记录中的指纹不符", "is not the one on record")))
    signer, wrong = _check_signature(counted, whole, read, key)
    faults += wrong
    faults += _check_files(counted, listed, read)
    faults += _check_sums(counted, {MANIFEST: digest, **listed}, read)
    bad = {fault.path for fault in faults}
    faults += [fault for case in cases for fault in _check_case(case, counted, bad, read)]
    return ArchiveReport(digest, signer, len(listed), len(cases), tuple(faults))


def _check_signature(
    present: Mapping[str, int], manifest: bytes, read: Read, key: str
) -> tuple[str, Sequence[ArchiveFault]]:
    """Return by which key the manifest is signed, "" where by none, and what is wrong with the signature."""
    if SIGNATURE not in present:
        return "", [ArchiveFault(SIGNATURE, Text("缺失", "is missing"))]
    try:
        signature_data = json.loads(_read_content(read, SIGNATURE))
        signer, signature = str(signature_data["key"]), str(signature_data["signature"])
    except (*_UNREADABLE, LookupError, TypeError, RecursionError):
        return "", [ArchiveFault(SIGNATURE, _CANNOT_BE_READ)]
    if not is_signature(signature, manifest, signer):
        what = Text(f"不是 {SIGNATURE} 所签的内容，两者之一已被改动", f"is not what {SIGNATURE} signs: one was changed")
        return "", [ArchiveFault(MANIFEST, what)]
    if key and key.strip().lower() != signer.lower():
        return signer, [ArchiveFault(SIGNATURE, Text("是另一把密钥签的", "was signed by another key"))]
    return signer, []


def _check_files(present: Mapping[str, int], listed: Mapping[str, str], read: Read) -> Iterator[ArchiveFault]:
    for path, sha256 in listed.items():
        if path not in present:
            yield ArchiveFault(path, Text("缺失", "is missing"))
            continue
        try:
            digest = _compute_digest(read, path)
        except _UNREADABLE:
            yield ArchiveFault(path, _CANNOT_BE_READ)
            continue
        if digest != sha256:
            yield ArchiveFault(path, Text("内容已被改动", "was changed"))
    for path in sorted(present.keys() - listed.keys() - {MANIFEST, SIGNATURE, SUMS}):
        yield ArchiveFault(path, Text("归档时没有这个文件", "was not there when it was sealed"))


def _check_sums(present: Mapping[str, int], digests: Mapping[str, str], read: Read) -> Iterator[ArchiveFault]:
    """Yield what is wrong with the list that other tools compare the files with: it says the same as the manifest."""
    if SUMS not in present:
        yield ArchiveFault(SUMS, Text("缺失", "is missing"))
        return
    try:
        content = _read_content(read, SUMS)
    except _UNREADABLE:
        yield ArchiveFault(SUMS, _CANNOT_BE_READ)
        return
    if content != "".join(f"{sha256}  {path}\n" for path, sha256 in digests.items()).encode():
        yield ArchiveFault(SUMS, Text("与 manifest.json 不符", "does not say what manifest.json says"))


def _check_case(case: object, present: Mapping[str, int], bad: set[str], read: Read) -> Sequence[ArchiveFault]:
    """Return what is wrong with the history of a case of the manifest."""
    if not isinstance(case, dict) or not {"case", "folder", "seq", "hash"} <= set(case):
        return [ArchiveFault(MANIFEST, Text("所列办件已损坏，读不出", "names a case that cannot be read"))]
    path = f"{case['folder']}/办理记录.json"
    if path not in present or path in bad:
        return []
    try:
        events = json.loads(_read_content(read, path))
        last = (events[-1]["seq"], events[-1]["hash"]) if events else (0, "")
        holds = _chain_holds(int(case["case"]), events) and last == (case["seq"], case["hash"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return [ArchiveFault(path, Text("已损坏，读不出", "is damaged and cannot be read"))]
    return [] if holds else [ArchiveFault(path, Text("记录链不完整", "its chain of events does not hold"))]


def _chain_holds(case: int, events: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether every event stands in its place; of one whose words were masked its hash is taken as it is."""
    names = ("actor", "action", "text", "person_id", "element", "data")
    links, masked, unseen = [], set[int](), set[int]()
    for seq, event in enumerate(events, start=1):
        content = {name: event[name] for name in names}
        made = AuditEvent(at=datetime.fromisoformat(event["at"]), **content, changed=event.get("changed"))
        masked |= {seq} if event.get("masked") else set()
        unseen |= {seq} if event.get("changed_masked") else set()
        links.append(Link(event["seq"], made, event["previous"], event["hash"]))
    return first_broken(case, links, frozenset(masked), frozenset(unseen)) is None


def _read_content(read: Read, path: str) -> bytes:
    with read(path) as file:
        return file.read()


def _compute_digest(read: Read, path: str) -> str:
    digest = hashlib.sha256()
    with read(path) as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()
