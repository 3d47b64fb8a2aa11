"""Reports that only tests know."""
