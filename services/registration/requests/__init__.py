"""What somebody asks for: received by one person, answered by a day."""
