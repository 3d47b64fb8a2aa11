"""Real parts that are killed while they work."""
