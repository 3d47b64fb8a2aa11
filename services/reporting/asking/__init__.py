"""From a question to its answer: numbers read from cells, or counted from facts."""
