"""Rows about people without the seal of this installation: found, told, sealed again."""
