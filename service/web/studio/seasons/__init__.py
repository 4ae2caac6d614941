"""Seasons: recorded person by person, replayed under a draft or in two cities, drawn as a picture."""
