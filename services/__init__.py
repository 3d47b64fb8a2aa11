"""Từng Ngõ: what happened at the door, recorded once and reported exactly."""
