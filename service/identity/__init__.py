"""Outside identity: adapters to providers that say who somebody is; the only folder that knows Authlib and defusedxml."""

from service.identity.port import Errand, IdentityProvider, NotVouched, ProviderUnreachable, Vouched

__all__ = ["Errand", "IdentityProvider", "NotVouched", "ProviderUnreachable", "Vouched"]
