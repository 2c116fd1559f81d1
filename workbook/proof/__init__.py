"""What `wb test` runs: it proves what the material promises."""
