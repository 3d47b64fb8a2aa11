"""What citizens disputed: resolved by their ward."""
