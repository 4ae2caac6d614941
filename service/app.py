"""Composition root: the one place that knows every layer."""


def main() -> None:
    """Run the ``laurel`` command line."""
