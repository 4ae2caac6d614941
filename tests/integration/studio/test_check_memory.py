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


def test_a_change_of_a_diagram_leaves_what_was_inferred_of_other_formulas(example: ExampleTown) -> None:
    check_draft(example.desk, example.designer, example.draft)
    memory = module._MEMORIES[example.desk.store][example.draft]
    before = memory.known
    example.change(f"{FOLDER}/application.bpmn", ' name="', ' name="甲')
    check_draft(example.desk, example.designer, example.draft)
    inferred = [key for key in before if isinstance(key, tuple) and key[0] == "inferred"]
    anew = [key for key in inferred if memory.known.get(key) is not before[key]]
    assert 4 * len(anew) < len(inferred)  # anew: a text that stands in two scopes of other types
