"""Organisations that stand behind teams and points."""
