"""What the check remembers of a draft: enough to look only at what changed, and no more than that."""

from __future__ import annotations

from service.casework.studio.drafts import check_draft as module
from service.casework.studio.drafts.check_draft import check_draft
from tests.support.example_town import FOLDER, ExampleTown


def test_problems_are_the_same_with_and_without_memory(example: ExampleTown) -> None:
    """A change there and back, and one that is wrong, are told as by a check that knows nothing."""
    path = f"{FOLDER}/parameters.yaml"
    notice = "minimum: 10\n    value: 10\n  winners_notice_media"
    for old, new in (
        (notice, notice.replace("value: 10", "value: 3")),
        (notice.replace("value: 10", "value: 3"), notice),
    ):
        example.change(path, old, new)
        told = check_draft(example.desk, example.designer, example.draft).problems
        module._MEMORIES[example.desk.store].clear()
        assert check_draft(example.desk, example.designer, example.draft).problems == told
        assert any("winners_notice" in str(p.message) or p.severity.value == "error" for p in told) is (new != notice)
