"""A laptop that has joined a room: what it sends, when, and how its learner sees that."""
