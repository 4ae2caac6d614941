"""Who holds which role where: seats and terms, what takes two administrators, deputies, suspension."""
