"""What an SMS says, and how many segments saying it takes."""
