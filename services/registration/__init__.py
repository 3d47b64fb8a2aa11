"""Takes events in: the only way a domain fact is written."""
