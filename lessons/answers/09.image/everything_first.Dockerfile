# wrong: what was copied before that line
FROM python:3.14-slim
WORKDIR /srv
COPY . .
RUN pip install --no-cache-dir -r requirements.txt
USER 10001
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000", "--timeout-graceful-shutdown", "20"]
