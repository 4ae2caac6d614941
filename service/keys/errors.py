"""Refusals of the key service."""

from __future__ import annotations

from service.domain.errors import LaurelError
from service.domain.text import Text


class KeyServiceAway(LaurelError):
    """The key service does not answer, or is not who it should be."""

    code = "key_service_away"
    retry_after = 30

    def __init__(self, reason: Text) -> None:
        super().__init__(
            Text(
                f"密钥服务没有回应（{reason.zh}），现在不能投票、计票：您的票没有投出，票箱没有受影响，所选内容可以稍后再次提交。仍不行的，"
                "请管理员检查密钥服务和 LAUREL_KEYS_URL、LAUREL_KEYS_CERTIFICATE、LAUREL_KEYS_AUTHORITY。",
                f"The key service does not answer ({reason.en}): nothing can be cast or counted now, your vote was not cast, urns are"
                " untouched, and what you marked can be sent again later; if it stays so, the administrator looks at the service and at LAUREL_KEYS_URL,"
                " LAUREL_KEYS_CERTIFICATE and LAUREL_KEYS_AUTHORITY.",
            )
        )


class NotReleased(LaurelError):
    """The state of the ballot, as the key service knows it, does not allow what was asked."""

    code = "not_released"


class KeyServiceRefused(LaurelError):
    """The key service did not take what was asked."""

    code = "key_service_refused"
