"""The generated parts of the designer's manual, processes/README.md."""

from service.catalog.manual.build import MANUAL, up_to_date

__all__ = ["MANUAL", "up_to_date"]
