"""Which scenarios of a draft passed on the revision at hand: a play counts for the very files it was played with."""

from __future__ import annotations

from service.casework.studio.drafts.draft_tree import DraftTree, hash_of
from service.catalog.coverage.matrix import Verdicts
from service.catalog.played_version import rests_on
from service.catalog.tree import below
from service.domain.text import Text
from service.store import Transaction
from service.store.models import ScenarioResultRow


def verdicts_of(tx: Transaction, draft: int, tree: DraftTree) -> Verdicts:
    """Return by file whether each scenario of ``draft`` passed; None where it was not played since the last change."""
    known = {row.path: row for row in tx.studio_jobs.results(draft)}
    found: dict[str, bool | None] = {}
    for path in below(tree.filled, f"processes/{tree.package.key}/scenarios", ".yaml"):
        row = known.get(path)
        found[path] = row.passed if row is not None and holds(row, tree, path) else None
    return found


def holds(row: ScenarioResultRow, tree: DraftTree, path: str) -> bool:
    """Return whether what was played is what ``tree`` holds: what it says of running cases alone is not played."""
    return rests_on(row.version, tree.package) and row.hash == hash_of(tree.filled[path])


def standing(verdicts: Verdicts) -> Text | None:
    """Return how many scenarios failed and were not played, in a sentence; None where all of them passed.

    Where nothing was played on this version, because there is no scenario or none was run, that is said plainly.
    """
    if not verdicts:
        return Text(
            "没有做过推演：草稿没有情景，没有看过按这一版办件会怎样。",
            "Nothing was simulated: the draft has no scenario, so nobody saw a case run on this version.",
        )
    failed = sum(one is False for one in verdicts.values())
    unplayed = sum(one is None for one in verdicts.values())
    if not failed and not unplayed:
        return None
    if unplayed == len(verdicts):
        return Text(
            f"没有做过推演：{unplayed} 个情景都没有在本版上运行。",
            f"Nothing was simulated: none of {unplayed} scenarios was played on this version.",
        )
    return Text(
        f"{len(verdicts)} 个情景中 {failed} 个未通过，{unplayed} 个没有在本版上运行。",
        f"Of {len(verdicts)} scenarios {failed} failed and {unplayed} were not played on this version.",
    )


def on_record(verdicts: Verdicts) -> dict[str, str]:
    """Return the verdicts as an event keeps them: met, unmet or unplayed by file."""
    words = {True: "met", False: "unmet", None: "unplayed"}
    return {path: words[one] for path, one in verdicts.items()}
