"""The commands of `wb`, and what each of them does."""
