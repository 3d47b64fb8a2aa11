"""What a process stands on: settings, clients, HTTP, problems, health, telemetry."""
