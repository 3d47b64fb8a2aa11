"""What the bench decides; what it measures is no test."""
