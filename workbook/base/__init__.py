"""The ground that every room stands on; nothing here imports a room."""
