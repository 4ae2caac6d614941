"""What was typed into an assistant, and the parameters that it writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from service.casework.studio.drafts.draft_tree import DraftTree
from service.casework.studio.drafts.save_files import text_of
from service.casework.studio.law.chosen_words import chosen_in_words
from service.casework.studio.law.limited_experts import limited
from service.casework.studio.law.new_names import name_of, named_by_bar
from service.casework.studio.law.typed_bounds import (
    bounds_of,
    demand_agreement,
    demand_as_stated,
    own_choice,
    says_other_numbers,
    tightened,
)
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.law.typed_phases import clauses_in_other_unit, with_phases, without_other_unit
from service.casework.studio.law.typed_shares import decimal_of, places_of_share, share_of
from service.casework.studio.law.typed_tiers import demand_tier, demand_tier_of
from service.casework.studio.parameters.new_parameter import demand_name, id_of, unit_of, value_of
from service.catalog import Basis, Unit
from service.catalog.assistants.asked_condition import listed_text, text_with_head
from service.catalog.assistants.clause_demands import demand_counted
from service.catalog.assistants.clause_departures import departures, unsaid_answers
from service.catalog.assistants.clause_drawing import NO_BAR
from service.catalog.assistants.clause_questions import QUESTIONS, read_answers
from service.catalog.assistants.clause_reading import read_clause
from service.catalog.assistants.drawn_answers import answers_over
from service.catalog.assistants.objection_answers import unsaid_of_objections
from service.catalog.assistants.review_questions import USUAL_BALLOTS
from service.catalog.assistants.term_drawing import most_entry, most_of
from service.catalog.assistants.tier_readings import read_for_tier
from service.catalog.clause_kinds.bar_conditions import with_since
from service.catalog.clause_kinds.clause_assistants import ASSISTANTS, CHOSEN_IN_WORDS, AssistKind
from service.catalog.clause_kinds.phase_days import APPEAL, PHASE_OF, ident_of
from service.catalog.new_city.ballot_entry import MOST_BALLOTS, VOTE_RULES, ballots_entry, rule_value
from service.catalog.new_city.grounds import labels_in
from service.catalog.parameters.parameter_entries import add_parameter, change_parameter, is_exact, set_value
from service.catalog.parameters.units import in_shares
from service.catalog.pieces.due_slots import due_slot
from service.catalog.settings.scoring_settings import scale_of
from service.catalog.settings.settings import read_value
from service.catalog.source.freeze import thaw
from service.catalog.source.yaml import YamlMap, YamlValue, parse_yaml
from service.catalog.tree import below
from service.domain.errors import Invalid
from service.domain.text import Text

_ONE_OF_SEVERAL = {AssistKind.GROUP_PLACES: "group", AssistKind.EXPERT_BAR: "limit"}
"""The answer that says of which of several groups or limits is read."""
_READ_BY_NAME = (AssistKind.OBJECTION_WINDOW, AssistKind.CYCLE, AssistKind.RECOMMENDATION)


def compared(tree: DraftTree, typed: TypedAssistance) -> TypedAssistance:
    """Return what was typed with where it departs from the text of the clause; raises NotFound for a clause."""
    clause = tree.package.law.clause(typed.clause)
    fields = {"value": typed.value, "second": typed.second, "unit": typed.unit, **typed.answers}
    text = text_with_head(tree.package, clause.id)
    demand_tier_of(tree, typed, text)
    demand_counted(tree.package, typed.kind, typed.answers, text)
    tier = typed.answers.get(_ONE_OF_SEVERAL[typed.kind], "") if typed.kind in _ONE_OF_SEVERAL else typed.tier
    read = read_for_tier(tree.package, typed.kind, text, tier.strip())
    said = departures(read, fields, typed.bound, text if typed.kind is AssistKind.CUT_OFF else "")
    demand_as_stated(tree.package, typed, read, said)
    unstated = "value" not in read.fields and (typed.kind is AssistKind.EXPERT_BAR or says_other_numbers(typed, text))
    listed = text + listed_text(tree.package, typed.clause) if typed.kind is AssistKind.REVOCATION else text
    unsaid = frozenset({"value"} if unstated else ()) | unsaid_answers(
        QUESTIONS.get(typed.kind, ()), fields, read, listed
    )
    if typed.kind is AssistKind.OBJECTION_WINDOW:
        unsaid |= unsaid_of_objections(tree.package, typed.answers, read, text)
    answers = with_since(typed.answers, read.fields) if typed.kind is AssistKind.BAR else typed.answers
    return replace(
        typed, name=name_of(tree.package, typed, read.fields), answers=answers, departures=replace(said, unsaid=unsaid)
    )


def with_parameter(tree: DraftTree, typed: TypedAssistance) -> TypedAssistance:
    """Return what was typed with an id for the parameter, made from its name where none is given."""
    demand_tier(tree, typed)
    if typed.kind is AssistKind.REVOCATION and not typed.value.strip():  # the clause bars nobody afterwards
        typed = replace(typed, value=NO_BAR, bound="")
    if typed.kind is AssistKind.BAR and typed.unit == Unit.BOOLEAN.value:  # without an end there is nothing to count
        typed = replace(typed, value=typed.value.strip() or "true", bound="")
    if typed.kind is AssistKind.EXPERT_BAR and not typed.element:
        typed = limited(tree.package, typed)
    if "/" in typed.element.partition("#")[2]:
        return replace(typed, parameter=_of_called_task(tree, typed))
    typed = _in_shares(tree, typed)
    if (
        typed.kind is AssistKind.OBJECTION_WINDOW
        and not typed.element
        and PHASE_OF.get(typed.parameter, "reply") == "reply"
    ):
        return replace(typed, parameter=ident_of("reply", unit_of(typed.unit or Unit.WORKING_DAYS.value)))
    if typed.kind is AssistKind.APPEAL and not typed.element:  # the shared diagram reads it by its name
        return replace(typed, parameter=ident_of(APPEAL, unit_of(typed.unit or Unit.CALENDAR_DAYS.value)))
    if typed.kind in CHOSEN_IN_WORDS and not typed.element:
        return chosen_in_words(tree.package, typed)
    if typed.kind is AssistKind.CARRIED and not typed.value.strip():  # no most: all that is left is carried over
        typed = replace(typed, value="true", unit=Unit.BOOLEAN.value, bound="")
    if typed.kind is AssistKind.CORRECTION and typed.parameter in ("", ASSISTANTS[typed.kind].ident):
        return replace(typed, parameter=f"correction_{unit_of(typed.unit).value}")
    if typed.kind is AssistKind.BAR and typed.parameter in ("", ASSISTANTS[typed.kind].ident):
        typed = named_by_bar(typed)
    if typed.parameter:
        return typed
    if typed.kind in _READ_BY_NAME and not typed.element:  # the shared diagram reads it by its name
        return replace(typed, parameter=ASSISTANTS[typed.kind].ident)
    return replace(typed, parameter=id_of(tree.package, typed.name))


def unit_for(tree: DraftTree, typed: TypedAssistance) -> Unit:
    """Return the unit of what was typed: a parameter that is there keeps its own."""
    old = tree.package.award.parameters.get(typed.parameter)
    return old.unit if old is not None else unit_of(typed.unit or ASSISTANTS[typed.kind].units[0].value)


def _in_shares(tree: DraftTree, typed: TypedAssistance) -> TypedAssistance:
    """Return weights and shares of full marks or of the applications as decimals; raises Invalid for weights that do not make the whole."""
    weighs = typed.kind is AssistKind.WEIGHTS
    if typed.kind is AssistKind.QUOTA:
        beside = decimal_of(share_of(typed.second)) if typed.second.strip() else ""
        counted = unit_for(tree, typed) is not Unit.FRACTION
        return replace(typed, value=typed.value if counted else decimal_of(share_of(typed.value)), second=beside)
    if not weighs and (typed.kind is not AssistKind.CUT_OFF or unit_for(tree, typed) is not Unit.FRACTION):
        return typed
    value = share_of(typed.value)
    second = share_of(typed.second) if weighs else Fraction(0)
    answers = answers_over(tree.package, typed.kind, typed.parameter, typed.answers)
    third = (
        share_of(f"{answers['third'].strip().rstrip('%％')}%")
        if weighs and answers.get("third", "").strip()
        else Fraction(0)
    )
    if weighs and value + second + third != 1:
        raise Invalid(
            Text(
                "各评审阶段的比重加起来应当是100%，例如40%和60%，或者40%、40%和20%。",
                "The weights of the stages of review should add up to 100%, such as 40% and 60%, or 40%, 40% and 20%.",
            )
        )
    return replace(typed, value=decimal_of(value), second=decimal_of(second) if weighs else typed.second)


def without_places(tree: DraftTree, typed: TypedAssistance) -> Text | None:
    """Return from how many applications a drawn share gives a place, and what becomes of fewer; None for what is no share."""
    share = drawn_share(tree, typed)
    return places_of_share(share_of(share)) if share else None


def drawn_share(tree: DraftTree, typed: TypedAssistance) -> str:
    """Return the share of the applications that a quota draws, as a decimal; "" for none."""
    if typed.kind is not AssistKind.QUOTA or typed.element:
        return ""
    return typed.second.strip() or (typed.value if unit_for(tree, typed) is Unit.FRACTION else "")


def _of_called_task(tree: DraftTree, typed: TypedAssistance) -> str:
    """Return the parameter that is the time limit of the chosen task of a shared diagram; raises Invalid where there is none."""
    slot = due_slot(tree.package, typed.element)
    found = slot.parameters.get(unit_of(typed.unit)) if slot is not None else None
    if found is None or typed.kind is not AssistKind.TIME_LIMIT:
        raise Invalid(
            Text(
                "这一环节不按这个单位计期限，请换一个单位，或者选择另一个图元。",
                "This step has no time limit in that unit: choose another unit, or another element.",
            )
        )
    return found


def idents_of(typed: TypedAssistance) -> tuple[str, ...]:
    """Return the ids of the parameters that hold the values typed."""
    second = ASSISTANTS[typed.kind].second
    return (typed.parameter, second) if second and typed.second.strip() else (typed.parameter,)


def typed_parameters(tree: DraftTree, typed: TypedAssistance) -> dict[str, str]:
    """Return parameters.yaml with the value, new or instead of the one that stands there."""
    assistant, path = ASSISTANTS[typed.kind], tree.package.parameters_file
    text = _with_value(
        tree, text_of(tree, path), typed, typed.parameter, typed.name, typed.unit, typed.value, typed.bound
    )
    if len(idents_of(typed)) > 1:
        name = assistant.second_title.zh.partition("（")[0]
        unit = _unit_of_second(typed).value
        bound = assistant.second_bound if typed.departures.second else ""
        text = _with_value(tree, text, typed, assistant.second, name, unit, typed.second, bound)
    text = _with_terms(tree, _with_ballots(tree, text, typed), typed)
    return {path: with_phases(tree, without_other_unit(text, tree.package, typed.parameter), typed)}


def _with_terms(tree: DraftTree, text: str, typed: TypedAssistance) -> str:
    """Return parameters.yaml with how many terms of office follow each other, where that was answered."""
    if typed.kind is not AssistKind.TERM or typed.element:  # an element of one's own only cites the clause
        return text
    answers = read_answers(typed.kind, typed.answers)
    if not answers["most"]:
        return text
    ident = most_of(typed.parameter)
    if ident in tree.package.award.parameters:
        return set_value(text, ident, answers["most"])
    return add_parameter(text, ident, most_entry(tree.package, answers, typed.clause))


def _unit_of_second(typed: TypedAssistance) -> Unit:
    """Return what a second value counts: an attendance of more than one is so many members, not a share of them."""
    said, usual = typed.second.strip(), ASSISTANTS[typed.kind].second_unit
    return Unit.COUNT if typed.kind is AssistKind.MAJORITY and said.isdecimal() and int(said) > 1 else usual


def _with_ballots(tree: DraftTree, text: str, typed: TypedAssistance) -> str:
    """Return parameters.yaml with the rules of the ballot that a majority was asked for besides.

    How many ballots there are is usual where nothing was said; the other rules are written where they were answered.
    """
    if typed.kind is not AssistKind.MAJORITY:
        return text
    answers = read_answers(typed.kind, typed.answers)
    clause = tree.package.law.clause(typed.clause)
    told = read_clause(typed.kind, clause.text or clause.summary).fields
    wanted = {MOST_BALLOTS: ("ballots", answers["ballots"] or USUAL_BALLOTS)} if "ballots" in typed.answers else {}
    wanted |= {ident: (key, rule_value(key, answers[key])) for key, ident in VOTE_RULES.items() if answers[key]}
    for ident, (key, value) in wanted.items():
        old = tree.package.award.parameters.get(ident)
        if old is None:
            stated = answers[key] is not None and told.get(key) == str(answers[key])
            text = add_parameter(text, ident, ballots_entry(value, [typed.clause], stated=stated))
        elif answers[key] is not None:
            said = told.get(key) == str(answers[key]) and old.source is Basis.DEFAULT
            text = change_parameter(text, ident, {"source": "stated", "clauses": [typed.clause]}) if said else text
            text = set_value(text, ident, value) if value != old.values[-1].value else text
    return text


def _with_value(
    tree: DraftTree, text: str, typed: TypedAssistance, ident: str, name: str, unit: str, value: str, bound: str
) -> str:
    if not value.strip():
        raise Invalid(Text("请填写取值。", "Enter the value."))
    old = tree.package.award.parameters.get(ident)
    if ident == typed.parameter and "value" in typed.departures.unsaid:
        bound = ""  # what the text does not say it draws no bound for
    if old is not None:
        counted_in = in_shares(old, value)
        if counted_in is not old:
            old, text = counted_in, change_parameter(text, ident, {"unit": counted_in.unit.value})
        read = read_value(old, value)
        clauses = list(dict.fromkeys([*old.clauses, typed.clause]))
        said: dict[str, Any] = {"clauses": clauses} if clauses != list(old.clauses) else {}
        if old.source is Basis.DEFAULT and not old.choices:
            said |= {"source": "stated", "question": None} | own_choice(typed, ident)
        elif not old.choices and read != thaw(old.values[-1].value):
            said |= own_choice(typed, ident)
        exact = is_exact(text, ident)
        if not old.choices and (exact or bound == "exactly"):
            demand_agreement(tree.package, old, typed.clause, read)
        if not old.choices and not exact:
            said |= tightened(old, bounds_of(typed, ident, bound, old.unit, read))
        text = change_parameter(text, ident, said) if said else text
        return set_value(text, ident, read) if read != thaw(old.values[-1].value) else text
    known = _in_vocabulary(tree, ident)
    cited = dict.fromkeys([*clauses_in_other_unit(tree.package, ident), typed.clause])
    said = {"clauses": list(cited), "source": "stated"} | own_choice(typed, ident)
    name = _named_by_ground(typed, ident, name)
    own = name.strip() not in ("", known.get("name"), ASSISTANTS[typed.kind].title.zh)
    said |= {"name": demand_name(name)} if own or "name" not in known else {}
    counted = unit_of(unit)
    read = value_of(ident, name, counted, value)
    if typed.kind is AssistKind.MAJORITY and typed.tier and ident == typed.parameter:
        said["key"] = ASSISTANTS[typed.kind].ident  # read and compared as every threshold is
    said |= {} if known.get("unit") == counted.value else {"unit": counted.value}
    if typed.kind is AssistKind.CUT_OFF and (scale := scale_of(tree.package, counted)) is not None:
        said["of"] = scale
    said |= {"exactly": read} if bound == "exactly" else {"value": read}
    said |= bounds_of(typed, ident, bound, counted, read) if bound != "exactly" else {}
    return add_parameter(text, ident, said)


def _named_by_ground(typed: TypedAssistance, ident: str, name: str) -> str:
    """Return the name of the bar that follows a revocation: by its ground, unless another was entered."""
    grounds = labels_in(typed.answers.get("ground", ""))
    if typed.kind is not AssistKind.REVOCATION or ident != typed.parameter or not grounds:
        return name
    ground = grounds[0] if len(grounds) == 1 else f"{grounds[0]}等"
    return f"因{ground}撤销后不得申报的年限" if name.strip() in ("", ASSISTANTS[typed.kind].title.zh) else name


def _in_vocabulary(tree: DraftTree, ident: str) -> Mapping[str, Any]:
    """Return what all places share of a parameter: that need not be written then."""
    for path in below(tree.files, "processes/shared/parameters", ".yaml"):
        shared = _entries(_entries(parse_yaml(tree.files[path], path)).get("parameters"))
        if ident in shared:
            return _entries(shared[ident])
    return {}


def _entries(node: YamlValue) -> Mapping[str, YamlValue]:
    return node.entries if isinstance(node, YamlMap) else {}
