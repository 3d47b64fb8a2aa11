"""Two versions of the whole, measured by turns on one machine."""
