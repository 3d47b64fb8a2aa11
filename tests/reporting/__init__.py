"""Reporting: pure parts, stores on twins and real ones, and their invariants."""
