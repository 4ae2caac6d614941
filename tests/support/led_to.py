"""The pages of the program to which a page leads, and which of them are of one kind."""

from __future__ import annotations

import re
from html import unescape

from service.web.demo.cities import list_demo_cities

PERSONS = (
    "", "org.05", "qy.org.04", "office.wang", "tianshan.zhao", "gz.mao", "yn.expert.1", "leading.he", "government.tian",
    "qy.jiang", "admin", "designer",
)  # fmt: skip
"""Persons of the demonstration, one of each kind, "" for a visitor."""
_LINK = re.compile(r"""<a\b[^>]*?\bhref=["'](/[^"'#]*)""")
_ELSEWHERE = re.compile(
    r"^/(static|language|sign-out|demo|api|manual|studio/drafts)\b|/pdf$|^/(documents|uploads)/"
    r"|\.(docx|pdf|xlsx|csv|ics|atom|zip|png|svg|bpmn|json|xes|txt|md)\b"
)
"""What is no page, or is looked at by tests of its own."""


def led_to(page: str) -> list[str]:
    """Return the addresses of the program's pages to which the text of a page leads, in its order."""
    return [path for path in map(unescape, _LINK.findall(page)) if not _ELSEWHERE.search(path)]


def kind_of(path: str) -> str:
    """Return what pages have in common that differ by a number, by a place of the demonstration or by a filter that is no part."""
    page, _, asked = path.partition("?")
    part = re.search(r"(?<![^&])part=(\w+)", asked)
    places = "|".join(city.id for city in list_demo_cities())
    return re.sub(r"\d+", "0", re.sub(rf"/(?:{places})\b", "/place", page)) + (f"/{part[1]}" if part else "")
