"""Retention: how long data of finished rounds are kept by class, what is due, and erasing it case by case, still provable."""
