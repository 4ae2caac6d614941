"""The provider that the settings name."""

from __future__ import annotations

from service.identity.port import IdentityProvider
from service.settings import CasPlace, OidcPlace


def provider_of(place: OidcPlace | CasPlace) -> IdentityProvider:
    """Return what speaks the provider's protocol; the library of the other is not loaded."""
    if isinstance(place, CasPlace):
        from service.identity.cas import CasServer

        return CasServer(place)
    from service.identity.oidc import OpenIdProvider

    return OpenIdProvider(place)
