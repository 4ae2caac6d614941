"""Files that an installation with everything switched on does not take, by the words in which it says so."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, expect

from service.casework.simulate.stage.typed_values import PDF
from tests.support.clamd import EICAR

REFUSED = {"含有恶意程序": EICAR, "每人一天内最多上传": bytes(2 * 1024 * 1024)}
"""What the scanner knows, and more than a person may send within a day."""


def takes(place: Locator) -> bool:
    """Return whether a document may be uploaded at ``place``, where nothing is yet."""
    if not place.count() or place.locator("li").count():
        return False
    return ".pdf" in str(place.locator("input[type=file]").get_attribute("accept"))


_SCANNED = 60_000
"""Milliseconds: the scanner is a program of its own, which waits its turn where the machine does other work."""


def refuse(place: Locator, folder: Path, sentence: str) -> None:
    """Upload what is refused in this sentence where ``place`` takes files, and dismiss it."""
    file = folder / "不收.pdf"
    file.write_bytes(PDF + REFUSED[sentence])
    place.locator("input[type=file]").set_input_files(str(file))
    expect(place.locator(".upload-problem")).to_contain_text(sentence, timeout=_SCANNED)
    place.locator("li[data-failed] [data-act=remove]").click()
    expect(place.locator("li")).to_have_count(0)
