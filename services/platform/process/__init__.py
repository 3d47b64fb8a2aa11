"""What runs a process: its telemetry and its memory."""
