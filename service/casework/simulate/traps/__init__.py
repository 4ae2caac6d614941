"""Traps: ways through a procedure that stop or contradict, searched for, shortened and kept."""
