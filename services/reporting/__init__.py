"""Keeps projections of all events and answers with reports."""
