# right: a variable holds the port; a shell reads it, and `exec` puts uvicorn in its place
FROM python:3.14-slim
WORKDIR /srv
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
USER 10001
ENV PORT=8000
CMD exec uvicorn app.main:app --host 0.0.0.0 --port $PORT --timeout-graceful-shutdown 20
