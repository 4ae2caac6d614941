"""Two states of a file compared: records taken apart, and what differs in words."""
