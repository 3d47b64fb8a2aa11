"""What the people who run notify look at and do: health, pauses, resending, budgets, replies."""
