"""Write what is handed out into ``build/release``: ``python -m deploy.release CYCLONEDX`` (`make release`).

The archive holds what is committed and the built web assets; two builds of one commit are the same bytes. Beside it lie
the bills of materials (CycloneDX), the licences, and ``SHA256SUMS``, signed with the SSH key `LAUREL_RELEASE_KEY`.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from deploy.release.advisories import pinned, plain_name
from service.web.frontend.webbuild import run_npm

ROOT = Path(__file__).parents[2]
OUT = ROOT / "build/release"
WEB = ROOT / "service/web/frontend"
ASSETS = ROOT / "service/web/static/dist"
SUMS = "SHA256SUMS"


def archive(name: str) -> bytes:
    """Return the archive (tar.gz) of the newest commit under the folder ``name``: sorted, owned by root, of that commit's time."""
    committed = _git("archive", "--format=tar", f"--prefix={name}/", "HEAD")
    born = int(_git("log", "-1", "--format=%ct"))
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as out:
        for info, content in sorted([*_committed(committed), *_assets(name)], key=lambda each: each[0].name):
            info.mtime, info.uid, info.gid, info.uname, info.gname, info.pax_headers = born, 0, 0, "root", "root", {}
            out.addfile(info, io.BytesIO(content))
    return gzip.compress(packed.getvalue(), mtime=0)


def _committed(tar: bytes) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(tar)) as read:
        for info in read:
            file = read.extractfile(info) if info.isfile() else None
            yield info, file.read() if file else b""


def _assets(name: str) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    for path in (each for each in ASSETS.rglob("*") if each.is_file()):
        content = path.read_bytes()
        info = tarfile.TarInfo(f"{name}/{path.relative_to(ROOT)}")
        info.size, info.mode = len(content), 0o644
        yield info, content


def licences() -> Iterator[str]:
    """Yield a line (name, version, licence) for every Python package that runs, and every script package."""
    running = pinned("run")
    for each in sorted(
        (one for one in distributions() if plain_name(one.name) in running), key=lambda one: one.name.lower()
    ):
        yield f"{each.name}\t{each.version}\t{licence_of(each)}"
    for place, told in sorted(json.loads((WEB / "package-lock.json").read_text("utf-8"))["packages"].items()):
        if place:
            yield f"{place.rpartition('node_modules/')[2]}\t{told['version']}\t{told.get('license', '')}"


def licence_of(each: Distribution) -> str:
    """Return the licence that a package names of itself: as an expression, by its classifiers or in its first words."""
    told = each.metadata
    classified = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or () if one.startswith("License ::")]
    named = told.get("License-Expression") or " / ".join(classified) or (told.get("License") or "").split("\n")[0][:80]
    return named or next((text.strip().split("\n")[0][:80] for text in _licence_files(each)), "")


def _licence_files(each: Distribution) -> Iterator[str]:
    """Yield what a package without such words brings along as its licence."""
    for file in each.files or ():
        if file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING")):
            yield file.read_text("utf-8")


def bills(cyclonedx: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the bills of materials: of what runs, and of the scripts in the pages."""
    own = [cyclonedx, "environment", str(ROOT / ".venv"), "--pyproject", str(ROOT / "pyproject.toml")]
    told = without_tools(_run([*own, "--sv", "1.6", "--of", "JSON", "--output-reproducible", "-o", "-"]))
    demand_whole(told, set(pinned("run").items()))
    yield "sbom-python.cdx.json", told
    scripts = bill_of_scripts()
    demand_whole(scripts, locked())
    yield "sbom-scripts.cdx.json", scripts


def without_tools(bill: bytes) -> bytes:
    """Return a bill of materials without what is installed here for tests and release alone."""
    whole, running = json.loads(bill), pinned("run")
    kept = [component for component in whole["components"] if plain_name(component["name"]) in running]
    refs = {component["bom-ref"] for component in (whole["metadata"]["component"], *kept)}
    links = [
        {**link, "dependsOn": [ref for ref in link.get("dependsOn", ()) if ref in refs]}
        for link in whole["dependencies"]
        if link["ref"] in refs
    ]
    return json.dumps({**whole, "components": kept, "dependencies": links}, ensure_ascii=False, indent=2).encode()


def bill_of_scripts() -> bytes:
    """Return the bill of materials of the scripts in the pages, from the lock alone."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told"
        with told.open("wb") as file:
            run_npm("sbom", "--package-lock-only", "--sbom-format", "cyclonedx", out=file)
        return told.read_bytes()


def locked() -> set[tuple[str, str]]:
    """Return name and version of every package in the lock of the scripts."""
    packages = json.loads((WEB / "package-lock.json").read_text("utf-8"))["packages"]
    return {
        (place.rpartition("node_modules/")[2], package["version"])
        for place, package in packages.items()
        if place and not package.get("optional")  # of another system than this one
    }


def demand_whole(bill: bytes, wanted: set[tuple[str, str]]) -> None:
    """Stop where a bill of materials lacks a package (name, version) of ``wanted``."""
    found = {
        ("/".join(part for part in (one.get("group", ""), one["name"]) if part), one["version"])
        for one in json.loads(bill)["components"]
    }
    named = found | {(plain_name(name), version) for name, version in found}
    lacking = sorted(wanted - named)
    if lacking:
        told = "、".join(f"{name} {version}" for name, version in lacking[:5])
        sys.exit(f"物料清单缺少 {len(lacking)} 个软件包：{told} / The bill of materials lacks {len(lacking)} packages.")


def main(cyclonedx: str) -> None:
    """Write everything, the checksums last."""
    name = "laurel-" + _git("describe", "--always", "--tags").decode().strip()
    OUT.mkdir(parents=True, exist_ok=True)
    files = {
        f"{name}.tar.gz": archive(name),
        "licences.tsv": ("\n".join(licences()) + "\n").encode(),
        **dict(bills(cyclonedx)),
    }
    for called, content in files.items():
        (OUT / called).write_bytes(content)
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {called}\n" for called, content in sorted(files.items()))
    (OUT / SUMS).write_text(sums, "utf-8")
    print(sums, end="")
    key = os.environ.get("LAUREL_RELEASE_KEY")
    if key:
        _run(["ssh-keygen", "-q", "-Y", "sign", "-n", "laurel", "-f", key, str(OUT / SUMS)])
    print(
        "已签名 / signed" if key else "未签名：没有设置 LAUREL_RELEASE_KEY / not signed: LAUREL_RELEASE_KEY is not set"
    )


def _git(*arguments: str) -> bytes:
    return _run(["git", "-C", str(ROOT), *arguments])


def _run(command: list[str], folder: Path = ROOT) -> bytes:
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True)  # noqa: S603  no shell
    if done.returncode:
        sys.exit(f"{command[0]}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    main(sys.argv[1])
