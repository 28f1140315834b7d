"""How long a test waits for what has to come."""

# Seconds. Only a test that fails waits for so long; a shared machine may stand still for a minute while a test runs.
PATIENCE = 300.0
