"""Intake over twins."""
