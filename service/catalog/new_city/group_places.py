"""Places by industry or size (名额按行业): who passed the vote is placed within the limit of each group, by votes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from service.catalog.new_city.laid import Laid, Rows, renamed
from service.catalog.new_city.rows import flow_row
from service.catalog.new_city.site import NewParameter, Site, StepPieces
from service.catalog.package import Package
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.json import as_json_file
from service.domain.errors import Invalid
from service.domain.text import Text

FIELD, OTHERS = "group", "其他"
"""The field of an application, and what has no limit of its own."""
PLACED, UNPLACED = "placed_list", "unplaced_list"
_LIMIT = re.compile(r'"([^"]+)": param\.(\w+)')
_MOST, _VOTERS = 20, 9


def group_pieces(site: Site) -> StepPieces:
    """Return what limits by group bring: the group of an application, the lists after the vote, what becomes of equals."""
    said = site.answers.get("equals")
    name = ("行业名额末位得票相同", "Equal votes at the last place of a group", "choice")
    lists = dict.fromkeys((PLACED, UNPLACED, "equals_decided"), "list")
    return StepPieces(
        application_facts={FIELD: "string"},
        round_facts={**lists, "contests": "number"},
        parameters={
            "group_equals": NewParameter(said or "vacant", *name, said=said is not None, choices=("vacant", "ballot"))
        },
    )


def limits_as_drawn(package: Package) -> dict[str, str]:
    """Return the parameter that limits each group in a place as it is drawn now."""
    diagram = package.diagrams.get(f"processes/{package.key}/round.bpmn")
    element = diagram.elements.get("set_selection") if diagram else None
    said = element.operation.parameters.get("given", "") if element and element.operation else ""
    return dict(_LIMIT.findall(said))


def limited_by(package: Package, group: str, parameter: str) -> dict[str, str]:
    """Return the slot of a selection in which ``group`` keeps to ``parameter``; raises Invalid for a name that is none."""
    name = group.strip()
    if not name or name == OTHERS or re.search(r'["\\{}$]', name):
        raise Invalid(
            Text(
                f"“{name}”不能作行业（规模）的名称：请照条文填写，例如“制造业”；没有限额的归入“{OTHERS}”。",
                f"“{name}” is no name of a group: enter it as the text does; those without a limit are “{OTHERS}”.",
            )
        )
    drawn = limits_as_drawn(package)
    other = next((one for one, limit in drawn.items() if limit == parameter and one != name), None)
    if other is not None:
        raise Invalid(
            Text(
                f"“{package.award.parameters[parameter].text.zh}”是“{other}”的名额，“{name}”的要另写一个：清空“参数”，就为它新建一个。",
                f"“{package.award.parameters[parameter].text.en}” is the limit of “{other}”; “{name}” needs one of its own: empty "
                "“Parameter” and it gets one.",
            )
        )
    return {"group_limits": limits_text({**drawn, name: parameter})}


def limits_text(limits: Mapping[str, str]) -> str:
    """Return the limits of the groups as a formula."""
    return "{" + ", ".join(f'"{group}": param.{parameter}' for group, parameter in limits.items()) + "}"


def with_choice(form: bytes, group: str) -> bytes:
    """Return the form of an application (JSON) that asks for the group, with ``group`` among the answers."""
    said = json.loads(form)
    field = next((one for one in said["components"] if one.get("key") == FIELD), None)
    if field is None:
        field = {
            "type": "radio",
            "id": f"field_{FIELD}",
            "key": FIELD,
            "label": "行业（规模）",
            "values": [{"label": OTHERS, "value": OTHERS}],
            "validate": {"required": True},
            "properties": {"label_en": "Industry or size"},
        }
        said["components"].insert(0, field)
    if all(one["value"] != group for one in field["values"]):
        field["values"].insert(len(field["values"]) - 1, {"label": group, "value": group})
    return as_json_file(said)


def with_group(text: str) -> str:
    """Return a scenario in which every applicant says of which group it is: of none with a limit."""
    document = load_yaml(text)
    steps = document.get("steps") if isinstance(document, dict) else None
    asked = [s for s in steps or () if isinstance(s, dict) and s.get("start") == "application" and _silent(s)]
    for step in asked:
        step["with"][FIELD] = OTHERS
    return dump_yaml(document) if asked else text


def one_too_many(laid: Laid) -> Rows | None:
    """One more of the group than its limit, all of them elected, the last with a vote less."""
    group = next((one for one, limit in limits_as_drawn(laid.place).items() if limit == laid.parameter), None)
    if group is None or not isinstance(laid.value, int) or not 0 < laid.value < _MOST:
        return None
    others = [f"{laid.winner}{number}" for number in range(2, laid.value + 2)]
    votes = {**dict.fromkeys((laid.winner, *others), "y" * _VOTERS), others[-1]: "y" * (_VOTERS - 1) + "n"}
    made: Rows = []
    for number, step in enumerate(laid.steps[: laid.vote + 1]):
        now = {**step, "vote": votes} if number == laid.vote else _of_group(step, laid.winner, group)
        if isinstance(now.get("members"), dict):
            now = {**now, "members": flow_row({**now["members"], "count": _VOTERS})}
        made.append(now)
        if laid.winner in (step.get("as"), step.get("case"), step.get("name")):
            made += [renamed(now, laid.winner, other) for other in others]
    for other in others:
        laid.organisations[other] = flow_row({"name": f"{other}公司"})
    return made


def _silent(step: Mapping[str, Any]) -> bool:
    return isinstance(step.get("with"), Mapping) and FIELD not in step["with"]


def _of_group(step: Mapping[str, Any], nick: str, group: str) -> dict[str, Any]:
    """Return a step in which ``nick`` applies as one of the group."""
    if step.get("start") != "application" or step.get("name") != nick:
        return dict(step)
    return {**step, "with": flow_row({**step["with"], FIELD: group})}
