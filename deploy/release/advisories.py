"""Known weaknesses of what is pinned, from a copy that lies beside this file: ``python -m deploy.release.advisories``.

The copy says of which day it is; an old one is said to be old, since what became known later is not in it. A newer one is
written from a checkout of the Python Packaging Advisory Database (OSV format, CC BY 4.0): ``… advisories --from FOLDER``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.version import Version
from ruamel.yaml import YAML

from deploy.pins.write import blocks

HERE = Path(__file__).parent
COPY = HERE / "advisories.json"
PINS = HERE.parent / "pins"
FRESH = timedelta(days=90)


def pinned(which: str = "*") -> dict[str, str]:
    """Return name → version of everything that deploy/pins installs on a system like this one, or one file there."""
    texts = (file.read_text("utf-8") for file in sorted(PINS.glob(f"{which}.txt")))
    found = (Requirement(block.split("\\", 1)[0]) for text in texts for block in blocks(text).values())
    here = (one for one in found if one.marker is None or one.marker.evaluate())
    return {plain_name(one.name): f"{one.specifier}".removeprefix("==") for one in here}


def affected(versions: Mapping[str, str], advisories: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Yield (package, version, id and other names) of each advisory that a pinned version falls under."""
    for told in advisories:
        version = versions.get(told["package"])
        if version is not None and any(_within(Version(version), each) for each in told["ranges"]):
            yield told["package"], version, " ".join([told["id"], *told["aliases"]])


def age(as_of: str, today: date) -> timedelta:
    """Return how old a copy of ``as_of`` (YYYY-MM-DD) is."""
    return today - date.fromisoformat(as_of)


def _within(version: Version, span: Mapping[str, str]) -> bool:
    if version < Version(span["introduced"]):
        return False
    if "fixed" in span:
        return version < Version(span["fixed"])
    return "last_affected" not in span or version <= Version(span["last_affected"])


def copy_from(folder: Path, as_of: str) -> dict[str, Any]:
    """Return what the advisories in ``folder/vulns`` say of the packages that are pinned."""
    reader, names, found = YAML(typ="safe"), pinned().keys(), []
    for file in sorted(folder.glob("vulns/*/*.yaml")):
        if plain_name(file.parent.name) in names:
            told = reader.load(file)
            if "withdrawn" not in told:
                ranges = [span for one in told["affected"] for span in _spans(one.get("ranges", ()))]
                package, other = plain_name(file.parent.name), list(told.get("aliases", ()))
                found.append({"id": told["id"], "aliases": other, "package": package, "ranges": ranges})
    source = "Python Packaging Advisory Database, CC BY 4.0; what concerns the packages of deploy/pins"
    return {"as_of": as_of, "source": source, "advisories": found}


def _spans(ranges: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    for one in ranges:
        if one["type"] == "ECOSYSTEM":
            spans: list[dict[str, str]] = []
            for event in one["events"]:
                ((kind, version),) = event.items()
                if kind == "introduced":
                    spans.append({})
                spans[-1][kind] = str(version)
            yield from spans


def plain_name(name: str) -> str:
    """Return a package's name in the one form that all of its spellings have (PEP 503)."""
    return name.lower().replace("_", "-").replace(".", "-")


def main(arguments: Sequence[str]) -> int:
    """Print what is known; returns 1 where a pinned version falls under an advisory."""
    if arguments[:1] == ["--from"]:
        COPY.write_text(json.dumps(copy_from(Path(arguments[1]), arguments[2]), indent=1) + "\n", "utf-8")
    kept = json.loads(COPY.read_text("utf-8"))
    versions = pinned()
    wrong = list(affected(versions, kept["advisories"]))
    for package, version, names in wrong:
        print(f"✗ {package} {version}: {names}")
    old = age(kept["as_of"], datetime.now(UTC).date())
    stale = f" 此副本已旧 / this copy is stale ({old.days} 天 / days)" if old > FRESH else ""
    print(f"{len(versions)} 个软件包，{kept['as_of']} 的公告库，{len(wrong)} 条相关 / packages, advisories.{stale}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
