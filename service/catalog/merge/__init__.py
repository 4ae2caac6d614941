"""Merging by record what two people changed in one file."""

from service.catalog.merge.merge_file import FieldConflict, MergeConflict, Merged, merge_file
from service.catalog.merge.three_way import Side

__all__ = ["FieldConflict", "MergeConflict", "Merged", "Side", "merge_file"]
