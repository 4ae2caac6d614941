"""Packages in which something is changed: which scenario notices."""
