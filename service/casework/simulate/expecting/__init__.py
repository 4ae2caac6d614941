"""What a played season is held to: records of every kind, expectations, and those that a play proposes."""
