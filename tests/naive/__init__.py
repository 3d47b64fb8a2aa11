"""A plain model of the reports: it counts by brute force, and differently."""
