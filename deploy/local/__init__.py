"""Everything on one machine: a private MongoDB, a private RabbitMQ and the three services."""
