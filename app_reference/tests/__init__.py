"""The tests of Nightwatch. Importing the app for them must reach no database that matters."""

import os

os.environ["DATABASE_URL"] = "postgresql+asyncpg://nobody@tests.invalid/none"
os.environ["TOKEN_KEY"] = "a key for tests, which sign nothing that matters"
