"""The scripts of the pages cannot be built without a network, which is said in a sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from service.web.frontend import webbuild


def test_packages_that_cannot_be_fetched_are_told_in_a_sentence(tmp_path: Path) -> None:
    web = tmp_path / "frontend"
    shutil.copytree(webbuild.WEB, web, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    nowhere = {
        "npm_config_registry": "http://127.0.0.1:9/",
        "npm_config_cache": str(tmp_path / "cache"),
        "npm_config_fetch_retries": "0",
    }
    done = subprocess.run(
        [sys.executable, str(web / "webbuild.py"), str(tmp_path / "out"), "--force"],
        env={**os.environ, **nowhere}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.endswith(f"{webbuild.NOT_FETCHED}\n")
    assert "Traceback" not in done.stderr
