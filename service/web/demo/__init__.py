"""The demonstration: fictional seasons and people anybody may play."""
