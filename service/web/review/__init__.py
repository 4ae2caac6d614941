"""Expert review: the register, draws, panels, dossiers, appointments."""
