"""MLflow's model registry: the only room that talks to it."""
