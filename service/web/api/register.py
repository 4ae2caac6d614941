"""Operations of the register of awards and of the register of experts."""

from __future__ import annotations

from service.casework.queries.people.experts import ExpertLine, list_experts, view_expert
from service.casework.queries.public.register import view_register, view_winner
from service.casework.register.import_awards import import_awards
from service.casework.review.register_of_experts import add_expert, change_expert, set_expert_status
from service.domain.spreadsheets.import_report import LineReport
from service.store.models.review import ExpertChangeRow, TrainingRow
from service.web.api.arguments import Query, day_place, people_sought, row_place, whole
from service.web.api.derive import offer
from service.web.api.operation import Operation

_AWARDS: Query = {
    "jurisdiction": "one city",
    "year": whole("of the decision", 1, 9999),
    "tier": "id of a tier",
    "named": "words of the organisation's name",
    "after": day_place().to("before"),
}
_EXPERTS: Query = {
    "jurisdiction": "one city; without it, the first that one oversees",
    "q": people_sought("text in name, employer or sector").to("text"),
    "after": row_place(),
}

offer(LineReport, "line name outcome=outcome.name reason")
offer(
    ExpertLine,
    "id=row.id version=row.version name employer=row.employer status sectors"
    " education experience_years last_training barred panels",
)
offer(TrainingRow, "title held_on hours valid_until")
offer(ExpertChangeRow, "at actor text")

_EXPERT = "/experts/{expert_id}"
OPERATIONS = (
    Operation("GET /register", "register.view", view_register, "awards=page.lines sanctions next=page.after", _AWARDS),
    Operation(
        "GET /register/organisations/{body_id}", "register.view", view_winner, "id name awards notices sanctions"
    ),
    Operation("POST /register/{jurisdiction}/{award}/import", "register.import", import_awards),
    Operation(
        "GET /experts", "experts.view", list_experts, "jurisdiction experts=page.lines next=page.after", _EXPERTS
    ),
    Operation("POST /experts", "experts.manage", add_expert, "expert_id"),
    Operation(f"GET {_EXPERT}", "experts.view", view_expert, "expert=line record trainings changes"),
    Operation(f"PUT {_EXPERT}", "experts.manage", change_expert),
    Operation(f"POST {_EXPERT}/status", "experts.manage", set_expert_status, "touched"),
)
