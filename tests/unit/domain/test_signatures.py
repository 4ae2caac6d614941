"""Who decides where several people sign."""

import pytest

from service.domain.signatures import AGREED, ALL, FIRST, REFUSED, SHARE, WAITS, evaluate_signatures


@pytest.mark.parametrize(
    ("mode", "needed", "said", "expected"),
    [
        (ALL, 2, [AGREED, WAITS], None),
        (ALL, 2, [REFUSED, WAITS], None),
        (ALL, 2, [AGREED, AGREED], True),
        (ALL, 2, [AGREED, REFUSED], False),
        (SHARE, 2, [AGREED, WAITS, WAITS], None),
        (SHARE, 2, [AGREED, AGREED, WAITS], True),
        (SHARE, 2, [REFUSED, AGREED, WAITS], None),
        (SHARE, 2, [REFUSED, REFUSED, WAITS], False),
        (FIRST, 1, [WAITS, WAITS], None),
        (FIRST, 1, [WAITS, AGREED], True),
        (FIRST, 1, [REFUSED, WAITS], False),
    ],
)
def test_it_is_decided_as_soon_as_nobody_can_change_it(
    mode: str, needed: int, said: list[str], expected: object
) -> None:
    assert evaluate_signatures(mode, needed, said) is expected
