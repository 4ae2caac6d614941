"""Expert review: the register, panels, recusals, sheets, results, appointments."""
