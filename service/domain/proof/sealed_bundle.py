"""The bundle of a sealed season: files of JSON, a signed manifest over them, and a ZIP whose bytes are always the same."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Container, Mapping

from service.domain.proof.algorithms import ED25519, SM2
from service.domain.proof.signing import is_signature, public_key, signature_over, signer_of

FORMAT = "laurel-sealed-season-1"
MANIFEST, SIGNATURE, SEAL, ANCHORS = "manifest.json", "signature.json", "seal.json", "anchors.jsonl"
CHAINS = "chains.json"
_NOT_CONTENT = frozenset({MANIFEST, SIGNATURE, SEAL, CHAINS, ANCHORS})
_SIGNED = b"laurel sealed season\n"
"""Stands before what is signed, so that no signature over an anchor or a receipt can be passed off as one over a bundle."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, OSError)
_STAMP = (2000, 1, 1, 0, 0, 0)
_CALLED = {ED25519: "Ed25519", SM2: "SM2"}
"""What a bundle calls the algorithms of signatures."""


def as_json(value: object) -> bytes:
    """Return ``value`` as a file of a bundle: canonical order, readable."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def content_digest(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 (hex) over the names and SHA-256 of files, in the order of their names."""
    lines = (f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def manifest_of(files: Mapping[str, bytes], about: Mapping[str, object]) -> bytes:
    """Return the manifest over ``files``; ``about`` says which round it is."""
    listed = [
        {"path": path, "sha256": hashlib.sha256(files[path]).hexdigest(), "size": len(files[path])}
        for path in sorted(files)
    ]
    return as_json({"format": FORMAT, **about, "files": listed})


def signature_of(manifest: bytes, secret: bytes, by: str = ED25519) -> bytes:
    """Return the file that holds the signature over a manifest by an algorithm, and the public key; raises NoSm2."""
    signature = signature_over(_SIGNED + manifest, secret, by)
    return as_json({"algorithm": _CALLED[by], "key": public_key(secret, by), "signature": signature})


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return the ZIP of ``files``: in the order of their names, not compressed, without times."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for path in sorted(files):
            member = zipfile.ZipInfo(path, _STAMP)
            member.create_system, member.external_attr = 3, 0o644 << 16
            target.writestr(member, files[path])
    return out.getvalue()


def read_signed(bundle: bytes, keys: Container[str]) -> dict[str, bytes]:
    """Return the files of a bundle that one of ``keys`` signed; raises ValueError where none did, or they are others, NoSm2."""
    try:
        with zipfile.ZipFile(io.BytesIO(bundle)) as source:
            files = {name: source.read(name) for name in source.namelist()}
        _demand_signed(files, keys)
        listed = {one["path"]: one["sha256"] for one in json.loads(files[MANIFEST])["files"]}
    except (*_DAMAGED, KeyError, TypeError, ValueError) as error:
        raise ValueError("not signed by these keys") from error
    own = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name not in (MANIFEST, SIGNATURE)}
    if own != listed:
        raise ValueError("its files are not those of its manifest")
    return files


def key_of(files: Mapping[str, bytes]) -> str:
    """Return the public key that a bundle says it is signed with; raises ValueError, KeyError, TypeError where it says none."""
    return str(json.loads(files[SIGNATURE])["key"])


def _demand_signed(files: Mapping[str, bytes], keys: Container[str]) -> None:
    told, key = json.loads(files[SIGNATURE]), key_of(files)
    named = told["algorithm"] == _CALLED[signer_of(key)]
    if not named or key not in keys or not is_signature(str(told["signature"]), _SIGNED + files[MANIFEST], key):
        raise ValueError(key)


def told_digest(files: Mapping[str, bytes]) -> str:
    """Return the digest of what the files of a whole bundle tell."""
    return content_digest({path: data for path, data in files.items() if path not in _NOT_CONTENT})
