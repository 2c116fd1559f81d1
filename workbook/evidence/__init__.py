"""What is seen from outside: the server's log, a second connection, real clients, time lines."""
