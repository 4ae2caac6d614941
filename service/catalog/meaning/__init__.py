"""What two packages say differently, whatever ids they use and however they are drawn."""

from service.catalog.meaning.differences import differences_in_meaning
from service.catalog.meaning.paths import counterparts

__all__ = ["counterparts", "differences_in_meaning"]
