"""What is compiled ahead leaves a run's environment within its size."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
LIMIT = 30_000_000
"""Bytes on disk; everything installed came to 52 million, which left the environment 21 MB above its 250."""

_COUNT = """
import os, sys
from deploy.compile_ahead import load_all
assert load_all() > 500
installed = [m.__cached__ for m in sys.modules.values() if "site-packages" in (getattr(m, "__cached__", None) or "")]
print(sum(-(-os.path.getsize(file) // 4096) * 4096 for file in installed if os.path.exists(file)))
print(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_what_is_compiled_ahead_is_what_the_program_loads() -> None:
    told = subprocess.run([sys.executable, "-c", _COUNT], cwd=ROOT, capture_output=True, text=True, check=True)
    size, names = told.stdout.splitlines()
    assert 10_000_000 < int(size) < LIMIT
    assert {"flask", "sqlalchemy", "alembic", "SpiffWorkflow"} <= set(names.split())


def test_what_is_compiled_ahead_is_kept_where_the_environment_asks_for_nothing_compiled() -> None:
    forbidding = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    asked = "import sys; from deploy.compile_ahead import load_all; load_all(); print(sys.dont_write_bytecode)"
    words = [sys.executable, "-c", asked]
    told = subprocess.run(words, cwd=ROOT, env=forbidding, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
