"""Write the generated parts of the manual: ``python -m service.catalog.manual``."""

from __future__ import annotations

import importlib

import click

from service.catalog.manual.build import MANUAL, built
from service.sdk.operations import operations


@click.command()
@click.option("--check", is_flag=True, help="Only say whether the manual is up to date.")
def main(check: bool) -> None:
    """Bring processes/README.md up to date with operations, functions, rules and the worked example."""
    importlib.import_module("handlers").load()
    before = MANUAL.read_text("utf-8")
    after = built(before, operations())
    if check:
        raise SystemExit(before != after)
    MANUAL.write_text(after, "utf-8")


if __name__ == "__main__":
    main()
