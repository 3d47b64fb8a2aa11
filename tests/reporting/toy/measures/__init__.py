"""Measures that only tests know."""
