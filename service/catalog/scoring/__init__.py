"""Scoring editions (评分标准): items and points, as data and as people type them."""
