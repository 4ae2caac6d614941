"""Pages of expert review: the register of experts, draws, panels, dossiers, appointments."""
