# wrong: whose home is it, and who runs the app?
FROM python:3.14-slim AS packages
COPY requirements.txt .
RUN pip install --no-cache-dir --user -r requirements.txt

FROM python:3.14-slim
COPY --from=packages /root/.local /root/.local
ENV PATH=/root/.local/bin:$PATH
WORKDIR /srv
COPY alembic.ini .
COPY alembic alembic
COPY app app
USER 10001
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000", "--timeout-graceful-shutdown", "20"]
