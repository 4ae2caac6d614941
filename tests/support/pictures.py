"""Pictures of pages, kept for whoever wants to look at them."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page


def keep_picture(page: Page, name: str) -> None:
    """Save a picture when a folder is named for it, for people to look at."""
    folder = os.environ.get("LAUREL_SHOTS")
    if folder:
        safe = "".join(sign if sign.isalnum() else "-" for sign in name)
        page.screenshot(path=Path(folder) / f"{safe}.png", full_page=True)
