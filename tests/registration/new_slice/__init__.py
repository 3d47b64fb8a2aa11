"""A slice as somebody would add it: its events, its rules, its samples and its test."""
