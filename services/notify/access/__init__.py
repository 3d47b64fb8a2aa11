"""Which of the readers' tokens were ended before their time."""
