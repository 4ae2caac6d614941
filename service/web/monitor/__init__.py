"""Pages of the monitor for administrators and the office."""
