"""Activities: what is planned, and what was held."""
