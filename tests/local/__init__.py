"""How everything runs on one machine."""
