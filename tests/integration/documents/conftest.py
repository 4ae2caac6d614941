from __future__ import annotations

from dataclasses import replace

import pytest

from service.office.pdf import Printer
from service.store import Store
from tests.support.desks import Bench, make_bench

PRINTER = Printer()


@pytest.fixture
def bench(store: Store) -> Bench:
    """The small award, documents set as .docx and as PDF."""
    made = make_bench(store)
    return replace(made, desk=replace(made.desk, printer=PRINTER))
