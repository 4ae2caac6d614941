"""Who uses a shared piece or a parameter, and what nobody uses."""
