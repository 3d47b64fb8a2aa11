"""Doors knocked on: observed."""
