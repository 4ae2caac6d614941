"""The procedure of a package as a handbook: what stands in each chapter."""

from service.catalog.handbook.handbook import handbook_of

__all__ = ["handbook_of"]
