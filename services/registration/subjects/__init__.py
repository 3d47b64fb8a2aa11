"""What every slice stands on: subjects and their histories, rows, and what events refer to."""
