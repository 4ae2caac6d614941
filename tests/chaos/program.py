"""The product with the operations that the town's diagrams call: ``python -m tests.chaos.program serve`` is ``laurel serve``."""

from __future__ import annotations

from service.app import main
from tests.chaos.town import OPERATIONS

if __name__ == "__main__":
    assert OPERATIONS
    main()
