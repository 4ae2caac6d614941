"""The first files of a place, from blank with shared patterns or copied, and steps added later."""
