# wrong: which option of pip reads the names from a list?
FROM python:3.14-slim
WORKDIR /srv
RUN pip install fastapi uvicorn sqlalchemy asyncpg alembic pydantic-settings
COPY . .
USER 10001
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000", "--timeout-graceful-shutdown", "20"]
