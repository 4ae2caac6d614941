"""Past seasons replayed under a draft or in two cities, with everybody masked."""
