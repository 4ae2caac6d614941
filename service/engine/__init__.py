"""The process engine, the only folder that knows SpiffWorkflow: loads diagrams, runs and saves instances."""

from service.engine.engine import Engine
from service.engine.environment import Environment
from service.engine.errors import BadData, BadDiagram, CannotMove, StepFailed, Stopped
from service.engine.instance import Instance
from service.engine.instance_view import DEPTH_ALARM
from service.engine.migration import Obstacle
from service.engine.model import (
    RESUMED,
    MessageWait,
    PersonTask,
    ServiceCall,
    TimerWait,
)
from service.engine.parser import refused
from service.engine.scripts import explain_undecided
from service.engine.state import holds_any, without_data
from service.engine.values import show_value

__all__ = [
    "DEPTH_ALARM",
    "RESUMED",
    "BadData",
    "BadDiagram",
    "CannotMove",
    "Engine",
    "Environment",
    "Instance",
    "MessageWait",
    "Obstacle",
    "PersonTask",
    "ServiceCall",
    "StepFailed",
    "Stopped",
    "TimerWait",
    "explain_undecided",
    "holds_any",
    "refused",
    "show_value",
    "without_data",
]
