"""The demonstration: fictional seasons and people whom any visitor may play."""
