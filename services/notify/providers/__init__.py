"""Who carries an SMS: one module a provider."""
