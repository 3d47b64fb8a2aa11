"""Neighbourhoods: the khu phố and ấp below a ward."""
