"""Sends citizens at most one SMS for one reason."""
