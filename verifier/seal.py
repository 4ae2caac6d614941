"""Whether the files are those that were sealed: digests, signature, the chain of the round, and the anchors."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3, Hash

from verifier.bundle import ANCHORS, CHAINS, MANIFEST, NEEDED, SEAL, SIGNATURE, Bundle, Malformed
from verifier.report import Statements, disproved, not_proved, proved
from verifier.signatures import comparable_key, is_signed, signer_of

FORMAT, ANCHOR_FORMAT = "laurel-sealed-season-1", "laurel-anchor-1"
_SIGNED = b"laurel sealed season\n"
_NOT_CONTENT = frozenset({MANIFEST, SIGNATURE, SEAL, CHAINS, ANCHORS})


def check_files(bundle: Bundle) -> Statements:
    """Compare every file with the manifest."""
    manifest = bundle.json(MANIFEST)
    if manifest["format"] != FORMAT:
        raise Malformed(f"format is not {FORMAT}")
    listed = {str(one["path"]): str(one["sha256"]) for one in manifest["files"]}
    wrong = 0
    for path in (*NEEDED, SEAL, CHAINS, ANCHORS):
        if path not in listed:
            wrong += 1
            yield disproved(MANIFEST, f"清单没有列出 {path}", f"{path} is not in the manifest")
    for path, digest in sorted(listed.items()):
        if path not in bundle.files:
            wrong += 1
            yield disproved(path, "文件缺失", "the file is missing")
        elif _sha256(bundle.files[path]) != digest:
            wrong += 1
            yield disproved(path, "文件内容与清单中的 SHA-256 不同", "the file is not the one of the manifest")
    for path in sorted(set(bundle.files) - set(listed) - {MANIFEST, SIGNATURE}):
        wrong += 1
        yield disproved(path, "清单中没有这个文件", "the manifest does not know this file")
    if not wrong:
        yield proved(
            MANIFEST, f"{len(listed)} 个文件都与清单相同", f"all {len(listed)} files are those of the manifest"
        )


def check_signature(bundle: Bundle, key: str | None) -> Statements:
    """Check the signature over the manifest, by the key that is expected or by the one that is enclosed."""
    told = bundle.json(SIGNATURE)
    enclosed = comparable_key(str(told["key"]))
    if str(told["algorithm"]) != signer_of(enclosed):
        yield disproved(SIGNATURE, "签名算法与密钥不符", "the algorithm is not that of the key")
    if key is not None and enclosed != key:
        yield disproved(SIGNATURE, f"签名密钥不是指定的 {key}", f"it is not signed by the key {key}")
    if not is_signed(enclosed, str(told["signature"]), _SIGNED + bundle.files.get(MANIFEST, b"")):
        yield disproved(SIGNATURE, "清单的签名不成立", "the signature over the manifest does not hold")
    elif key is None:
        yield proved(SIGNATURE, f"清单由密钥 {enclosed} 签名", f"the manifest is signed by the key {enclosed}")
        yield not_proved(
            SIGNATURE,
            "这个密钥属于发布的办公室：请与另行公布的公钥核对，并用 --key 指定",
            "that this key is the office's: compare it with the one published elsewhere and give it by --key",
        )
    elif enclosed == key:
        yield proved(SIGNATURE, "清单由指定的密钥签名", "the manifest is signed by the key that was given")


def check_seal(bundle: Bundle) -> Statements:
    """Check that the content stands in the chain of the round, and that the anchors hold every chain."""
    anchors = _anchors(bundle)
    keys = _keys(bundle)
    for number, one in sorted(anchors.items()):
        if not _anchor_holds(one, keys):
            yield disproved(ANCHORS, f"第 {number} 个锚定的签名或者树根不成立", f"anchor {number} does not hold")
    event = bundle.json(SEAL)
    content = {path: data for path, data in bundle.files.items() if path not in _NOT_CONTENT}
    digest = _sha256("".join(f"{_sha256(content[path])}  {path}\n" for path in sorted(content)).encode())
    if event["data"] != {"content": digest} or event["case"] != bundle.season["round"]:
        yield disproved(
            SEAL,
            "记录链中的内容摘要与这些文件不同",
            "the chain of the round holds another digest than these files have",
        )
    if _event_hash(event) != event["hash"] or event["chain"] != f"case {event['case']}":
        yield disproved(SEAL, "封存记录与其散列值不符", "the record of the sealing does not have its hash")
    else:
        yield proved(
            SEAL,
            f"这些文件的摘要写在本届记录链第 {event['seq']} 条",
            f"the digest of these files stands as entry {event['seq']} in the chain of the round",
        )
    yield from _chains(bundle, anchors, event)


def _chains(bundle: Bundle, anchors: Mapping[int, Mapping[str, Any]], event: Mapping[str, Any]) -> Statements:
    chains, wrong = bundle.json(CHAINS), 0
    named = {str(one["chain"]): one for one in chains}
    for case in bundle.cases:
        if f"case {case}" not in named:
            wrong += 1
            yield disproved(CHAINS, f"缺少办件 {case} 的记录链", f"the chain of case {case} is missing")
    for name, one in named.items():
        anchor = anchors.get(one["anchor"])
        leaf = f"{name}\n{one['seq']}\n{one['hash']}".encode()
        if anchor is None or _root_over(leaf, one["path"], _by(anchor["anchor"])) != anchor["anchor"]["root"]:
            wrong += 1
            yield disproved(
                CHAINS, f"{name} 的末条不在锚定的散列树中", f"the end of {name} is not in the tree of its anchor"
            )
    own = named.get(str(event["chain"]), {})
    if (own.get("seq"), own.get("hash")) != (event["seq"], event["hash"]):
        wrong += 1
        yield disproved(CHAINS, "锚定的不是封存记录", "the record of the sealing is not what was anchored")
    if not wrong:
        first = min((str(one["anchor"]["at"]) for one in anchors.values()), default="")
        yield proved(
            CHAINS,
            f"{len(named)} 条记录链的末条都在已签名的锚定中，最早的锚定在 {first}",
            f"the ends of all {len(named)} chains are in signed anchors, the earliest of {first}",
        )
    yield not_proved(
        CHAINS,
        "记录链中的每一条与这里公布的内容一致：记录含个人信息，不公开；持有归档的单位可以逐条核对",
        "that the entries of the chains say what is published here: they hold personal data; who has the archive can compare",
    )


def _anchors(bundle: Bundle) -> dict[int, Mapping[str, Any]]:
    found: dict[int, Mapping[str, Any]] = {}
    for line in bundle.files.get(ANCHORS, b"").splitlines():
        one = Bundle({ANCHORS: line}).json(ANCHORS)
        found[int(one["anchor"]["seq"])] = one
    return found


def _keys(bundle: Bundle) -> Collection[str]:
    """Return the key of the bundle, and those that its signed manifest names: of the other algorithm, before it was changed."""
    former = bundle.json(MANIFEST).get("keys", [])
    return {comparable_key(str(key)) for key in (bundle.json(SIGNATURE)["key"], *former)}


def _anchor_holds(one: Mapping[str, Any], keys: Collection[str]) -> bool:
    told, key = one["anchor"], str(one["key"])
    leaves = [f"{chain}\n{seq}\n{hashed}".encode() for chain, seq, hashed in told["heads"]]
    named = str(told.get("signature", "ed25519")) == signer_of(key).lower()
    whole = key in keys and named and told["format"] == ANCHOR_FORMAT and told["root"] == _root(leaves, _by(told))
    return whole and is_signed(key, str(one["signature"]), _canonical(told))


def _by(anchor: Mapping[str, Any]) -> str:
    name = str(anchor.get("digest", "sha256"))
    if name not in _DIGESTS:
        raise Malformed(f"{ANCHORS}: no digest {name}")
    return name


def _root(leaves: list[bytes], by: str) -> str:
    """Return the root of RFC 6962 §2.1 over leaves."""
    if not leaves:
        return _DIGESTS[by](b"").hex()
    return _tree([_DIGESTS[by](b"\x00" + leaf) for leaf in leaves], by).hex()


def _tree(row: list[bytes], by: str) -> bytes:
    """Return the node over a row: left of it stands the largest power of two that is smaller than the row."""
    if len(row) == 1:
        return row[0]
    half = 1 << ((len(row) - 1).bit_length() - 1)
    return _DIGESTS[by](b"\x01" + _tree(row[:half], by) + _tree(row[half:], by))


def _root_over(leaf: bytes, path: list[Mapping[str, str]], by: str) -> str:
    node = _DIGESTS[by](b"\x00" + leaf)
    for one in path[:64]:
        beside = bytes.fromhex(one["hash"])
        node = _DIGESTS[by](b"\x01" + (beside + node if one["side"] == "left" else node + beside))
    return node.hex()


def _event_hash(event: Mapping[str, Any]) -> str:
    names = ("case", "seq", "previous", "actor", "person", "action", "element", "text", "data")
    at = datetime.fromisoformat(event["at"]).astimezone(UTC).isoformat(timespec="microseconds")
    text = _canonical({**{name: event[name] for name in names}, "at": at})
    if not str(event["hash"]).startswith(_SM3_MARK):
        return _sha256(text)
    return _SM3_MARK + urlsafe_b64encode(_sm3(text)).decode().rstrip("=")


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sm3(data: bytes) -> bytes:
    made = Hash(SM3())
    made.update(data)
    return made.finalize()


_DIGESTS: Mapping[str, Callable[[bytes], bytes]] = {"sha256": lambda data: hashlib.sha256(data).digest(), "sm3": _sm3}
"""The algorithms that an anchor may name."""
_SM3_MARK = "sm3:"
"""Begins the hash of an entry whose algorithm is SM3; the rest is base64url."""
