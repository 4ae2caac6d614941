"""The scenario in which an assistant shows a clause: the one it wrote before for the same parameter, or a new one."""

from __future__ import annotations

import re

from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_tree import DraftTree
from service.casework.studio.law.failing_proofs import clauses_proved, first_unmet
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.scenarios.play_scenarios import scenario_files
from service.catalog.made_id import made_id
from service.catalog.tree import below, stem


def scenario_for(
    desk: Desk, before: DraftTree, changed: DraftTree, typed: TypedAssistance, title: str, laid: str | None
) -> str:
    """Return the path of the scenario ``title`` that shows what was typed: an older one that would fail is written anew.

    Of a parameter that was not there nothing was shown yet. Where several have that title (a quota for each tier), those that
    hold under the changed place are of something else.
    """
    folder = typed.scenario.rpartition("/")[0]
    fresh = f"{folder}/{made_id(title, {stem(path) for path in below(before.filled, folder, '.yaml')}, 'season')}.yaml"
    if laid is None or typed.parameter not in before.package.award.parameters:
        return fresh
    files = scenario_files(changed.filled, changed.package.key)
    written = [file for file in files if _called(file.title, title) and typed.clause in clauses_proved(file)]
    older = [file for file in written if first_unmet(desk, changed.package, file) is not None]
    return next((file.path for file in older or written[:1] if len(written) == 1 or older), fresh)


def title_of_proof(before: DraftTree, path: str, title: str) -> str:
    """Return what the scenario at ``path`` is called: ``title``, with a number where another one has it already."""
    files = scenario_files(before.filled, before.package.key)
    taken = {file.title for file in files if file.path != path}
    held = next((file.title for file in files if file.path == path and _called(file.title, title)), "")
    names = (held or title, *(f"{title}（{number}）" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _called(held: str, title: str) -> bool:
    """Tell whether a scenario has this title, with a number or without."""
    return held == title or re.fullmatch(rf"{re.escape(title)}（\d+）", held) is not None
