"""Parts in memory that pass the suites of the real ones."""
