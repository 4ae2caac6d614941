"""Write the lists of ``deploy/pins`` anew from ``pyproject.toml``: ``python -m deploy.pins.write UV`` (`make pins`).

What is pinned already stays at its version unless pyproject.toml asks for another one.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parents[1] / "pyproject.toml"
LISTS = {
    "run": (),
    "assets": ("run",),
    "dev": ("run", "assets"),
    "release": (),
    "schemathesis": ("run", "assets", "dev"),
}
"""Each list with those that it begins from."""

_NAME = re.compile(r"^([A-Za-z0-9._-]+)==")


def blocks(text: str) -> dict[str, str]:
    """Return name → lines (version, marker, hashes) of a list."""
    found = dict[str, str]()
    name = ""
    for line in text.splitlines():
        if begun := _NAME.match(line):
            name = begun[1].lower().replace("_", "-")
            found[name] = line
        elif line.startswith("    --hash=") and name:
            found[name] += f"\n{line}"
    return found


def main(uv: str) -> None:
    """Ask ``uv`` what each list needs, then write them."""
    told = tomllib.loads(PROJECT.read_text("utf-8"))
    pinned = {n: b for path in sorted(HERE.glob("*.txt")) for n, b in blocks(path.read_text("utf-8")).items()}
    constraints = "\n".join(block.split(" ", 1)[0] for block in pinned.values())
    known = blocks(_compiled(uv, _project(["release"], alone=True), constraints, hashes=True))
    known |= blocks(_compiled(uv, _project([name for name in LISTS if name != "release"]), constraints, hashes=True))
    written = dict[str, set[str]]()
    for name, bases in LISTS.items():
        needed = set(blocks(_compiled(uv, _project([name], alone=not bases), constraints, hashes=False)))
        before = set[str]().union(*(written[base] for base in bases))
        written[name] = needed
        begin = [f"-r {base}.txt\n" for base in bases if not any(base in LISTS[other] for other in bases)]
        (HERE / f"{name}.txt").write_text(
            "".join(begin) + "".join(f"{known[one]}\n" for one in sorted(needed - before)), "utf-8"
        )
    build = "\n".join(told["build-system"]["requires"])
    (HERE / "build.txt").write_text(_compiled(uv, build, "", hashes=True), "utf-8")


def _project(lists: list[str], *, alone: bool = False) -> str:
    """Return what the project asks for these lists; the tools of a release stand ``alone``, beside what runs."""
    told = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    optional = told["optional-dependencies"]
    own = [] if alone and lists != ["run"] else told["dependencies"]
    asked = [*own, *(line for name in lists for line in optional.get(name, ()))]
    return "\n".join(line for one in asked for line in (optional["assets"] if one == "laurel[assets]" else [one]))


def _compiled(uv: str, asked: str, constraints: str, *, hashes: bool) -> str:
    place = HERE.parents[1] / "build/pins"
    place.mkdir(parents=True, exist_ok=True)
    (place / "asked.in").write_text(asked, "utf-8")
    (place / "constraints.txt").write_text(constraints, "utf-8")
    ask = [uv, "pip", "compile", str(place / "asked.in"), "--constraint", str(place / "constraints.txt"), "--quiet"]
    ask += ["--universal", "--python-version", "3.11", "--no-header", "--no-annotate", "--no-emit-index-url"]
    ask += ["--generate-hashes"] if hashes else []
    return subprocess.run(ask, check=True, capture_output=True, text=True).stdout  # noqa: S603  no shell


if __name__ == "__main__":
    main(sys.argv[1])
