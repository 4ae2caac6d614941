"""From which addresses administrators sign in: an installation names networks, and from anywhere else they are nobody."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from service.casework.access.actor import ADMINISTRATOR, THREE_OFFICES, Actor
from service.casework.access.book.acting import current_origin
from service.casework.access.book.enter import enter_refused
from service.casework.desk.desk import Desk
from service.casework.people.place_of import place_of
from service.domain.errors import LaurelError
from service.domain.text import Text

_OFFICES = frozenset({ADMINISTRATOR, *THREE_OFFICES})


class AddressNotAllowed(LaurelError):
    """An administrator signs in from an address that the installation does not name."""

    code = "address_not_allowed"
    in_book = True


def may_use_address(desk: Desk, roles: Iterable[str]) -> bool:
    """Return whether who holds ``roles`` may ask from where the request comes; others than administrators always may."""
    networks = desk.premises.sign_in.administrators_from
    if not networks or _OFFICES.isdisjoint(roles):
        return True
    try:
        asks = ipaddress.ip_address(current_origin())
    except ValueError:  # the machine itself
        return not current_origin()
    asks = getattr(asks, "ipv4_mapped", None) or asks
    return any(asks in network for network in networks)


def require_allowed_address(desk: Desk, who: Actor) -> None:
    """Refuse an administrator, ``who``, from elsewhere, and enter it; raises AddressNotAllowed."""
    if may_use_address(desk, (seat.role for seat in who.seats)):
        return
    now = desk.clock.now()
    with desk.store.write() as tx:
        place = place_of(tx, who.person_id, now) if who.person_id is not None else None
        enter_refused(tx, "session.begin", who, now, AddressNotAllowed.code, about=f"登录：{who.name}", place=place)
    raise AddressNotAllowed(
        Text(
            "管理员只能从指定的地址登录，这台机器不在其中。请换用管理终端；地址有变动的，请系统管理员修改 LAUREL_ADMINISTRATORS_FROM。",
            "Administrators sign in from certain addresses only, and this machine is none of them. Use an administrator's"
            " machine, or have LAUREL_ADMINISTRATORS_FROM changed on the server.",
        )
    )
