# right: the account has a name of its own, and the packages lie in its home folder
FROM python:3.14-slim AS packages
COPY requirements.txt .
RUN pip install --no-cache-dir --user -r requirements.txt

FROM python:3.14-slim
RUN useradd --create-home app
COPY --from=packages --chown=app /root/.local /home/app/.local
ENV PATH=/home/app/.local/bin:$PATH
WORKDIR /home/app
COPY alembic.ini .
COPY alembic alembic
COPY app app
USER app
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000", "--timeout-graceful-shutdown", "20"]
