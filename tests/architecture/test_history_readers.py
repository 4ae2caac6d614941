"""Who reads the history of a case without asking whether it holds shows it, or plays: nothing is decided by it."""

import re
from pathlib import Path

SERVICE = Path(__file__).parents[2] / "service"
READS = re.compile(r"\.history\.(?:of_case|whole|with_changes)\(")
SHOWN = {
    "casework/reading/case_summary.py": "the newest events beside a task",
    "casework/ballots/void_words.py": "why a ballot is void, beside it",
    "casework/queries/cases/variables.py": "what values a fact had",
    "casework/tasks/overtaken.py": "tells who was faster",
    "casework/simulate/expecting/records.py": "plays have a database of their own",
    "casework/simulate/stage/timeline.py": "plays have a database of their own",
    "casework/simulate/traps/traps.py": "plays have a database of their own",
    "casework/studio/replay/past_order.py": "a past round is played anew, and nothing of it changes",
    "casework/interventions/tried.py": "a second click is told; nothing is let through by it",
}
ASKED = {}


def test_whoever_decides_by_a_history_asks_whether_it_holds() -> None:
    found = {
        str(path.relative_to(SERVICE))
        for path in (*SERVICE.glob("casework/**/*.py"), *SERVICE.glob("jobs/**/*.py"), *SERVICE.glob("web/**/*.py"))
        if READS.search(path.read_text("utf-8"))
    }
    assert found == SHOWN.keys() | ASKED.keys(), "who decides by a history uses `history.sound`"
