"""A round planned backwards: its regular season, moved so that it ends on the day that is wanted."""
