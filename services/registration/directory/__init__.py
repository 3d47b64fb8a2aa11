"""Wards, their succession and the catalogue of codes, for phones and people."""
