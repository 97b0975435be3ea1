"""params.yaml, composed by Hydra and checked section by section; the environment and .env."""
