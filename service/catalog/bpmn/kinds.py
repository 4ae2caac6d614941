"""Kinds of elements, events and timers."""

from __future__ import annotations

from enum import StrEnum

from service.domain.text import Text


class Kind(StrEnum):
    """Kinds of elements, by their BPMN tags."""

    START = "startEvent"
    END = "endEvent"
    CATCH = "intermediateCatchEvent"
    THROW = "intermediateThrowEvent"
    BOUNDARY = "boundaryEvent"
    USER_TASK = "userTask"
    MANUAL_TASK = "manualTask"
    SERVICE_TASK = "serviceTask"
    RULE_TASK = "businessRuleTask"
    SCRIPT_TASK = "scriptTask"
    SEND_TASK = "sendTask"
    RECEIVE_TASK = "receiveTask"
    TASK = "task"
    CALL = "callActivity"
    SUBPROCESS = "subProcess"
    TRANSACTION = "transaction"
    AD_HOC = "adHocSubProcess"
    EXCLUSIVE = "exclusiveGateway"
    INCLUSIVE = "inclusiveGateway"
    PARALLEL = "parallelGateway"
    EVENT_GATEWAY = "eventBasedGateway"
    COMPLEX = "complexGateway"

    @property
    def is_event(self) -> bool:
        """Tell whether this is drawn as a circle."""
        return self.value.endswith("Event")

    @property
    def is_gateway(self) -> bool:
        """Tell whether this is drawn as a diamond."""
        return self.value.endswith("Gateway")

    @property
    def is_activity(self) -> bool:
        """Tell whether this is drawn as a box."""
        return not self.is_event and not self.is_gateway

    @property
    def is_scope(self) -> bool:
        """Tell whether this holds elements and flows of its own."""
        return self in (Kind.SUBPROCESS, Kind.TRANSACTION, Kind.AD_HOC)

    @property
    def decides(self) -> bool:
        """Tell whether this chooses among its ways by their conditions."""
        return self in (Kind.EXCLUSIVE, Kind.INCLUSIVE)

    @property
    def is_machine(self) -> bool:
        """Tell whether the program does this by itself."""
        return self in (Kind.SERVICE_TASK, Kind.RULE_TASK, Kind.SCRIPT_TASK)


class Trigger(StrEnum):
    """What an event waits for or throws."""

    MESSAGE = "message"
    TIMER = "timer"
    ERROR = "error"
    SIGNAL = "signal"
    ESCALATION = "escalation"
    TERMINATE = "terminate"
    CONDITIONAL = "conditional"
    LINK = "link"
    COMPENSATE = "compensate"
    CANCEL = "cancel"

    @property
    def text(self) -> Text:
        """What such an event is called."""
        return _TRIGGERS[self]


_TRIGGERS = {
    Trigger.MESSAGE: Text("消息", "message"),
    Trigger.TIMER: Text("计时", "timer"),
    Trigger.ERROR: Text("错误", "error"),
    Trigger.SIGNAL: Text("信号", "signal"),
    Trigger.ESCALATION: Text("升级", "escalation"),
    Trigger.TERMINATE: Text("终止", "terminate"),
    Trigger.CONDITIONAL: Text("条件", "conditional"),
    Trigger.LINK: Text("链接", "link"),
    Trigger.COMPENSATE: Text("补偿", "compensate"),
    Trigger.CANCEL: Text("取消", "cancel"),
}


class TimerKind(StrEnum):
    """How a timer states its instant."""

    DURATION = "timeDuration"
    DATE = "timeDate"
    CYCLE = "timeCycle"


class Purpose(StrEnum):
    """What the standard or the engine asks an expression for."""

    CONDITION = "condition"
    TIMER = "timer"
    LOOP = "loop"
    PARAMETER = "parameter"
    PAYLOAD = "payload"
    CORRELATION = "correlation"
