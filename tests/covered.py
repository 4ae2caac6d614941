"""Prints how much of the program the tests ran, by folder: what SlipCover wrote into ``.coverage.json``.

A process that a test starts (the command line, a server that is killed) is not counted.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

WRITTEN = Path(".coverage.json")
_SHOWN = 10


def main() -> None:
    """Print a line for each folder, the files with most lines that no test ran, and the whole."""
    files = json.loads(WRITTEN.read_text("utf-8"))["files"]
    ran: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for name, lines in files.items():
        folder = "/".join(Path(name).parent.parts[:2])
        ran[folder] += len(lines["executed_lines"])
        missed[folder] += len(lines["missing_lines"])
    print("\nLines that the tests ran:")
    for folder in sorted(ran):
        print(_line(folder, ran[folder], missed[folder]))
    print(_line("all", ran.total(), missed.total()))
    print("Most lines that no test ran:")
    for name in sorted(files, key=lambda name: -len(files[name]["missing_lines"]))[:_SHOWN]:
        print(f"{len(files[name]['missing_lines']):>8}  {name}")


def _line(name: str, ran: int, missed: int) -> str:
    return f"  {name:<20}{ran / ((ran + missed) or 1):>7.1%}  of {ran + missed}"


if __name__ == "__main__":
    main()
