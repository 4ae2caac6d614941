"""The API of handlers: everything an operation may import and use."""

from service.domain.calendar import Window, anniversary, day_on_record
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed, NotFound
from service.domain.text import Text
from service.domain.values.typed_text import clean_number
from service.sdk.ballots import BallotSpec
from service.sdk.messages import ORGANISATION, PERSON
from service.sdk.operations import Operation, OperationParameter, only_computes, operation, operations
from service.sdk.register import Conferral, Json, Sanction, Succession
from service.sdk.review import Booking, DrawOrder, PanelView, RankOrder, StageResult, Standing
from service.sdk.views import CaseView, ChildView, ElementView, Finding, Holder, Letter, NoticeDraft, PostedNotice
from service.sdk.work import Work, read_more

__all__ = [
    "ORGANISATION",
    "PERSON",
    "BallotSpec",
    "Booking",
    "CaseView",
    "ChildView",
    "Conferral",
    "Conflict",
    "DrawOrder",
    "ElementView",
    "Finding",
    "Holder",
    "Invalid",
    "Json",
    "LaurelError",
    "Letter",
    "NotAllowed",
    "NotFound",
    "NoticeDraft",
    "Operation",
    "OperationParameter",
    "PanelView",
    "PostedNotice",
    "RankOrder",
    "Sanction",
    "StageResult",
    "Standing",
    "Succession",
    "Text",
    "Window",
    "Work",
    "anniversary",
    "clean_number",
    "day_on_record",
    "only_computes",
    "operation",
    "operations",
    "read_more",
]
