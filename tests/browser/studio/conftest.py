from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page

from service.office.pdf import Printer
from service.store import Store
from tests.support.lakeside import Lakeside, make_lakeside
from tests.support.served import served, signed_in

REFUSED = re.compile(r"Content Security Policy|Trusted\w+' assignment")
"""What a browser says where the policy of contents kept something from happening."""


@pytest.fixture
def town(sqlite_store: Store) -> Lakeside:
    """The miniature with people, designers among them."""
    town = make_lakeside(sqlite_store)
    town.desk = replace(town.desk, printer=Printer())
    return town


@pytest.fixture
def base(town: Lakeside) -> Iterator[str]:
    """The address at which it is served."""
    with served(town) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, town: Lakeside, base: str) -> Iterator[Page]:
    """A page of a designer at work, at the size of an office screen; errors of scripts fail the test."""
    with signed_in(chromium, town, "designer", base) as context:
        page, wrong = context.new_page(), []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if REFUSED.search(said.text) else None)
        yield page
    assert wrong == []
