"""What a notebook holds: `lab`, its magics, and how errors look in it."""
