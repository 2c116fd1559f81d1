"""One warm process that has done the slow imports, and forks for each request."""
