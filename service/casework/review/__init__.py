"""Expert review: the register of experts, panels, draws, recusals, score sheets, results, appointments."""
