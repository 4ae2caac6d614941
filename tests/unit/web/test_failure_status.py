import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import service
from service.domain.ballots.count import BoxMismatch
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed, NotFound
from service.domain.text import Text
from service.engine import StepFailed
from service.engine.errors import NotWaiting
from service.store.errors import Busy, Stale
from service.web.frame.requests.refusals import OF_CODE, status_of

SAID = Text("不行", "no")
LEFT_OUT = ("migrations", "__main__", "office.child")


def kinds(base: type[LaurelError] = LaurelError) -> Iterator[type[LaurelError]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (LaurelError(SAID), 400),
        (NotAllowed(SAID), 403),
        (NotFound(SAID), 404),
        (Conflict(SAID), 409),
        (NotWaiting(SAID), 409),
        (BoxMismatch(SAID), 500),
        (Stale(SAID), 409),
        (Busy(SAID), 503),
        (Invalid(SAID), 422),
        (StepFailed(SAID, "t"), 422),
    ],
)
def test_the_nearest_class_with_a_status_decides(error: LaurelError, status: int) -> None:
    assert status_of(error) == status


def test_every_code_of_the_table_is_an_error_s() -> None:
    for module in pkgutil.walk_packages(service.__path__, "service."):
        if not any(word in module.name for word in LEFT_OUT):
            importlib.import_module(module.name)
    assert set(OF_CODE) <= {kind.code for kind in kinds()} | {LaurelError.code}
