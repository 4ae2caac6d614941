"""The engine: loads definitions once, starts and restores instances."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from types import MappingProxyType

from service.domain.errors import NotFound
from service.domain.feel import FunctionSet
from service.domain.text import Text
from service.engine.definition import Definition, load_definition
from service.engine.environment import Environment
from service.engine.instance import Instance, start_instance
from service.engine.migration import Obstacle, Renames, list_move_obstacles, move
from service.engine.state import restore_workflow

# The library gathers every task's id for each line it might log, unless its loggers are above INFO.
for _name in ("spiff.task", "spiff.workflow", "spiff.data"):
    logging.getLogger(_name).setLevel(logging.WARNING)

CACHE_SIZE = 48
"""Instances in the cache of one process; a large one takes half a megabyte."""


class Engine:
    """Runs definitions; share one between threads."""

    def __init__(self, functions: FunctionSet) -> None:
        self._functions = functions
        self._definitions: dict[str, Definition] = {}
        self._cached: OrderedDict[tuple[str, bytes], Instance] = OrderedDict()
        self._lock = Lock()

    def load(self, key: str, diagrams: Mapping[str, bytes], *, late: bool = False) -> None:
        """Load the diagrams (path to BPMN XML) of one definition version; a second time does nothing.

        With ``late`` a process is made ready when a case first needs it: for versions that were checked before.

        Raises:
            BadDiagram: for a file that cannot be parsed.
            FeelSyntaxError: for an expression that cannot be compiled.
        """
        with self._lock:
            if key not in self._definitions:
                self._definitions[key] = load_definition(diagrams, self._functions, late=late)

    def forget(self, key: str) -> None:
        """Let go of a definition that is not needed any more, as one that was only tried."""
        with self._lock:
            self._definitions.pop(key, None)

    def loaded(self, key: str) -> bool:
        """Say whether a definition version is loaded."""
        return key in self._definitions

    def start(self, key: str, process_id: str, data: Mapping[str, object], env: Environment) -> Instance:
        """Return a new instance, run to its first wait.

        Raises:
            NotFound: if the version is not loaded or lacks the process.
            StepFailed: if the diagram cannot go on.
        """
        return start_instance(self._get_definition(key), process_id, env, data)

    def restore(self, key: str, state: bytes, env: Environment) -> Instance:
        """Return the instance that ``dump`` saved; raises as ``start``."""
        definition = self._get_definition(key)
        workflow, thrown = restore_workflow(definition, state)
        return Instance(definition, workflow, env, thrown)

    def restore_cached(self, key: str, state: bytes, env: Environment) -> Instance:
        """Return what ``restore`` would, sooner: the cached instance that was saved as exactly these bytes, if there is one.

        The instance leaves the cache: it is the caller's alone until it is cached again.
        """
        self._get_definition(key)
        with self._lock:
            instance = self._cached.pop((key, state), None)
        if instance is None:
            return self.restore(key, state, env)
        instance.resume_in(env)
        return instance

    def cache(self, key: str, state: bytes, instance: Instance) -> None:
        """Put an instance into the cache; ``state`` is what it was dumped as, or restored from and not moved since."""
        if instance.saved:
            with self._lock:
                self._cached[key, state] = instance
                while len(self._cached) > CACHE_SIZE:
                    self._cached.popitem(last=False)[1].let_go()

    def empty_cache(self) -> None:
        """Free what is cached, as that of a play that is over."""
        with self._lock:
            while self._cached:
                self._cached.popitem()[1].let_go()

    def obstacles(
        self, key: str, new_key: str, state: bytes, renames: Renames = MappingProxyType({})
    ) -> tuple[Obstacle, ...]:
        """Return what keeps an instance of version ``key`` from moving to ``new_key``: a dry run of ``move``."""
        return list_move_obstacles(self._get_definition(key), self._get_definition(new_key), state, renames)

    def move(self, key: str, new_key: str, state: bytes, renames: Renames = MappingProxyType({})) -> bytes:
        """Return the state of the same instance on another version; keep the old bytes until these are committed.

        Raises:
            CannotMove: if the instance has reached something that the other version alters or lacks.
        """
        return move(self._get_definition(key), self._get_definition(new_key), state, renames)

    def _get_definition(self, key: str) -> Definition:
        definition = self._definitions.get(key)
        if definition is None:
            raise NotFound(Text(f"流程定义“{key}”尚未加载。", f"The definition “{key}” is not loaded."))
        return definition
