"""Appointments: booked and cancelled, slot by slot."""
