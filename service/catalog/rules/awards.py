"""award.yaml: its kinds of case, actions and tiers fit together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from service.catalog.problems import Problem, did_you_mean
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem
from service.catalog.rules.places import label_of
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text

FACT_TYPES = {
    "any", "string", "number", "boolean", "date", "time", "date and time", "days and time duration",
    "years and months duration", "list", "context",
}  # fmt: skip


def _get_award_file(checked: Checked) -> str:
    return checked.package.award_file


@check(Extent.PACKAGE, "unknown_process")
def process_exists(checked: Checked) -> Iterator[Problem]:
    """Every kind of case runs a process there is."""
    for key, kind in checked.package.award.processes.items():
        if kind.process not in checked.package.processes:
            yield build_error_problem(
                _get_award_file(checked), f"processes.{key}.process", "unknown_process",
                f"没有流程“{kind.process}”。", f"There is no process “{kind.process}”.",
                did_you_mean(kind.process, checked.package.processes),
            )  # fmt: skip


@check(Extent.PIECES, "unknown_parent")
def parent_exists(checked: Checked) -> Iterator[Problem]:
    """The kind of case above is one of the award's."""
    kinds = checked.package.award.processes
    for key, kind in kinds.items():
        if kind.parent and kind.parent not in kinds:
            yield build_error_problem(
                _get_award_file(checked), f"processes.{key}.parent", "unknown_parent",
                f"没有上级办件种类“{kind.parent}”。", f"There is no kind of case “{kind.parent}” above.",
                did_you_mean(kind.parent, kinds),
            )  # fmt: skip


@check(Extent.PIECES, "unknown_type")
def facts_typed(checked: Checked) -> Iterator[Problem]:
    """Facts have FEEL types."""
    for key, kind in checked.package.award.processes.items():
        for fact, type_ in kind.facts.items():
            if type_.partition("<")[0] not in FACT_TYPES:
                yield build_error_problem(
                    _get_award_file(checked), f"processes.{key}.facts.{fact}", "unknown_type",
                    f"“{type_}”不是 FEEL 类型。", f"“{type_}” is no FEEL type.", did_you_mean(type_, FACT_TYPES),
                )  # fmt: skip


@check(Extent.PIECES, "refusal_unexplained")
def start_refused_with_reason(checked: Checked) -> Iterator[Problem]:
    """A condition for starting says what people read when it fails."""
    for key, kind in checked.package.award.processes.items():
        pairs = {
            "start": (kind.start_condition, kind.start_refusal),
            "subject": (kind.subject_condition, kind.subject_refusal),
        }
        for word, (condition, refusal) in pairs.items():
            if condition and refusal is None:
                yield build_warning_problem(
                    _get_award_file(checked), f"processes.{key}.{word}_refusal", "refusal_unexplained",
                    "有启动条件而没有拒绝时的说明。", "There is a condition for starting but no sentence for its refusal.",
                    Text(
                        f"填写不能办理时的说明（{word}_refusal）。", f"Enter what is said otherwise ({word}_refusal)."
                    ),
                )  # fmt: skip


@check(Extent.PIECES, "unknown_process")
def action_process_exists(checked: Checked) -> Iterator[Problem]:
    """An action belongs to a kind of case."""
    kinds = checked.package.award.processes
    for key, action in checked.package.award.actions.items():
        if action.process not in kinds:
            yield build_error_problem(
                _get_award_file(checked), f"actions.{key}.process", "unknown_process",
                f"没有办件种类“{action.process}”。", f"There is no kind of case “{action.process}”.",
                did_you_mean(action.process, kinds),
            )  # fmt: skip


@check(Extent.PIECES, "duplicate_id")
def tiers_differ(checked: Checked) -> Iterator[Problem]:
    """Tier ids are unique."""
    counts = Counter(tier.id for tier in checked.package.award.tiers)
    for ident in (ident for ident, count in counts.items() if count > 1):
        yield build_error_problem(
            _get_award_file(checked), "tiers", "duplicate_id", f"类别编号“{ident}”重复。", f"Tier id “{ident}” stands twice.",
            Text("改成不同的编号。", "Give it another id."),
        )  # fmt: skip


@check(Extent.PACKAGE, "never_run")
def every_diagram_runs(checked: Checked) -> Iterator[Problem]:
    """Every diagram of the award is run by a kind of case, directly or through calls."""
    for path, diagram in checked.package.diagrams.items():
        if diagram.process_id not in checked.kinds:
            label = label_of(diagram, diagram.process_id)
            yield build_warning_problem(
                path, diagram.process_id, "never_run",
                f"没有办件种类或调用活动使用流程“{label.zh}”。", f"Nothing runs process “{label.en}”.",
                Text(
                    "在“地方与奖项”的办件种类（award.yaml 的 processes）或者某个调用活动中引用它，或者删去此图。",
                    "Name it in a kind of case on the page “Place and award” (processes of award.yaml) or in a call activity, or remove the diagram.",
                ),
            )  # fmt: skip
