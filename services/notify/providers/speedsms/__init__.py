"""SpeedSMS: sending, what its answers say, what it is told, and what it calls."""
