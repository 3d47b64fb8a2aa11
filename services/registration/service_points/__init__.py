"""Service points: opened and closed."""
