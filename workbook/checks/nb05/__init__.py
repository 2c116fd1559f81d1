"""Checks of notebook 05: schemas, errors that help, one endpoint, liveness and readiness."""
