"""The campaign: its plan by itself, and played on the real services."""
