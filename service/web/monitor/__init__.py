"""The monitor for administrators and the office."""
