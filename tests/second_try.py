"""Names the tests of pages that passed only the second time, before pytest's own last line: each is a fault to be found.

A plug-in of pytest, as ``tests.budgets`` is. A browser shares the machine with two other processes and their servers; that
one press of thousands came at a bad moment shall not hide what all others say, but it is not forgotten either.
"""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print each test that was tried again, with the first line of why."""
    again = terminalreporter.getreports("rerun")
    if not again:
        return
    terminalreporter.write_line("Passed or failed only after a second try; look for the fault in each:")
    for report in again:
        said = [line[1:].strip() for line in report.longreprtext.splitlines() if line.startswith("E ")]
        terminalreporter.write_line(f"  {report.nodeid}: {said[0] if said else report.longreprtext.strip()[-200:]}")
